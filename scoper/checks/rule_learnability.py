"""Whether a few readable rules reproduce past decisions: one column alone, and trees of every depth up to six."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoper.checks import Check, Given, Input
from scoper.checks._cases import Cases, cases_of, cross_validated, share_of
from scoper.checks._rules_text import rule_text
from scoper.checks._shapes import is_cases
from scoper.domain.checks import Fault, Listing, Outcome, Quantity, Speaks
from scoper.domain.numbers import count, share
from scoper.domain.text import shown
from scoper.errors import Problem, UsageError
from scoper.numerics.case_columns import Codes
from scoper.numerics.case_tree import Node, conditions_of, folds, grow, leaves_of, one_rule, predict
from scoper.numerics.statistics import share_interval

_DEPTHS = (1, 2, 3, 4, 5, 6)
_COVERAGES = (0.90, 0.95, 0.99)
_NEARLY_ALL = 0.99
"""Lower end of the fidelity from which the rules found settle the cases, not a part of them only."""
_MOST_SHOWN = 20
_READABLE = 12


@dataclass(frozen=True)
class Fidelity:
    """hits of n: cases that rules grown without them decide as they were; rules: of the tree on all cases."""

    depth: int
    hits: int
    n: int
    rules: int


def by_depth(cases: Cases, n_folds: int, rng: np.random.Generator) -> tuple[Fidelity, ...]:
    """The cross-validated fidelity of trees of depth 1 to 6, every depth on the same folds."""
    fold = folds(cases.decisions, n_folds, rng)
    found = []
    for depth in _DEPTHS:
        hits = 0
        for part in range(n_folds):
            kept, left = np.flatnonzero(fold != part), np.flatnonzero(fold == part)
            tree = grow(cases.columns(kept), cases.decisions[kept], len(cases.names), depth, _least(kept.size))
            hits += int((predict(tree, cases.columns(left)) == cases.decisions[left]).sum())
        whole = _tree(cases, depth)
        found.append(Fidelity(depth, hits, len(cases), len(conditions_of(whole))))
    return tuple(found)


def _tree(cases: Cases, depth: int) -> Node:
    return grow(cases.inputs, cases.decisions, len(cases.names), depth, _least(len(cases)))


def _least(n: int) -> int:
    """Cases that a rule rests on at least: two, and half a percent of large files."""
    return max(2, n // 200)


def best_single(cases: Cases, n_folds: int, rng: np.random.Generator) -> tuple[int, str]:
    """(hits, column) of 1R: in every fold the column that fits best there, judged on the rest; and the one of all."""
    fold = folds(cases.decisions, n_folds, rng)
    k, hits = len(cases.names), 0

    def best(rows: Codes) -> int:
        fits = [
            int(
                (
                    one_rule(c.picked(rows), cases.decisions[rows], k).predict(c.picked(rows)) == cases.decisions[rows]
                ).sum()
            )
            for c in cases.inputs
        ]
        return int(np.argmax(fits))

    for part in range(n_folds):
        kept, left = np.flatnonzero(fold != part), np.flatnonzero(fold == part)
        column = cases.inputs[best(kept)]
        rule = one_rule(column.picked(kept), cases.decisions[kept], k)
        hits += int((rule.predict(column.picked(left)) == cases.decisions[left]).sum())
    return hits, cases.inputs[best(np.arange(len(cases)))].name


def run(given: Given) -> Outcome:
    """1R and trees, the rules for each coverage, and the cases they miss."""
    cases = cases_of(given)
    n_folds, seed = int(given.number("folds")), int(given.number("seed"))
    if n_folds > len(cases):
        raise UsageError(Problem("check-option", f"--folds {n_folds} is more than the {len(cases)} cases"))
    depths = by_depth(cases, n_folds, np.random.default_rng(seed))
    hits, column = best_single(cases, n_folds, np.random.default_rng(seed))
    usual = int(np.bincount(cases.decisions).max())
    best = chosen(depths)
    how = f"{n_folds}-fold cross-validation; exact interval, as if cases were independent (95 %)"
    quantities = (
        share_of("always the usual decision", usual, len(cases), "The floor: no column is looked at."),
        share_of(f"one column alone (1R): {shown(column, 30)}", hits, len(cases), how.capitalize() + "."),
        share_of(f"tree of depth {best.depth}", best.hits, best.n, f"{best.rules} rules; {how}."),
    )
    tree = _tree(cases, best.depth)
    value, low, high = share_interval(best.hits, best.n)
    headline = (
        f"{best.rules} rules (a tree of depth {best.depth}) decide {share(value)} of unseen cases as they were decided "
        f"({share(low)} to {share(high)}); the usual decision alone would be right in {share(usual / len(cases))}."
    )
    return Outcome(
        headline=headline,
        quantities=(*quantities, *_coverage(cases)),
        listings=(_depth_table(depths), _rules(cases, tree), *_exceptions(cases, tree)),
        faults=(*cases.faults, *_faults(cases, best, usual)),
        speaks=_speaks(cases, best, usual),
    )


def chosen(depths: tuple[Fidelity, ...]) -> Fidelity:
    """The shallowest depth within one standard error of the best (Breiman et al. 1984, section 3.4.3)."""
    top = max(depths, key=lambda each: each.hits)
    p = top.hits / top.n
    bar = top.hits - (p * (1 - p) * top.n) ** 0.5
    return next(each for each in depths if each.hits >= bar)


def rules_for(cases: Cases, coverage: float) -> int | None:
    """Fewest rules of a tree that decide this share of the cases as they were; None where depth six does not do."""
    counts = []
    for depth in _DEPTHS:
        right = sorted((int(leaf.counts.max()) for leaf, _ in conditions_of(_tree(cases, depth))), reverse=True)
        enough = np.flatnonzero(np.cumsum(right) >= coverage * len(cases) - 1e-9)
        if enough.size:
            counts.append(int(enough[0]) + 1)
    return min(counts, default=None)


def _coverage(cases: Cases) -> tuple[Quantity, ...]:
    found = []
    for coverage in _COVERAGES:
        needed = rules_for(cases, coverage)
        words = "On these very cases; the rest goes to a person." if needed else "Not reached at depth 6."
        value = None if needed is None else float(needed)
        name = f"rules that cover {100 * coverage:.0f} % of the cases"
        found.append(Quantity(name=name, value=value, unit="rules", basis="measured", words=words))
    return tuple(found)


def _depth_table(depths: tuple[Fidelity, ...]) -> Listing:
    rows = []
    for each in depths:
        value, low, high = share_interval(each.hits, each.n)
        rows.append((str(each.depth), str(each.rules), share(value), f"{share(low)} to {share(high)}"))
    header = ("depth", "rules", "decided as they were", "95 %")
    return Listing(title="Cross-validated fidelity by depth", header=header, rows=tuple(rows))


def _rules(cases: Cases, tree: Node) -> Listing:
    rows = []
    for (leaf, path), (_, members) in zip(conditions_of(tree), leaves_of(tree, cases.inputs), strict=True):
        right = int(leaf.counts.max())
        rows.append(
            (
                rule_text(cases.inputs, path),
                cases.names[leaf.decision],
                count(members.size),
                share(right / members.size),
            )
        )
    rows.sort(key=lambda row: -int(row[2].replace(",", "")))
    note = f"{len(rows) - _MOST_SHOWN} more rules." if len(rows) > _MOST_SHOWN else ""
    header = ("if", "then", "cases", "so decided")
    return Listing(title="The rules", header=header, rows=tuple(rows[:_MOST_SHOWN]), note=note)


def _exceptions(cases: Cases, tree: Node) -> tuple[Listing, ...]:
    said = predict(tree, cases.inputs)
    wrong = [int(i) for i in np.flatnonzero(said != cases.decisions)]
    if not wrong:
        return ()
    rows = []
    for i in wrong[:_MOST_SHOWN]:
        inputs = ", ".join(f"{c.name}={shown(cases.records.column(c.name)[i], 20)}" for c in cases.inputs[:6])
        rows.append(
            (str(cases.records.lines[i]), shown(inputs, 120), cases.names[cases.decisions[i]], cases.names[said[i]])
        )
    note = f"{count(len(wrong))} in all." if len(wrong) > len(rows) else ""
    header = ("line", "input", "decided", "the rules say")
    return (Listing(title="Exceptions to these rules", header=header, rows=tuple(rows), note=note),)


def _faults(cases: Cases, best: Fidelity, usual: int) -> tuple[Fault, ...]:
    _, low, high = share_interval(best.hits, best.n)
    source = cases.records.source
    if low <= usual / best.n:
        claim = "these columns do not tell the decision better than always taking the usual one"
        remedy = "look for what is missing in the export, or for judgement that no column holds"
        return (Fault(code="no_rule_found", severity="caution", claim=claim, source=source, line=1, remedy=remedy),)
    if high < _COVERAGES[0]:
        claim = f"rules of this form decide at most {share(high)} as they were, so one case in ten needs something else"
        remedy = "give the exceptions to a person, or look at them for a missing column"
        return (Fault(code="many_exceptions", severity="caution", claim=claim, source=source, line=1, remedy=remedy),)
    return ()


def _speaks(cases: Cases, best: Fidelity, usual: int) -> tuple[Speaks, ...]:
    value, low, high = share_interval(best.hits, best.n)
    words = (
        f"{best.rules} rules decide {share(value)} ({share(low)} to {share(high)}) of {count(best.n)} past cases alike"
    )
    if low >= _COVERAGES[0] and best.rules <= _READABLE and low > usual / best.n:
        words = f"{words}. Whether they are stable was not measured"
        if low >= _NEARLY_ALL:
            return (Speaks(signal="known_rules", answer="yes", words=words),)
        # A tree learned from examples misses cases that the owner's own, longer rules may well decide.
        return (Speaks(signal="known_rules", answer="partly", words=words, also=("yes",)),)
    return ()


CHECK = Check(
    id="rule_learnability",
    technique="plain_automation",
    summary="How many readable rules reproduce past decisions, how well on unseen cases, and which cases they miss.",
    question="Do a few readable rules reproduce the past decisions?",
    inputs=(Input("cases", "records", "a CSV of past cases: a header, the inputs, the decision last"),),
    params=cross_validated(10),
    run=run,
    formula=(
        "1R: each value of the one best column has its usual decision. Trees: Gini impurity, depth 1 to 6, at least "
        "two cases (half a percent) a rule. Fidelity is the share of left-out cases decided as they were; of the "
        "depths the shallowest within one standard error of the best is shown."
    ),
    source="Holte (1993), Very simple classification rules; Breiman, Friedman, Olshen, Stone (1984), CART",
    shows_not="that the decisions were right, that people follow these rules, or that they last (drift does).",
    informs=("known_rules",),
    whole=True,
    fits=is_cases,
    example="automation rule-learnability cases.csv --decision approved",
)
