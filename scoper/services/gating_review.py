"""A gate's demands on time: a date to review by, being due, the age of the newest snapshot."""

from __future__ import annotations

from collections.abc import Iterator

from scoper.domain.due import days_between
from scoper.domain.gate import Gate
from scoper.services.due import due
from scoper.services.gating_demands import Demand, compared
from scoper.services.library import Library
from scoper.services.scopings import Scoping
from scoper.services.snapshots import snapshots_of


def review_demands(gate: Gate, scoping: Scoping, rules: Library, today: str) -> Iterator[Demand]:
    """What is demanded of the case's dates on the day `today`."""
    case, review = scoping.case, gate.review
    if review is None or case is None:
        return
    if review.stated is not None:
        met = (case.review_by is not None) == (review.stated == "yes")
        yield compared(("review", "stated"), "a date to review by", review.stated, case.review_by or "no", met)
    if review.due is not None:
        found = due(case, scoping.present(rules), today)
        told = " ".join(reason.sentence for reason in found.reasons) or "no"
        yield compared(("review", "due"), "due", review.due, told, found.due == (review.due == "yes"))
    if review.max_age_days is None and review.snapshot_current is None:
        return
    date, digest = _newest(scoping)
    remedy = "there is no snapshot; `scoper snapshot CASE` takes one"
    if review.max_age_days is not None:
        wanted = f"at most {review.max_age_days} days"
        age = days_between(date, today) if date else None
        told = remedy if age is None else f"{age} days, of {date}"
        met = age is not None and age <= review.max_age_days
        yield compared(("review", "max_age_days"), "age of the newest snapshot", wanted, told, met)
    if review.snapshot_current is not None:
        current = digest == case.digest()
        told = remedy if date is None else "yes" if current else f"no, the case was changed since {date}"
        met = date is not None and current == (review.snapshot_current == "yes")
        yield compared(("review", "snapshot_current"), "newest snapshot is current", review.snapshot_current, told, met)


def _newest(scoping: Scoping) -> tuple[str | None, str | None]:
    """Date and case digest of the newest snapshot; a snapshot is its own."""
    if scoping.kind == "snapshot" and scoping.case is not None:
        return scoping.date, scoping.case.digest()
    if scoping.kind != "case":
        return None, None
    part = scoping.file.part if scoping.file is not None else None
    found = snapshots_of(scoping.path, part=part or "")
    return (found[-1][1].date, found[-1][1].dossier.case_digest) if found else (None, None)
