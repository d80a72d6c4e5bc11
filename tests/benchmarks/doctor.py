"""Print which of the sick environments the doctor names, beside gymnasium's and Stable-Baselines3's checkers.

Run: python tests/benchmarks/doctor.py [--only WORD] [--alone]. Every file in tests/probe/environments/sick begins with
the id of its fault, those in sane have none. "named" means: the doctor gives the right id and, where the file marks the
line with HERE, that line; a checker names a fault when it says anything about the environment beyond what it says of
the sound environment that the sick ones are made of. A false alarm is a blocker or a caution for a sane environment,
for the checkers a refusal or a warning; those of the checkers' remarks that are advice (normalise, flatten) count too.
"""

from __future__ import annotations

import argparse
import ast
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from scoper.domain.doctor import CHECKERS, Examination
from scoper.domain.mdp import EnvironmentSpec
from scoper.domain.probe import ProbePlan
from scoper.services.examining import examine

FOLDER = Path(__file__).parent.parent / "probe" / "environments"
MEMORY_MB = 1000


@dataclass(frozen=True)
class Ward:
    """One environment's file: the id of its fault, empty for a sane one, and the line that is marked, 0 without."""

    file: Path
    fault: str
    line: int


def ward(file: Path) -> Ward:
    """What the file says of itself."""
    text = file.read_text(encoding="utf-8")
    fault = (ast.get_docstring(ast.parse(text)) or "").partition(":")[0] if file.parent.name == "sick" else ""
    marked = [number for number, line in enumerate(text.splitlines(), 1) if "# HERE" in line]
    return Ward(file, fault, marked[0] if marked else 0)


def wards(only: str = "") -> list[Ward]:
    """All of them, the sick ones first."""
    files = [*sorted((FOLDER / "sick").glob("*.py")), *sorted((FOLDER / "sane").glob("*.py"))]
    return [ward(file) for file in files if file.stem != "walk" and only in f"{file.parent.name}/{file.stem}"]


def examined(patient: Ward, *, checkers: bool) -> Examination:
    """What the doctor says of the environment."""
    name = patient.file.stem
    spec = EnvironmentSpec(name=name, entry_point=f"{name}.py:Env", path=".", memory_mb=MEMORY_MB)
    return examine(ProbePlan(spec_text="", spec=spec, spec_dir=str(patient.file.parent), trust=True), checkers=checkers)


def is_named(patient: Ward, found: Examination) -> bool:
    """Whether the fault is in the table, with its line where one is marked."""
    rows = [fault for fault in found.faults if fault.id == patient.fault]
    return bool(rows) and (not patient.line or f"{patient.file.name}:{patient.line} " in rows[0].place)


def alarms(found: Examination) -> list[str]:
    """Ids of what would be an alarm for a sane environment."""
    return [fault.id for fault in found.faults if fault.severity != "info"]


def _speaks(found: Examination, name: str) -> str:
    """A checker's verdict on an environment in one word."""
    checker = next(c for c in found.checkers if c.name == name)
    return checker.verdict


def main() -> None:
    """Print the table and the totals."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="environments whose folder/name holds this word")
    parser.add_argument("--alone", action="store_true", help="do not ask the other checkers")
    arguments = parser.parse_args()
    totals: Counter[tuple[str, str]] = Counter()
    names = [] if arguments.alone else list(CHECKERS)
    heads = "".join(f"{CHECKERS[name]:>11}" for name in names)
    print(f"{'environment':<34}{'fault':<28}{'doctor':>10}{heads}  seconds")
    for patient in wards(arguments.only):
        began = time.perf_counter()
        found = examined(patient, checkers=not arguments.alone)
        kind = patient.file.parent.name
        extra = [i for i in alarms(found) if i != patient.fault]
        good = is_named(patient, found) if patient.fault else not extra
        totals[kind, "all"] += 1
        totals[kind, "doctor"] += good if kind == "sick" else bool(extra)
        words = ("named" if good else "MISSED") if kind == "sick" else "ALARM" if extra else "sound"
        said = ""
        for name in names:
            verdict = _speaks(found, name)
            totals[kind, name] += verdict in ("warned", "refused")
            said += f"{verdict:>11}"
        seconds = time.perf_counter() - began
        beside = f"  also {', '.join(extra)}" if extra else ""
        print(
            f"{kind + '/' + patient.file.stem:<34}{patient.fault:<28}{words:>10}{said}{seconds:9.1f}{beside}",
            flush=True,
        )
    for kind, what in (("sick", "named"), ("sane", "false alarms")):
        of = totals[kind, "all"]
        beside = "".join(f", {CHECKERS[name]} {totals[kind, name]}" for name in names)
        print(f"{kind}: {of} environments; {what}: doctor {totals[kind, 'doctor']}{beside}")


if __name__ == "__main__":
    main()
