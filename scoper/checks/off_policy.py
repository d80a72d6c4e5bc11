"""Off-policy evaluation of a decision log: what another policy would have earned, and whether the log can tell."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoper.checks import Check, Given, Input, Param
from scoper.checks._cases import IGNORE, SEED
from scoper.checks._shapes import has_columns
from scoper.domain.checks import Fault, Listing, Outcome, Quantity, Speaks
from scoper.domain.numbers import count, number, share
from scoper.domain.records import Records
from scoper.domain.text import shown
from scoper.errors import InputError, Problem, UsageError
from scoper.numerics.betting import lower_bound
from scoper.numerics.case_columns import coded, column_of, groups_of, is_identifier
from scoper.numerics.off_policy import (
    Estimate,
    Floats,
    Ints,
    doubly_robust,
    effective_size,
    fitted,
    ips,
    normal_interval,
    snips,
)

_FOLDS, _FEW, _LARGE, _SMALL_SIZE = 5, 10, 100.0, 50
_REQUIRED = ("action", "propensity", "outcome")
_PREFIX = "new_"


@dataclass(frozen=True)
class Log:
    """n decisions: action codes, the chance of each, its outcome, and (n, A) chances of the new policy."""

    records: Records
    actions: Ints
    names: tuple[str, ...]
    propensity: Floats
    outcome: Floats
    target: Floats
    context: tuple[str, ...]

    @property
    def weights(self) -> Floats:
        """(n,) target chance over logged chance of what was done."""
        return np.asarray(self.target[np.arange(self.actions.size), self.actions] / self.propensity)


def log_of(given: Given) -> Log:
    """The log with the new policy: `--always ACTION`, or columns new_ACTION with its chances.

    Raises InputError for missing columns, chances outside (0, 1] and rows of chances that do not sum to one.
    """
    records = given.records("log")
    names = {key: given.get(key, key) for key in _REQUIRED}
    records.require(list(names.values()), f"columns: {', '.join(_REQUIRED)}; name others with --action and so on")
    actions, kinds = coded(records.column(names["action"]))
    propensity = records.numbers(names["propensity"], low=0.0, high=1.0, above=True)
    outcome = records.numbers(names["outcome"])
    target = _target(given, records, kinds)
    used = {*names.values(), *(name for name in records.names if name.startswith(_PREFIX)), *given.get("ignore", ())}
    context = tuple(n for n in records.names if n not in used and not is_identifier(records, n))
    if len(records) < _FEW:
        raise InputError(Problem("log", f"{len(records)} decisions are too few, {_FEW} are the least", records.source))
    return Log(records, actions, kinds, propensity, outcome, target, context)


def _target(given: Given, records: Records, kinds: tuple[str, ...]) -> Floats:
    always = given.get("always")
    if always is not None:
        if always not in kinds:
            from scoper.errors import did_you_mean

            problem = Problem("check-option", f"--always '{shown(always, 40)}' was never taken in the log",
                              remedy=did_you_mean(always, kinds))  # fmt: skip
            raise UsageError(problem)
        found = np.zeros((len(records), len(kinds)))
        found[:, kinds.index(always)] = 1.0
        return found
    columns = [_PREFIX + kind for kind in kinds]
    if not any(name in records.names for name in columns):
        remedy = f"--always ACTION, or columns {', '.join(columns[:4])} with the new policy's chances"
        raise UsageError(Problem("check-option", "the policy to evaluate is not given", remedy=remedy))
    records.require(columns)
    found = np.stack([records.numbers(name, low=0.0, high=1.0) for name in columns], axis=1)
    off = np.flatnonzero(np.abs(found.sum(axis=1) - 1.0) > 1e-6)
    extra = [n for n in records.names if n.startswith(_PREFIX) and n not in columns]
    if off.size and not extra:
        row = int(off[0])
        raise InputError(records.problem(row, columns[0], f"the chances sum to {found[row].sum():g}, not to 1"))
    return found


def run(given: Given) -> Outcome:
    """IPS, SNIPS and DR with intervals, beside what was earned; and whether the log supports them."""
    log = log_of(given)
    weights = log.weights
    earned = normal_interval(log.outcome)
    modelled = _model(log, int(given.number("seed")))
    of_taken = modelled[np.arange(log.actions.size), log.actions]
    robust = doubly_robust(weights, log.outcome, of_taken, (modelled * log.target).sum(axis=1))
    plain, normalised = ips(weights, log.outcome), snips(weights, log.outcome)
    size = effective_size(weights)
    quantities = [
        _quantity("earned by the logged policy", earned, "The mean outcome of the log (Student, 95 %)."),
        _quantity("new policy, IPS", plain, "Without bias where the log supports it; asymptotic interval (95 %)."),
        *([_quantity("new policy, SNIPS", normalised, "Slightly biased, steadier.")] if normalised else []),
        _quantity("new policy, DR", robust, f"With mean outcomes by {_cells(log)}, fitted on other folds."),
        *_sure(log, weights),
        Quantity(
            name="effective sample size",
            value=size,
            unit="decisions",
            basis="measured",
            words=f"Of {count(weights.size)}: as many decisions of the new policy itself would say as much (Kish).",
        ),
        Quantity(name="largest weight", value=float(weights.max()), basis="measured"),
    ]
    faults = _faults(log, weights, size)
    gain = normal_interval(_difference(log, weights, modelled, of_taken))
    quantities.insert(4, _quantity("gain over the logged policy, DR", gain, "From the same decisions (95 %)."))
    blocked = any(fault.severity == "blocker" for fault in faults)
    if blocked:
        headline = "This log does not support an evaluation of the new policy: see the blocker."
    elif gain.low > 0 or gain.high < 0:
        word = "more" if gain.low > 0 else "less"
        headline = (
            f"The new policy would have earned {word}: {number(robust.value)} a decision against {number(earned.value)}"
        )
        headline += f" ({number(gain.low)} to {number(gain.high)} difference)."
    else:
        headline = f"No difference is shown: {number(robust.value)} a decision against {number(earned.value)}"
        headline += f" ({number(gain.low)} to {number(gain.high)} difference)."
    return Outcome(
        headline=headline, quantities=tuple(quantities), listings=(_support(log),), faults=faults, speaks=_speaks(log)
    )


def _difference(log: Log, weights: Floats, modelled: Floats, of_taken: Floats) -> Floats:
    return np.asarray((modelled * log.target).sum(axis=1) + weights * (log.outcome - of_taken) - log.outcome)


def _model(log: Log, seed: int) -> Floats:
    cells = _context_cells(log)
    fold = np.random.default_rng(seed).permutation(np.arange(log.actions.size) % _FOLDS)
    return fitted(cells, log.actions, log.outcome, fold, len(log.names))


def _context_cells(log: Log) -> Ints:
    """Decisions in like situations: words as they are, numbers in quarters; the first three columns of context."""
    columns = []
    for name in log.context[:3]:
        column = column_of(log.records, name)
        if column.numeric:
            edges = np.nanquantile(column.values, [0.25, 0.5, 0.75])
            quarter = np.searchsorted(edges, np.nan_to_num(column.values, nan=-1.7e308)).astype(np.float64)
            column = type(column)(name, quarter)
        columns.append(column)
    return groups_of(columns, log.actions.size)


def _cells(log: Log) -> str:
    named = ", ".join(shown(name, 20) for name in log.context[:3])
    return f"action and {named}" if named else "action"


def _quantity(name: str, found: Estimate, words: str) -> Quantity:
    return Quantity(name=name, value=found.value, low=found.low, high=found.high, basis="measured", words=words)


def _sure(log: Log, weights: Floats) -> list[Quantity]:
    """A lower limit that holds for every law of outcomes that are not negative."""
    if float(log.outcome.min()) < 0.0:
        return []
    low = lower_bound(weights * log.outcome, 0.0, 0.05)
    words = "Holds for every law of outcomes that are not negative, however skewed the weights (95 %, one-sided)."
    return [Quantity(name="new policy, at least", value=low, low=low, basis="measured", words=words)]


def _support(log: Log) -> Listing:
    rows = []
    for code, name in enumerate(log.names):
        taken = log.actions == code
        wanted = float(log.target[:, code].mean())
        n = int(taken.sum())
        mean = normal_interval(log.outcome[taken])
        ends = f"{number(mean.low)} to {number(mean.high)}" if n > 1 else "-"
        least = float(log.propensity[taken].min())
        rows.append((shown(name, 30), count(n), number(mean.value), ends, share(wanted), number(least)))
    header = ("action", "taken", "mean outcome", "95 %", "new policy takes it", "least chance")
    note = "The mean outcomes are of situations in which each was taken, so they do not compare the actions."
    return Listing(title="What the log holds", header=header, rows=tuple(rows), note=note)


def _faults(log: Log, weights: Floats, size: float) -> tuple[Fault, ...]:
    source, found = log.records.source, []
    extra = [n.removeprefix(_PREFIX) for n in log.records.names if n.startswith(_PREFIX)]
    unseen = [n for n in extra if n not in log.names and float(log.records.numbers(_PREFIX + n, low=0.0).max()) > 0.0]
    if unseen:
        claim = f"the new policy takes actions that the log never took: {', '.join(shown(n, 20) for n in unseen[:5])}"
        remedy = "try them on a small share of decisions first; no log tells what they bring"
        found.append(Fault(code="no_support", severity="blocker", claim=claim, source=source, line=1, remedy=remedy))
    total = normal_interval(weights, 0.999)  # healthy logs must not fail one time in twenty
    if total.high < 1.0 or total.low > 1.0:
        claim = (
            f"the weights have the mean {number(total.value)} ({number(total.low)} to "
            f"{number(total.high)}), it should be 1"
        )
        remedy = "the logged chances are not those that were used, or the new policy takes what the log could not"
        found.append(Fault(code="weights_off", severity="blocker", claim=claim, source=source, remedy=remedy))
    if bool((log.propensity == 1.0).all()):
        claim = "every decision was taken with chance 1: one fixed policy, so nothing else can be evaluated"
        remedy = "let a small share of decisions be drawn at random, and log their chances"
        found.append(Fault(code="no_randomness", severity="blocker", claim=claim, source=source, line=1, remedy=remedy))
    if size < _SMALL_SIZE:
        claim = f"only {number(size)} decisions' worth of information about the new policy"
        remedy = "log more, or evaluate a policy that is nearer to the logged one"
        found.append(Fault(code="small_sample", severity="caution", claim=claim, source=source, remedy=remedy))
    heavy = int(np.argmax(weights))
    if weights[heavy] > _LARGE:
        claim = f"one decision counts {number(float(weights[heavy]))} times: the intervals are too narrow"
        line = log.records.lines[heavy]
        found.append(Fault(code="heavy_weight", severity="caution", claim=claim, source=source, line=line))
    return tuple(found)


def _speaks(log: Log) -> tuple[Speaks, ...]:
    counts = np.bincount(log.actions)
    words = (
        f"{count(log.actions.size)} decisions with outcome and chance are logged, {len(log.names)} different actions"
    )
    if len(log.names) > 1 and float(log.propensity.max()) < 1.0 and int(counts.min()) >= _FEW:
        return (Speaks(signal="logged_decisions", answer="yes", words=words),)
    if bool((log.propensity == 1.0).all()):
        return (Speaks(signal="logged_decisions", answer="partly", words=f"{words}, by one fixed policy"),)
    return ()


CHECK = Check(
    id="off_policy",
    technique="contextual_bandit",
    summary="What another policy would have earned by a decision log with chances: IPS, SNIPS, DR, and the support.",
    question="What would another policy have earned, and can this log tell?",
    inputs=(Input("log", "records", "a CSV with action, propensity, outcome, context, and new_ACTION if need be"),),
    params=(
        Param("always", "word", "Evaluate the policy that always takes this action."),
        Param("action", "column", "The column of actions; action without it."),
        Param("propensity", "column", "The column of the chance with which that action was taken."),
        Param("outcome", "column", "The column of outcomes; more is better."),
        IGNORE,
        SEED,
    ),
    run=run,
    formula=(
        "w = new chance / logged chance of the action taken. IPS: mean of w r; SNIPS: sum w r / sum w; DR: mean of the "
        "model's outcome of the new policy plus w times its error. Support: the mean of w must be 1, "
        "(sum w)^2 / sum w^2."
    ),
    source="Horvitz, Thompson (1952); Swaminathan, Joachims (2015); Dudik, Langford, Li (2011); Kish (1965)",
    shows_not=(
        "what happens when the new policy changes the situations that come, outcomes that are not "
        "logged yet, or anything "
        "if the logged chances are not those that were used."
    ),
    informs=("logged_decisions",),
    fits=has_columns(("action", "propensity", "outcome")),
    example="bandit off-policy log.csv --always discount",
)
