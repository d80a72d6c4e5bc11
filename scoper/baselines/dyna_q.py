"""Dyna-Q (Sutton 1990): Q-learning that also learns from a model of what it has seen."""

from __future__ import annotations

from scoper.baselines._tabular import second_choice

BASELINE = second_choice("dyna_q", "Tabular Dyna-Q: Q-learning that rehearses what it has seen.")
