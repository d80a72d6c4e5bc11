"""The risk register of a case: every risk whose trigger holds, or may hold, for the techniques concerned.

A trigger's condition is a rule over answers, follow-up answers and the rung. `unknown` among its values means that not
knowing is a risk in itself; where it is not listed and the fact is open, the risk stays open.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from scoper.domain.approach import Entry, Standing
from scoper.domain.questionnaire import UNKNOWN
from scoper.reasoning.world import World
from scoper.services.risk_files import Risk


def risk_register(risks: Sequence[Risk], techniques: Sequence[str], world: World) -> tuple[Entry, ...]:
    """Rows for the risks of `techniques`, those that certainly hold first; each risk once, in the order of its file."""
    rows = []
    for risk in risks:
        concerned = tuple(name for name in techniques if name in risk.techniques)
        standing = triggered(risk.when.values, world) if concerned else "excluded"
        if standing != "excluded":
            rows.append(
                Entry(
                    id=risk.id,
                    title=risk.title,
                    techniques=concerned,
                    standing=standing,
                    facts={fact: world.said(fact) for fact in sorted(risk.when.values) if fact in world.allowed},
                    trigger=risk.trigger,
                    detection=risk.detection,
                    mitigation=risk.mitigation,
                    owner=risk.owner,
                    source=risk.source,
                    catalogue=risk.catalogue,
                )
            )
    return tuple(sorted(rows, key=lambda row: (row.standing != "fits", techniques.index(row.techniques[0]))))


def triggered(when: Mapping[str, Sequence[str]], world: World) -> Standing:
    """Whether a condition holds for certain, may hold, or cannot hold; facts that nobody knows of keep it open."""
    standing: Standing = "fits"
    for fact, values in when.items():
        if fact not in world.allowed:
            standing = "open"
            continue
        allowed = world.allowed[fact]
        if len(allowed) == len(world.values[fact]) > 1 and UNKNOWN in values:
            continue
        if not allowed & set(values):
            return "excluded"
        if not allowed <= set(values):
            standing = "open"
    return standing
