"""Whether labelled data can carry a model: balance, leakage, noise of the labels, and the baselines to beat."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from scoper.checks import Check, Given, Input
from scoper.checks._cases import Cases, cases_of, cross_validated, share_of
from scoper.checks._shapes import is_cases
from scoper.checks.determinism import ceiling_of
from scoper.domain.checks import Fault, Listing, Outcome, Quantity, Speaks
from scoper.domain.numbers import count, share
from scoper.domain.text import shown
from scoper.numerics.case_columns import Codes, Column
from scoper.numerics.case_tree import folds, one_rule
from scoper.numerics.simple_model import fit
from scoper.numerics.statistics import share_interval

_LEAK, _RARE, _SKEWED = 0.98, 10, 0.95
_ENOUGH, _REPEATS = 30, 100
Predict = Callable[[Codes, Codes], Codes]


def predicted(cases: Cases, fold: Codes, predict: Predict) -> Codes:
    """(N,) what a model grown without the fold of a case says of it."""
    found = np.zeros(len(cases), dtype=np.int64)
    for part in np.unique(fold):
        left = np.flatnonzero(fold == part)
        found[left] = predict(np.flatnonzero(fold != part), left)
    return found


def by_column(cases: Cases, column: Column) -> Predict:
    """1R on one column."""
    k = len(cases.names)

    def predict(kept: Codes, left: Codes) -> Codes:
        return one_rule(column.picked(kept), cases.decisions[kept], k).predict(column.picked(left))

    return predict


def by_all(cases: Cases) -> Predict:
    """Naive Bayes on all columns."""
    k = len(cases.names)

    def predict(kept: Codes, left: Codes) -> Codes:
        return fit(cases.columns(kept), cases.decisions[kept], k).predict(cases.columns(left))

    return predict


def run(given: Given) -> Outcome:
    """Balance, suspicious columns, the ceiling that label noise sets, and three baselines."""
    cases = cases_of(given)
    n, seed = len(cases), int(given.number("seed"))
    fold = folds(cases.decisions, min(int(given.number("folds")), n), np.random.default_rng(seed))
    usual = int(np.bincount(cases.decisions).max())
    singles = {
        c.name: int((predicted(cases, fold, by_column(cases, c)) == cases.decisions).sum()) for c in cases.inputs
    }
    best = max(singles, key=lambda name: singles[name])
    whole = int((predicted(cases, fold, by_all(cases)) == cases.decisions).sum())
    how = f"{int(fold.max()) + 1}-fold cross-validation; exact interval (95 %)."
    quantities = [
        share_of("always the most frequent label", usual, n, "The floor of every accuracy."),
        share_of(f"one column alone: {shown(best, 30)}", singles[best], n, how),
        share_of("all columns, naive Bayes", whole, n, f"{how} A simple model; better ones can reach more."),
        *_ceiling(cases, seed),
        *_lines_twice(cases),
    ]
    leaks = _leaks(cases, singles, usual)
    value, low, high = share_interval(max(whole, singles[best]), n)
    headline = (
        f"The baselines to beat on {count(n)} cases: {share(usual / n)} by the usual label, {share(value)} by a simple "
        f"model ({share(low)} to {share(high)})."
    )
    if leaks:
        headline += f" {len(leaks)} columns look as if they knew the answer."
    return Outcome(
        headline=headline,
        quantities=tuple(quantities),
        listings=(_balance(cases), _columns(cases, singles)),
        faults=(*cases.faults, *leaks, *_balance_faults(cases, usual)),
        speaks=_speaks(cases, leaks),
    )


def _ceiling(cases: Cases, seed: int) -> list[Quantity]:
    found = ceiling_of(cases.groups, cases.decisions, len(cases.names), np.random.default_rng(seed))
    if found is None or found.n < _REPEATS:
        words = "Too few identical inputs to tell; label 50 cases twice and run: scoper check llm agreement."
        return [Quantity(name="ceiling from identical inputs", value=None, unit="share", basis="measured", words=words)]
    words = f"From {count(found.n)} cases whose inputs occur twice or more; no model over these columns gets above it."
    return [
        Quantity(
            name="ceiling from identical inputs",
            value=0.5 * (found.low + found.high),
            low=found.interval[0],
            high=found.interval[1],
            unit="share",
            basis="measured",
            words=words,
        )
    ]


def _lines_twice(cases: Cases) -> list[Quantity]:
    copies = len(cases) - len(set(cases.records.rows))
    words = "A copy in training and test makes a model look better; keep copies on one side."
    return [
        Quantity(name="rows that are copies", value=copies / len(cases), unit="share", basis="measured", words=words)
    ]


def _leaks(cases: Cases, singles: dict[str, int], usual: int) -> list[Fault]:
    """Columns that alone tell nearly every label, where the usual label does not."""
    found, n = [], len(cases)
    for name, hits in singles.items():
        _, low, _ = share_interval(hits, n)
        gained = (hits - usual) / (n - usual) if n > usual else 0.0
        if low >= _LEAK - 0.03 and hits / n >= _LEAK and gained > 0.8:
            claim = f"{shown(name, 40)} alone tells {share(hits / n)} of the labels: is it known before the label is?"
            remedy = f"if it is written with or after the label, leave it out: --ignore {name}"
            line, column = cases.records.place(0, name)
            found.append(
                Fault(
                    code="leakage",
                    severity="caution",
                    claim=claim,
                    source=cases.records.source,
                    line=max(1, line - 1),
                    column=column,
                    evidence={"column": name, "accuracy": hits / n},
                    remedy=remedy,
                )
            )
    return found


def _balance(cases: Cases) -> Listing:
    n = np.bincount(cases.decisions, minlength=len(cases.names))
    rows = [(shown(cases.names[i], 30), count(int(n[i])), share(n[i] / n.sum())) for i in np.argsort(-n, kind="stable")]
    return Listing(title="Labels", header=("label", "cases", "share"), rows=tuple(rows[:20]))


def _columns(cases: Cases, singles: dict[str, int]) -> Listing:
    order = sorted(singles, key=lambda name: -singles[name])[:15]
    rows = tuple((shown(name, 40), share(singles[name] / len(cases))) for name in order)
    return Listing(title="What one column alone tells", header=("column", "labels told"), rows=rows)


def _balance_faults(cases: Cases, usual: int) -> list[Fault]:
    found = []
    n = np.bincount(cases.decisions, minlength=len(cases.names))
    rare = [cases.names[i] for i in range(len(n)) if n[i] < _RARE]
    source = cases.records.source
    if rare:
        named = ", ".join(shown(name, 20) for name in rare[:5])
        claim = f"{len(rare)} labels have fewer than {_RARE} cases: {named}"
        remedy = "collect more of them, or join labels"
        found.append(Fault(code="rare_labels", severity="caution", claim=claim, source=source, line=1, remedy=remedy))
    if usual > _SKEWED * len(cases):
        claim = f"one label has {share(usual / len(cases))} of the cases: accuracy says nothing here"
        remedy = "judge by what misses and false alarms cost, or by precision and recall of the rare label"
        found.append(Fault(code="skewed", severity="caution", claim=claim, source=source, line=1, remedy=remedy))
    return found


def _speaks(cases: Cases, leaks: list[Fault]) -> tuple[Speaks, ...]:
    n = np.bincount(cases.decisions)
    if leaks or len(cases) < 200 or int(np.sort(n)[-2]) < _ENOUGH:
        return ()
    words = f"{count(len(cases))} cases carry a label in {cases.target}, {len(cases.names)} different ones"
    return (Speaks(signal="labelled_targets", answer="yes", words=f"{words}. Whether they are right was not measured"),)


CHECK = Check(
    id="supervised_data",
    technique="supervised_learning",
    summary="Balance of labels, columns that leak, the ceiling that noise sets, and the baselines a model must beat.",
    question="Can these labelled cases carry a model, and what must it beat?",
    inputs=(Input("cases", "records", "a CSV of labelled cases: a header, the inputs, the label last"),),
    params=cross_validated(5),
    run=run,
    formula=(
        "Cross-validated accuracy of 1R on each column and of naive Bayes on all; a column that "
        "alone tells 98 % of the "
        "labels and four fifths of what the usual label misses is suspected. Ceiling: as in the check determinism."
    ),
    source="Holte (1993); Kaufman, Rosset, Perlich (2012), Leakage in data mining; Clopper and Pearson (1934)",
    shows_not=(
        "that the labels are right, that the cases are like those to come (split by time), or "
        "leakage that is spread over "
        "several columns."
    ),
    informs=("labelled_targets",),
    whole=True,
    fits=is_cases,
    example="supervised supervised-data cases.csv --decision label",
)
