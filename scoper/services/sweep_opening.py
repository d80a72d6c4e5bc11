"""What stands in the folder of a sweep before it begins: finished cells that it uses, and those that it cannot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from scoper.domain.sweep import CellKey, CellRecord
from scoper.domain.text import shown

_MOST_NAMED, _LONGEST_NAME = 3, 80


@dataclass(frozen=True)
class Stale:
    """Finished cells that are measured anew. what: code, spec or plan; differs: what of it, as far as it is known."""

    cells: int
    what: str
    differs: str = ""


@dataclass(frozen=True)
class Current:
    """What cells of one spec have in common now: `key` is that of floors and optimum, `sources` as in a record."""

    key: CellKey
    sources: Mapping[str, str]

    def has(self, key: CellKey) -> bool:
        """Whether the cell is measured as this sweep would measure it."""
        return key.model_copy(update={"learner": None, "number": 0}) == self.key


def finished(cells: Path) -> list[CellRecord]:
    """The valid records in `cells` that are no failures, each under the name of its key, the oldest first."""
    found = []
    for path in sorted(cells.glob("*.cell.json"), key=lambda path: (path.stat().st_mtime_ns, path.name)):
        try:
            record = CellRecord.model_validate_json(path.read_bytes())
        except (OSError, ValidationError):
            continue
        if record.key.file_name == path.name and not record.failed:
            found.append(record)
    return found


def stale_of(
    records: Sequence[CellRecord],
    specs: Mapping[str, Current],
    learners: Collection[str] | None,
    seeds: Collection[int],
) -> tuple[Stale, ...]:
    """Those `records` in whose place another cell is to be measured, the youngest of each; learners: None for all."""
    sources = {(r.key.spec, r.key.code): r.sources for r in records if r.key.learner is None}
    have = {_cell(r.key) for r in records if r.key.spec in specs and specs[r.key.spec].has(r.key)}
    youngest: dict[tuple[str, str | None, int], CellKey] = {}
    for key in (record.key for record in records):
        wanted = key.learner is None or ((learners is None or key.learner in learners) and key.number in seeds)
        rivals = [key.spec] if key.spec in specs else list(specs)
        if wanted and not all((spec, key.learner, key.number) in have for spec in rivals):
            youngest[_cell(key)] = key
    groups = Counter(_difference(key, specs.get(key.spec), sources) for key in youngest.values())
    return tuple(Stale(cells, what, differs) for (what, differs), cells in sorted(groups.items()))


def _cell(key: CellKey) -> tuple[str, str | None, int]:
    return key.spec, key.learner, key.number


def _difference(
    key: CellKey, current: Current | None, sources: Mapping[tuple[str, str], Mapping[str, str]]
) -> tuple[str, str]:
    """What keeps a cell from being used."""
    if current is None:
        return "spec", ""
    if key.code != current.key.code:
        return "code", _files(sources.get((key.spec, key.code), {}), current.sources)
    options = {"--seed": ("seed",), "--budget": ("budget", "budget_s"), "--steps": ("learning_steps",)}
    other = [o for o, names in options.items() if any(getattr(key, n) != getattr(current.key, n) for n in names)]
    return "plan", ", ".join(other)


def _files(before: Mapping[str, str], now: Mapping[str, str]) -> str:
    """Which files differ, in words; empty where it is not known."""
    told = list(_changes(before, now)) if before and now else []
    more = f" and {len(told) - _MOST_NAMED} more" if len(told) > _MOST_NAMED else ""
    return ", ".join(told[:_MOST_NAMED]) + more


def _changes(before: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    for name in sorted({*before, *now}):
        if before.get(name) != now.get(name):
            how = "is new" if name not in before else "is gone" if name not in now else "differs"
            yield f"{shown(name, _LONGEST_NAME)} {how}"
