"""Rule-pack data that a report quotes: words for ids, risks, first-week steps, glossary.

Read once from files, handed to the renderer as one value. What applies to a case is chosen in the views.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scoper.domain.questionnaire import Case, Question
from scoper.services.risk_files import Risk, When, read_risks

_ID = re.compile(r"[a-z0-9_]+")


@dataclass(frozen=True)
class Step:
    """Something to do in the first week, or a reason to stop, for one technique.

    `probe` names the probe verdicts under which it applies ("unprobed": a spec without a current result, "none": not
    even a spec), empty meaning always. `exact` tells apart whether the probe solved the spec exactly, None not caring.
    """

    text: str
    when: When
    probe: tuple[str, ...] = ()
    exact: bool | None = None

    def applies(self, case: Case, probe: str, exact: bool) -> bool:
        """Whether it is to be done for `case` with this probe verdict, the spec being solved exactly or not."""
        return (
            self.when.holds(case)
            and (not self.probe or probe in self.probe)
            and (self.exact is None or self.exact == exact)
        )


@dataclass(frozen=True)
class ReportData:
    """Everything a report says that is neither in the dossier nor in a template."""

    words: Mapping[str, Mapping[str, Mapping[str, str]]]
    risks: tuple[Risk, ...] = ()
    first_week: Mapping[str, tuple[Step, ...]] = field(default_factory=dict)
    stop: Mapping[str, tuple[Step, ...]] = field(default_factory=dict)
    glossary: Mapping[str, str] = field(default_factory=dict)

    def name(self, kind: str, key: str) -> str:
        """What `key` is called; an id without an entry is spelled with spaces, a sentence stays."""
        spelled = key.replace("_", " ") if _ID.fullmatch(key) else key
        return self.words.get(kind, {}).get(key, {}).get("name", spelled)

    def meaning(self, kind: str, key: str) -> str:
        """What `key` means, or an empty text."""
        return self.words.get(kind, {}).get(key, {}).get("meaning", "")


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
    plan = _read(templates / "first_week.yaml")
    return ReportData(
        words=_read(templates / "words.yaml"),
        risks=read_risks([files[name] for name in sorted(files)], questions),
        first_week=_steps(plan["first_week"]),
        stop=_steps(plan["stop"]),
        glossary=_read(data_path("rules", "glossary.yaml")),
    )


def load_words() -> ReportData:
    """Only what ids are called, for screens that name them as the report does."""
    from scoper.services.library import data_path

    return ReportData(words=_read(data_path("reports", "templates", "words.yaml")))


def _read(path: Path) -> Any:
    from scoper.services import strict_yaml

    return strict_yaml.to_python(strict_yaml.parse(strict_yaml.read_text(path), path.name))


def _steps(document: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, tuple[Step, ...]]:
    return {
        technique: tuple(
            Step(str(row["do"]), _when(row.get("when")), _texts(row.get("probe", ())), row.get("exact")) for row in rows
        )
        for technique, rows in document.items()
    }


def _when(document: Mapping[str, Any] | None) -> When:
    return When({signal: _texts(values) for signal, values in (document or {}).items()})


def _texts(values: object) -> tuple[str, ...]:
    listed = values if isinstance(values, list | tuple) else [values]
    return tuple("yes" if v is True else "no" if v is False else str(v) for v in listed)
