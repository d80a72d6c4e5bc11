"""Figures of checks by a second way: exact enumeration, a solver, a distribution's own formula, a seeded simulation."""

from __future__ import annotations

import math
import random
from itertools import combinations, product

import numpy as np
import pytest

from scoper.checks.reliability import with_retries
from scoper.numerics.pass_power import BetaLaw
from tests.checks.conftest import Run, codes, quantity
from tests.checks.test_neighbours import labelled, logged


def test_pass_k_is_the_share_of_all_choices_of_k_trials_that_are_passes(run: Run) -> None:
    counts = {"a": (3, 5), "b": (5, 5), "c": (1, 4), "d": (4, 6)}
    rows = "".join(f"{task},{passes},{trials}\n" for task, (passes, trials) in counts.items())
    shares = []
    for passes, trials in counts.values():
        chosen = list(combinations([i < passes for i in range(trials)], 3))
        shares.append(sum(all(each) for each in chosen) / len(chosen))

    found = quantity(run("pass_k", pilot=f"task,passes,trials\n{rows}", k="3"), "pass^3")
    assert found.value == pytest.approx(np.mean(shares))


@pytest.mark.parametrize(("a", "b"), [(1.0, 1.0), (2.5, 0.5), (8.0, 3.0)])
@pytest.mark.parametrize("k", [1, 4, 32])
def test_the_beta_law_to_the_power_k_is_a_ratio_of_beta_functions(a: float, b: float, k: int) -> None:
    betaln = pytest.importorskip("scipy.special").betaln
    law = BetaLaw(mean=a / (a + b), correlation=1.0 / (a + b + 1.0))

    assert law.power(k) == pytest.approx(math.exp(betaln(a + k, b) - betaln(a, b)))


def test_weights_of_a_log_give_the_sums_that_one_writes_by_hand(run: Run) -> None:
    text = logged(300, 9)
    rows = [line.split(",") for line in text.split()[1:]]
    weights = [1.0 / float(chance) if action == "x" else 0.0 for _, action, chance, _ in rows]
    paid = math.fsum(w * float(row[3]) for w, row in zip(weights, rows, strict=True))
    result = run("off_policy", log=text, always="x")

    assert quantity(result, "new policy, IPS").value == pytest.approx(paid / len(rows))
    assert quantity(result, "new policy, SNIPS").value == pytest.approx(paid / math.fsum(weights))
    assert quantity(result, "effective sample size").value == pytest.approx(
        math.fsum(weights) ** 2 / math.fsum(w * w for w in weights)
    )


def test_a_log_with_every_case_in_its_exact_share_gives_the_value_itself(run: Run) -> None:
    # x pays 1 in 2 of 10 cases of its action, taken with chance 0.25; always x is worth 0.2 whatever the sample does.
    rows = [f"x,0.25,{int(i < 2)}" for i in range(10)] + [f"y,0.75,{int(i < 21)}" for i in range(30)]
    result = run("off_policy", log="action,propensity,outcome\n" + "\n".join(rows) + "\n", always="x")

    for name in ("IPS", "SNIPS", "DR"):
        assert quantity(result, f"new policy, {name}").value == pytest.approx(0.2, abs=0.02)


@pytest.mark.slow
@pytest.mark.parametrize(("q", "classes"), [(0.9, 2), (0.8, 4)])
def test_people_who_are_right_so_often_are_the_ceiling_that_is_told(run: Run, q: float, classes: int) -> None:
    rng = random.Random(5)
    words = "pqrstuv"[:classes]

    def say(truth: str) -> str:
        return truth if rng.random() < q else rng.choice([word for word in words if word != truth])

    rows = "".join(f"{say(t)},{say(t)}\n" for t in (rng.choice(words) for _ in range(4000)))
    found = quantity(run("agreement", labels=f"ana,ben\n{rows}"), "accuracy that a perfect system")

    assert found.low is not None
    assert found.high is not None
    assert found.low <= q <= found.high
    assert found.value == pytest.approx(q, abs=0.02)


def knapsack(seed: int, n: int) -> tuple[list[int], list[int], int]:
    rng = random.Random(seed)
    gains, weights = ([rng.randrange(5, 60) for _ in range(n)] for _ in range(2))
    return gains, weights, sum(weights) // 2


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_best_plan_is_the_best_of_all_plans_and_its_bound_that_of_whole_and_parts(run: Run, seed: int) -> None:
    gains, weights, most = knapsack(seed, 9)
    names = [f"x{i}" for i in range(9)]
    plans = product((0, 1), repeat=9)
    best = max(
        sum(g * x for g, x in zip(gains, plan, strict=True))
        for plan in plans
        if sum(w * x for w, x in zip(weights, plan, strict=True)) <= most
    )
    left, relaxed = float(most), 0.0  # Dantzig (1957): by gain a weight, the last item cut
    for gain, weight in sorted(zip(gains, weights, strict=True), key=lambda item: -item[0] / item[1]):
        taken = min(1.0, left / weight)
        relaxed, left = relaxed + taken * gain, left - taken * weight
    table = (
        f"row,sense,rhs,{','.join(names)}\ngain,max,,{','.join(map(str, gains))}\n"
        f"weight,<=,{most},{','.join(map(str, weights))}\nkind,type,,{','.join(['bin'] * 9)}\n"
    )
    result = run("programme", programme=table)

    assert quantity(result, "best plan").value == pytest.approx(best)
    assert quantity(result, "integrality gap").value == pytest.approx((relaxed - best) / best, abs=1e-6)


@pytest.mark.parametrize(("base", "gain"), [("0.10", "0.05"), ("0.40", "0.06")])
def test_so_many_decisions_show_the_difference_in_four_tests_of_five(run: Run, base: str, gain: str) -> None:
    n = int(quantity(run("arm_size", base=base, gain=gain), "decisions per arm").value or 0)
    rng = np.random.default_rng(7)
    p, q = rng.binomial(n, float(base), 20_000) / n, rng.binomial(n, float(base) + float(gain), 20_000) / n
    middle = (p + q) / 2
    shown = np.abs(p - q) / np.sqrt(2 * middle * (1 - middle) / n) > 1.959964

    assert shown.mean() == pytest.approx(0.8, abs=0.012)  # four standard errors of 20,000 tests


@pytest.mark.parametrize(("p", "caught", "retries"), [(0.9, 0.5, 1), (0.7, 0.8, 3)])
def test_a_step_with_retries_succeeds_as_often_as_when_it_is_played(p: float, caught: float, retries: int) -> None:
    rng = np.random.default_rng(3)
    n = 100_000
    open_, good = np.ones(n, dtype=bool), np.zeros(n, dtype=bool)
    for _ in range(retries + 1):
        right = open_ & (rng.random(n) < p)
        good |= right
        open_ &= ~right & (rng.random(n) < caught)

    assert with_retries(p, caught, retries) == pytest.approx(good.mean(), abs=0.005)


def test_the_wait_is_that_of_a_queue_that_is_played(run: Run) -> None:
    # M/M/3 by Kiefer and Wolfowitz: each arrival takes the worker who is free first.
    rng = np.random.default_rng(11)
    free, now, waits = [0.0, 0.0, 0.0], 0.0, []
    for gap, work in zip(rng.exponential(5.0, 120_000), rng.exponential(10.0, 120_000), strict=True):
        now += gap
        free.sort()
        waits.append(max(0.0, free[0] - now))
        free[0] = max(free[0], now) + work
    result = run("load", per_hour="720", seconds="10", workers="3")

    assert quantity(result, "have to wait").value == pytest.approx(np.mean(np.array(waits) > 0), abs=0.02)
    assert quantity(result, "mean wait").value == pytest.approx(np.mean(waits), rel=0.06)


def test_the_seconds_of_a_run_are_those_of_the_longest_of_all_paths(run: Run) -> None:
    rng = random.Random(2)
    tokens = {f"c{i}": rng.randrange(50, 500) for i in range(7)}
    after = {f"c{i}": [f"c{j}" for j in range(i) if rng.random() < 0.4] for i in range(7)}
    calls = "".join(
        f"  {name}: {{model: m, fixed_tokens: 10, output_tokens: {tokens[name]}, after: [{', '.join(after[name])}]}}\n"
        for name in tokens
    )
    models = "models: {m: {input_price: 1, output_price: 4, window: 9000, output_per_s: 100, latency_s: 0.5}}\n"

    def longest(paths: list[list[str]]) -> float:
        ends = [[before, *path] for path in paths for before in after[path[0]]]
        here = max(sum(0.5 + tokens[name] / 100 for name in path) for path in paths)
        return max(here, longest(ends)) if ends else here

    result = run("cost", calls=f"scoper_calls: 1\n{models}calls:\n{calls}")
    paid = sum(10 * 1e-6 + out * 4e-6 for out in tokens.values())
    assert quantity(result, "seconds a run").value == pytest.approx(longest([[name] for name in tokens]))
    assert quantity(result, "cost of 1,000 runs").value == pytest.approx(1000 * paid)


def test_labels_of_texts_turned_round_by_chance_bound_what_words_can_sort(run: Run) -> None:
    rng = random.Random(6)
    rows = []
    for i in range(600):
        bill = i % 2 == 0
        word = "invoice" if bill else "parcel"
        rows.append(f"{word} {i},{'bill' if bill != (rng.random() < 0.1) else 'post'}")
    found = quantity(
        run("text_baseline", cases="text,label\n" + "\n".join(rows) + "\n", classifier="none"), "telling words"
    )

    assert found.low is not None
    assert found.high is not None
    assert found.low <= 0.9 <= found.high


@pytest.mark.slow
def test_a_learning_curve_ends_at_the_best_rule_of_cases_with_known_noise(run: Run) -> None:
    found = quantity(run("learning_curve", cases=labelled(2000, 3), worth="0.02"), "accuracy with")

    assert found.low is not None
    assert found.high is not None
    assert found.low - 0.01 <= 0.9 <= found.high + 0.01


def test_copies_of_rows_are_counted_as_they_were_made(run: Run) -> None:
    rows = [f"{i},{i % 7},{'good' if i % 3 else 'bad'}" for i in range(80)]
    text = "a,b,label\n" + "\n".join([*rows, *rows[:20]]) + "\n"

    assert quantity(run("supervised_data", cases=text), "rows that are copies").value == pytest.approx(0.2)


@pytest.mark.slow
def test_the_chance_of_a_fall_is_fishers_exact_one(run: Run) -> None:
    stats = pytest.importorskip("scipy.stats")
    from tests.checks.test_automation import made

    result = run("drift", cases=made(600, 0.1, 4, change_at=540), time="day")
    early, late = quantity(result, "early rules on early"), quantity(result, "early rules on late")
    hits = [round((each.value or 0) * 300) for each in (early, late)]
    table = [[hits[0], 300 - hits[0]], [hits[1], 300 - hits[1]]]

    assert quantity(result, "chance of such a fall").value == pytest.approx(
        stats.fisher_exact(table, alternative="greater").pvalue, rel=1e-6
    )
    assert "rules_changed" in codes(result)
