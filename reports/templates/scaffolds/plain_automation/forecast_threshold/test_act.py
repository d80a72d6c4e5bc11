# Case: @TITLE@
"""The rule looks only back, acts beyond the line and stops on old data. Run: pytest test_act.py"""

from pathlib import Path

import act
import pytest

SERIES = Path(__file__).resolve().parent / "series.csv"
DATES, VALUES = act.read(SERIES)
SEASON, HORIZON = act.RULE["season"], act.RULE["horizon"]


def test_the_series_has_two_seasons_and_rising_dates():
    assert len(VALUES) >= 2 * SEASON + HORIZON
    assert sorted(set(DATES)) == DATES


@pytest.mark.parametrize("horizon", range(1, 2 * SEASON + 1))
def test_a_series_that_repeats_is_forecast_without_error(horizon):
    values = [float(t % SEASON) for t in range(4 * SEASON)]
    assert act.forecast(values, SEASON, horizon) == float((len(values) - 1 + horizon) % SEASON)


def test_the_line_itself_is_not_beyond_it():
    line, sign = act.RULE["threshold"], 1 if act.RULE["side"] == "above" else -1
    assert not act.beyond(line)
    assert act.beyond(line + sign)
    assert not act.beyond(line - sign)


def test_every_event_is_either_caught_or_missed():
    caught, missed, _ = act.past(VALUES)
    assert caught + missed == sum(map(act.beyond, VALUES[SEASON + HORIZON - 1 :]))


def test_old_data_stop_the_rule_and_say_so(capsys):
    assert act.main(SERIES, "2999-01-01") == 3
    assert "a person decides" in capsys.readouterr().out
    assert act.main(SERIES, DATES[-1]) == 0
