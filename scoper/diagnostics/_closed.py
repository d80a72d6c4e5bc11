"""Has stepping seen all there is? A model in which every action of every visited state was tried and led nowhere new.

Nothing is proved by it: an outcome that comes once in a million tries is not seen. Where the model is deterministic
one try of each action is all there is to see. What only counts down or up with the steps (a battery, a clock) need not
be gone through value by value: all else must be, as early in an episode as it can be.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoper.diagnostics import Evidence
from scoper.domain.empirical import EmpiricalModel
from scoper.domain.numbers import count
from scoper.domain.tabular import Bools, Ints

TRIES = 5
_ALL, _NEARLY, _EARLY = 0.9999, 0.98, 0.9
_COUNTS = 0.5
"""Share of the timesteps in which a component that only counts moves at least."""


@dataclass(frozen=True)
class _Seen:
    """Steps told in states: state, action, successor, ended, timestep (n,); the numbers of S states, A actions."""

    state: Ints
    action: Ints
    successor: Ints
    ended: Bools
    timestep: Ints
    shape: tuple[int, int]

    @property
    def drawn(self) -> bool:
        """Whether an action in a state may come out in more than one way."""
        pairs = self.state * self.shape[1] + self.action
        outcomes = np.unique(np.stack([pairs, self.successor, self.ended]), axis=1).shape[1]
        return bool(outcomes > np.unique(pairs).size)

    def tries(self, among: Bools | None = None) -> Ints:
        """(S', A) tries in the states from which an episode went on, of all steps or of those `among` (n,)."""
        before = np.zeros(self.shape[0], dtype=np.bool_)
        before[self.state] = True
        before[self.successor[~self.ended]] = True
        pairs = self.state * self.shape[1] + self.action
        chosen = pairs if among is None else pairs[among]
        return np.bincount(chosen, minlength=self.shape[0] * self.shape[1]).reshape(self.shape)[before]


def closed(evidence: Evidence) -> str:
    """How the model was gone through, in words; empty where states or actions were left out, or there is no model."""
    model = evidence.model
    if model is None or model.coding != "values" or model.steps.size == 0:
        return ""
    whole = _told(model, np.arange(model.n_cells))
    goes_on = ~whole.ended
    answers = np.unique(np.stack([whole.action[goes_on], whole.successor[goes_on]]), axis=1).shape[1]
    if answers <= np.unique(whole.action[goes_on]).size:  # what is seen repeats the action: all else is hidden
        return ""
    return _gone_through(whole) or _but_for_counters(model)


def _told(model: EmpiricalModel, number: Ints) -> _Seen:
    """The steps in states, of which `number` (cells,) tells the one of every cell."""
    steps = model.steps
    over = steps.terminated | (steps.timestep + 1 >= (model.limit or np.inf))
    shape = int(number.max()) + 1, model.table.n_actions
    return _Seen(number[model.state], steps.action, number[model.successor], over, steps.timestep, shape)


def _gone_through(seen: _Seen) -> str:
    tries, drawn = seen.tries(), seen.drawn
    least, enough = (TRIES, _NEARLY) if drawn else (1, _ALL)
    if tries.size == 0 or float(np.mean(tries >= least)) < enough:
        return ""
    times = f"{TRIES} times or more" if drawn else "once or more"
    return f"all {seen.shape[1]} actions were tried in all {count(len(tries))} states met, {times}"


def _but_for_counters(model: EmpiricalModel) -> str:
    """The same of what is left of the observation without what only counts; empty where nothing counts."""
    counts = [at for at in range(model.steps.before.shape[1]) if _only_counts(model, at)]
    kept = [at for at in range(model.steps.before.shape[1]) if at not in counts]
    if not counts or not kept or model.rows.shape[0] != model.n_cells:
        return ""
    number = np.unique(model.rows[:, kept], axis=0, return_inverse=True)[1].ravel().astype(np.int64)
    seen = _told(model, number)
    words = _gone_through(seen)
    if not words or not (seen.drawn or _early(seen)):
        return ""
    names = ", ".join(model.components[at] for at in counts)
    return f"{words}, whatever {names} was, which only counts the steps"


def _only_counts(model: EmpiricalModel, at: int) -> bool:
    """Whether a component moves in most timesteps and always in the same direction."""
    moves = model.steps.after[:, at] - model.steps.before[:, at]
    one_way = bool((moves <= 0.0).all() or (moves >= 0.0).all())
    return one_way and float(np.mean(moves != 0.0)) >= _COUNTS


def _early(seen: _Seen) -> bool:
    """Whether every state was come to as early as the steps seen allow, and nearly all actions were tried there."""
    first = np.full(seen.shape[0], np.iinfo(np.int64).max)
    np.minimum.at(first, seen.state, seen.timestep)
    possible = np.where(first == 0, 0, np.iinfo(np.int64).max - 1)
    goes_on = ~seen.ended
    edges = np.unique(np.stack([seen.state[goes_on], seen.successor[goes_on]]), axis=1)
    for _ in range(seen.shape[0]):
        nearer = possible.copy()
        np.minimum.at(nearer, edges[1], possible[edges[0]] + 1)
        if (nearer == possible).all():
            break
        possible = nearer
    tries = seen.tries(seen.timestep == possible[seen.state])
    return float(np.mean(tries > 0)) >= _EARLY
