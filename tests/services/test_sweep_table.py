"""The numbers of a sweep's table, derived by hand."""

from __future__ import annotations

import pytest

from scoper.domain.cell import Bounds, NotMeasured, SeedReturn
from scoper.domain.returns import ReturnSummary
from scoper.domain.sweep import CellKey, CellRecord
from scoper.services.probing import environment_spec_text, make_plan
from scoper.services.sweep_markdown import markdown
from scoper.services.sweep_table import tabulate

PLAN = make_plan(environment_spec_text("One-v1"), "One-v1", ".", budget="quick")


def record(measurement, learner=None, number=0, **versions):
    key = CellKey(spec=PLAN.spec_digest, learner=learner, number=number, budget="quick", budget_s=60.0)
    return CellRecord(key=key, measurement=measurement, versions=versions)


def bounds(*, optimal=None, target=None, planned=None, **floors):
    known = {**floors, **({} if planned is None else {"planned": planned})}
    returns = {n: ReturnSummary(mean=m, low=m, high=m, n=1, basis="measured") for n, m in known.items()}
    planners = () if planned is None else ("planned",)
    return record(Bounds(returns=returns, floors=tuple(floors), planners=planners, optimal=optimal, target=target))


def seeds(learner, *means, **more):
    return [record(SeedReturn(mean=mean, **more), learner, number) for number, mean in enumerate(means)]


def row(*records):
    return tabulate([PLAN], (0, 1), records).rows[0]


def test_from_eight_seeds_on_a_row_is_the_mean_of_the_middle_half_between_floor_and_optimum():
    found = row(
        bounds(optimal=10.0, random=2.0, constant=-5.0), *seeds("a", -9.0, 4.0, 8.0, 10.0, 4.0, 8.0, -9.0, 10.0)
    )

    assert found.estimator == "interquartile mean"
    assert found.iqm.estimate == pytest.approx(6.0)  # of 4, 4, 8, 8: the lowest and the highest quarter are left out
    assert (found.floor, found.ceiling) == ("random", "optimal")
    assert found.gap_share.estimate == pytest.approx((6.0 - 2.0) / (10.0 - 2.0))
    assert found.gap_share.low < found.gap_share.estimate < found.gap_share.high <= 1.0
    assert found.iqm.low < found.iqm.estimate < found.iqm.high


def test_with_fewer_seeds_a_row_is_the_mean_with_students_interval():
    found = row(bounds(optimal=10.0, random=0.0), *seeds("a", 2.0, 3.0, 4.0))
    half = 4.302653 / 3.0**0.5  # Student's 97.5 % quantile with two degrees of freedom; the spread is 1

    assert found.estimator == "mean"
    assert (found.mean.low, found.mean.high) == pytest.approx((3.0 - half, 3.0 + half))
    assert found.gap_share.low == pytest.approx((3.0 - half) / 10.0)
    assert (found.iqm.estimate, found.iqm.low) == (3.0, None)


def test_without_an_optimum_the_ceiling_is_the_declared_target_or_the_best_that_anything_reached():
    assert row(bounds(target=100.0, random=0.0), *seeds("a", 50.0)).gap_share.estimate == 0.5
    over = row(bounds(target=100.0, random=0.0), *seeds("a", 50.0), *seeds("b", 200.0))
    assert (over.ceiling, over.gap_share.estimate) == ("best found, by b", 0.25)
    planned = row(bounds(planned=80.0, random=0.0), *seeds("a", 20.0))
    assert (planned.ceiling, planned.gap_share.estimate) == ("best found, by planned", 0.25)


def test_a_myopic_policy_that_is_optimal_is_no_floor():
    assert row(bounds(optimal=10.0, myopic=10.0, random=0.0), *seeds("a", 5.0)).gap_share.estimate == 0.5
    assert row(bounds(optimal=10.0, myopic=8.0, random=0.0), *seeds("a", 9.0)).floor == "myopic"


def test_where_nothing_lies_between_floor_and_ceiling_there_is_no_share():
    assert row(bounds(optimal=10.0, constant=10.0), *seeds("a", 10.0, 10.0)).gap_share is None


def test_one_seed_has_no_interval_and_the_report_says_so():
    table = tabulate([PLAN], (0,), [bounds(optimal=10.0, random=0.0), *seeds("a", 5.0)])

    assert (table.rows[0].iqm.low, table.rows[0].mean.high) == (None, None)
    assert "5 (one seed)" in markdown(table)


@pytest.mark.parametrize(("n", "said"), [(2, "both seeds the same"), (9, "all 9 seeds the same")])
def test_seeds_that_all_return_the_same_have_no_interval_and_the_report_says_so(n, said):
    table = tabulate([PLAN], (0,), [bounds(optimal=10.0, random=0.0), *seeds("a", *[9.5] * n)])
    found, text = table.rows[0], markdown(table)

    for told in (found.mean, found.iqm, found.gap_share):
        assert (told.low, told.high) == (None, None)
    assert f"9.5 ({said})" in text
    assert f"95.0 % ({said})" in text
    assert "may still be there" in text


def test_two_seeds_that_differ_have_students_interval_which_is_wide():
    found = row(bounds(random=0.0), *seeds("a", 2.0, 4.0))

    assert found.mean.high - found.mean.low == pytest.approx(2 * 12.7062)  # one degree of freedom, standard error 1


def test_rows_without_bounds_have_returns_and_no_share():
    found = row(*seeds("a", 1.0, 3.0))

    assert found.mean.estimate == 2.0
    assert (found.floor, found.gap_share) == ("", None)


def test_a_learner_that_does_not_apply_is_a_row_with_its_reason():
    found = row(bounds(random=0.0), record(NotMeasured(reason="a takes no pictures"), "a"))

    assert (found.seeds, found.failed, found.reason) == (0, 0, "a takes no pictures")


def test_cells_that_do_not_fit_are_not_measured_and_counted_apart():
    unfit = [record(NotMeasured(reason="b takes no numbers", fits=False), "b", number) for number in (0, 1)]
    nothing = record(NotMeasured(reason="a constant action is optimal"), "c")
    table = tabulate([PLAN], (0, 1), [bounds(random=0.0), *seeds("a", 1.0), *unfit, nothing])

    assert [(found.learner, found.failed, found.unfit) for found in table.rows] == [
        ("a", 0, 0),
        ("b", 0, 2),
        ("c", 0, 0),
    ]
    assert [cell.state for cell in table.cells] == ["measured", "measured", "unfit", "unfit", "nothing"]
    assert "2 of 5 cells measured, 2 do not fit, 1 with nothing to measure: 1 spec" in markdown(table)
    assert "b takes no numbers |   |   |   | 0 | 2 |" in markdown(table)


def test_cells_cut_by_the_clock_and_mixed_versions_are_told():
    cut = seeds("a", 1.0, 2.0, note="a was stopped by the clock")
    mixed = [record(SeedReturn(mean=1.0), "b", 0, numpy="1"), record(SeedReturn(mean=1.0), "b", 1, numpy="2")]
    text = markdown(tabulate([PLAN], (0, 1), [*cut, *mixed]))

    assert "Stopped by the clock" in text
    assert "a on One-v1" in text
    assert "numpy 1 and 2" in text


def test_floors_that_the_clock_cut_short_still_give_a_share_and_that_is_told():
    cut = bounds(optimal=10.0, random=2.0)
    cut = cut.model_copy(update={"measurement": cut.measurement.model_copy(update={"note": "the budget was used up"})})
    table = tabulate([PLAN], (0,), [cut, *seeds("a", 6.0)])

    assert table.rows[0].gap_share.estimate == 0.5
    assert "One-v1: the clock stopped before all floors were measured" in markdown(table).replace("\\", "")


def test_cells_that_found_different_classes_of_speed_are_told():
    even = tabulate([PLAN], (0, 1), seeds("a", 1.0, 2.0, pace=256.0))
    uneven = tabulate([PLAN], (0, 1), [*seeds("a", 1.0, pace=256.0), *seeds("b", 1.0)])

    assert even.specs[0].paces == (256.0,)
    assert uneven.specs[0].paces == (256.0, None)
    assert "class of speed" in markdown(uneven)
    assert "class of speed" not in markdown(even)


def test_names_of_the_user_are_no_markup():
    plan = make_plan("scoper_mdp: 1\nname: 'x | <b>y</b>'\nenvironment: {id: One-v1}\n", "a|b.yaml", ".")
    key = CellKey(spec=plan.spec_digest, learner="a", budget="quick", budget_s=60.0)
    text = markdown(tabulate([plan], (0,), [CellRecord(key=key, measurement=SeedReturn(mean=1.0))]))

    assert "<b>" not in text
    assert "x | " not in text
