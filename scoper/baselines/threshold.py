"""Rules of one or two thresholds, found by search: "action 1 while observation[2] is above 0.03, else action 0".

Every component, some thresholds and every pair of a few actions are tried; the best are refined, and one of their
branches may get a threshold of its own. Chosen on some seeds, the simpler first among equals, reported on fresh ones.
No threshold stands on a value that was seen, so that whoever follows the words does what was measured.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from scoper.baselines import Baseline, Context, Outcome, Task
from scoper.baselines._choosing import halved, report
from scoper.baselines._looking import episode_length, look
from scoper.baselines._numbered import Numbered
from scoper.baselines._planning import steps_for
from scoper.baselines._rollout import rollout, sampled_outcome
from scoper.baselines._vectors import MOST_ACTIONS, Vector
from scoper.domain.empirical import Steps
from scoper.domain.episodes import joined
from scoper.domain.numbers import number, whole_number
from scoper.domain.tabular import Floats
from scoper.domain.text import shown
from scoper.numerics.cuts import cut_at, gaps_of, stands_on
from scoper.numerics.empirical_cells import varying

SEARCH_STEPS = {"quick": 12_000, "standard": 50_000, "long": 300_000}
_LOOK_STEPS, _CHOICE_SEEDS = 1_500, 2_000
_MOST_OPTIONS, _MOST_ACTIONS, _FEW_LEVELS = 400, 6, 8
_SHARES = (0.1, 0.3, 0.5, 0.7, 0.9)
_FINER = (-0.5, -0.25, 0.25, 0.5)
_FIRST_SHARE, _REFINED, _LATER = 0.5, 3, 2


@dataclass(frozen=True)
class Rule:
    """While the component is above the threshold do `above`, else `below`: an action's number or another rule."""

    component: int
    threshold: float
    above: int | Rule
    below: int | Rule

    def __call__(self, vector: Vector) -> int:
        """The action for a vector."""
        then = self.above if vector[self.component] > self.threshold else self.below
        return then if isinstance(then, int) else then(vector)

    def words(self, names: Sequence[str], actions: Sequence[Any]) -> str:
        """The rule as a sentence."""
        parts = [_action_words(then, names, actions) for then in (self.above, self.below)]
        return f"{parts[0]} while {names[self.component]} is above {whole_number(self.threshold)}, else {parts[1]}"


def _action_words(then: int | Rule, names: Sequence[str], actions: Sequence[Any]) -> str:
    if isinstance(then, Rule):
        return f"({then.words(names, actions)})"
    return f"action {_told(actions[then])}"


def _told(action: Any) -> str:
    """An action as people write it, parts of it in brackets."""
    if isinstance(action, dict):
        return "(" + ", ".join(f"{shown(str(key), 20)} {_told(part)}" for key, part in action.items()) + ")"
    if isinstance(action, tuple | list):
        return "(" + ", ".join(map(_told, action)) + ")"
    if isinstance(action, np.ndarray):
        return _told(action.item() if action.size == 1 else tuple(action.tolist()))
    return number(float(action)) if isinstance(action, int | float | np.number) else shown(str(action), 20)


def _run(task: Task, context: Context) -> Mapping[str, Outcome]:
    n_steps = steps_for(task, context, SEARCH_STEPS)
    if n_steps == 0:
        return {}
    env, seen = look(task, context, "threshold", min(_LOOK_STEPS, n_steps))
    able = [] if env.reader.opaque else varying(seen.before)
    gaps = {j: found for j in able if len(found := gaps_of(seen.before[:, j]))}
    if not gaps or len(env.actions) < 2:
        env.env.close()
        return {}
    search = _Search(task, context, env, seen, n_steps)
    outcome = search.run(gaps)
    env.env.close()
    return {"threshold": outcome}


class _Search:
    """One search: what was seen, and what was tried."""

    def __init__(self, task: Task, context: Context, env: Numbered, seen: Steps, n_steps: int) -> None:
        self._task, self._context, self._env, self._seen, self._n_steps = task, context, env, seen, n_steps
        self._most = max(8, min(_MOST_OPTIONS, int(0.6 * _FIRST_SHARE * n_steps / episode_length(seen))))
        self._rng = np.random.default_rng(context.seeds("threshold/options", 1)[0])
        self._actions = _few_actions(env)

    def run(self, gaps: Mapping[int, Floats]) -> Outcome:
        """The best rule: of one threshold first, then finer ones and those of two beside the best of them.

        gaps: by component, between which of its values that were seen a threshold may lie, (k, 2) with k > 0.
        """
        seen = self._seen.before
        thresholds = {j: _thresholds(seen[:, j], between) for j, between in gaps.items()}
        first = list(self._simple(thresholds))
        best, tried, taken = self._halved("first", first, _FIRST_SHARE, _REFINED)
        visited = self._visited(best[0])
        gaps = {j: gaps_of(np.concatenate([seen[:, j], visited[:, j]])) for j in gaps}
        thresholds = {j: np.union1d(old, _thresholds(visited[:, j], gaps[j])) for j, old in thresholds.items()}
        finer = list(dict.fromkeys(self._finer(best, thresholds, gaps)))[: self._most]
        second = [*best, *finer, *self._thinned(list(self._deeper(best[:2], thresholds)), len(finer))]
        chosen, tried_too, taken_too = self._halved("second", second, 1.0 - _FIRST_SHARE, 1)
        rule = _off_values(chosen[0], np.concatenate([seen, visited, self._env.steps(told=False).before]))
        fresh = report(self._env, rule, "threshold/report", self._task, self._context)
        words = rule.words(self._env.reader.names, self._env.actions)
        n_tried = len(first) + len(second) - len(best)
        outcome = sampled_outcome(fresh, f"{words}, the best of {n_tried} rules tried")
        return replace(outcome, tried=joined(tried, tried_too), steps=self._seen.size + taken + taken_too)

    def _halved(self, stage: str, options: Sequence[Rule], share: float, left: int) -> tuple[list[Rule], Any, int]:
        return halved(
            self._env,
            options,
            lambda rule: rule,
            self._context.seeds(f"threshold/{stage}", _CHOICE_SEEDS),
            int(share * self._n_steps),
            discount=self._task.evaluation_discount,
            left=min(left, len(options)),
        )

    def _visited(self, rule: Rule) -> Floats:
        """(n, d) what the best rule gets to see, which drawn actions may seldom reach."""
        self._env.forget()
        seeds = self._context.seeds("threshold/visited", _LOOK_STEPS)
        rollout(self._env, rule, seeds, enough=lambda _, steps: steps >= _LOOK_STEPS)
        found = self._env.steps().before
        self._env.forget()
        return found

    def _simple(self, thresholds: Mapping[int, Floats]) -> list[Rule]:
        """Rules of one threshold, as many as are tried: first those in the middle, between the extreme actions."""
        pairs = list(itertools.permutations(self._actions, 2))
        extremes = {self._actions[0], self._actions[-1]}
        ranked = [
            (rank + (0 if {a, b} == extremes else _LATER), Rule(j, level, a, b))
            for j, levels in thresholds.items()
            for rank, level in enumerate(_inmost_first(levels))
            for a, b in pairs
        ]
        return [rule for _, rule in sorted(ranked, key=lambda one: one[0])][: self._most]

    def _thinned(self, rules: Sequence[Rule], beside: int) -> list[Rule]:
        """As many of the rules as are to be tried `beside` so many others, drawn evenly."""
        most = max(0, self._most - beside)
        if len(rules) <= most:
            return list(rules)
        kept = np.sort(self._rng.choice(len(rules), size=most, replace=False))
        return [rules[int(i)] for i in kept]

    @staticmethod
    def _finer(best: Sequence[Rule], thresholds: Mapping[int, Floats], gaps: Mapping[int, Floats]) -> Iterator[Rule]:
        """The best rules with thresholds between their own and the next ones."""
        for rule in best:
            levels = thresholds[rule.component]
            yield from (replace(rule, threshold=float(level)) for level in levels if level != rule.threshold)
            if levels.size > 1:
                at = int(np.searchsorted(levels, rule.threshold))
                gap = float(levels[min(at + 1, levels.size - 1)] - levels[max(at - 1, 0)]) / 2.0
                nearer = (cut_at(gaps[rule.component], rule.threshold + share * gap) for share in _FINER)
                yield from (replace(rule, threshold=level) for level in nearer if level != rule.threshold)

    def _deeper(self, best: Sequence[Rule], thresholds: Mapping[int, Floats]) -> Iterator[Rule]:
        """The best rules with a threshold in the place of one of their actions."""
        pairs = list(itertools.permutations(self._actions, 2))
        for rule, (j, levels) in itertools.product(best, thresholds.items()):
            for t, (a, b) in itertools.product(levels[:: max(1, levels.size // 3)], pairs):
                inner, same = Rule(j, float(t), a, b), j == rule.component
                if rule.above in (a, b) and not (same and t <= rule.threshold):
                    yield replace(rule, above=inner)
                if rule.below in (a, b) and not (same and t >= rule.threshold):
                    yield replace(rule, below=inner)


def _few_actions(env: Numbered) -> list[int]:
    """The numbers of at most six actions, evenly over all there are."""
    n = min(len(env.actions), MOST_ACTIONS)
    return [int(i) for i in np.unique(np.linspace(0, n - 1, min(n, _MOST_ACTIONS)).round().astype(int))]


def _thresholds(column: Floats, gaps: Floats) -> Floats:
    """Some cuts of a component: in all of a few `gaps` (k, 2), else at shares of what was seen, zero among them."""
    if len(gaps) < _FEW_LEVELS:
        return np.array([cut_at(gaps, low) for low in gaps[:, 0].tolist()])
    found = np.quantile(column, _SHARES)
    if gaps[0, 0] < 0.0 < gaps[-1, 1]:
        found[int(np.argmin(np.abs(found)))] = 0.0
    return np.unique([cut_at(gaps, level) for level in found.tolist()])


def _off_values(rule: Rule, seen: Floats) -> Rule:
    """The rule with cuts on which none of the observations `seen` (n, d) stands: it may have met what is rarely met."""
    above, below = (_off_values(then, seen) if isinstance(then, Rule) else then for then in (rule.above, rule.below))
    column = seen[:, rule.component]
    cut = cut_at(gaps_of(column), rule.threshold) if stands_on(column, rule.threshold) else rule.threshold
    return replace(rule, threshold=cut, above=above, below=below)


def _inmost_first(levels: Floats) -> list[float]:
    """The levels by their distance from zero where that is one of them, else from the one in the middle."""
    middle = 0.0 if 0.0 in levels else float(levels[levels.size // 2])
    return sorted(levels.tolist(), key=lambda level: abs(level - middle))


def _applies(task: Task) -> bool:
    return task.table is None and task.make_env is not None


BASELINE = Baseline(
    id="threshold",
    kind="reference",
    summary="The best rule of one or two thresholds.",
    applies_to=_applies,
    run=_run,
)
