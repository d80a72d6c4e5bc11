"""The one fitting next step after a verdict was shown, as a line that can be copied."""

from __future__ import annotations

import shlex

from scoper.domain.decision import UNDECIDED
from scoper.interfaces.cli.dialogue_lines import COMMAND, terminal_width


def next_line(case: str, settled: bool, technique: str) -> str:
    """More answers while they can still change the technique, then everything in one go; broken before its purpose."""
    name = shlex.quote(case)
    if not settled:
        command, purpose = f"scoper ask {name}", "what is still open, the most telling first"
    elif technique == UNDECIDED:
        command, purpose = f"scoper precedents {name}", "real projects that looked like this"
    else:
        command, purpose = f"scoper run {name} -o out", "spec or first files, probe and report"
    line = f"{COMMAND}{command}   ({purpose})"
    return line if len(line) <= terminal_width() else f"{COMMAND}{command}\n      ({purpose})"
