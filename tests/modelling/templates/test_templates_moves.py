"""Templates about ways, lifts, stores of energy and water, and temperatures, each against a second derivation."""

from functools import cache
from itertools import permutations, product
from math import comb, exp, factorial

import numpy as np
import pytest

from scoper.numerics.average import average_reward
from scoper.numerics.evaluate import evaluate
from scoper.numerics.solve import backward_induction


def test_the_grid_is_worth_what_the_recursion_over_the_distance_says(template):
    made = template("grid_navigation")
    moves, discount, goal, cost = 0.9, made.spec.discount, 10.0, 1.0
    worth = [0.0]
    for distance in range(1, 15):
        arrival = moves * (goal if distance == 1 else discount * worth[-1])
        worth.append((arrival - cost) / (1 - discount * (1 - moves)))

    values = made.values(made.solution.optimum())
    expected = [[worth[14 - x - y] for y in range(8)] for x in range(8)]
    assert values[:7] == pytest.approx(np.array(expected)[:7], abs=1e-8)
    assert made.mdp.terminates.any()


def lift_cost(moves, floors, energy, discount=0.99):
    """The discounted cost of a sequence of moves that ends with everybody on the ground floor; None if it does not."""
    level, riding, pending, cost = 0, False, set(floors), 0.0
    for now, move in enumerate(moves):
        cost += discount**now * (len(pending) + riding + energy * abs(move))
        riding = level > 0 and (riding or level in pending)
        pending.discard(level)
        level = min(3, max(0, level + move))
    return None if riding or pending else cost


@pytest.mark.parametrize("floors", [(1,), (3,), (1, 2), (1, 3), (1, 2, 3)])
def test_a_lift_without_new_calls_takes_the_cheapest_of_all_routes(template, floors):
    # All sequences of nine moves; the highest call alone takes seven.
    made = template("lift_dispatch", {"exogenous.caller.binomial.p": "0.0"})
    costs = (lift_cost(moves, floors, 0.1) for moves in product((-1, 0, 1), repeat=9))
    calls = tuple(int(floor in floors) for floor in (1, 2, 3))

    value = made.values(made.solution.optimum())
    assert -value[(0, 0, *calls)] == pytest.approx(min(cost for cost in costs if cost is not None), abs=1e-9)


def test_an_idle_lift_parks_at_the_median_of_rare_calls(template):
    # With calls from floors 1 to 3 alike the expected way to a call is shortest from floor 2.
    values = {"exogenous.caller.binomial.p": "0.001", "reward.energy": "0.000001"}
    made = template("lift_dispatch", values, [("discount: 0.99", "discount: 0.9999")])
    idle = made.numbers(made.solution.policy)[:, 0, 0, 0, 0].tolist()

    assert idle == [1, 1, 0, -1]


def test_a_battery_with_known_prices_earns_what_the_day_allows(template):
    # From empty: fill four units at 40 / 0.85 plus wear at night, sell them at 130 less wear in the evening; selling by
    # day to fill again by day would lose 80 / 0.85 - 80 and twice the wear.
    made = template(
        "battery_arbitrage",
        {"exogenous.turns.binomial.p": "0.0"},
        [("discount: 0.999", "discount: 1.0"), ("horizon: infinite", "horizon: 24")],
    )

    assert made.start(24) == pytest.approx(4 * (130.0 - 5.0 - 40.0 / 0.85 - 5.0), abs=1e-9)


@pytest.mark.parametrize("prices", [(40.0, 80.0, 130.0), (90.0, 60.0, 61.0), (10.0, 100.0, 20.0), (50.0, 52.0, 51.0)])
def test_a_battery_with_known_prices_earns_what_perfect_foresight_finds(template, prices):
    # The linear program of perfect foresight is a flow through time; adding the best path until none pays solves it.
    names = dict(zip(("tables.night", "tables.day", "tables.evening"), map(str, prices), strict=True))
    made = template(
        "battery_arbitrage",
        {"exogenous.turns.binomial.p": "0.0", **names},
        [("discount: 0.999", "discount: 1.0"), ("horizon: infinite", "horizon: 24")],
    )
    price = [prices[0] if h < 6 else prices[2] if 17 <= h < 21 else prices[1] for h in range(24)]

    assert made.start(24) == pytest.approx(best_of_pairs(price, 4, 0.85, 5.0), abs=1e-9)


def best_of_pairs(price, room, efficiency, wear):
    """The most that moving one unit an hour can earn: a flow of greatest worth by successive best paths.

    A path takes one unit in at an hour, and one out at another or never; it may undo an earlier deal.
    """
    hours, deal, total = len(price), [0] * len(price), 0.0
    worth = [{1: -p / efficiency - wear, -1: p - wear} for p in price]

    def gain(hour, sign):
        if hour == hours:
            return 0.0
        return -worth[hour][-sign] if deal[hour] == -sign else worth[hour][sign] if deal[hour] == 0 else -np.inf

    def fits(into, out):
        """Whether the store never overflows or runs dry when a unit goes in at one hour and out at another."""
        after = np.cumsum([d + (h == into) - (h == out) for h, d in enumerate(deal)])
        return after.min() >= 0 and after.max() <= room

    while True:
        paths = [(gain(into, 1) + gain(out, -1), into, out) for into, out in permutations(range(hours + 1), 2)]
        pays = [path for path in paths if path[0] > 1e-9 and fits(*path[1:])]
        if not pays:
            return total
        best, into, out = max(pays)
        total += best
        for hour, sign in ((into, 1), (out, -1)):
            if hour < hours:
                deal[hour] += sign


@pytest.mark.slow
def test_a_battery_buys_below_one_charge_and_sells_above_another_at_every_hour(template):
    # Secomandi (2010): two basestock levels per stage and price.
    made = template("battery_arbitrage")
    power = made.numbers(made.solution.policy)

    assert (np.diff(power, axis=1) <= 0).all()


def test_water_is_worth_less_the_more_there_is_and_release_rises_with_the_level(template):
    made = template("reservoir_release")
    value = made.values(made.solution.optimum())
    release = made.numbers(made.solution.policy)

    assert (np.diff(value, axis=0) > 0).all()
    assert (np.diff(value, n=2, axis=0) <= 1e-9).all()
    assert (np.diff(release, axis=0) >= 0).all()


def test_a_year_of_water_is_worth_what_a_recursion_written_by_hand_says(template):
    made = template("reservoir_release", {"exogenous.inflow.poisson": "0.0", "exogenous.more.poisson": "0.0"})

    @cache
    def worth(steps, level, month):
        if steps == 0:
            return 0.0
        dry = 1.5 if 5 <= month <= 8 else 1.0
        return max(
            10.0 * (r - 0.08 * r * r) * dry + 0.995 * worth(steps - 1, level - r, (month + 1) % 12)
            for r in range(min(5, level) + 1)
        )

    value = made.values(backward_induction(made.mdp, 12).value[0])
    assert value[:, 0] == pytest.approx([worth(12, level, 0) for level in range(13)], abs=1e-9)


def riccati(energy, deviation, discount):
    """(P, K): cost-to-go P x ** 2 before the heat, cooling K x, by fixed point of the scalar Riccati equation.

    After = x - u + heat: minimise energy u ** 2 + (deviation + discount P) E after ** 2 (Bertsekas 2017, 3.1).
    """
    p = 0.0
    for _ in range(10_000):
        q = deviation + discount * p
        p = energy * q / (energy + q)
    return p, (deviation + discount * p) / (energy + deviation + discount * p)


FINE = [
    ("{from: 15, to: 35}", "{from: 140, to: 340}"),
    ("{from: 0, to: 6}", "{from: 0, to: 60}"),
    ("n: 6", "n: 60"),
    (", 15, 35)", ", 140, 340)"),
    ("- 24)", "- 240)"),
    ("start: {temperature: 24}", "start: {temperature: 240}"),
]


def test_cooling_costs_no_less_than_the_riccati_equation_says_and_hardly_more(template):
    # In tenths of a degree. The linear system with quadratic cost may cool by any real number, so its long-run cost is
    # a lower bound: all heat must be taken out, energy * mean ** 2, and the noise costs (deviation + P) * variance.
    made = template("data_centre_cooling", None, FINE)
    mean, variance = 60 * 0.4, 60 * 0.4 * 0.6
    p, gain = riccati(0.5, 1.0, 1.0)
    bound = 0.5 * mean**2 + (1.0 + p) * variance

    assert 0 < gain < 1
    assert bound <= -average_reward(made.mdp).optimum()[0] <= bound * 1.01


def test_cooling_rises_with_the_temperature_and_beats_the_rounded_linear_law(template):
    made = template("data_centre_cooling")
    cooling = made.numbers(made.solution.policy)
    _, gain = riccati(0.5, 1.0, 0.99)
    law = np.clip(np.rint(2.4 + gain * (np.arange(15, 36) - 24)), 0, 6).astype(np.int64)

    assert (np.diff(cooling) >= 0).all()
    assert np.abs(cooling - law).max() <= 1
    assert (evaluate(made.mdp, law) <= made.solution.optimum() + 1e-9).all()


def test_two_timesteps_of_cooling_are_worth_what_a_recursion_written_by_hand_says(template):
    made = template("data_centre_cooling")
    heat = [comb(6, k) * 0.4**k * 0.6 ** (6 - k) for k in range(7)]

    @cache
    def cost(steps, temperature):
        if steps == 0:
            return 0.0
        after = [[min(35, max(15, temperature + k - u)) for k in range(7)] for u in range(7)]
        return min(
            0.5 * u**2 + sum(p * ((t - 24) ** 2 + 0.99 * cost(steps - 1, t)) for p, t in zip(heat, row, strict=True))
            for u, row in enumerate(after)
        )

    value = backward_induction(made.mdp, 2).value[0]
    assert -value == pytest.approx([cost(2, temperature) for temperature in range(15, 36)], rel=1e-9)


def test_a_month_of_random_inflow_is_worth_what_the_sum_over_it_says(template):
    # More water comes in every month but June to September, where the same release brings half as much again.
    made = template("reservoir_release")
    value = made.values(backward_induction(made.mdp, 1).value[0])
    shares = {mean: [exp(-mean) * mean**k / factorial(k) for k in range(40)] for mean in (1.0, 3.0)}

    for month, level in product((0, 4, 5, 8, 9), (0, 3, 12)):
        dry = 5 <= month <= 8
        spills = [
            sum(p * max(0, level - r + k - 12) for k, p in enumerate(shares[1.0 if dry else 3.0]))
            for r in range(min(5, level) + 1)
        ]
        worths = [10.0 * (r - 0.08 * r * r) * (1.5 if dry else 1.0) - 5.0 * spill for r, spill in enumerate(spills)]
        assert value[level, month] == pytest.approx(max(worths), abs=1e-9)
    came = [min(12, k) for k in range(40)]
    spilt = sum(p * max(0, k - 12) for k, p in enumerate(shares[3.0]))
    in_may = 0.995 * np.array(shares[3.0]) @ value[came, 5] - 5.0 * spilt
    assert made.values(backward_induction(made.mdp, 2).value[0])[0, 4] == pytest.approx(in_may, abs=1e-9)
