"""Rule-pack data that a report quotes: words for ids, risks, first-week steps, comparison of techniques, glossary.

Read once from files, handed to the renderer as one value. What applies to a case is chosen in the views.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scoper.domain.questionnaire import Case, Question
from scoper.services.naming import Names, load_names
from scoper.services.risk_files import Risk, When, read_risks

AXES = ("effort", "cost", "latency")
"""The article's three axes: engineering effort, running cost, time per decision."""


@dataclass(frozen=True)
class Step:
    """Something to do in the first week, or a reason to stop, for one technique.

    `probe` names the probe verdicts under which it applies ("unprobed": a spec without a current result, "none": not
    even a spec), empty meaning always. `exact` tells apart whether the probe solved the spec exactly, None not caring.
    `day` is the working day, 0 for none; `go` is what must be seen to go on, `no_go` at what to stop; `checks` are the
    offline checks that measure it; `run` are commands in full, for the files that are drafted; `meets` are the rules
    of readiness whose condition it meets.
    """

    text: str
    when: When
    probe: tuple[str, ...] = ()
    exact: bool | None = None
    day: int = 0
    go: str = ""
    no_go: str = ""
    checks: tuple[str, ...] = ()
    run: tuple[str, ...] = ()
    meets: tuple[str, ...] = ()

    def applies(self, case: Case, probe: str, exact: bool) -> bool:
        """Whether it is to be done for `case` with this probe verdict, the spec being solved exactly or not."""
        return (
            self.when.holds(case)
            and (not self.probe or probe in self.probe)
            and (self.exact is None or self.exact == exact)
        )


@dataclass(frozen=True)
class Range:
    """What a technique takes on one axis: `low` to `high` `unit`, its basis and source, and the answer that set it."""

    low: float
    high: float
    unit: str
    basis: str
    moved: str
    when: When
    exact: bool | None = None
    source: str = ""


@dataclass(frozen=True)
class Harm:
    """What a wrong decision for a technique costs; `evidence` is the signal whose evidence says more, if any.

    `eases` tells that it makes being wrong cheaper, not dearer.
    """

    say: str
    when: When
    evidence: str = ""
    eases: bool = False


@dataclass(frozen=True)
class Comparison:
    """The ranges of one technique by axis (`effort`, `cost`, `latency`), the first that holds counts, and its harms."""

    axes: Mapping[str, tuple[Range, ...]]
    wrong: tuple[Harm, ...] = ()


@dataclass(frozen=True)
class ReportData(Names):
    """Everything a report says that is neither in the dossier nor in a template."""

    risks: tuple[Risk, ...] = ()
    first_week: Mapping[str, tuple[Step, ...]] = field(default_factory=dict)
    stop: Mapping[str, tuple[Step, ...]] = field(default_factory=dict)
    glossary: Mapping[str, str] = field(default_factory=dict)
    comparison: Mapping[str, Comparison] = field(default_factory=dict)
    follow_ups: Mapping[str, str] = field(default_factory=dict)
    packs: tuple[Path, ...] = ()


def load_report_data(rules_dir: Path | None = None, questions: Mapping[str, Question] | None = None) -> ReportData:
    """The shipped words and steps, and the shipped risks overlaid by those of `rules_dir`; a whole pack's alone.

    Raises InputError with every fault of every risk file; conditions are checked when `questions` is given.
    """
    from scoper.services.library import data_path, stands_alone

    templates, shipped = data_path("reports", "templates"), data_path("rules", "risks")
    files = {path.name: (path, f"rules/risks/{path.name}") for path in shipped.glob("*.yaml")}
    if rules_dir is not None:
        files = {} if stands_alone(rules_dir) else files
        files |= {path.name: (path, str(path)) for path in (rules_dir / "risks").glob("*.yaml")}
    plan = read_plan(templates / "first_week.yaml")
    return ReportData(
        words=load_names().words,
        risks=read_risks([files[name] for name in sorted(files)], questions),
        first_week=_steps(plan["first_week"]),
        stop=_steps(plan["stop"]),
        glossary=read_plan(data_path("rules", "glossary.yaml")),
        comparison=_comparison(read_plan(templates / "comparison.yaml")),
        follow_ups=_follow_ups(rules_dir),
        packs=(rules_dir,) if rules_dir is not None else (),
    )


def _follow_ups(rules_dir: Path | None) -> dict[str, str]:
    """The follow-up questions as they are asked, by id; shipped ones overlaid by those of `rules_dir`."""
    from scoper.services.follow_ups import Questions
    from scoper.services.library import data_path, stands_alone

    own = [] if rules_dir is None else [(rules_dir, str(rules_dir))]
    shipped = [] if rules_dir is not None and stands_alone(rules_dir) else [(data_path("rules"), "rules")]
    return {name: question.text for name, question in Questions({}, (*shipped, *own)).follow_ups.items()}


def load_first_week() -> dict[str, tuple[Step, ...]]:
    """Only the steps of the first week, by technique, for who drafts files without a report."""
    from scoper.services.library import data_path

    return _steps(read_plan(data_path("reports", "templates", "first_week.yaml"))["first_week"])


def read_plan(path: Path) -> Any:
    """A file of words or steps as plain values."""
    from scoper.services import strict_yaml

    return strict_yaml.to_python(strict_yaml.parse(strict_yaml.read_text(path), path.name))


def _steps(document: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, tuple[Step, ...]]:
    return {technique: steps_in(rows) for technique, rows in document.items()}


def steps_in(rows: Sequence[Mapping[str, Any]]) -> tuple[Step, ...]:
    """The steps of one list, as they stand in a file."""
    return tuple(
        Step(
            text=str(row["do"]),
            when=_when(row.get("when")),
            probe=_texts(row.get("probe", ())),
            exact=row.get("exact"),
            day=int(row.get("day", 0)),
            go=str(row.get("go", "")),
            no_go=str(row.get("no_go", "")),
            checks=_texts(row.get("checks", ())) or _checked(_texts(row.get("run", ()))),
            run=_texts(row.get("run", ())),
            meets=_texts(row.get("meets", ())),
        )
        for row in rows
    )


def _checked(commands: Sequence[str]) -> tuple[str, ...]:
    """The ids of the offline checks among commands."""
    words = [command.split() for command in commands]
    return tuple(each[3].replace("-", "_") for each in words if each[:2] == ["scoper", "check"] and len(each) > 3)


def _comparison(document: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> dict[str, Comparison]:
    return {
        technique: Comparison(
            axes={axis: tuple(_range(row) for row in entry[axis]) for axis in AXES},
            wrong=tuple(_harm(row) for row in entry["wrong"]),
        )
        for technique, entry in document["techniques"].items()
    }


def _harm(row: Mapping[str, Any]) -> Harm:
    return Harm(str(row["say"]), _when(row.get("when")), str(row.get("evidence", "")), bool(row.get("eases", False)))


def _range(row: Mapping[str, Any]) -> Range:
    return Range(
        low=float(row["low"]),
        high=float(row["high"]),
        unit=str(row["unit"]),
        basis=str(row["basis"]),
        moved=str(row["moved"]),
        when=_when(row.get("when")),
        exact=row.get("exact"),
        source=str(row.get("source", "")),
    )


def _when(document: Mapping[str, Any] | None) -> When:
    return When({signal: _texts(values) for signal, values in (document or {}).items()})


def _texts(values: object) -> tuple[str, ...]:
    listed = values if isinstance(values, list | tuple) else [values]
    return tuple("yes" if v is True else "no" if v is False else str(v) for v in listed)
