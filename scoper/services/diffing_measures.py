"""Two probe results compared: verdict, findings, returns, gap share, objective, cost, and what was measured on what.

Two measured numbers count as apart when their intervals do not meet; otherwise the difference may be chance. Of a
report in Markdown or HTML only the verdict and the spec can be compared, and whether the rest is the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scoper.services.scopings import Scoping, ToldProbe

if TYPE_CHECKING:
    from scoper.domain.probe import ProbeResult

Range = dict[str, float]
_SETTINGS = ("budget", "seed", "n_seeds", "learning_steps", "versions")


@dataclass(frozen=True)
class NumberChange:
    """A number that differs: mean, low and high before and after (one None where it was not measured).

    `apart` says whether the intervals do not meet; None where one is missing or has no interval.
    """

    name: str
    before: Range | None
    after: Range | None
    apart: bool | None


@dataclass(frozen=True)
class MeasureChanges:
    """What differs. `verdict` and `spec` hold before and after where they do, else None.

    Findings are told as (code, severity, claim). `settings` are budget, seeds and versions, before and after. `untold`
    names the sides that only tell that findings or numbers differ, not which.
    """

    verdict: tuple[str | None, str | None] | None
    spec: tuple[str | None, str | None] | None
    appeared: tuple[tuple[str, str, str], ...]
    gone: tuple[tuple[str, str, str], ...]
    numbers: tuple[NumberChange, ...]
    settings: tuple[tuple[str, str, str], ...]
    untold: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing differs."""
        told = (self.verdict, self.spec, self.appeared, self.gone, self.numbers, self.settings, self.untold)
        return not any(told)

    def document(self) -> dict[str, Any]:
        """The comparison as plain JSON values."""
        return {
            "verdict": list(self.verdict) if self.verdict else None,
            "spec": list(self.spec) if self.spec else None,
            "findings": {"appeared": _findings(self.appeared), "gone": _findings(self.gone)},
            "numbers": [{"name": n.name, "before": n.before, "after": n.after, "apart": n.apart} for n in self.numbers],
            "settings": [{"name": name, "before": old, "after": new} for name, old, new in self.settings],
            **({"not_told_by": list(self.untold)} if self.untold else {}),
        }


def measure_changes(before: Scoping, after: Scoping) -> MeasureChanges | None:
    """What differs between the probe results of two scopings; None when one that has no answers lacks a result."""
    first, second = _kept(before), _kept(after)
    if (first is None or second is None) and (before.case is None or after.case is None):
        return None
    if first is None and second is None:
        return None
    verdicts = (first.verdict if first else None, second.verdict if second else None)
    specs = (first.spec_digest if first else None, second.spec_digest if second else None)
    headline = (verdicts if verdicts[0] != verdicts[1] else None, specs if specs[0] != specs[1] else None)
    if before.told or after.told:
        both_differ = first is not None and second is not None and first.digest != second.digest
        untold = tuple(side.name for side in (before, after) if side.told) if both_differ else ()
        return MeasureChanges(*headline, (), (), (), (), untold)
    old, new = before.result, after.result
    here, there = _counted(old), _counted(new)
    return MeasureChanges(
        *headline,
        tuple(sorted((there - here).elements())),
        tuple(sorted((here - there).elements())),
        tuple(_numbers(old, new)),
        tuple(_settings(old, new)),
    )


def _kept(side: Scoping) -> ToldProbe | None:
    """What any side can tell of its probe; None without one."""
    from scoper.services.verifying_seal import result_digest

    result = side.result
    if result is None:
        return side.told
    return ToldProbe(result.verdict, result_digest(result), result.spec.get("digest"))


def _counted(result: ProbeResult | None) -> Counter[tuple[str, str, str]]:
    findings = result.findings if result is not None else ()
    return Counter((f.code, f.severity, f.claim) for f in findings)


def _findings(rows: tuple[tuple[str, str, str], ...]) -> list[dict[str, str]]:
    return [{"code": code, "severity": severity, "claim": claim} for code, severity, claim in rows]


def _numbers(old: ProbeResult | None, new: ProbeResult | None) -> Iterator[NumberChange]:
    here, there = _told(old), _told(new)
    for name in dict.fromkeys((*here, *there)):
        first, second = here.get(name), there.get(name)
        if first != second:
            yield NumberChange(name, first, second, _apart(first, second))


def _told(result: ProbeResult | None) -> dict[str, Range]:
    if result is None:
        return {}
    told = {f"return of {name}": {"mean": r.mean, "low": r.low, "high": r.high} for name, r in result.returns.items()}
    gap, objective, cost = result.gap_share, result.objective, result.cost
    if gap is not None:
        told["gap share"] = {"mean": gap.estimate, "low": gap.low, "high": gap.high}
    if objective is not None:
        told["objective of the reward's best policy"] = {"mean": objective.of_best_reward_policy}
        told["objective of random"] = {"mean": objective.of_random}
    if cost is not None:
        told["timesteps per second"] = {"mean": cost.steps_per_s}
        if cost.hours_to_target is not None:
            told["hours to target"] = {"mean": cost.hours_to_target}
    return told


def _apart(first: Range | None, second: Range | None) -> bool | None:
    if first is None or second is None or "low" not in first or "low" not in second:
        return None
    return first["high"] < second["low"] or second["high"] < first["low"]


def _settings(old: ProbeResult | None, new: ProbeResult | None) -> Iterator[tuple[str, str, str]]:
    if old is None or new is None:
        return
    for name in _SETTINGS:
        first, second = (_setting(result.provenance.get(name)) for result in (old, new))
        if first != second:
            yield name.replace("_", " "), first, second


def _setting(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {value[key]}" for key in sorted(value))
    return "" if value is None else str(value)
