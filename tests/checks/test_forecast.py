"""The forecast check against figures that follow from how a series was made."""

from __future__ import annotations

import datetime
from itertools import pairwise

import numpy as np
import pytest

from scoper.errors import InputError, UsageError
from scoper.numerics.forecasting import AVERAGE, NAIVE, SEASONAL, SMOOTHED, backtest, mean_of_blocks
from tests.checks.conftest import Run, codes, quantity


def table(values: list[float], start: str = "2024-01-01") -> str:
    day = datetime.date.fromisoformat(start)
    rows = [f"{day + datetime.timedelta(days=i)},{value}" for i, value in enumerate(values)]
    return "\n".join(["day,units", *rows]) + "\n"


def walk(n: int, seed: int) -> list[float]:
    return [float(x) for x in 100 + np.random.default_rng(seed).normal(0.0, 1.0, n).cumsum()]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_of_a_random_walk_the_last_value_is_the_best_forecast_with_a_scaled_error_of_one(run: Run, seed: int) -> None:
    result = run("forecast", series=table(walk(1200, seed)), season="7", first="0.5")
    mase = {q.name.removeprefix("MASE of "): q for q in result.outcome.quantities if q.name.startswith("MASE")}

    # E|step| before and after the first origin is the same; 600 steps of |N(0, 1)| have a standard error of 2.5 %
    assert mase["naive"].value == pytest.approx(1.0, abs=0.12)
    assert mase["naive"].value < mase["moving average"].value
    assert mase["naive"].value < mase["seasonal naive"].value
    # E|sum of 7 steps| / E|step| = sqrt(7)
    assert mase["seasonal naive"].value == pytest.approx(7**0.5, rel=0.25)


def test_a_pure_season_is_forecast_without_error_by_the_last_season(run: Run) -> None:
    week = [10, 12, 11, 13, 20, 30, 5]
    result = run("forecast", series=table([float(v) for v in week * 12]))
    steps = [abs(b - a) for a, b in pairwise(week * 12)]

    assert quantity(result, "MASE of seasonal naive").value == 0.0
    # 84 values, the first 42 for the first origin: the mean step of whole weeks but the last one's
    assert f"units of the usual step {sum(steps[:41]) / 41:.4g}" in quantity(result, "MASE of naive").words
    assert "season_assumed" in codes(result)
    assert "season 7 days" in quantity(result, "origins").words
    assert result.outcome.headline.startswith("Seasonal naive forecast best: MASE 0 over 42 origins")


def test_two_steps_ahead_a_season_still_repeats_and_a_line_is_missed_by_its_slope() -> None:
    line = np.arange(60.0)
    test = backtest(line, first=20, horizon=2, season=4, window=4)

    assert test.scale == 1.0
    assert set(test.errors(NAIVE)) == {2.0}
    assert set(test.errors(SEASONAL)) == {4.0}
    assert test.errors(AVERAGE) == pytest.approx(np.full(39, 3.5))  # the middle of the last four lies 1.5 back
    assert set(test.errors(SMOOTHED)) == {2.0}  # on a line the greatest weight wins


def test_smoothing_of_noise_around_a_level_takes_a_small_weight_and_beats_the_last_value(run: Run) -> None:
    noise = [float(x) for x in 50 + np.random.default_rng(4).normal(0.0, 1.0, 800)]
    result = run("forecast", series=table(noise), season="0", window="50")

    # independent noise: the naive error is N(0, 2), that of a long mean nearly N(0, 1): a ratio of 1 / sqrt(2)
    assert quantity(result, "MASE of moving average").value == pytest.approx(0.5**0.5, rel=0.06)
    assert quantity(result, "MASE of exponential smoothing").value == pytest.approx(0.5**0.5, rel=0.08)


def test_hits_misses_false_alarms_and_costs_are_those_counted_by_hand(run: Run) -> None:
    values = [0.0, 10.0] * 15 + [0.0]
    result = run(
        "forecast", series=table(values), season="0", window="2", first="0.5", threshold="5", cost_miss="7",
        cost_alarm="2",
    )  # fmt: skip
    listing = result.outcome.listings[0]
    rows = {row[0]: row[1:] for row in listing.rows}

    # 15 origins, the value after each of them by turns; naive always says the other side: all 8 or 7 events missed
    targets = values[16:]
    events = sum(value > 5 for value in targets)
    assert rows["naive"] == (
        "0",
        str(events),
        str(len(targets) - events),
        str(7 * events + 2 * (len(targets) - events)),
    )
    assert quantity(result, "cost of never acting").value == 7 * events
    assert quantity(result, "cost of always acting").value == 2 * len(targets)


def test_a_season_two_in_the_same_series_sees_every_event_coming(run: Run) -> None:
    result = run("forecast", series=table([0.0, 10.0] * 20), season="2", threshold="5", side="below")

    assert quantity(result, "events seen coming").value == 1.0
    assert quantity(result, "alarms that were right").value == 1.0


def test_the_interval_of_a_mean_covers_it_in_about_nineteen_of_twenty_dependent_series() -> None:
    hits = 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        noise = rng.normal(0.0, 1.0, 409)
        around = np.convolve(noise, np.ones(10) / 10, mode="valid")  # 400 values, each like its nine neighbours
        _, low, high = mean_of_blocks(around, 30, rng)
        hits += low <= 0.0 <= high

    # 95 % nominal; blocks of finite length cost some: binomial bounds around 0.93 of 200
    assert 172 <= hits <= 199


def test_order_on_the_disk_does_not_matter_where_there_are_dates(run: Run) -> None:
    text = table(walk(100, 5))
    head, *rows = text.splitlines()
    turned = "\n".join([head, *reversed(rows)]) + "\n"

    assert run("forecast", series=text).outcome.quantities == run("forecast", series=turned).outcome.quantities


@pytest.mark.parametrize(
    ("dates", "season"),
    [([f"{y}-{m:02d}" for y in range(2015, 2023) for m in range(1, 13)], "season 12 months"),
     ([f"2024-03-{d:02d}T{h:02d}:00" for d in range(1, 8) for h in range(24)], "season 24 hours")],
)  # fmt: skip
def test_the_spacing_of_dates_tells_the_season(run: Run, dates: list[str], season: str) -> None:
    rows = "\n".join(f"{date},{i % 5}" for i, date in enumerate(dates))
    result = run("forecast", series=f"when,count\n{rows}\n")

    assert season in quantity(result, "origins").words


def test_a_series_that_never_moved_before_the_first_origin_has_no_scale(run: Run) -> None:
    result = run("forecast", series=table([5.0] * 20 + [6.0] * 10 + [7.0] * 10))

    assert "no_scale" in codes(result)
    assert quantity(result, "mean absolute error of naive").value == pytest.approx(2 / 20)


def test_a_threshold_never_reached_and_a_gap_in_the_dates_are_told(run: Run) -> None:
    text = table(walk(60, 6))
    lines = text.splitlines()
    del lines[30:33]
    result = run("forecast", series="\n".join(lines) + "\n", threshold="10000")

    assert {"no_event", "gaps"} <= set(codes(result))


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (
            "day,units\n" + "2024-01-01,1\n" * 2 + "".join(f"2024-02-{i:02d},2\n" for i in range(1, 25)),
            3,
            "second value",
        ),
        ("day,units\n" + "".join(f"{i},x\n" for i in range(30)), 1, "numbers"),
        ("day,units\n" + "".join(f"2024-02-{i:02d},2\n" for i in range(1, 10)), 2, "9 values are too few"),
    ],
)
def test_a_table_that_is_no_series_is_refused_with_its_place(run: Run, text: str, line: int, said: str) -> None:
    with pytest.raises(InputError) as caught:
        run("forecast", series=text, time="day")

    assert caught.value.problems[0].line == line
    assert said in caught.value.problems[0].message


def test_dates_of_several_forms_are_refused_each_at_its_cell(run: Run) -> None:
    rows = [f"2024-02-{i:02d},2" for i in range(1, 25)]
    rows[3], rows[7] = "04.02.2024,2", "02/08/2024,2"
    with pytest.raises(InputError) as caught:
        run("forecast", series="day,units\n" + "\n".join(rows) + "\n", time="day")

    assert [(problem.line, problem.column) for problem in caught.value.problems] == [(5, 1), (9, 1)]


def test_one_cost_alone_is_refused(run: Run) -> None:
    with pytest.raises(UsageError, match="cost-alarm"):
        run("forecast", series=table(walk(60, 7)), threshold="100", cost_miss="5")
