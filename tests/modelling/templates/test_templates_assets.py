"""Templates about machines, repairs, patients and customers against rules of thumb that are proved to be optimal."""

from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from scoper.numerics.evaluate import evaluate
from scoper.numerics.solve import backward_induction


def test_maintenance_replaces_from_the_best_wear_limit_on(template):
    # Derman (1963): a control limit is optimal; the best one is found by evaluating all of them.
    made = template("machine_maintenance")
    limits = {}
    for limit in range(1, 11):
        policy = np.array([int(wear >= limit) for wear in range(11)])
        limits[limit] = evaluate(made.mdp, policy)
    best = max(limits, key=lambda limit: limits[limit][0])

    chosen = made.table(made.solution.policy).tolist()
    assert chosen == ["replace" if wear >= best else "run" for wear in range(11)]
    assert np.allclose(made.solution.optimum(), limits[best], atol=1e-6)
    assert 1 < best < 10


def linear_value(rows, discount):
    """Values of a chain given per state as (reward, {successor: probability}), by one linear system."""
    matrix = np.eye(len(rows))
    for state, (_, moves) in enumerate(rows):
        for successor, share in moves.items():
            matrix[state, successor] -= discount * share
    return np.linalg.solve(matrix, [reward for reward, _ in rows])


def test_the_worth_of_a_new_machine_is_that_of_the_best_limit_written_out_by_hand(template):
    worths = []
    for limit in range(1, 11):
        rows = []
        for wear in range(11):
            if wear >= limit:
                rows.append((-40.0, {0: 1.0}))
                continue
            moves = {}
            for steps, share in ((0, 0.49), (1, 0.42), (2, 0.09)):
                after = min(10, wear + steps)
                moves[after] = moves.get(after, 0.0) + share
            rows.append((10.0 * (1 - 0.05 * wear) - 120.0 * moves.get(10, 0.0), moves))
        worths.append(linear_value(rows, 0.99)[0])

    assert template("machine_maintenance").start() == pytest.approx(max(worths), abs=1e-7)


NO_WEAR = {f"exogenous.wear_{n}.binomial.p": "0.0" for n in (1, 2, 3)}
ALL_BROKEN = [("start: {press_1: 0, press_2: 0, press_3: 0}", "start: {press_1: 3, press_2: 3, press_3: 3}")]


@pytest.mark.parametrize("losses", [(100, 150, 300), (300, 100, 200), (250, 40, 120)])
def test_without_further_wear_the_dearest_is_repaired_first_and_the_worth_is_the_index_rules(template, losses):
    # Smith (1956), Gittins (1979): order by loss times repair rate. With b = E discount ** (days of one repair) the
    # k-th machine is lost for (1 - b ** k) / (1 - discount) discounted days.
    values = NO_WEAR | {f"reward.loss_{n}": str(loss) for n, loss in enumerate(losses, 1)}
    made = template("repair_portfolio", values, ALL_BROKEN)
    ready, discount = 0.5, 0.99
    factor = ready * discount / (1 - discount * (1 - ready))
    days = [(1 - factor**k) / (1 - discount) for k in (1, 2, 3)]
    worth = -sum(loss * d for loss, d in zip(sorted(losses, reverse=True), days, strict=True)) - 20.0 * days[-1]

    assert made.start() == pytest.approx(worth, rel=1e-9)
    crew = made.numbers(made.solution.policy)
    for broken in product((0, 3), repeat=3):
        waiting = [number for number in (1, 2, 3) if broken[number - 1]]
        assert crew[broken] == max(waiting, key=lambda number: losses[number - 1], default=0)


def alone(wear, loss, ready=0.5, work=20.0):
    """The best value per condition of one machine with a crew of its own, over all its policies."""
    best = np.full(4, -np.inf)
    for repaired in product((False, True), repeat=4):
        rows = []
        for condition in range(4):
            if repaired[condition]:
                moves = {0: ready} | ({condition: 1 - ready} if condition else {0: 1.0})
                rows.append((-loss * (1.0 if condition == 3 else 0.4) - work, moves))
            else:
                after = min(3, condition + 1)
                moves = {condition: 1 - wear, after: wear} if after > condition else {condition: 1.0}
                rows.append((-loss * (condition == 3), moves))
        best = np.maximum(best, linear_value(rows, 0.99))
    return best


def test_one_machine_that_wears_is_worth_the_best_of_all_its_policies(template):
    values = NO_WEAR | {"exogenous.wear_2.binomial.p": "0.15"}
    made = template("repair_portfolio", values)

    assert made.values(made.solution.optimum())[0, :, 0] == pytest.approx(alone(0.15, 150.0), rel=1e-9)


def test_a_shared_crew_is_never_worth_more_than_a_crew_for_each(template):
    # Whittle (1988): relaxing the one crew separates the machines and bounds the portfolio from above.
    made = template("repair_portfolio")
    parts = [alone(0.2, 100.0), alone(0.15, 150.0), alone(0.1, 300.0)]
    bound = parts[0][:, None, None] + parts[1][None, :, None] + parts[2][None, None, :]
    value = made.values(made.solution.optimum())

    assert (value <= bound + 1e-6).all()
    assert value[0, 0, 0] < bound[0, 0, 0] - 1


DOSES = {"none": 0, "low": 1, "high": 2}


def by_hand(steps, severity, toxicity):
    """The two-stage tree in fractions: response 3/5, worsening 3/10, harm 1/2."""
    if steps == 0 or severity in (0, 4):
        return Fraction(0), None
    best = (None, None)
    for name, strength in DOSES.items():
        if toxicity + strength > 3:
            continue
        total = Fraction(0)
        for responds, worsens, harmed in product((0, 1), repeat=3):
            chance = Fraction(3 if responds else 2, 5) * Fraction(3 if worsens else 7, 10) * Fraction(1, 2)
            ill = min(4, max(0, severity + worsens + (toxicity == 3) - responds * strength))
            harm = min(3, max(0, toxicity + harmed * strength - (name == "none")))
            pays = -Fraction(ill) - Fraction(harm, 2) - (50 if ill == 4 else 0)
            total += chance * (pays + by_hand(steps - 1, ill, harm)[0])
        if best[0] is None or total > best[0]:
            best = (total, name)
    return best


def test_two_stages_of_dosing_are_worth_what_the_tree_rolled_back_by_hand_is(template):
    made = template("treatment_dosing")
    solution = backward_induction(made.mdp, 2)
    value, dose = made.values(solution.value[0]), made.table(solution.policy[0])

    for severity, toxicity in product((1, 2, 3), range(4)):
        expected, name = by_hand(2, severity, toxicity)
        assert value[severity, toxicity] == pytest.approx(float(expected), abs=1e-9)
        assert dose[severity, toxicity] == name


def test_one_stage_of_dosing_from_severity_three_is_a_sum_on_paper(template):
    # No dose: 0.3 * (-4 - 50) + 0.7 * -3 = -18.3. Low: worse without response 0.12, unchanged 0.46, better 0.42, harm
    # 0.25: 0.12 * -54 - 0.46 * 3 - 0.42 * 2 - 0.25 = -8.95. High: -54 * 0.12 - 3 * 0.28 - 2 * 0.18 - 0.42 - 0.5 = -8.6.
    made = template("treatment_dosing")
    solution = backward_induction(made.mdp, 1)

    assert made.values(solution.value[0])[3, 0] == pytest.approx(-8.6, abs=1e-12)
    assert made.table(solution.policy[0])[3, 0] == "high"


def test_doses_never_fall_with_severity_and_never_rise_with_toxicity(template):
    made = template("treatment_dosing")
    strength = np.vectorize(DOSES.get)(made.table(backward_induction(made.mdp, 10).policy[0]))[1:4]

    assert (np.diff(strength, axis=0) >= 0).all()
    assert (np.diff(strength, axis=1) <= 0).all()


def test_the_treatment_template_says_that_it_is_research_grade(template):
    assert "Research grade" in template("treatment_dosing").spec.summary


def test_contact_is_limited_by_fatigue_and_worth_the_best_of_all_policies(template):
    # 2 ** 7 policies of a member, each evaluated by one linear system.
    best, limits = -np.inf, None
    for sends in product((False, True), repeat=7):
        rows = []
        for fatigue, send in enumerate(sends):
            if send:
                leaves = 0.01 * max(0, fatigue - 1)
                pays = 1.0 * (30 - 5 * max(0, fatigue - 1)) / 100 + 0.01 * (1 - leaves)
                rows.append((pays, {min(6, fatigue + 1): 1 - leaves}))
            else:
                rows.append((0.01, {max(0, fatigue - 1): 0.5, fatigue: 0.5} if fatigue else {0: 1.0}))
        value = linear_value(rows, 0.99)[0]
        if value > best + 1e-12:
            best, limits = value, sends
    made = template("contact_timing")
    sent = made.table(made.solution.policy)[:, 0] == "send"

    assert made.start() == pytest.approx(best, abs=1e-9)
    assert sent[: sent.sum()].all()
    assert 1 < sent.sum() < 7
    assert limits[: int(sent.sum())] == tuple(sent[: sent.sum()])
