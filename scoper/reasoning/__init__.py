"""Exact reasoning over the whole answer space: possible verdicts, support, reasons, flips, the next question."""
