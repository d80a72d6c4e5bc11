"""A solved spec as a page of plain text."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator

import numpy as np

from scoper.domain.text import one_line
from scoper.services.numbers import count, number, share, tiny
from scoper.services.solved_document import busiest
from scoper.services.solving import SolvedSpec

_WIDTH = 79


def solved_lines(solved: SolvedSpec, top: int) -> Iterator[str]:
    """The optimum, what it beats, how it was found, and what to do in the `top` states that matter most."""
    yield one_line(solved.spec.name)
    basis = "proved" if solved.proved else "proved for the arrays, see below"
    yield f"  OPTIMUM  {_known(solved)} ({basis}, within {tiny(solved.error_bound)})"
    yield from _wrapped(solved.criterion, " " * 11)
    yield from _returns(solved)
    yield ""
    table = solved.table
    sizes = (
        f"{count(table.n_states)} states, {count(table.n_actions)} actions, {count(table.successor.size)} transitions"
    )
    yield f"  Size     {sizes}"
    yield from _wrapped(f"{solved.method}, {count(solved.iterations)} iterations", "  Method   ")
    if solved.choice:
        yield from _wrapped(solved.choice, " " * 11)
    if table.truncated_mass > 0.0:
        lost = (
            f"{tiny(table.truncated_mass)} of the probability of a timestep, so that laws without end fit into arrays"
        )
        yield from _wrapped(lost, "  Cut off  ")
    for note in solved.notes:
        yield from _wrapped(note, "  Note     ")
    yield ""
    yield from _policy(solved, top)
    yield from _sensitivity(solved)
    yield from _average(solved)


def _known(solved: SolvedSpec) -> str:
    """The optimum, or where its bounds leave no digit of it, what is known."""
    reach = max((abs(solved.start - value) for value in (solved.random, *solved.named.values())), default=0.0)
    if solved.error_bound <= 0.01 * max(reach, abs(solved.start)):
        return number(solved.start)
    low, high = solved.start - solved.error_bound, solved.start + solved.error_bound
    return f"between {number(low)} and {number(high)}: amounts of very different size leave no digit of it"


def _returns(solved: SolvedSpec) -> Iterator[str]:
    reach = solved.start - solved.random
    rows = [("random", solved.random), *solved.named.items()]
    width = max(len(name) for name, _ in rows)
    for name, value in rows:
        firm = math.isfinite(reach) and reach > 100.0 * solved.error_bound
        closes = (value - solved.random) / reach if firm else math.nan
        gap = f"  {share(closes):>8} from random to optimal" if math.isfinite(closes) and name != "random" else ""
        yield f"           {name:<{width}}  {number(value):>12}{gap}"
    if solved.objective is not None and solved.spec.objective is not None:
        wanted = f"{solved.spec.objective.direction} {one_line(solved.spec.objective.expression or '')}"
        yield from _wrapped(f"the owner wants to {wanted}", "           ")
        best = "" if solved.best_objective is None else f" (best of all policies: {number(solved.best_objective)})"
        yield from _wrapped(f"objective under the best policy: {number(solved.objective)}{best}", " " * 11)


def _policy(solved: SolvedSpec, top: int) -> Iterator[str]:
    states = busiest(solved)[:top]
    when = "" if solved.timed is None else ", as it would do at timestep 0"
    where = "where it starts" if solved.occupancy is None else "where it spends most time"
    shown = f"{count(len(states))} of {count(solved.table.n_states)} states"
    yield from _wrapped(f"What the best policy does {where}{when} ({shown}):", "  ")
    texts = [(solved.states.label(int(s)), solved.actions.label(int(solved.policy[s]))) for s in states]
    wide = [max(8, min(34, max(len(row[k]) for row in texts))) for k in (0, 1)]
    head = f"    {'state':<{wide[0]}}  {'action':<{wide[1]}}  {'value':>11}  {'other loses':>11}"
    yield head + ("" if solved.occupancy is None else "    time")
    for state, (label, action) in zip(states, texts, strict=True):
        gap = solved.gap[state]
        behind = "-" if np.isinf(gap) else "tie" if gap <= 2 * solved.error_bound else number(float(gap))
        line = f"    {_cut(label, wide[0]):<{wide[0]}}  {_cut(action, wide[1]):<{wide[1]}}"
        line += f"  {number(float(solved.value[state])):>11}  {behind:>11}"
        yield line + ("" if solved.occupancy is None else f"  {share(float(solved.occupancy.share[state])):>6}")


def _sensitivity(solved: SolvedSpec) -> Iterator[str]:
    if not solved.sensitivity:
        return
    yield ""
    yield "  Under other discounts:"
    yield f"    {'discount':>8}  {'optimum':>12}  {'this policy':>12}  states decided otherwise"
    for effect in solved.sensitivity:
        if math.isnan(effect.value):
            yield f"    {effect.discount:>8g}  no finite optimum was certified"
            continue
        numbers = f"{number(effect.value):>12}  {number(effect.reference):>12}"
        yield f"    {effect.discount:>8g}  {numbers}  {share(effect.differs)}"


def _average(solved: SolvedSpec) -> Iterator[str]:
    if solved.average is None:
        return
    yield ""
    gain = float(solved.table.initial @ solved.average.gain)
    state = "" if solved.average.converged else "; not converged"
    yield f"  Best long-run average: {number(gain)} per timestep (within {tiny(solved.average.error_bound)}{state})"


def _wrapped(text: str, first: str) -> list[str]:
    return textwrap.wrap(one_line(text), _WIDTH, initial_indent=first, subsequent_indent=" " * 11)


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "~"
