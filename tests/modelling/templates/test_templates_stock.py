"""Templates about stock, prices and positions against what theory says, each derived a second way."""

import math
from functools import cache
from itertools import pairwise, product

import numpy as np
import pytest

from scoper.numerics.average import average_reward
from scoper.numerics.solve import backward_induction


def poisson(mean, count=200):
    return [math.exp(k * math.log(mean) - mean - math.lgamma(k + 1)) for k in range(count)]


def test_inventory_orders_up_to_the_level_of_the_critical_ratio(template):
    # Veinott (1965): with stationary demand ordering up to the myopic level S is optimal, S the smallest y with
    # P(demand <= y) >= (price - cost) / (price + holding - discount * cost).
    made = template("inventory")
    ratio, level, share = (9.0 - 5.0) / (9.0 + 0.4 - made.spec.discount * 5.0), 0, poisson(4.0)
    while sum(share[: level + 1]) < ratio:
        level += 1

    assert made.numbers(made.solution.policy).tolist() == [max(0, level - stock) for stock in range(31)]


def test_inventory_is_worth_what_the_levels_closed_form_says(template):
    # Ordering up to S each day: V(x) = cost * x + W with W = (price E min(S, D) - cost S + (discount cost - holding)
    # E max(0, S - D)) / (1 - discount).
    made = template("inventory")
    level, share, discount = int(made.numbers(made.solution.policy)[0]), poisson(4.0), 0.99
    left = sum(p * max(0, level - d) for d, p in enumerate(share))
    worth = (9.0 * (level - left) - 5.0 * level + (discount * 5.0 - 0.4) * left) / (1 - discount)

    expected = [worth + 5.0 * stock for stock in range(level + 1)]
    assert made.solution.optimum()[: level + 1] == pytest.approx(expected, rel=1e-9)


def cost_of_level_policy(low, high, share, fixed, holding, shortage):
    """Mean cost per period of ordering up to `high` at `low` or below: renewal theory (Zheng and Federgruen 1991)."""
    losses = [
        sum(p * (holding * max(0, y - d) + shortage * max(0, d - y)) for d, p in enumerate(share))
        for y in range(low + 1, high + 1)
    ]
    visits = [1 / (1 - share[0])]
    for j in range(1, high - low):
        visits.append(sum(share[k] * visits[j - k] for k in range(1, j + 1)) / (1 - share[0]))
    return (fixed + sum(m * loss for m, loss in zip(visits, reversed(losses), strict=True))) / sum(visits)


@pytest.mark.slow
@pytest.mark.parametrize(("mean", "low", "high", "published"), [(10, 6, 40, 35.022), (15, 10, 49, 42.698)])
def test_reorder_point_and_level_are_those_of_the_published_table(template, mean, low, high, published):
    # Veinott and Wagner (1965), recomputed by Zheng and Federgruen (1991): 64 an order, 1 held, 9 short.
    made = template("reorder_point", {"exogenous.demand.poisson": str(mean)}, [("-20", "-40"), ("to: 80", "to: 100")])
    best = average_reward(made.mdp)
    orders = made.numbers(best.policy)
    stocks = np.arange(-40, 61)

    cost = cost_of_level_policy(low, high, poisson(mean), 64, 1, 9)
    assert cost == pytest.approx(published, abs=5e-4)
    assert -best.optimum() == pytest.approx(np.full(101, cost), rel=1e-9)
    seen = (stocks > low - 15) & (stocks <= high)
    assert orders[seen].tolist() == [high - x if x <= low else 0 for x in stocks[seen]]


@pytest.mark.slow
def test_no_other_pair_of_levels_is_cheaper(template):
    costs = {
        (low, high): cost_of_level_policy(low, high, poisson(10), 64, 1, 9)
        for low, high in product(range(0, 13), range(30, 51))
    }
    best = average_reward(template("reorder_point").mdp).optimum()

    assert min(costs, key=costs.get) == (6, 40)
    assert -best[0] == pytest.approx(min(costs.values()), rel=1e-6)


def test_reorder_point_is_two_levels_over_the_whole_table(template):
    # Scarf (1960): at or below s order up to S, above it nothing.
    made = template("reorder_point")
    orders, stocks = made.numbers(made.solution.policy), np.arange(-20, 61)
    low = stocks[orders > 0].max()

    assert set((stocks + orders)[stocks <= low]) == {(stocks + orders)[0]}
    assert (orders[stocks > low] == 0).all()


@pytest.mark.parametrize(("price", "cost"), [("6.0", "2.0"), ("3.0", "2.0"), ("20.0", "1.0"), ("2.0", "1.9")])
def test_the_last_useful_order_of_a_perishable_is_the_newsvendor_fractile(template, price, cost):
    # Ordered now, sold on one day two timesteps later, whatever is left is worth nothing (Arrow et al. 1951).
    made = template("perishable_stock", {"reward.revenue": price, "reward.purchase": cost})
    share, reached = poisson(4.0), 1 - float(cost) / (made.spec.discount**2 * float(price))
    wanted = 0
    while wanted < 8 and sum(share[: wanted + 1]) < reached:
        wanted += 1
    if reached <= 0:
        wanted = 0

    assert made.numbers(backward_induction(made.mdp, 3).policy[0])[0, 0, 0] == wanted


@pytest.mark.slow
def test_perishable_orders_fall_with_stock_and_most_with_the_freshest(template):
    # Nahmias and Pierskalla, Fries (1975): one piece more lowers the order by at most one, the fresher the more.
    made = template("perishable_stock")
    order = made.numbers(made.solution.policy)
    oldest, middle, newest = (np.diff(order, axis=axis) for axis in range(3))

    assert all(((step >= -1) & (step <= 0)).all() for step in (oldest, middle, newest))
    assert (middle[:-1] <= oldest[:, :-1]).all()
    assert (newest[:, :-1] <= middle[:, :, :-1]).all()


def test_perishable_values_are_those_of_a_recursion_written_by_hand(template):
    made = template("perishable_stock")
    share = poisson(4.0, 60)

    @cache
    def worth(steps, last, fresh, coming):
        if steps == 0:
            return 0.0
        return max(
            sum(
                p
                * (
                    6.0 * min(last + fresh, d)
                    - 2.0 * order
                    - 0.5 * max(0, last - d)
                    + 0.99 * worth(steps - 1, max(0, fresh - max(0, d - last)), coming, order)
                )
                for d, p in enumerate(share)
            )
            for order in range(9)
        )

    assert made.start(2) == pytest.approx(worth(2, 0, 4, 4), abs=1e-9)
    assert made.values(backward_induction(made.mdp, 2).value[0])[3, 5, 2] == pytest.approx(worth(2, 3, 5, 2), abs=1e-9)


def best_prices(stock, steps, visits, stay, prices, cost):
    """(value by stock, price by steps to go and stock): a visitor pays price k with probability stay ** (k - 1)."""
    value, chosen = [0.0] * (stock + 1), []
    for _ in range(steps):
        offers = [
            [(visits * stay ** (k - 1) * (k - cost + value[n - 1] - value[n]), k) for k in prices]
            for n in range(1, stock + 1)
        ]
        best = [max(row) for row in offers]
        value = [0.0] + [value[n] + gain for n, (gain, _) in enumerate(best, 1)]
        chosen.append([price for _, price in best])
    return value, chosen


def test_prices_are_those_of_the_recursion_fall_with_stock_and_rise_with_time(template):
    made = template("dynamic_pricing")
    solution = backward_induction(made.mdp, 100)
    value, _ = best_prices(10, 100, 0.3, 0.975, range(20, 121, 10), 5)
    price = np.array([made.numbers(row)[1:] for row in solution.policy])

    assert solution.value[0] == pytest.approx(value, abs=1e-9)
    assert (np.diff(price, axis=1) <= 0).all()
    assert (np.diff(price, axis=0) <= 0).all()


def test_revenue_nears_the_closed_form_for_exponential_demand(template):
    # Gallego and van Ryzin (1994): with demand a exp(-alpha p) the best revenue from n pieces in time t is
    # log(sum over i <= n of (a t / e) ** i / i!) / alpha; a cost per piece lowers a by exp(-alpha cost).
    fine = [
        ("values: [20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120]", "from: 10, to: 240"),
        ("horizon: 100", "horizon: 900"),
    ]
    baselines = [('always_60: {price: "60"}', 'always_60: {price: "60 + 0"}')]
    made = template("dynamic_pricing", {"exogenous.visitor.binomial.p": "0.03"}, fine + baselines)
    alpha = -math.log(0.975)
    rate = 0.03 * math.exp(alpha) * math.exp(-alpha * 5.0)
    formula = math.log(sum((rate * 900 / math.e) ** i / math.factorial(i) for i in range(11))) / alpha

    assert made.start(900) == pytest.approx(formula, rel=0.01)


def test_a_budget_at_one_price_is_worth_what_derman_lieberman_and_ross_say(template):
    # Derman, Lieberman and Ross (1972), theorem 1: thresholds a[i, n + 1] = E clip(X, a[i - 1, n], a[i, n]); the worth
    # of k purchases among n offers is the sum of the k largest of a[., n + 1].
    made = template("budget_pacing", {"exogenous.dearer.binomial.p": "0.0", "reward.clicks": "1.0"})
    thresholds = []
    for _ in range(61):
        edges = [-math.inf, *thresholds, math.inf]
        last, thresholds = (
            thresholds,
            [sum(min(max(x, a), b) for x in range(1, 6)) / 5 for a, b in pairwise(edges)],
        )
    assert len(last) == 60
    assert made.start(60) == pytest.approx(sum(last[-20:]), abs=1e-9)


def test_a_budget_buys_above_a_threshold_that_falls_with_the_budget_and_rises_with_time(template):
    made = template("budget_pacing")
    bids = np.array([made.numbers(row)[2:] for row in backward_induction(made.mdp, 60).policy])

    assert (np.diff(bids, axis=2) >= 0).all()
    assert (np.diff(bids, axis=1) >= 0).all()
    assert (np.diff(bids, axis=0) >= 0).all()


@pytest.mark.parametrize(("position", "hours"), [(24, 8), (16, 8), (8, 8)])
def test_without_risk_a_position_is_sold_in_equal_slices(template, position, hours):
    # Bertsimas and Lo (1998): impact * position ** 2 / slices.
    made = template(
        "order_execution",
        {"exogenous.turns.binomial.p": "0.0", "reward.risk": "0.0"},
        [("left: 24, hour", f"left: {position}, hour")],
    )
    solution = backward_induction(made.mdp, hours)

    assert made.start(hours) == pytest.approx(-(position**2) / hours, abs=1e-9)
    assert made.numbers(solution.policy[0])[position, 0, 1] == position // hours


def test_with_risk_a_position_is_sold_sooner_and_never_cheaper_than_the_continuous_optimum(template):
    # Almgren and Chriss (2001) with divisible slices: cost A x ** 2, A from impact * (risk + A) / (impact + risk + A).
    made = template("order_execution", {"exogenous.turns.binomial.p": "0.0", "reward.risk": "0.2"})
    factor, left, rounded = 1.0, 24.0, 0.0
    factors = [factor]
    for _ in range(7):
        factor = (0.2 + factor) / (1.0 + 0.2 + factor)
        factors.append(factor)
    plan, rest = [], 24
    for steps in range(8, 0, -1):
        left *= 1.0 / (1.0 + 0.2 + factors[steps - 2]) if steps > 1 else 0.0
        plan.append(rest - round(left))
        rest = round(left)
        rounded += plan[-1] ** 2 + 0.2 * rest**2

    assert -factors[-1] * 24**2 >= made.start(8) >= -rounded
    assert made.numbers(backward_induction(made.mdp, 8).policy[0])[24, 0, 1] > 3
