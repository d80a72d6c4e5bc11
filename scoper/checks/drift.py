"""Whether rules of the early cases still hold in the late ones: what broke, and which columns moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoper.checks import Check, Given, Input, Param
from scoper.checks._cases import DECISION, IGNORE, INPUTS, SEED, Cases, cases_of, in_time_order, is_time, share_of
from scoper.checks._rules_text import rule_text
from scoper.checks._shapes import is_cases
from scoper.domain.checks import Fault, Listing, Outcome, Quantity, Speaks
from scoper.domain.numbers import number, share
from scoper.domain.text import shown
from scoper.numerics.case_columns import Codes, Column
from scoper.numerics.case_tree import conditions_of, folds, grow, leaves_of, predict
from scoper.numerics.permutations import share_as_large
from scoper.numerics.tail_bounds import holm

_DEPTH, _FOLDS, _LEVEL, _LEAST = 4, 5, 0.05, 5
_SHUFFLES = 999
_MOST_SHUFFLED, _LEAST_SHUFFLED, _MOST_CELLS = 4_000, 200, 100_000
"""Cases of a period that the comparison of columns looks at, fewer the more columns; of more, so many at random."""


@dataclass(frozen=True)
class Rule:
    """One rule of the early period: cases and those decided so, before and after."""

    text: str
    then: str
    before: tuple[int, int]
    after: tuple[int, int]


def hypergeometric_tail(hits: int, n: int, total_hits: int, total: int) -> float:
    """P(at most `hits` of n are hits) when n of `total` cases with `total_hits` are drawn (Fisher 1935, one-sided)."""
    from math import exp, fsum, lgamma

    def choose(a: int, b: int) -> float:
        return lgamma(a + 1) - lgamma(b + 1) - lgamma(a - b + 1)

    low = max(0, n - (total - total_hits))
    whole = choose(total, n)
    terms = [choose(total_hits, i) + choose(total - total_hits, n - i) - whole for i in range(low, hits + 1)]
    return min(1.0, fsum(exp(term) for term in terms))


def run(given: Given) -> Outcome:
    """Fidelity of early rules on early and late cases."""
    records = given.records("cases")
    time = given.get("time")
    order = in_time_order(records, time)
    cases = cases_of(given, also_not=(time,) if time else ())
    cut = round(given.number("early") * len(cases))
    early, late = order[:cut], order[cut:]
    rng = np.random.default_rng(given.values["seed"])
    k = len(cases.names)
    before = _cross_validated(cases, early, rng)
    tree = grow(cases.columns(early), cases.decisions[early], k, _DEPTH, max(2, early.size // 200))
    after = int((predict(tree, cases.columns(late)) == cases.decisions[late]).sum())
    p = hypergeometric_tail(after, late.size, before + after, early.size + late.size)
    quantities = (
        share_of("early rules on early cases", before, early.size, "5-fold cross-validation; exact interval (95 %)."),
        share_of("early rules on late cases", after, late.size, "Rules of depth 4; exact interval (95 %)."),
        Quantity(
            name="chance of such a fall if nothing changed",
            value=p,
            unit="share",
            basis="measured",
            words="Fisher's exact test, one-sided; counts below 5 % as a change.",
        ),
    )
    rules = _rules(cases, tree, early, late)
    broken = _broken(rules)
    moved = _moved(cases, early, late, rng)
    fell = p < _LEVEL
    headline = _headline(before / early.size, after / late.size, fell, len(broken))
    return Outcome(
        headline=headline,
        quantities=quantities,
        listings=(*_broken_table(broken), _moved_table(moved)),
        faults=(*cases.faults, *_faults(cases, fell, broken, moved), *_order(cases, time)),
        speaks=_speaks(before / early.size, after / late.size, fell, late.size),
    )


def _headline(before: float, after: float, fell: bool, broken: int) -> str:
    said = (
        f"Rules of the early cases decide {share(after)} of the late ones as they were, {share(before)} of early ones"
    )
    change = "the decisions changed" if fell else "no change is shown"
    rules = f"{broken} rule{'s' * (broken != 1)} broke"
    joined = f", {rules}" if fell else f" on the whole, but {rules}"
    return f"{said}: {change}{joined if broken else ''}."


def _cross_validated(cases: Cases, rows: Codes, rng: np.random.Generator) -> int:
    y = cases.decisions[rows]
    fold, hits = folds(y, _FOLDS, rng), 0
    for part in range(_FOLDS):
        kept, left = rows[fold != part], rows[fold == part]
        if kept.size and left.size:
            tree = grow(cases.columns(kept), cases.decisions[kept], len(cases.names), _DEPTH, max(2, kept.size // 200))
            hits += int((predict(tree, cases.columns(left)) == cases.decisions[left]).sum())
    return hits


def _rules(cases: Cases, tree: object, early: Codes, late: Codes) -> list[Rule]:
    from scoper.numerics.case_tree import Node

    assert isinstance(tree, Node)
    old, new = leaves_of(tree, cases.columns(early)), leaves_of(tree, cases.columns(late))
    found = []
    for (leaf, path), (_, was), (_, now) in zip(conditions_of(tree), old, new, strict=True):
        then = leaf.decision
        before = int((cases.decisions[early[was]] == then).sum()), was.size
        after = int((cases.decisions[late[now]] == then).sum()), now.size
        found.append(Rule(rule_text(cases.inputs, path), cases.names[then], before, after))
    return found


def _broken(rules: list[Rule]) -> list[tuple[Rule, float]]:
    """The rules that were followed less often late, corrected for looking at all of them (Holm 1979)."""
    tested = [rule for rule in rules if rule.after[1] >= _LEAST and rule.before[1] >= _LEAST]
    chances = [
        hypergeometric_tail(r.after[0], r.after[1], r.before[0] + r.after[0], r.before[1] + r.after[1]) for r in tested
    ]
    adjusted: Sequence[float] = holm(chances).tolist() if tested else []
    return [(rule, float(p)) for rule, p in zip(tested, adjusted, strict=True) if p < _LEVEL]


def _broken_table(broken: list[tuple[Rule, float]]) -> tuple[Listing, ...]:
    if not broken:
        return ()
    rows = tuple(
        (
            r.text,
            r.then,
            f"{share(r.before[0] / r.before[1])} of {r.before[1]}",
            f"{share(r.after[0] / r.after[1])} of {r.after[1]}",
            number(p),
        )
        for r, p in broken
    )
    return (Listing(title="Rules that broke", header=("if", "then", "early", "late", "p"), rows=rows),)


def _moved(cases: Cases, early: Codes, late: Codes, rng: np.random.Generator) -> list[tuple[str, float, float]]:
    """(column, distance, p) for every input and the decision: how far its distribution moved."""
    columns = [*cases.inputs, Column(cases.target, cases.decisions.astype(np.float64), cases.names)]
    most = max(_LEAST_SHUFFLED, min(_MOST_SHUFFLED, _MOST_CELLS // len(columns)))
    early, late = (_thinned(rows, most, rng) for rows in (early, late))
    rows = np.concatenate([early, late])
    as_it_was = np.arange(rows.size)[None, :] < early.size
    shuffled = rng.random((_SHUFFLES, rows.size)).argsort(axis=1) < early.size
    found = []
    for column in columns:
        seen = float(_apart(column, rows, as_it_was)[0])
        found.append((seen, share_as_large(seen, _apart(column, rows, shuffled))))
    adjusted = holm([p for _, p in found])
    return [(c.name, d, float(p)) for c, (d, _), p in zip(columns, found, adjusted, strict=True)]


def _thinned(rows: Codes, most: int, rng: np.random.Generator) -> Codes:
    return rows if rows.size <= most else np.sort(rng.choice(rows, most, replace=False))


def _apart(column: Column, rows: Codes, early: NDArray[np.bool_]) -> NDArray[np.float64]:
    """(R,) Kolmogorov's distance of numbers, total variation of words, between the early rows and the rest.

    early (R, n): in each of R divisions whether a row counts as early; all have the same number of them.
    """
    _, codes = np.unique(np.nan_to_num(column.values[rows], nan=-1.7e308), return_inverse=True)
    upto = np.cumsum(np.bincount(codes))  # rows up to the end of each level
    within = np.cumsum(early[:, np.argsort(codes, kind="stable")], axis=1, dtype=np.int32)[:, upto - 1]
    size = int(early[0].sum())
    gap = within / size - (upto - within) / (rows.size - size)
    if column.numeric:
        return np.asarray(np.abs(gap).max(axis=1))
    return np.asarray(0.5 * np.abs(np.diff(gap, axis=1, prepend=0.0)).sum(axis=1))


def _moved_table(moved: list[tuple[str, float, float]]) -> Listing:
    rows = tuple((shown(n, 40), share(d), number(p), "yes" if p < _LEVEL else "no") for n, d, p in moved)
    note = "Distance: the largest difference of cumulated shares (numbers), or half the sum of differences (words)."
    header = ("column", "distance", "p (Holm)", "moved")
    return Listing(title="Early against late, column by column", header=header, rows=rows, note=note)


def _faults(
    cases: Cases, fell: bool, broken: list[tuple[Rule, float]], moved: list[tuple[str, float, float]]
) -> tuple[Fault, ...]:
    source, found = cases.records.source, []
    if fell or broken:
        names = "; ".join(rule.text for rule, _ in broken[:3])
        claim = "the late cases were decided by other rules" + (f": {names}" if names else "")
        remedy = "ask what changed and when, and build on the cases since then only"
        found.append(Fault(code="rules_changed", severity="caution", claim=claim, source=source, line=1, remedy=remedy))
    shifted = [name for name, _, p in moved[:-1] if p < _LEVEL]
    if shifted and not fell:
        claim = f"other cases come in now than before ({', '.join(shifted[:5])}), the rules hold all the same"
        found.append(Fault(code="inputs_moved", severity="info", claim=claim, source=source, line=1))
    return tuple(found)


def _order(cases: Cases, time: str | None) -> tuple[Fault, ...]:
    """That the order of the lines was taken, with the column of dates that could tell another one."""
    if time is not None:
        return ()
    dates = next((name for name in cases.records.names if is_time(cases.records, name)), "COLUMN")
    claim = "the order of the lines was taken for the order in time"
    source = cases.records.source
    return (Fault(code="order_assumed", severity="info", claim=claim, source=source, remedy=f"--time {dates}"),)


def _speaks(before: float, after: float, fell: bool, n: int) -> tuple[Speaks, ...]:
    if not fell:
        return ()
    words = f"rules of the early cases fit {share(before)} then and {share(after)} of {n} late cases"
    return (Speaks(signal="known_rules", answer="partly", words=words),)


CHECK = Check(
    id="drift",
    technique="plain_automation",
    summary="Rules of the early cases judged on the late ones: what broke, and which columns moved.",
    question="Do the rules of the early cases still hold in the late ones?",
    inputs=(Input("cases", "records", "a CSV of past cases in order of time, or with a column of dates"),),
    params=(
        DECISION,
        IGNORE,
        INPUTS,
        Param("time", "column", "A column of ISO dates or numbers that orders the cases; else the order of the lines."),
        Param("early", "share", "The share of cases that count as early.", 0.5, low=0.1, high=0.9),
        SEED,
    ),
    run=run,
    formula=(
        "A tree of depth 4 is grown on the early cases. Its fidelity on late cases is compared with the "
        "cross-validated one on early cases (Fisher's exact test), rule by rule as well (Holm's correction). Columns: "
        "Kolmogorov or total variation distance, p-value from 999 shuffles of the periods, Holm."
    ),
    source="Fisher (1935); Holm (1979); Gama et al. (2014), A survey on concept drift adaptation",
    shows_not="what happens after the last case, a change that came and went, or one that started late in the file.",
    informs=("known_rules",),
    whole=True,
    fits=is_cases,
    example="automation drift cases.csv --decision approved --time decided_on",
)
