"""Tests that were rejected as sentences: frequencies, means, and what outcomes go with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from scoper.numerics.clues import Clue
from scoper.numerics.deviation import REWARD, SPREAD, Test
from scoper.services.conforming import Checked
from scoper.services.numbers import count, number, share, tiny


@dataclass(frozen=True)
class Deviation:
    """One way in which the simulator is not the spec. certain: seen where the spec excludes it; otherwise `p`.

    witness: seed, episode, timestep, state, action and what came, of the first step that shows it.
    """

    code: str
    claim: str
    certain: bool
    n: int
    p: float | None = None
    witness: dict[str, Any] = field(default_factory=dict)
    remedy: str = ""


def rejected_tests(checked: Checked) -> Iterator[Deviation]:
    """Rejected tests: one deviation per kind and subject, the clues of one outcome together."""
    rejected = [test for test in checked.found.rejected if not _follows(checked, test)]
    seen: set[tuple[str, str]] = set()
    for test in rejected:
        key = _topic(test)
        if key in seen:
            continue
        seen.add(key)
        same = [t for t in rejected if _topic(t) == key]
        test = next((t for t in same if t.clue is not None and t.clue is _best_clue(checked, test.subject)), test)
        yield Deviation(
            _code(test), _test_claim(checked, test, len(same)), False, test.n, test.adjusted, {}, _advice(test)
        )


def _topic(test: Test) -> tuple[str, str]:
    """What is said only once."""
    return test.kind, "" if test.kind == "start" else test.subject


def _follows(checked: Checked, test: Test) -> bool:
    """Whether the rejection only follows from another deviation.

    A reward that is wrong for certain has a wrong mean. A mean that is wrong for every past also goes with a clue that
    grows, such as the number of the episode; only a dependence within pairs is one of its own.
    """
    if test.subject == REWARD and checked.found.bad_rewards.size:
        return True
    if test.kind == "impossible":
        return bool(checked.found.impossible.size)
    if test.kind != "clue":
        return False
    assert test.clue is not None
    if not test.clue.is_known and _best_clue(checked, test.subject) is not None:
        return False
    certain = checked.found.impossible.size or checked.found.bad_rewards.size
    return bool(certain) or any(_explains(other, test) for other in checked.found.rejected)


def _explains(other: Test, test: Test) -> bool:
    """Whether another rejection says already what a clue's says: the law is wrong, or wrong where a variable is so."""
    if other.kind == "clue":
        assert other.clue is not None
        assert test.clue is not None
        return other.clue.is_known and (not test.clue.is_known or other.p < test.p)
    return other.kind not in ("start", "impossible")


def _best_clue(checked: Checked, outcome: str) -> Clue | None:
    return next((d.clue for d in checked.dependences if d.outcome == outcome), None)


def outcome_words(outcome: str) -> str:
    """What a test or a dependence is about, as a noun."""
    if outcome == REWARD:
        return "the reward"
    name = f"next.{outcome.removesuffix(SPREAD)}"
    return f"the spread of {name}" if outcome.endswith(SPREAD) else name


def _code(test: Test) -> str:
    if test.clue is not None and test.clue.is_known:
        return "reward" if test.subject == REWARD else "frequency"
    return {"start": "start", "impossible": "transition", "reward": "reward", "clue": "dependence"}.get(
        test.kind, "frequency"
    )


def _advice(test: Test) -> str:
    if test.clue is not None and not test.clue.is_known:
        return "see the hidden variable" if test.subject != REWARD else "see what the reward depends on"
    return {"start": "compare reset with `start`", "reward": "compare the reward's terms"}.get(
        test.kind, "compare the laws under `exogenous`, and `next`"
    )


_LEAST_P = 1e-12


def odds_words(p: float) -> str:
    """A corrected p-value; below a limit its size means nothing."""
    return f"p < {tiny(_LEAST_P)} after correction" if p < _LEAST_P else f"p {tiny(p)} after correction"


def _test_claim(checked: Checked, test: Test, n_same: int) -> str:
    odds = f"({odds_words(test.adjusted)}, {count(test.n)} samples)"
    if test.clue is not None:
        return f"{_clue_claim(test, test.clue, n_same)} {odds}"
    subject = "next." + test.subject.removesuffix(SPREAD)
    away = f"{number(abs(test.effect))} {'above' if test.effect > 0 else 'below'}"
    rarer = "less" if test.effect > 0 else "more"
    words = {
        "mean": f"{subject} is on average {away} what the spec expects",
        "spread": f"{subject} spreads otherwise: its squared deviation is on average {away} the spec's",
        "reward": f"the reward is on average {away} what the spec expects",
        "impossible": f"{share(test.effect)} of the steps lie where only the cut-off tails of laws reach",
        "surprise": f"what happens is on average {rarer} likely than the spec's laws say, "
        f"by {number(abs(test.effect))} nats",
        "start": f"start states have other frequencies: total-variation distance {number(test.effect)}",
    }
    if test.kind == "start" and test.subject:
        return f"{test.subject} at the start is on average {away} what the spec expects {odds}"
    if test.kind == "extreme":
        name, _, side = test.subject.partition("|")
        verb = "exceeds" if side == "most" else "falls below"
        return f"next.{name} never {verb} {test.bound:g}; the spec expects it in {count(test.effect)} steps {odds}"
    if test.kind != "frequency":
        return f"{words[test.kind]} {odds}"
    state, action = divmod(test.place, checked.actions.size)
    pair = f"{checked.states.label(state)}, {checked.actions.label(action)}"
    many = f"; {count(n_same)} pairs deviate" if n_same > 1 else ""
    return f"after {pair} the next states have other frequencies: distance {number(test.effect)} {odds}{many}"


def _clue_claim(test: Test, clue: Clue, n_same: int) -> str:
    what = outcome_words(test.subject)
    if clue.is_known:
        return f"{what} has another law than the spec's, which goes with {clue_words(clue)}"
    others = f" (so do {count(n_same - 1)} further clues)" if n_same > 1 else ""
    return f"{what} goes with {clue_words(clue)}, which the spec's state does not hold{others}"


def clue_words(clue: Clue) -> str:
    """The clue as a noun."""
    steps = "" if clue.lag == 1 else f" of {clue.lag} timesteps before"
    return {
        "state": clue.name,
        "action": clue.name,
        "previous_state": f"the previous {clue.name}{steps}",
        "previous_action": f"the previous {clue.name}{steps}",
        "previous_reward": "the previous reward",
        "recent": f"the recent mean of {clue.name}",
        "repeated": f"whether {clue.name} is the same as before",
        "timestep": "the timestep in the episode",
        "period": f"the timestep's place in a period of {clue.lag}",
        "episode": "the number of the episode (it drifts)",
        "since": f"the time since {clue.name} was last chosen",
        "told": clue.name,
    }[clue.kind]
