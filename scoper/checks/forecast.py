"""Plain forecasts of a series from rolling origins, and what a rule that acts beyond a threshold would have done."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scoper.checks import Check, Given, Input, Param
from scoper.checks._cases import SEED, share_of
from scoper.checks._series import Series, series_of
from scoper.checks._shapes import is_series
from scoper.domain.checks import Fault, Listing, Outcome, Quantity
from scoper.domain.numbers import count, number, share
from scoper.errors import InputError, Problem, UsageError
from scoper.numerics.forecasting import NAIVE, SEASONAL, Backtest, backtest, mean_of_blocks

Floats = NDArray[np.float64]
Marks = NDArray[np.bool_]
_MOST, _LEAST_ORIGINS, _WINDOW = 100_000, 5, 4


def run(given: Given) -> Outcome:
    """Errors of every forecast over the origins, and hits, misses and false alarms of the rule."""
    series = series_of(given)
    values = series.values[-_MOST:]
    season, window, faults = _sizes(given, series, values.size)
    horizon = int(given.number("horizon"))
    first = max(round(given.number("first") * values.size), season, window, 2)
    if values.size - horizon - first + 1 < _LEAST_ORIGINS:
        message = f"{values.size} values leave fewer than {_LEAST_ORIGINS} origins after the first {first}"
        remedy = "export a longer period, or lower --first, --season, --window or --horizon"
        raise InputError(Problem("series-short", message, series.records.source, series.records.lines[0], 1, remedy))
    test = backtest(values, first, horizon, season, window)
    block = min(test.targets.size, max(horizon, season, round(test.targets.size ** (1 / 3))))
    measured = _measured(test, block, int(given.number("seed")))
    best = min(measured, key=lambda quantity: quantity.value or 0.0)
    method = best.name.partition(" of ")[2]
    threshold = given.get("threshold")
    origins = _origins(test, first, horizon, season, series.step)
    said = (
        f"{method[0].upper()}{method[1:]} forecast best: {_headline_error(best, test)} over {count(test.targets.size)}"
    )
    said += " origins"
    if threshold is None:
        if given.get("cost_miss") is not None or given.get("cost_alarm") is not None:
            raise UsageError(Problem("check-option", "--threshold is needed where costs are given"))
        remedy = "--threshold VALUE adds hits, misses and false alarms of a rule on the forecast"
        none = Fault(code="no_threshold", severity="info", claim="no threshold was given, so no rule was judged",
                     source=series.records.source, remedy=remedy)  # fmt: skip
        return Outcome(
            headline=f"{said}.", quantities=(origins, *measured), faults=(*series.faults, *faults, *_flat(test), none)
        )
    rule = _Rule(given, test)
    return Outcome(
        headline=f"{said}; {rule.said(method)}.",
        quantities=(origins, *measured, *rule.quantities(method)),
        listings=(rule.listing(),),
        faults=(*series.faults, *faults, *_flat(test), *rule.faults(series)),
    )


def _sizes(given: Given, series: Series, n: int) -> tuple[int, int, list[Fault]]:
    """(season, window, remarks): as entered, else as the spacing of the times suggests."""
    source, faults = series.records.source, []
    season = given.get("season")
    if season is None:
        season = series.season if n >= 3 * series.season else 0
        if season:
            one = "an hour" if series.step == "hour" else f"a {series.step}"
            claim = f"the times lie {one} apart, so a season of {season} was taken"
            faults.append(
                Fault(code="season_assumed", severity="info", claim=claim, source=source, remedy="--season N")
            )
    if series.values.size > n:
        claim = f"only the last {count(n)} of {count(series.values.size)} values were used"
        faults.append(Fault(code="shortened", severity="info", claim=claim, source=source))
    return int(season), int(given.get("window") or season or _WINDOW), faults


def _origins(test: Backtest, first: int, horizon: int, season: int, step: str) -> Quantity:
    words = f"Each forecast is made from what was known then, {horizon} ahead, the first from {count(first)} values"
    words += f"; season {season} {step}s." if season > 1 else "; no season."
    return Quantity(name="origins", value=float(test.targets.size), basis="measured", words=words)


def _measured(test: Backtest, block: int, seed: int) -> list[Quantity]:
    """The scaled error of every method; the plain one where the series did not move before the first origin."""
    found = []
    for method in test.forecasts:
        errors = test.errors(method)
        mean, low, high = mean_of_blocks(errors, block, np.random.default_rng(seed))
        scaled = test.scale > 0
        by = test.scale if scaled else 1.0
        words = f"Mean absolute error {number(mean)}"
        words += f", in units of the usual step {number(test.scale)}" if scaled else ""
        found.append(
            Quantity(
                name=f"{'MASE' if scaled else 'mean absolute error'} of {method}",
                value=mean / by,
                low=low / by,
                high=high / by,
                basis="measured",
                words=f"{words}; interval over origins, blocks of {block} (95 %).",
            )
        )
    return found


def _headline_error(best: Quantity, test: Backtest) -> str:
    value = number(best.value or 0.0)
    return f"MASE {value}" if test.scale > 0 else f"mean absolute error {value}"


def _flat(test: Backtest) -> tuple[Fault, ...]:
    """Remarks on what the errors mean: no step to scale by, or nothing better than the last value."""
    if test.scale == 0:
        claim = "the value never changed before the first origin, so errors cannot be scaled and are given as they are"
        return (Fault(code="no_scale", severity="caution", claim=claim, remedy="a longer period, or --first"),)
    mean = {method: float(test.errors(method).mean()) for method in test.forecasts}
    if min(mean.values()) >= mean[NAIVE]:
        claim = "no forecast beats the last value: near a random walk, a rule on the value itself does the same"
        return (Fault(code="naive_is_best", severity="info", claim=claim),)
    if SEASONAL in mean and mean[SEASONAL] > mean[NAIVE]:
        claim = "the same time of the last season forecasts worse than the last value: the season may be another one"
        return (Fault(code="season_doubtful", severity="info", claim=claim, remedy="--season N, 0 for none"),)
    return ()


class _Rule:
    """The rule 'act when the forecast is beyond the threshold', held against what came."""

    def __init__(self, given: Given, test: Backtest) -> None:
        self.test = test
        self.threshold, self.side = given.number("threshold"), str(given.get("side"))
        self.miss, self.alarm = given.get("cost_miss"), given.get("cost_alarm")
        if (self.miss is None) != (self.alarm is None):
            missing = "cost-miss" if self.miss is None else "cost-alarm"
            raise UsageError(Problem("check-option", f"--{missing} is needed: one cost alone decides nothing"))
        self.events = self._beyond(test.targets, self.threshold)

    def _beyond(self, values: Floats, line: float) -> Marks:
        return values > line if self.side == "above" else values < line

    def counted(self, alarms: Marks, rows: slice = slice(None)) -> tuple[int, int, int]:
        """(hits, misses, false alarms) of alarms at the origins of `rows`."""
        events, alarms = self.events[rows], alarms[rows]
        return int((alarms & events).sum()), int((~alarms & events).sum()), int((alarms & ~events).sum())

    def said(self, method: str) -> str:
        """The rule's record with this forecast in words."""
        hits, misses, false = self.counted(self._beyond(self.test.forecasts[method], self.threshold))
        where = f"of {count(hits + misses)} times {self.side} {number(self.threshold)}"
        return f"a rule on it saw {count(hits)} {where} coming, with {count(false)} false alarms"

    def quantities(self, method: str) -> list[Quantity]:
        """Shares with exact intervals, and costs where they were entered."""
        hits, misses, false = self.counted(self._beyond(self.test.forecasts[method], self.threshold))
        found = []
        if hits + misses:
            words = f"{method}; exact interval (95 %), as if origins were independent."
            found.append(share_of("events seen coming", hits, hits + misses, words))
        if hits + false:
            words = f"{method}; exact interval (95 %), as if origins were independent."
            found.append(share_of("alarms that were right", hits, hits + false, words))
        if self.miss is not None:
            found += self._costs(method)
        return found

    def _cost(self, counts: tuple[int, int, int]) -> float:
        assert self.miss is not None
        assert self.alarm is not None
        return float(self.miss * counts[1] + self.alarm * (counts[0] + counts[2]))

    def _costs(self, method: str) -> list[Quantity]:
        """Costs at the user's line, of never and always acting, and at the line that was best in the first half."""
        n = self.events.size
        forecast = self.test.forecasts[method]
        early, late = slice(0, n // 2), slice(n // 2, n)
        lines = np.unique(np.quantile(forecast[early], np.linspace(0.0, 1.0, 101)))
        tried = [(self._cost(self.counted(self._beyond(forecast, line), early)), float(line)) for line in lines]
        best = min(tried, key=lambda pair: (pair[0], abs(pair[1] - self.threshold)))[1]
        never, always = np.zeros(n, dtype=np.bool_), np.ones(n, dtype=np.bool_)
        ways = (
            ("cost of the rule", self._beyond(forecast, self.threshold), slice(None), "Over all origins."),
            ("cost of never acting", never, slice(None), "Every event is missed."),
            ("cost of always acting", always, slice(None), "Every origin is an alarm."),
            ("cost of the rule, second half", self._beyond(forecast, self.threshold), late, "At the given line."),
            (f"cost with the line at {number(best)}, second half", self._beyond(forecast, best), late,
             "The line on the forecast that was cheapest in the first half."),
        )  # fmt: skip
        return [
            Quantity(name=name, value=self._cost(self.counted(alarms, rows)), basis="measured", words=words)
            for name, alarms, rows, words in ways
        ]

    def listing(self) -> Listing:
        """Every forecast with its hits, misses, false alarms (and cost)."""
        rows = []
        for method, forecast in self.test.forecasts.items():
            counts = self.counted(self._beyond(forecast, self.threshold))
            costs = () if self.miss is None else (number(self._cost(counts)),)
            rows.append((method, *(count(each) for each in counts), *costs))
        header = ("forecast", "hits", "misses", "false alarms", *(() if self.miss is None else ("cost",)))
        note = f"Event: the value came {self.side} {number(self.threshold)}. Alarm: it was forecast so."
        return Listing(title="What a rule on each forecast would have done", header=header, rows=tuple(rows), note=note)

    def faults(self, series: Series) -> list[Fault]:
        """Remarks on too few events, and on a rule that costs as much as doing nothing."""
        source, events, n = series.records.source, int(self.events.sum()), self.events.size
        found = []
        if events in (0, n):
            what = "never" if events == 0 else "always"
            claim = (
                f"the value was {what} {self.side} {number(self.threshold)} at these origins, so no rule can be judged"
            )
            found.append(
                Fault(code="no_event", severity="caution", claim=claim, source=source, remedy="--threshold VALUE")
            )
        elif min(events, n - events) < _LEAST_ORIGINS:
            claim = f"only {min(events, n - events)} of {count(n)} origins differ from the others: shares are wide"
            found.append(Fault(code="few_events", severity="caution", claim=claim, source=source))
        if self.miss is not None and events:
            costs = [self._cost(self.counted(self._beyond(f, self.threshold))) for f in self.test.forecasts.values()]
            idle = self._cost((0, events, 0))
            if min(costs) >= 0.95 * idle:
                claim = f"no forecast with this line costs less than {share(0.95)} of never acting"
                remedy = "another line, or no rule at all"
                found.append(
                    Fault(code="rule_pays_nothing", severity="caution", claim=claim, source=source, remedy=remedy)
                )
        return found


CHECK = Check(
    id="forecast",
    technique="plain_automation",
    summary="Plain forecasts of a series from rolling origins, and what a threshold on them would have caught.",
    question="Which plain forecast is best, and what would a threshold on it have cost?",
    inputs=(
        Input(
            "series", "records", "a CSV of one value per time: a column of ISO dates or rising numbers, and a number"
        ),
    ),
    params=(
        Param(
            "time", "column", "The column of times; without it the first that looks like time, else the lines' order."
        ),
        Param("value", "column", "The column that is forecast; without it the last one of numbers."),
        Param("horizon", "whole", "Steps ahead that are forecast.", 1, low=1, high=1000),
        Param("season", "whole", "Steps after which the series repeats, 0 for none; without it by the spacing.", low=0),
        Param("window", "whole", "Values of the moving average; without it the season, else 4.", low=1),
        Param("first", "share", "The share of values that the first forecast is made from.", 0.5, low=0.1, high=0.9),
        Param("threshold", "number", "The value beyond which something is done."),
        Param("side", "word", "The side of the threshold that matters.", "above", choices=("above", "below")),
        Param("cost_miss", "number", "What an event costs that was not seen coming.", low=0),
        Param("cost_alarm", "number", "What acting costs, needed or not.", low=0),
        SEED,
    ),
    run=run,
    formula=(
        "From every origin each forecast uses only what was known then. MASE: mean absolute error over the mean "
        "absolute one-step change before the first origin; 1 is as good as the last value was one step ahead. "
        "Interval: circular block bootstrap over origins. Cost: misses times their cost plus alarms times theirs."
    ),
    source="Hyndman and Koehler (2006), Another look at measures of forecast accuracy; Tashman (2000); Politis and "
    "Romano (1992)",
    shows_not="what a forecast with further columns would reach, and what acting would do to the series itself.",
    fits=is_series,
    example="automation forecast demand.csv --time day --value units --threshold 120",
)
