"""A new project folder: settings, an example case with its spec, and the schemas that editors complete by.

Nothing that exists is touched, whatever it holds; what was kept is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from scoper.errors import Problem, StorageError, UsageError, did_you_mean
from scoper.services.config_files import PROJECT_FILE
from scoper.services.files import write_atomic
from scoper.services.library import Library, data_path
from scoper.services.schemas import FOLDER, SCHEMAS, schema_text, with_schema_line
from scoper.services.settings import SETTINGS
from scoper.services.strict_yaml import parse, read_text

EXAMPLE, SKILL = "warehouse_reorder", "SKILL.md"
_SHOWN = {
    "rules": '"our-rules"',
    "probe.budget": '"standard"',
    "probe.seed": "0",
    "probe.fail_on": '"reward_defective"',
    "run.budget": '"standard"',
    "report.format": '"md"',
    "sweep.seeds": '"8"',
}
"""Settings that the new file shows, as comments, with a value each."""


@dataclass(frozen=True)
class Started:
    """What a start left behind: files written, and files that were there and stay as they are."""

    written: tuple[Path, ...]
    kept: tuple[Path, ...]
    case: Path


def examples() -> tuple[str, ...]:
    """The shipped example cases by name."""
    return tuple(sorted(p.stem for p in data_path("examples").glob("*.yaml") if not p.name.endswith(".mdp.yaml")))


def start(folder: Path, library: Library, *, example: str = EXAMPLE, skill: bool = False) -> Started:
    """Fill `folder`, which is made if need be, with what is missing of a project.

    Raises UsageError for an unknown example, StorageError when the folder cannot be made or written to.
    """
    if example not in examples():
        message = f"there is no example '{example[:60]}'"
        raise UsageError(Problem("init-example", message, remedy=did_you_mean(example, examples())))
    texts = {PROJECT_FILE: _settings(), **_example(example)}
    texts |= {f"{FOLDER}/{kind}.schema.json": schema_text(make(library)) for kind, make in SCHEMAS.items()}
    texts |= {SKILL: read_text(data_path(SKILL))} if skill else {}
    written, kept = [], []
    for name, text in texts.items():
        path = folder / name
        if path.exists() or path.is_symlink():
            kept.append(path)
            continue
        _made(path.parent)
        write_atomic(path, text, overwrite=False)
        written.append(path)
    return Started(tuple(written), tuple(kept), folder / f"{example}.yaml")


def _made(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(Problem("folder", error.strerror or str(error), str(folder))) from None


def _example(name: str) -> Mapping[str, str]:
    """The example's case and, where it names one, its spec, each below the line that names its schema."""
    case = read_text(data_path("examples", f"{name}.yaml"))
    texts = {f"{name}.yaml": with_schema_line(case, "case")}
    spec = parse(case, name).get("spec")
    if spec is not None and spec.text:
        texts[spec.text] = with_schema_line(read_text(data_path("examples", spec.text)), "spec")
    return texts


def _settings() -> str:
    """The project's file: what can be set, each line to be uncommented."""
    lines = [
        "# Settings of this project for scoper. `scoper config show` says what holds and why; options and SCOPER_*",
        "# variables go before this file, and this file before your own. It never makes scoper run code or write.",
    ]
    table = ""
    for key, value in _SHOWN.items():
        setting = SETTINGS[key]
        if setting.command != table:
            table = setting.command
            lines += ["", f"[{table}]"]
        lines += [f"# {setting.option} = {value}".ljust(34) + f"# {setting.summary}"]
    return "\n".join(lines) + "\n"
