"""Tests that were rejected as sentences: frequencies, means, and what outcomes go with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from scoper.numerics.clues import Clue
from scoper.numerics.conformance import REWARD, SPREAD, Test
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
    if test.kind != "clue" or _best_clue(checked, test.subject) is not None:
        return False
    certain = checked.found.impossible.size or checked.found.bad_rewards.size
    return bool(certain) or any(t.kind not in ("clue", "start") for t in checked.found.rejected)


def _best_clue(checked: Checked, outcome: str) -> Clue | None:
    return next((d.clue for d in checked.dependences if d.outcome == outcome), None)


def outcome_words(outcome: str) -> str:
    """What a test or a dependence is about, as a noun."""
    if outcome == REWARD:
        return "the reward"
    name = f"next.{outcome.removesuffix(SPREAD)}"
    return f"the spread of {name}" if outcome.endswith(SPREAD) else name


def _code(test: Test) -> str:
    return {"start": "start", "impossible": "transition", "reward": "reward", "clue": "dependence"}.get(
        test.kind, "frequency"
    )


def _advice(test: Test) -> str:
    if test.kind == "clue":
        return "see the hidden variable" if test.subject != REWARD else "see what the reward depends on"
    return {"start": "compare reset with `start`", "reward": "compare the reward's terms"}.get(
        test.kind, "compare the laws under `exogenous`, and `next`"
    )


def _test_claim(checked: Checked, test: Test, n_same: int) -> str:
    subject = "next." + test.subject.removesuffix(SPREAD)
    away = f"{number(abs(test.effect))} {'above' if test.effect > 0 else 'below'}"
    odds = f"(p {tiny(test.adjusted)} after correction, {count(test.n)} samples)"
    match test.kind:
        case "mean":
            return f"{subject} is on average {away} what the spec expects {odds}"
        case "spread":
            return f"{subject} spreads otherwise: its squared deviation is on average {away} the spec's {odds}"
        case "extreme":
            name, _, side = test.subject.partition("|")
            verb = "exceeds" if side == "most" else "falls below"
            expected = f"the spec expects it in {count(test.effect)} of {count(test.n)} steps"
            return f"next.{name} never {verb} {test.bound:g}; {expected} (p {tiny(test.adjusted)} after correction)"
        case "reward":
            return f"the reward is on average {away} what the spec expects {odds}"
        case "clue":
            assert test.clue is not None
            what = outcome_words(test.subject)
            others = f"; so do {count(n_same - 1)} further clues" if n_same > 1 else ""
            return f"{what} goes with {clue_words(test.clue)}, which the spec's state does not hold {odds}{others}"
        case "impossible":
            return f"{share(test.effect)} of the steps lie where only the cut-off tails of laws reach {odds}"
        case "start" if test.subject:
            return f"{test.subject} at the start is on average {away} what the spec expects {odds}"
        case "start":
            return f"start states have other frequencies: total-variation distance {number(test.effect)} {odds}"
    state, action = divmod(test.place, checked.actions.size)
    pair = f"{checked.states.label(state)}, {checked.actions.label(action)}"
    many = f"; {count(n_same)} pairs deviate" if n_same > 1 else ""
    return f"after {pair} the next states have other frequencies: distance {number(test.effect)} {odds}{many}"


def clue_words(clue: Clue) -> str:
    """The clue as a noun."""
    steps = "" if clue.lag == 1 else f" of {clue.lag} timesteps before"
    match clue.kind:
        case "previous_state" | "previous_action":
            return f"the previous {clue.name}{steps}"
        case "previous_reward":
            return "the previous reward"
        case "recent":
            return f"the recent mean of {clue.name}"
        case "repeated":
            return f"whether {clue.name} is the same as before"
        case "timestep":
            return "the timestep in the episode"
        case "period":
            return f"the timestep's place in a period of {clue.lag}"
        case "episode":
            return "the number of the episode (it drifts)"
        case "since":
            return f"the time since {clue.name} was last chosen"
        case "told":
            return clue.name
    raise AssertionError(clue.kind)
