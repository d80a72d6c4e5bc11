"""Templates about queues, servers, staff and signals against closed formulas and proved structure."""

import math
from itertools import product

import numpy as np
import pytest

from scoper.numerics.average import average_reward
from scoper.numerics.evaluate import evaluate
from scoper.numerics.solve import backward_induction, start_value


def test_queue_admits_below_a_threshold_that_is_not_above_the_selfish_one(template):
    # Naor (1969): the threshold is at most the one that customers would choose for themselves, who join while
    # reward * service rate >= cost * (customers ahead + 1).
    made = template("queue_admission")
    admitted = made.table(made.solution.policy) == "admit"
    threshold = int(np.argmin(admitted))

    assert (admitted == (np.arange(21) < threshold)).all()
    assert 1 < threshold <= int(10.0 * 0.5 / 0.5)
    values = [
        start_value(made.mdp, evaluate(made.mdp, (np.arange(21) < limit).astype(np.int64))) for limit in range(20)
    ]
    assert int(np.argmax(values)) == threshold


@pytest.mark.parametrize(
    ("arrivals", "services", "worth", "waiting"),
    [(0.5, 1.0, 12.5, 1.0), (0.9, 1.0, 15.0, 1.0), (1.2, 1.0, 9.5, 1.0), (1.0, 2.0, 4.2, 1.0)],
)
def test_for_short_timesteps_the_threshold_is_naors(template, arrivals, services, worth, waiting):
    # Naor (1969): the social threshold is the integer part of v with
    # (v (1 - rho) - rho (1 - rho ** v)) / (1 - rho) ** 2 = worth * service rate / cost.
    step = 1e-3
    values = {
        "exogenous.arrival.binomial.p": f"{arrivals * step}",
        "exogenous.service.binomial.p": f"{services * step}",
        "reward.admitted": f"{worth}",
        "reward.waiting_cost": f"{waiting * step}",
    }
    made = template("queue_admission", values)
    rho = arrivals / services
    formula = [(n * (1 - rho) - rho * (1 - rho**n)) / (1 - rho) ** 2 for n in range(21)]
    naor = max(n for n in range(21) if formula[n] <= worth * services / waiting)

    admitted = made.table(average_reward(made.mdp).policy) == "admit"
    assert int(np.argmin(admitted)) == naor


def test_the_long_run_profit_of_the_queue_is_the_best_of_all_thresholds_in_closed_form(template):
    # A birth-death chain: from n up with probability a (1 - s), from 0 with a, down with s (1 - a), at the top with s.
    a, s, worth, waiting = 0.45, 0.5, 10.0, 0.5
    profits = []
    for limit in range(1, 21):
        weight = [1.0]
        for n in range(limit):
            up = a if n == 0 else a * (1 - s)
            weight.append(weight[-1] * up / (s if n + 1 == limit else s * (1 - a)))
        share = np.array(weight) / sum(weight)
        profits.append(worth * a * share[:-1].sum() - waiting * share @ np.arange(limit + 1))

    best = average_reward(template("queue_admission").mdp).optimum()
    assert best == pytest.approx(np.full(21, max(profits)), abs=1e-9)


@pytest.mark.slow
def test_with_equal_servers_everybody_joins_the_shortest_queue(template):
    # Winston (1977); with finite rooms Hordijk and Koole (1990).
    equal = {"exogenous.a_ends.binomial.p": "0.3", "exogenous.b_ends.binomial.p": "0.3"}
    made = template("server_routing", equal)
    sent = made.table(made.solution.policy)
    at_a, at_b = np.indices((13, 13))

    assert (sent[at_a < at_b] == "to_a").all()
    assert (sent[at_a > at_b] == "to_b").all()
    value = made.values(made.solution.optimum())
    assert value == pytest.approx(value.T, abs=1e-6)


@pytest.mark.slow
def test_with_unequal_servers_one_curve_parts_the_table_and_favours_the_faster(template):
    made = template("server_routing")
    to_a = made.table(made.solution.policy)[:12, :12] == "to_a"

    assert (to_a[1:] <= to_a[:-1]).all()
    assert (to_a[:, 1:] >= to_a[:, :-1]).all()
    assert to_a.diagonal().all()
    assert np.tril(to_a, -1).any()


def test_one_server_alone_has_the_queue_of_the_closed_formula(template):
    # Geo/Geo/1 with departures before arrivals: the stationary queue is a birth-death chain as above.
    a, s = 0.2, 0.5
    values = {
        "exogenous.arrival.binomial.p": str(a),
        "exogenous.a_ends.binomial.p": str(s),
        "exogenous.b_ends.binomial.p": "0.0",
        "reward.turned_away": "0.0",
    }
    only_a = [("(at_a < 12 if send == to_a else at_b < 12) or min(at_a, at_b) == 12", "send == to_a"), ("12", "40")]
    made = template(
        "server_routing",
        values,
        [*only_a, ("to_a if at_a <= at_b else to_b", "to_a"), ("to_a if at_a < 40 else to_b", "to_a")],
    )
    up, down = a * (1 - s), s * (1 - a)
    weight = np.array([1.0] + [a / down * (up / down) ** n for n in range(40)])

    gain = average_reward(made.mdp).optimum()[0]
    assert -gain == pytest.approx(weight @ np.arange(41) / weight.sum(), rel=1e-9)


def erlang_c(load, agents):
    """Mean number waiting in an M/M/c queue (Erlang 1917)."""
    blocked = load**agents / math.factorial(agents) * agents / (agents - load)
    waits = blocked / (sum(load**k / math.factorial(k) for k in range(agents)) + blocked)
    return waits * load / (agents - load)


def roster_cost(agents, room, load=3.0):
    """The same for a queue in which at most `room` callers fit: wages, waiting and full lines, in closed form."""
    weight = [load**n / (math.factorial(min(n, agents)) * agents ** max(0, n - agents)) for n in range(room + 1)]
    share = np.array(weight) / sum(weight)
    # A full line stays full with a new call or without an end, and becomes full by a new call from one below.
    full = share[room] * (1 - 0.1 * agents) + share[room - 1] * 0.1 * load
    return 0.2 * agents + 0.3 * share @ np.maximum(0, np.arange(room + 1) - agents) + 50.0 * full


def only(agents, room):
    """Lines that leave one roster to choose."""
    return [
        ("{from: 0, to: 30}", f"{{from: 0, to: {room}}}"),
        ("min(30,", f"min({room},"),
        ("next_callers == 30", f"next_callers == {room}"),
        ("\nterminated:", f'\navailable: "roster == {agents}"\nterminated:'),
        ('roster: "4"', f'roster: "{agents}"'),
        ('roster: "5"', f'roster: "{agents}"'),
        ('roster: "clip(callers + 1, 1, 6)"', f'roster: "{agents}"'),
    ]


@pytest.mark.slow
@pytest.mark.parametrize("agents", [4, 5, 6])
def test_a_constant_roster_costs_what_the_erlang_formula_says(template, agents):
    gain = average_reward(template("call_centre_staffing", None, only(agents, 90)).mdp).optimum()

    assert -gain[-1] == pytest.approx(roster_cost(agents, 90), rel=1e-9)
    assert -gain[-1] == pytest.approx(0.2 * agents + 0.3 * erlang_c(3.0, agents), rel=1e-6)


@pytest.mark.slow
def test_where_changing_is_prohibitive_the_roster_is_the_best_of_the_erlang_enumeration(template):
    costs = {agents: roster_cost(agents, 30) for agents in range(1, 7)}
    best = min(costs, key=costs.get)
    made = template("call_centre_staffing", {"reward.changing": "1000.0"}, [("discount: 0.999", "discount: 0.99999")])
    roster = made.numbers(made.solution.policy)

    assert best == min((4, 5, 6), key=lambda agents: 0.2 * agents + 0.3 * erlang_c(3.0, agents))
    assert (roster[:10, best - 1] == best).all()
    assert made.values(made.solution.optimum())[:, best - 1].max() * 1e-5 == pytest.approx(-costs[best], rel=0.01)


def test_staff_never_falls_with_the_number_of_callers(template):
    # Lippman (1975): in service rate control the best rate rises with the queue.
    made = template("call_centre_staffing")
    roster = made.numbers(made.solution.policy)[:29]

    assert (np.diff(roster, axis=0) >= 0).all()
    assert roster.min() < roster.max()


def served(made):
    """Which stream goes next: the green after the decision."""
    change = made.table(made.solution.policy) == "change"
    return np.where(change, np.array(["ew", "ns"]), np.array(["ns", "ew"]))


def test_without_lost_time_the_stream_with_the_higher_cost_goes_first(template):
    # The c-mu rule (Cox and Smith 1961; Buyukkoc et al. 1985); the services take one timestep each.
    values = {"exogenous.lost.binomial.p": "0.0", "reward.ns_waiting": "2.0"}
    made = template("traffic_signal", values)
    north_south, east_west, _ = np.indices(made.model.states.shape)
    room = np.maximum(north_south, east_west) <= 7

    assert (served(made)[room & (north_south > 0)] == "ns").all()
    assert (served(made)[room & (north_south == 0) & (east_west > 0)] == "ew").all()


def test_with_lost_time_and_equal_streams_a_green_lasts_until_its_queue_is_empty(template):
    # Hofri and Ross (1987): with equal costs serve exhaustively; from an empty queue change at a threshold.
    made = template("traffic_signal", {"exogenous.ew_arrives.binomial.p": "0.35"})
    change = made.table(made.solution.policy) == "change"

    assert not change[1:8, :8, 0].any()
    assert not change[:8, 1:8, 1].any()
    assert (np.diff(change[0, :, 0].astype(int)) >= 0).all()
    assert change[0, 2:, 0].all()


def signal_cost(changes, waiting, discount=0.99):
    """Discounted cost of a plan for two queues that nobody joins, a change lets nobody pass; None if some are left."""
    queues, green, cost = list(waiting), 0, 0.0
    for now, change in enumerate(changes):
        cost += discount**now * sum(queues)
        if change:
            green = 1 - green
        else:
            queues[green] = max(0, queues[green] - 1)
    return None if any(queues) else cost


@pytest.mark.slow
@pytest.mark.parametrize("waiting", [(3, 2), (1, 4), (0, 3), (2, 5)])
def test_two_queues_that_nobody_joins_are_cleared_by_the_cheapest_of_all_plans(template, waiting):
    quiet = {"exogenous.ns_arrives.binomial.p": "0.0", "exogenous.ew_arrives.binomial.p": "0.0"}
    made = template("traffic_signal", quiet)
    plans = product((False, True), repeat=sum(waiting) + 2)
    cheapest = min(cost for plan in plans if (cost := signal_cost(plan, waiting)) is not None)

    assert -made.values(made.solution.optimum())[(*waiting, 0)] == pytest.approx(cheapest, rel=1e-9)


def test_overflowing_queues_cost_the_spill_back_until_they_are_shorter(template):
    # Nobody joins; from 10 and 0 only the step that keeps ten waiting is charged, and keeping green avoids it at once.
    quiet = {"exogenous.ns_arrives.binomial.p": "0.0", "exogenous.ew_arrives.binomial.p": "0.0"}
    made = template("traffic_signal", quiet)
    value = made.values(made.solution.optimum())

    assert -value[10, 0, 0] == pytest.approx(sum(0.99**t * (10 - t) for t in range(10)), rel=1e-9)
    assert -value[10, 0, 1] == pytest.approx(10 + 100 + 0.99 * -value[10, 0, 0], rel=1e-9)


def test_only_full_servers_turn_customers_away(template):
    made = template("server_routing")
    paid = made.values(backward_induction(made.mdp, 1).value[0])
    at_a, at_b = np.indices((13, 13))

    assert -paid == pytest.approx(at_a + at_b + 100.0 * 0.4 * ((at_a == 12) & (at_b == 12)), rel=1e-12)
