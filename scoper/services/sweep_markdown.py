"""The report of a sweep: one table, what failed, what to know about every spec, and how the numbers were made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scoper.domain.sweep import CellSummary, Interval, Row, SpecSummary, SweepTable
from scoper.services.markdown import code, md
from scoper.services.numbers import count, number, share
from scoper.services.sweep_table import MANY

HEADER = ("spec", "learner", "seeds", "return", "floor", "ceiling", "gap share", "failed", "do not fit")


def markdown(table: SweepTable) -> str:
    """The report; the same table gives the same bytes."""
    lines = ["# Sweep", "", summary(table), ""]
    lines += _grid(HEADER, [[md(cell) if cell else "" for cell in cells_of(row)] for row in table.rows])
    for paragraph in notes(table):
        lines += ["", md(paragraph)]
    lines += _failed(table)
    for spec in table.specs:
        lines += _spec(spec)
    lines += ["", "## Provenance", "", *_provenance(table)]
    return "\n".join(lines) + "\n"


def summary(table: SweepTable) -> str:
    """What was measured, in one sentence."""
    told = [f"{count(table.count('measured'))} of {count(len(table.cells))} cells measured"]
    if unfit := table.count("unfit"):
        told.append("1 does not fit" if unfit == 1 else f"{count(unfit)} do not fit")
    if nothing := table.count("nothing"):
        told.append(f"{count(nothing)} with nothing to measure")
    if table.failed:
        told.append(f"{count(table.failed)} failed")
    steps = "" if table.learning_steps is None else f", {count(table.learning_steps)} timesteps a seed"
    specs = "1 spec" if len(table.specs) == 1 else f"{count(len(table.specs))} specs"
    return f"{', '.join(told)}: {specs}, budget {table.budget} a cell{steps}."


def cells_of(row: Row) -> list[str]:
    """The row as words, in the order of `HEADER`."""
    found = row.iqm if row.estimator == "interquartile mean" else row.mean
    if found is None:
        return [row.spec, row.learner, "0", row.reason or "not measured", "", "", "", *_lost(row)]
    floor = "" if row.floor_return is None else f"{number(row.floor_return)} ({row.floor})"
    ceiling = "" if row.ceiling_return is None else f"{number(row.ceiling_return)} ({row.ceiling})"
    gap = "" if row.gap_share is None else interval(row.gap_share, row.seeds, share)
    return [row.spec, row.learner, count(row.seeds), _told(found, row), floor, ceiling, gap, *_lost(row)]


def _lost(row: Row) -> tuple[str, str]:
    return count(row.failed), count(row.unfit)


def _told(found: Interval, row: Row) -> str:
    """The row's estimate and which it is."""
    return interval(found, row.seeds) + (", IQM" if row.estimator == "interquartile mean" else "")


def interval(found: Interval, n_seeds: int, words: object = number) -> str:
    """An estimate and its interval, or why there is none."""
    assert callable(words)
    estimate = str(words(found.estimate))
    if found.low is None or found.high is None:
        seeds = "both seeds" if n_seeds == 2 else f"all {count(n_seeds)} seeds"
        return f"{estimate} (one seed)" if n_seeds == 1 else f"{estimate} ({seeds} the same)"
    return f"{estimate} [{words(found.low)}, {words(found.high)}]"


def notes(table: SweepTable) -> Iterator[str]:
    """How to read the table: one paragraph each, only what matters for its rows."""
    yield (
        f"Returns are over seeds with 95 % intervals: from {MANY} seeds on the interquartile mean (IQM) with a "
        "percentile bootstrap (Agarwal et al. 2021), with fewer, where that is too narrow, the mean with Student's; "
        "seeds that all return the same have none, since a spread that was not seen may still be there. "
        "Gap share is (return − floor) / (ceiling − floor); a ceiling that was only found proves nothing."
    )
    cut = [f"{row.learner} on {row.spec}" for row in table.rows if row.cut]
    if cut:
        yield f"Stopped by the clock before all timesteps, so that another machine may differ: {'; '.join(cut)}."
    partial = [spec.name for spec in table.specs if spec.note]
    if partial:
        yield (
            f"{'; '.join(partial)}: the clock stopped before all floors were measured, so that floor, ceiling and gap "
            "share are of those that were; a larger --budget measures the rest."
        )
    uneven = [spec.name for spec in table.specs if len(spec.paces) > 1]
    if uneven:
        yield (
            f"{'; '.join(uneven)}: some cells found the environment in a slower class of speed than others and "
            "measured fewer episodes; elsewhere they may come out otherwise."
        )
    mixed = [f"{package} {' and '.join(found)}" for package, found in table.versions.items() if len(found) > 1]
    if mixed:
        yield f"Cells were made with different versions: {'; '.join(mixed)}. An empty folder measures all of them anew."
    lacking = {learner for spec in table.specs for learner in spec.missing}
    if lacking:
        yield f"Left out for lack of the extra that they need: {', '.join(sorted(lacking))}."


def cell_name(cell: CellSummary, specs: Sequence[SpecSummary]) -> str:
    """Which cell it is, in words."""
    spec = next((spec.name for spec in specs if spec.digest == cell.spec), cell.spec)
    return f"{spec}, floors and optimum" if cell.learner is None else f"{spec}, {cell.learner}, seed {cell.number}"


def _failed(table: SweepTable) -> list[str]:
    failed = [cell for cell in table.cells if cell.state == "failed"]
    if not failed:
        return []
    lines = ["", f"## {count(len(failed))} failed", "", "The same command tries them again.", ""]
    for cell in failed:
        remedy = f" ({md(cell.remedy)})" if cell.remedy else ""
        lines.append(f"- {md(cell_name(cell, table.specs))}: {code(cell.code)} {md(cell.claim)}{remedy}")
    return lines


def _spec(spec: SpecSummary) -> list[str]:
    lines = ["", f"## {md(spec.name)}", ""]
    if not spec.criterion:
        return [*lines, "Floors and optimum were not measured."]
    lines += [md(f"Returns are the {spec.criterion}."), ""]
    rows = [
        [md(name), md(_return(found.low, found.mean, found.high)), md(found.basis), md(found.policy)]
        for name, found in sorted(spec.returns.items(), key=lambda item: (item[1].mean, item[0]))
    ]
    lines += _grid(("policy", "return", "basis", "what it does"), rows)
    if spec.findings:
        lines += ["", *(f"- {md(finding)}" for finding in spec.findings)]
    return lines


def _return(low: float, mean: float, high: float) -> str:
    return number(mean) if low == high else f"{number(mean)} [{number(low)}, {number(high)}]"


def _grid(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    lines = ["| " + " | ".join(header) + " |", "|" + " --- |" * len(header)]
    return lines + ["| " + " | ".join(cell or " " for cell in row) + " |" for row in rows]


def _provenance(table: SweepTable) -> list[str]:
    versions = ", ".join(f"{package} {' and '.join(found)}" for package, found in table.versions.items())
    digests = [f"- {md(spec.name)}: {code(spec.source)}, digest {code(spec.digest)}" for spec in table.specs]
    return [f"Seed {table.seed}; {md(versions or 'no versions known')}.", "", *digests]
