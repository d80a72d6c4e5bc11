"""Which facts of a probe's result speak for which answers of the questionnaire: the mapping, one function a question.

Pure. Every function returns an answer with the number behind it and where that number comes from, or None: what the
result does not tell stays unknown. Whether an answer is taken is not decided here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from math import prod

from scoper.diagnostics import BLIND, FLOORS
from scoper.domain.decision import Basis
from scoper.domain.numbers import count, number, share
from scoper.domain.probe import ProbeResult
from scoper.domain.questionnaire import Value

_HOUR_S, _WEEK_S = 3600.0, 604_800.0
_MANY, _ENOUGH, _FEW = 1_000_000, 100_000, 10_000
_SIMULATED_STEPS_PER_S = 100.0
"""No plant, customer or robot takes so many decisions a second one after the other."""
_LITTLE, _SOME = 0.05, 0.25
_LISTED, _OPTIONS, _NUMBERS, _SHORT = 1_000_000, 50, 50, 20
_DISCRETE, _BOX = re.compile(r"Discrete\((\d+)\)"), re.compile(r"Box\(([\d, ]+)\)")
FINER: Mapping[str, tuple[str, ...]] = {"cheap_simulation": ("partly",), "model_known": ("partly",)}
"""Answers that a `yes` of the result leaves standing: nothing here tells whether a model matches reality."""
_BLIND_WORDS = {"random": "random behaviour", "idle": "doing nothing", "constant": "the best constant action"}
Said = tuple[str, Basis, str]


class Proposal(Value):
    """An answer that the result speaks for; `words` hold the number, `basis` says where it comes from.

    presumes: what only the owner knows and without which the answer does not follow; empty for nothing.
    """

    signal: str
    answer: str
    basis: Basis
    words: str
    presumes: str = ""

    @property
    def evidence(self) -> str:
        """What stands in the case as the evidence of the answer."""
        return f"{self.basis}: {self.words}"


def proposals(result: ProbeResult) -> tuple[Proposal, ...]:
    """What the result speaks for, at most one answer a question, in the order of `READERS`."""
    said = {signal: read(result) for signal, read in READERS.items()}
    return tuple(
        Proposal(signal=signal, answer=found[0], basis=found[1], words=found[2], presumes=_presumed(signal, result))
        for signal, found in said.items()
        if found
    )


def _presumed(signal: str, result: ProbeResult) -> str:
    """A rule in a spec may be a template's or a mere candidate: that it runs is nobody's word yet."""
    return f"{_owners_rule(result)} is what runs today" if signal == "baseline_adequate" else ""


def _speed(result: ProbeResult) -> float:
    return result.cost.steps_per_s if result.cost else 0.0


def _whose(result: ProbeResult) -> str:
    at_table = result.cost is not None and result.cost.speed_of == "learner"
    return "learning on the spec's table" if at_table else "the environment's own steps, in one process"


def _cheap_simulation(result: ProbeResult) -> Said | None:
    speed = _speed(result)
    if speed * _WEEK_S < _MANY:
        return None
    answer = "yes" if speed * _HOUR_S >= _MANY else "partly"
    words = f"{count(speed)} timesteps/s ({_whose(result)}): a million take {_long(_MANY / speed)}"
    return answer, "measured", f"{words}. Whether it matches reality was not measured"


def _interaction_at_scale(result: ProbeResult) -> Said | None:
    speed = _speed(result)
    if speed * _WEEK_S < _FEW:
        return None
    answer, n = ("yes", _ENOUGH) if speed * _WEEK_S >= _ENOUGH else ("partly", _FEW)
    return answer, "measured", f"{count(n)} timesteps, each with its reward, take {_long(n / speed)} at {_rate(speed)}"


def _interaction_cost(result: ProbeResult) -> Said | None:
    speed = _speed(result)
    if speed < _SIMULATED_STEPS_PER_S:
        return None
    return "simulated", "measured", f"it runs as a program at {_rate(speed)}; a trial costs computing time only"


def _exploration_safe(result: ProbeResult) -> Said | None:
    if _speed(result) < _SIMULATED_STEPS_PER_S:
        return None
    words = "all trials of the probe took place in the simulation"
    random, best = result.returns.get("random"), _best_rule(result)
    if random is not None and best is not None and result.returns[best].mean > random.mean:
        lost = number(result.returns[best].mean - random.mean)
        words += f"; done for real, random trials would cost {lost} an episode against {best}"
    return "yes", "measured", words


def _sequential_delayed(result: ProbeResult) -> Said | None:
    alone = _stands_alone(result)
    if alone:
        return "no", "proved", alone
    lost = _lost_by_myopia(result)
    if lost is None or lost <= _LITTLE:
        return None
    return "yes" if lost > _SOME else "partly", "proved", _myopia_words(result, lost)


def _myopic_enough(result: ProbeResult) -> Said | None:
    lost = _lost_by_myopia(result)
    if lost is None:
        return None
    answer = "yes" if lost <= _LITTLE else "partly" if lost <= _SOME else "no"
    return answer, "proved", _myopia_words(result, lost)


def _reward_measurable(result: ProbeResult) -> Said | None:
    wanted = result.objective
    if wanted is None or wanted.of_best_objective_policy is None:
        return None
    reach = wanted.of_best_objective_policy - wanted.of_random
    if abs(reach) <= 1e-9 * max(1.0, abs(wanted.of_random)):
        return None
    got = (wanted.of_best_reward_policy - wanted.of_random) / reach
    words = f"the reward's best policy gets {share(got)} of what its owner could gain over random behaviour"
    basis = result.basis.get("objective", "measured")
    return "yes" if got >= 1.0 - _LITTLE else "partly", basis, words


def _model_known(result: ProbeResult) -> Said | None:
    optimal = result.returns.get("optimal")
    if optimal is None or optimal.basis != "proved" or not any(s.converged for s in result.solutions):
        return None
    words = f"the optimum {number(optimal.mean)} was computed from the declared probabilities and rewards"
    return "yes", "proved", f"{words}. Whether they are right was not measured"


def _baseline_adequate(result: ProbeResult) -> Said | None:
    rule, optimal = _owners_rule(result), result.returns.get("optimal")
    if rule is None or result.verdict == "reward_defective":
        return None
    mine = result.returns[rule]
    if optimal is not None and optimal.basis == "proved" and mine.basis == "proved" and mine.mean != 0:
        gain = max(0.0, optimal.mean - mine.mean) / abs(mine.mean)
        words = f"it returns {number(mine.mean)}, the best policy {number(optimal.mean)}: {share(gain)} could be gained"
        return "yes" if gain < _LITTLE else "no", "proved", f"if {rule} is what runs today, {words}"
    learned = result.returns.get(result.gap_share.learner) if result.gap_share else None
    if learned is None or mine.high == 0 or (learned.low - mine.high) / abs(mine.high) < _LITTLE:
        return None
    words = f"if {rule} is what runs today, it returns {number(mine.mean)}, a learner {number(learned.mean)}"
    return "no", "measured", f"{words}: more than {share(_LITTLE)} was gained, beyond both intervals"


def _horizon(result: ProbeResult) -> Said | None:
    alone = _stands_alone(result)
    if alone:
        return "one_step", "proved", alone
    if result.mdp is None or "the probe's own limit" in result.criterion:
        return None
    steps = result.mdp.horizon
    if steps is None:
        return "long", "declared", "the spec has no time limit"
    answer = "one_step" if steps <= 1 else "short" if steps <= _SHORT else "long"
    return answer, "declared", f"an episode is cut after {count(steps)} timesteps"


def _action_space(result: ProbeResult) -> Said | None:
    if result.mdp is None:
        return None
    n = result.mdp.n_actions or _found(_DISCRETE, result.mdp.actions)
    if n:
        return "discrete_small" if n <= _OPTIONS else "discrete_large", "declared", f"{count(n)} actions to choose from"
    n = _found(_BOX, result.mdp.actions)
    return ("continuous", "declared", f"an action is {_numbers_words(n)}") if n else None


def _state_space(result: ProbeResult) -> Said | None:
    if result.mdp is None:
        return None
    n = result.mdp.n_states or _found(_DISCRETE, result.mdp.states)
    if n:
        return "enumerable" if n <= _LISTED else "large_discrete", "declared", f"{count(n)} states in all"
    n = _found(_BOX, result.mdp.states)
    if not n:
        return None
    answer = "continuous" if n <= _NUMBERS else "high_dimensional"
    return answer, "declared", f"an observation is {_numbers_words(n)}"


READERS: Mapping[str, Callable[[ProbeResult], Said | None]] = {
    "reward_measurable": _reward_measurable,
    "sequential_delayed": _sequential_delayed,
    "myopic_enough": _myopic_enough,
    "cheap_simulation": _cheap_simulation,
    "interaction_cost": _interaction_cost,
    "interaction_at_scale": _interaction_at_scale,
    "exploration_safe": _exploration_safe,
    "model_known": _model_known,
    "baseline_adequate": _baseline_adequate,
    "horizon": _horizon,
    "action_space": _action_space,
    "state_space": _state_space,
}


def _lost_by_myopia(result: ProbeResult) -> float | None:
    """Share that the best immediate reward misses of what looking at the state and ahead gains, as proved.

    That gain counts from the best of random, idle and constant actions: from random actions, which may be as bad as one
    likes, every loss would look small. None where no policy differs from another.
    """
    known = [result.returns.get(name) for name in ("random", "myopic", "optimal")]
    if result.verdict == "reward_defective" or any(s is None or s.basis != "proved" for s in known):
        return None
    random, myopic, optimal = (summary.mean for summary in known if summary is not None)
    rounding = 1e-9 * max(1.0, abs(optimal), optimal - random)
    if optimal - random <= rounding:
        return None
    lost, gained = optimal - myopic, optimal - result.returns[_blind(result)].mean
    return 0.0 if lost <= rounding else lost / gained if gained > rounding else 1.0


def _blind(result: ProbeResult) -> str:
    """The best of what looks neither at the state nor ahead."""
    return max((name for name in BLIND if name in result.returns), key=lambda name: result.returns[name].mean)


def _myopia_words(result: ProbeResult, lost: float) -> str:
    myopic, optimal = number(result.returns["myopic"].mean), number(result.returns["optimal"].mean)
    words = f"the best immediate reward returns {myopic}, looking ahead {optimal}"
    blind = _blind(result)
    words += f", the best without looking at the state ({_BLIND_WORDS[blind]}) {number(result.returns[blind].mean)}"
    if lost >= 1.0:
        return f"{words}: taking what pays at once is no better than that"
    return f"{words}: {share(lost)} of the way between the last two is lost"


def _stands_alone(result: ProbeResult) -> str:
    return next((found.claim for found in result.findings if found.code == "actions_move_nothing"), "")


def _owners_rule(result: ProbeResult) -> str | None:
    """The best of the policies that the spec names: what no baseline of the probe is called."""
    from scoper.baselines import discover

    ids = {baseline.id for baseline in discover()[0]}
    own = ids | {f"{name}_objective" for name in ids} | {curve.learner for curve in result.curves}
    rules = [name for name in result.returns if name not in own and not name.startswith("optimal")]
    return max(rules, key=lambda name: result.returns[name].mean, default=None)


def _best_rule(result: ProbeResult) -> str | None:
    """The best of what acts without learning."""
    rules = [name for name in (*FLOORS, _owners_rule(result)) if name in result.returns and name != "random"]
    return max((name for name in rules if name), key=lambda name: result.returns[name].mean, default=None)


def _found(pattern: re.Pattern[str], text: str) -> int | None:
    """The number of cases or of numbers in a space as its environment declares it; None for another space."""
    match = pattern.fullmatch(text.replace(",)", ")"))
    return prod(int(part) for part in match[1].split(",") if part.strip()) if match else None


def _numbers_words(n: int) -> str:
    return "one real number" if n == 1 else f"{count(n)} real numbers"


def _rate(speed: float) -> str:
    return f"{count(speed) if speed >= 10 else number(speed)} timesteps/s"


def _long(seconds: float) -> str:
    for limit, unit, name in ((90.0, 1.0, "s"), (5400.0, 60.0, "min"), (172_800.0, 3600.0, "hours")):
        if seconds < limit:
            return f"{seconds / unit:.2g} {name}"
    return f"{seconds / 86_400:.2g} days"
