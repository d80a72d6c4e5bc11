"""Ranking methods for a case: what each needs of the environment, and what speaks for taking it.

A method's needs are capabilities; they do not share answers, so a method is possible exactly when each need is. Of
those that stand equally well, the ones of the family that the verdict names come first, then the ones with more points.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from scoper.domain.approach import Choice, Ground, Standing
from scoper.domain.questionnaire import UNKNOWN
from scoper.reasoning.options import ground
from scoper.reasoning.world import Line, World

_RANK: Mapping[Standing, int] = {"fits": 0, "open": 1, "excluded": 2}


@dataclass(frozen=True)
class Need:
    """A capability that must be at one of `levels`; `asked` says it in words, `meanings` what each level is."""

    capability: str
    levels: frozenset[str]
    asked: str
    because: str
    meanings: Mapping[str, str] = field(default_factory=dict)

    def found(self, world: World) -> str:
        """What is there instead, as far as is known."""
        left = [level for level in world.values[self.capability] if level in world.allowed[self.capability]]
        if len(left) == len(world.values[self.capability]) > 1:
            return UNKNOWN
        return " or ".join(self.meanings.get(level, level) for level in left)


@dataclass(frozen=True)
class MethodRule:
    """A method as its file describes it."""

    id: str
    name: str
    techniques: tuple[str, ...]
    family: str | None
    order: int
    summary: str
    needs: tuple[Need, ...]
    prefers: tuple[Line, ...]
    source: str
    basis: str
    texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def ranked_methods(methods: Sequence[MethodRule], world: World, family: str | None) -> tuple[Choice, ...]:
    """All methods, best first; `family` is the one the verdict names, if it names one. Deterministic."""
    judged = [(judge(method, world), method.order) for method in methods]

    def key(pair: tuple[Choice, int]) -> tuple[int, bool, int, int, str]:
        choice, order = pair
        other = family is not None and choice.family != family
        return (_RANK[choice.standing], other, -choice.points, order, choice.id)

    return tuple(choice for choice, _ in sorted(judged, key=key))


def judge(method: MethodRule, world: World) -> Choice:
    """One method against what the environment affords: needs met, not met and open, and preferences that hold."""
    met: list[Ground] = []
    unmet: list[Ground] = []
    still_open: list[Ground] = []
    for need in method.needs:
        allowed = world.allowed[need.capability]
        target = met if allowed <= need.levels else still_open if allowed & need.levels else unmet
        facts = {need.capability: need.found(world)}
        text = f"needs {need.asked}: {need.because}"
        target.append(Ground(text=text, facts=facts, certain=target is not still_open, basis="needed"))
    liked = [line for line in method.prefers if line.state(world) == "holds"]
    return Choice(
        id=method.id,
        name=method.name,
        summary=method.summary,
        standing="excluded" if unmet else "open" if still_open else "fits",
        family=method.family,
        points=sum(line.points for line in liked),
        why=(*(ground(line, world) for line in liked), *met),
        why_not=tuple(unmet),
        open=tuple(still_open),
        texts=method.texts,
        source=method.source,
        basis=method.basis,
    )
