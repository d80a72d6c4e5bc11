"""Rule-pack data that a report quotes: words for ids, risks, first-week steps, glossary.

Read once from files, handed to the renderer as one value. What applies to a case is chosen in the views.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scoper.domain.questionnaire import Case

_ID = re.compile(r"[a-z0-9_]+")


@dataclass(frozen=True)
class When:
    """A condition on a case: for every signal named, its answer is one of the values; unknown is a value."""

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def holds(self, case: Case) -> bool:
        """Whether `case` meets the condition; the empty condition always holds."""
        return all(case.value_of(signal) in allowed for signal, allowed in self.values.items())


@dataclass(frozen=True)
class Risk:
    """A way for a technique to fail, how to notice it and what to do about it."""

    id: str
    techniques: tuple[str, ...]
    when: When
    title: str
    trigger: str
    detection: str
    mitigation: str
    owner: str
    source: str


@dataclass(frozen=True)
class Step:
    """Something to do in the first week, or a reason to stop, for one technique.

    `probe` names the probe verdicts under which it applies ("none": no current result); empty means always.
    """

    text: str
    when: When
    probe: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReportData:
    """Everything a report says that is neither in the dossier nor in a template."""

    words: Mapping[str, Mapping[str, Mapping[str, str]]]
    risks: tuple[Risk, ...] = ()
    first_week: Mapping[str, tuple[Step, ...]] = field(default_factory=dict)
    stop: Mapping[str, tuple[Step, ...]] = field(default_factory=dict)

    def name(self, kind: str, key: str) -> str:
        """What `key` is called; an id without an entry is spelled with spaces, a sentence stays."""
        spelled = key.replace("_", " ") if _ID.fullmatch(key) else key
        return self.words.get(kind, {}).get(key, {}).get("name", spelled)

    def meaning(self, kind: str, key: str) -> str:
        """What `key` means, or an empty text."""
        return self.words.get(kind, {}).get(key, {}).get("meaning", "")


def load_report_data(rules_dir: Path | None = None) -> ReportData:
    """The shipped words and steps with the risks of `rules_dir`, or of the shipped rules."""
    from scoper.services.library import data_path

    templates = data_path("reports", "templates")
    risks = (rules_dir if rules_dir and (rules_dir / "risks").is_dir() else data_path("rules")) / "risks"
    plan = _read(templates / "first_week.yaml")
    return ReportData(
        words=_read(templates / "words.yaml"),
        risks=tuple(_risk(_read(path)) for path in sorted(risks.glob("*.yaml"))),
        first_week=_steps(plan["first_week"]),
        stop=_steps(plan["stop"]),
    )


def load_words() -> ReportData:
    """Only what ids are called, for screens that name them as the report does."""
    from scoper.services.library import data_path

    return ReportData(words=_read(data_path("reports", "templates", "words.yaml")))


def _read(path: Path) -> Any:
    from scoper.services import strict_yaml

    return strict_yaml.to_python(strict_yaml.parse(strict_yaml.read_text(path), path.name))


def _risk(row: Mapping[str, Any]) -> Risk:
    texts = {
        key: str(row.get(key, "")) for key in ("id", "title", "trigger", "detection", "mitigation", "owner", "source")
    }
    return Risk(techniques=_texts(row.get("applies_to", ())), when=_when(row.get("when")), **texts)


def _steps(document: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, tuple[Step, ...]]:
    return {
        technique: tuple(Step(str(row["do"]), _when(row.get("when")), _texts(row.get("probe", ()))) for row in rows)
        for technique, rows in document.items()
    }


def _when(document: Mapping[str, Any] | None) -> When:
    return When({signal: _texts(values) for signal, values in (document or {}).items()})


def _texts(values: object) -> tuple[str, ...]:
    listed = values if isinstance(values, list | tuple) else [values]
    return tuple("yes" if v is True else "no" if v is False else str(v) for v in listed)
