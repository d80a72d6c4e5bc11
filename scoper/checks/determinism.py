"""How often identical inputs were decided alike: the most that any rule over these columns can reproduce."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoper.checks import Check, Given, Input
from scoper.checks._cases import DECISION, IGNORE, INPUTS, SEED, Cases, cases_of
from scoper.checks._shapes import is_cases
from scoper.domain.checks import Fault, Listing, Outcome, Quantity, Speaks
from scoper.domain.numbers import count, share
from scoper.domain.text import shown
from scoper.numerics.case_columns import Codes, Floats
from scoper.numerics.proportions import lower_share

_RESAMPLES = 2_000
_SURE, _HALF = 0.98, 0.5
_SHOWN = 10


@dataclass(frozen=True)
class Ceiling:
    """Of the cases whose input occurred before: bounds of what the best rule reproduces.

    low: what deciding by the majority of the other cases with the same input reproduces, at most the truth on average.
    high: what deciding each input by its own majority does, at least the truth on average. The interval around both
    is by resampling inputs with all their cases.
    """

    low: float
    high: float
    interval: tuple[float, float]
    n: int
    inputs: int


def ceiling_of(groups: Codes, decisions: Codes, n_classes: int, rng: np.random.Generator) -> Ceiling | None:
    """The ceiling from all inputs that occur twice or more; None where none does."""
    table = np.zeros((int(groups.max()) + 1, n_classes))
    np.add.at(table, (groups, decisions), 1.0)
    n = table.sum(axis=1)
    repeated = table[n >= 2]
    if not repeated.size:
        return None
    size, best = repeated.sum(axis=1), repeated.max(axis=1)
    others = _left_out_hits(repeated)
    resampled = rng.integers(size.size, size=(_RESAMPLES, size.size)) if size.size <= 20_000 else None
    low, high = float(others.sum() / size.sum()), float(best.sum() / size.sum())
    if bool((best == size).all()) or resampled is None:
        bound = lower_share(int((best == size).sum()), size.size, 0.975)
        return Ceiling(low, high, (min(low, bound), high), int(size.sum()), size.size)
    lows = others[resampled].sum(axis=1) / size[resampled].sum(axis=1)
    highs = best[resampled].sum(axis=1) / size[resampled].sum(axis=1)
    bounds = float(np.quantile(lows, 0.025)), float(np.quantile(highs, 0.975))
    return Ceiling(low, high, bounds, int(size.sum()), size.size)


def _left_out_hits(table: Floats) -> Floats:
    """(G,) cases that the majority of the others of their group decides alike; equals share the case evenly."""
    hits = np.zeros(table.shape[0])
    for code in range(table.shape[1]):
        others = table.copy()
        others[:, code] -= 1.0
        top = others.max(axis=1)
        equal = (others == top[:, None]).sum(axis=1)
        won = np.where(others[:, code] == top, 1.0 / equal, 0.0)
        hits += table[:, code] * won
    return hits


def run(given: Given) -> Outcome:
    """The determinism ceiling of the cases."""
    cases = cases_of(given)
    groups = cases.groups
    sizes = np.bincount(groups)
    single = int((sizes == 1).sum())
    found = ceiling_of(groups, cases.decisions, len(cases.names), np.random.default_rng(given.values["seed"]))
    n = len(cases)
    alone = Quantity(
        name="cases whose input occurs only once",
        value=single / n,
        unit="share",
        basis="measured",
        words="They agree with themselves; they say nothing about the ceiling and are left out of it.",
    )
    naive = _naive(cases, groups)
    if found is None:
        headline = "No input occurs twice, so these cases do not tell whether equal inputs are decided alike."
        return Outcome(headline=headline, quantities=(alone, naive), faults=(*cases.faults, _no_repeats(cases)))
    middle = 0.5 * (found.low + found.high)
    words = (
        f"From {count(found.n)} cases of {count(found.inputs)} inputs that occur at least twice: between what the "
        "others of the same input predict and each input's own majority; the interval resamples whole inputs (95 %)."
    )
    ceiling = Quantity(
        name="determinism ceiling",
        value=middle,
        low=found.interval[0],
        high=found.interval[1],
        unit="share",
        basis="measured",
        words=words,
    )
    low, high = found.interval[0] * found.n / n, (found.interval[1] * found.n + single) / n
    bounds = Quantity(
        name="ceiling of all cases, whatever the single ones are",
        value=0.5 * (low + high),
        low=low,
        high=high,
        unit="share",
        basis="measured",
        words="The single inputs may be decided always alike or never; nothing here tells.",
    )
    headline = (
        f"No rule over these {len(cases.inputs)} columns can reproduce more than about {share(middle)} of the "
        f"decisions ({share(found.interval[0])} to {share(found.interval[1])}), as far as inputs repeat."
    )
    return Outcome(
        headline=headline,
        quantities=(ceiling, alone, naive, bounds),
        listings=_listed(cases, groups),
        faults=(*cases.faults, *_faults(cases, found, single)),
        speaks=_speaks(found, single, n),
    )


def _naive(cases: Cases, groups: Codes) -> Quantity:
    table = np.zeros((int(groups.max()) + 1, len(cases.names)))
    np.add.at(table, (groups, cases.decisions), 1.0)
    return Quantity(
        name="share explained in these very cases",
        value=float(table.max(axis=1).sum() / len(cases)),
        unit="share",
        basis="measured",
        words="Too high as an estimate: every input that occurs once counts as explained.",
    )


def _listed(cases: Cases, groups: Codes) -> tuple[Listing, ...]:
    """The inputs with most cases against their majority."""
    table = np.zeros((int(groups.max()) + 1, len(cases.names)), dtype=np.int64)
    np.add.at(table, (groups, cases.decisions), 1)
    against = table.sum(axis=1) - table.max(axis=1)
    order = [int(g) for g in np.argsort(-against, kind="stable")[:_SHOWN] if against[g] > 0]
    if not order:
        return ()
    rows = []
    for group in order:
        members = np.flatnonzero(groups == group)
        first = int(members[0])
        inputs = ", ".join(f"{c.name}={shown(cases.records.column(c.name)[first], 20)}" for c in cases.inputs[:6])
        seen = [f"{cases.names[c]} {table[group, c]}x" for c in np.argsort(-table[group]) if table[group, c]]
        lines = ", ".join(str(cases.records.lines[i]) for i in members[:6]) + (", ..." if members.size > 6 else "")
        rows.append((shown(inputs, 120), ", ".join(seen[:4]), lines))
    several = count(int((against > 0).sum()))
    note = (
        f"{several} inputs were decided in more than one way; those with most cases against the usual decision first."
    )
    return (
        Listing(
            title="Equal inputs, different decisions", header=("input", "decided", "lines"), rows=tuple(rows), note=note
        ),
    )


def _faults(cases: Cases, found: Ceiling, single: int) -> tuple[Fault, ...]:
    faults = []
    source = cases.records.source
    if single > _HALF * len(cases):
        claim = f"{count(single)} of {count(len(cases))} inputs occur only once, so most cases say nothing about this"
        remedy = "leave out columns that cannot matter with --ignore, or round numbers, and run again"
        faults.append(
            Fault(code="mostly_single", severity="caution", claim=claim, source=source, line=1, remedy=remedy)
        )
    if found.interval[1] < _SURE:
        claim = f"equal inputs are decided differently in at least {share(1 - found.interval[1])} of these cases"
        remedy = "ask who decided the listed lines what they looked at: a missing column, or judgement"
        faults.append(
            Fault(code="hidden_judgement", severity="caution", claim=claim, source=source, line=1, remedy=remedy)
        )
    return tuple(faults)


def _no_repeats(cases: Cases) -> Fault:
    return Fault(
        code="no_repeats",
        severity="caution",
        claim="every input occurs once",
        source=cases.records.source,
        line=1,
        remedy="leave out columns that cannot matter with --ignore, or round numbers, and run again",
    )


def _speaks(found: Ceiling, single: int, n: int) -> tuple[Speaks, ...]:
    """Only that rules do not settle all of it can be shown here; that rules exist is for rule-learnability."""
    if found.interval[1] >= _SURE or single > _HALF * n:
        return ()
    between = f"{share(found.interval[0])} to {share(found.interval[1])}"
    words = f"equal inputs were decided alike in {between} of the {count(found.n)} cases whose input repeats"
    return (Speaks(signal="known_rules", answer="partly", words=words),)


CHECK = Check(
    id="determinism",
    technique="plain_automation",
    summary="The share of past decisions that any rule over the recorded columns could reproduce at most.",
    question="How often were identical inputs decided alike?",
    inputs=(Input("cases", "records", "a CSV of past cases: a header, the inputs, the decision last"),),
    params=(DECISION, IGNORE, INPUTS, SEED),
    run=run,
    formula=(
        "Cases with the same value in every input column form a group. In groups of two and more: the share that the "
        "majority of the other cases predicts (at most the truth on average) and that of each group's own majority "
        "(at least the truth). Groups of one are left out, as they always agree with themselves."
    ),
    source="own; the best rule's accuracy is E[max P(decision | input)], leave-one-out bound after Cover (1969)",
    shows_not=(
        "that a rule of bearable size exists (rule-learnability does), that the decisions were right, and anything "
        "about inputs that occurred only once."
    ),
    informs=("known_rules",),
    whole=True,
    fits=is_cases,
    example="automation determinism cases.csv --decision approved",
)
