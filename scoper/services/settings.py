"""What can be configured, and what a value of each setting must be.

One list, read by configuration files, the environment and the help. A setting stands for options of commands with the
same meaning. What lets code run (`trust`), what overwrites (`force`), and what names files to write or sends anything
away (`output`, `track`, `ray`) is no setting: it is said on the command line each time.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "choice", "whole", "number", "switch", "folder", "keys"]
Plain = str | int | float | bool | Mapping[str, str]

TRUE_WORDS, FALSE_WORDS = ("1", "true", "yes", "on"), ("0", "false", "no", "off")
NEVER = ("trust", "force", "output", "events", "repairs", "track", "track_to", "ray", "write_golden")
"""Options that no file and no environment variable can give, in any table."""


@dataclass(frozen=True)
class Setting:
    """One thing that can be configured.

    `key` is its path in a file (`probe.budget`); its last part is the option's name, its first the command, or it is an
    option of all commands that have it. `personal`: never from a project's file, since it belongs to the person.
    `named`: its environment variable, where that is not its key in capitals.
    """

    key: str
    kind: Kind
    summary: str
    choices: tuple[str, ...] = ()
    low: float = -math.inf
    high: float = math.inf
    personal: bool = False
    named: str = ""

    @property
    def command(self) -> str:
        """The command whose option this is; empty for an option of every command."""
        return self.key.rpartition(".")[0]

    @property
    def option(self) -> str:
        """The option's long flag without its dashes, with underscores."""
        return self.key.rpartition(".")[2]

    @property
    def variable(self) -> str:
        """The environment variable."""
        return self.named or f"SCOPER_{self.key.upper().replace('.', '_')}"

    def expected(self) -> str:
        """What a value must be, in a few words."""
        if self.kind == "choice":
            return f"one of {', '.join(self.choices)}"
        if self.kind in ("whole", "number"):
            what = "a whole number" if self.kind == "whole" else "a number"
            if math.isfinite(self.low) and math.isfinite(self.high):
                return f"{what} from {self.low:.12g} to {self.high:.12g}"
            return f"{what} of at least {self.low:.12g}" if math.isfinite(self.low) else what
        words = {"switch": "true or false", "folder": "the path of a folder", "keys": "a table of key names"}
        return words.get(self.kind, "a text")


_BUDGET = "quick, standard, long, or seconds."
_SEED = "Seed that every random number depends on."
_LARGEST_SEED = 2**31 - 1
_DISCOUNT = "Discount for an environment named by its id."
_STEPS = "Timesteps of learning per seed, instead of the budget's."

_ALL = (
    Setting("rules", "folder", "Folder of rules laid over the shipped ones; in a project's file, inside the project."),
    Setting("by", "text", "Your name beside the answers that you give.", personal=True),
    Setting("color", "choice", "When to use colour.", ("auto", "always", "never"), personal=True),
    Setting("quiet", "switch", "No talk on stderr; errors only.", personal=True),
    Setting("no_input", "switch", "Never ask anything.", personal=True),
    Setting("conform.budget", "text", f"Budget of a conformance test: {_BUDGET}"),
    Setting("conform.seed", "whole", _SEED, low=0, high=_LARGEST_SEED),
    Setting("conform.steps", "whole", "Timesteps of a conformance test.", low=1, high=1_000_000),
    Setting("doctor.fail_on", "choice", "Exit 1 on findings of this severity or above.", ("blocker", "caution")),
    Setting("doctor.seed", "whole", _SEED, low=0, high=_LARGEST_SEED),
    Setting("precedents.top", "whole", "How many precedents to show.", low=1),
    Setting("probe.budget", "text", f"Budget of a probe: {_BUDGET}"),
    Setting("probe.discount", "number", _DISCOUNT, low=0.0, high=1.0),
    Setting(
        "probe.fail_on",
        "choice",
        "Exit 1 when the verdict is this or a worse one.",
        ("feasible_with_conditions", "not_shown", "infeasible", "reward_defective"),
    ),
    Setting("probe.seed", "whole", _SEED, low=0, high=_LARGEST_SEED),
    Setting("probe.steps", "whole", _STEPS, low=1),
    Setting("report.format", "choice", "Format of a report whatever the file's ending.", ("md", "html", "json", "adr")),
    Setting("run.budget", "text", f"Budget of the probe: {_BUDGET}"),
    Setting("run.seed", "whole", _SEED, low=0),
    Setting("solve.top", "whole", "How many states to show.", low=1, high=10_000),
    Setting("sweep.budget", "text", f"Budget of every cell: {_BUDGET}"),
    Setting("sweep.discount", "number", _DISCOUNT, low=0.0, high=1.0),
    Setting("sweep.learners", "text", "Ids of learners, separated by commas."),
    Setting("sweep.seed", "whole", _SEED, low=0, high=_LARGEST_SEED),
    Setting("sweep.seeds", "text", "How many seeds, or which: 5, 0,3,7 or 0-4."),
    Setting("sweep.steps", "whole", _STEPS, low=1),
    Setting("sweep.workers", "whole", "Cells at a time.", low=1),
    Setting("tui.theme", "text", "Theme of the terminal interface.", personal=True, named="SCOPER_THEME"),
    Setting("tui.keymap", "keys", "Keys of the terminal interface by id.", personal=True, named="SCOPER_KEYMAP"),
    Setting("tui.live_verdict", "switch", "Verdict beside the questions.", personal=True, named="SCOPER_LIVE_VERDICT"),
    Setting("tui.reduced_motion", "switch", "Nothing moves.", personal=True, named="SCOPER_REDUCED_MOTION"),
)
SETTINGS: Mapping[str, Setting] = {setting.key: setting for setting in _ALL}


def checked(setting: Setting, value: object) -> Plain | None:
    """`value` as the setting takes it, None when it is none of its values. A folder's existence is not looked at."""
    match setting.kind:
        case "switch":
            return value if isinstance(value, bool) else None
        case "choice":
            return value if isinstance(value, str) and value in setting.choices else None
        case "whole" | "number":
            return _number(setting, value)
        case "keys":
            return _keys(value)
        case "folder":
            return value if isinstance(value, str) and value and "\0" not in value else None
        case _:
            if isinstance(value, int) and not isinstance(value, bool):
                return str(value)
            return value if isinstance(value, str) and value.strip() and value.isprintable() else None


def from_text(setting: Setting, text: str) -> Plain | None:
    """The value that an environment variable gives, None when it gives none of the setting's values."""
    word = text.strip()
    if setting.kind == "keys":
        pairs = [part.partition("=") for part in word.split(";") if part.strip()]
        return _keys({key.strip(): name.strip() for key, _, name in pairs})
    if setting.kind == "switch":
        low = word.lower()
        return True if low in TRUE_WORDS else False if low in FALSE_WORDS else None
    if setting.kind not in ("whole", "number"):
        return checked(setting, text if setting.kind == "folder" else word)
    try:
        return checked(setting, int(word) if setting.kind == "whole" else float(word))
    except ValueError:
        return None


def _keys(value: object) -> Mapping[str, str] | None:
    """Names to keys; `a.b = "z"` without quotes, which TOML reads as tables in tables, is the same as `"a.b" = "z"`."""
    if not isinstance(value, dict):
        return None
    found: dict[str, str] = {}
    for name, each in value.items():
        inner = _keys(each) if isinstance(each, dict) else {"": each} if isinstance(each, str) and each else None
        if inner is None:
            return None
        found |= {f"{name}.{rest}" if rest else str(name): key for rest, key in inner.items()}
    return found


def _number(setting: Setting, value: object) -> int | float | None:
    allowed = (int,) if setting.kind == "whole" else (int, float)
    if isinstance(value, bool) or not isinstance(value, allowed):
        return None
    return value if setting.low <= value <= setting.high and abs(value) < 2**63 else None
