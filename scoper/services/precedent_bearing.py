"""Whether the nearest real projects bear a verdict out, in the same words in a report and on the command line.

The nearest are looked at first: they contradict a verdict only where none of those at the smallest distance used its
technique, however many farther ones used another. Nothing here enters a verdict.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from scoper.domain.decision import UNDECIDED

Standing = Literal["open", "agree", "contradict", "split"]


@dataclass(frozen=True)
class Used:
    """What worked in one project, how far it is from the case, and whether experts could differ on it."""

    worked: str
    distance: float
    arguable: bool = False


@dataclass(frozen=True)
class Bearing:
    """What the projects say about a verdict; `alarm` is the warning that comes first where they contradict it."""

    standing: Standing
    alarm: str
    sentence: str


def standing(technique: str, nearest: Sequence[Used]) -> Standing:
    """How the projects stand to the technique; `open` while the verdict is undecided, and with none.

    Projects at the same smallest distance are nearest together.
    """
    if technique == UNDECIDED or not nearest:
        return "open"
    alike = [each.worked == technique for each in nearest]
    if all(alike):
        return "agree"
    return "split" if any(alike[: _n_first(nearest)]) else "contradict"


def bearing(technique: str, nearest: Sequence[Used], name: Callable[[str], str]) -> Bearing:
    """The standing in words; `name` turns a technique's id into its name."""
    found = standing(technique, nearest)
    others = [name(worked) for worked in _distinct(each.worked for each in nearest if each.worked != technique)]
    if found == "contradict":
        return Bearing(found, _alarm(technique, nearest), _against(technique, nearest, name, others))
    if found == "split":
        return Bearing(found, "", _split(technique, nearest, name, others))
    if found == "agree":
        return Bearing(found, "", _for(technique, nearest, name))
    there = ", ".join(others)
    sentence = f"The verdict is undecided, so they neither bear it out nor contradict it; what worked there: {there}."
    return Bearing(found, "", sentence if nearest else "")


def _n_first(nearest: Sequence[Used]) -> int:
    return sum(each.distance == nearest[0].distance for each in nearest)


def _distinct(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))


def _alarm(technique: str, nearest: Sequence[Used]) -> str:
    several = len(nearest) > 1 and nearest[1].worked != technique
    return f"The nearest {'ones contradict' if several else 'one contradicts'} the verdict."


def _against(technique: str, nearest: Sequence[Used], name: Callable[[str], str], others: Sequence[str]) -> str:
    n_first, n = _n_first(nearest), len(nearest)
    alike = sum(each.worked == technique for each in nearest)
    first = _distinct(name(each.worked) for each in nearest[:n_first])
    which = f"{n_first} projects" if n_first > 1 else "project"
    told = f"In the {which} nearest of all, {' or '.join(first)} worked, not {name(technique)}. "
    if alike:
        only = "Only " if 2 * alike < n else ""
        told += f"{only}{alike} of these {n} used {name(technique)}; elsewhere it was {' or '.join(others)}. "
    elif n > n_first:
        told += f"None of these {n} used {name(technique)}. "
    return told + "Look at how they differ before acting: an answer may be wrong, or what differs is what matters."


def _split(technique: str, nearest: Sequence[Used], name: Callable[[str], str], others: Sequence[str]) -> str:
    nearest_other = min(each.distance for each in nearest if each.worked != technique)
    lead = sum(each.distance < nearest_other for each in nearest)
    alike = sum(each.worked == technique for each in nearest)
    used, there = f"used {name(technique)}, as the verdict says", f"there it was {' or '.join(others)}"
    if not lead:
        told = f"They do not all agree: {alike} of these {len(nearest)} {used}"
        return f"{told}; in the others it was {' or '.join(others)}."
    head = f"The {f'{lead} nearest' if lead > 1 else 'nearest one'} {used}"
    rest, too = len(nearest) - lead, alike - lead
    if too:
        return f"{head}; of the {rest} farther ones {too} did too, in the others it was {' or '.join(others)}."
    return f"{head}; the {f'{rest} farther ones' if rest > 1 else 'farther one'} did not: {there}."


def _for(technique: str, nearest: Sequence[Used], name: Callable[[str], str]) -> str:
    arguable = sum(each.arguable for each in nearest)
    doubt = f", although experts could differ on {arguable} of them" if arguable else ""
    where = f"all {len(nearest)}" if len(nearest) > 1 else "the only one"
    return f"They bear the verdict out: in {where}, {name(technique)} worked{doubt}."
