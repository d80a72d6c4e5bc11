"""A gate's demands on the probe: its verdict, what it was measured on, how much of the gap, which findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from scoper.domain.decision import Verdict
from scoper.domain.gate import FindingsDemand, Gate
from scoper.services.gating_demands import RL, Demand, compared, listing
from scoper.services.scopings import Scoping

if TYPE_CHECKING:
    from scoper.domain.probe import ProbeResult

_SEVERITIES: tuple[Literal["blocker", "caution", "info"], ...] = ("blocker", "caution", "info")
_NONE = "no probe result"


def probe_demands(gate: Gate, scoping: Scoping, verdict: Verdict) -> Iterator[Demand]:
    """What is demanded of the probe; not looked at where the verdict is not to learn and nothing was probed."""
    asked, result = gate.probe, scoping.result
    if asked is None:
        return
    if result is None and verdict.technique != RL:
        sentence = f"probe: not looked at, the verdict is {verdict.technique} and nothing was probed"
        yield Demand(("probe",), None, "a probe", "none", sentence)
        return
    if asked.verdict is not None:
        found = result.verdict if result else _NONE
        met = result is not None and result.verdict in asked.verdict
        yield compared(("probe", "verdict"), "the probe's verdict", listing(asked.verdict), found, met)
    if asked.current is not None:
        met = result is not None and bool(scoping.current) == (asked.current == "yes")
        found = _NONE if result is None else "yes" if scoping.current else "no, the spec was changed since"
        yield compared(("probe", "current"), "measured on the present spec", asked.current, found, met)
    if asked.gap_share is not None:
        yield _gap_share(asked.gap_share, result)
    if asked.min_seeds is not None:
        seeds = result.gap_share.n_seeds if result is not None and result.gap_share is not None else 0
        met = seeds >= asked.min_seeds
        yield compared(("probe", "min_seeds"), "seeds of the learner", f"at least {asked.min_seeds}", f"{seeds}", met)
    if asked.findings is not None:
        yield from _findings(asked.findings, result)


def _gap_share(least: float, result: ProbeResult | None) -> Demand:
    gap = result.gap_share if result is not None else None
    found = _NONE if result is None else "none was measured"
    if gap is not None:
        found = f"{gap.estimate:.2f} ({gap.low:.2f} to {gap.high:.2f})"
    met = gap is not None and gap.low >= least
    return compared(("probe", "gap_share"), "lower end of the gap share", f"at least {least:g}", found, met)


def _findings(asked: FindingsDemand, result: ProbeResult | None) -> Iterator[Demand]:
    path = ("probe", "findings")
    counts = Counter(f.severity for f in result.findings) if result is not None else Counter()
    for severity in _SEVERITIES:
        most = asked.most(severity)
        if most is not None:
            codes = sorted({f.code for f in result.findings if f.severity == severity}) if result else []
            found = _NONE if result is None else f"{counts[severity]}" + (f" ({', '.join(codes)})" if codes else "")
            met = result is not None and counts[severity] <= most
            yield compared((*path, severity), f"findings of severity {severity}", f"at most {most}", found, met)
    if asked.never is not None:
        bad = sorted({f.code for f in result.findings if f.code in asked.never}) if result is not None else []
        found = _NONE if result is None else ", ".join(bad) or "none of them"
        wanted = f"none of {', '.join(asked.never)}"
        yield compared((*path, "never"), "findings", wanted, found, result is not None and not bad)
