"""How far people agree on the same items, and how right a system can look when it is judged by their labels."""

from __future__ import annotations

import numpy as np

from scoper.checks import Check, Given, Input, Param
from scoper.checks._cases import SEED
from scoper.checks._shapes import is_labels
from scoper.domain.checks import Fault, Listing, Outcome, Quantity, Speaks
from scoper.domain.numbers import count, share
from scoper.domain.records import MISSING, Records
from scoper.domain.text import shown
from scoper.errors import InputError, Problem
from scoper.numerics.agreement import (
    Ratings,
    cohen_kappa,
    counts,
    fleiss_kappa,
    krippendorff_alpha,
    pairwise,
    rater_accuracy,
)
from scoper.numerics.betting import lower_bound, upper_bound
from scoper.numerics.statistics import bootstrap_interval

_FEW, _SHOWN = 30, 10
_LOW = 0.667
"""Alpha below which no conclusions should be drawn at all (Krippendorff 2004, p. 241)."""


def ratings_of(records: Records, raters: tuple[str, ...]) -> tuple[Ratings, tuple[str, ...]]:
    """(items, raters) codes, -1 where nothing was said, and the classes.

    Wide: a column per rater. Long: the columns item, rater, label. Raises InputError where there are not two raters.
    """
    if {"item", "rater", "label"} <= set(records.names) and not raters:
        return _long(records)
    records.require(raters)
    names = raters or _wide_columns(records)
    if len(names) < 2:
        message = "two columns of labels at least are needed, or the columns item, rater, label"
        raise InputError(Problem("raters", message, records.source, 1, 1, "name them with --raters a,b"))
    cells = [records.column(name) for name in names]
    words = sorted({cell for column in cells for cell in column if cell.lower() not in MISSING})
    place = {word: i for i, word in enumerate(words)}
    table = np.array([[place.get(cell, -1) for cell in column] for column in cells], dtype=np.int64).T
    return table, tuple(words)


def _wide_columns(records: Records) -> tuple[str, ...]:
    """All columns but an identifier of the item."""
    from scoper.numerics.case_columns import is_identifier

    names = [name for name in records.names if name.lower() not in ("id", "item", "text", "case")]
    return tuple(name for name in names if not is_identifier(records, name))


def _long(records: Records) -> tuple[Ratings, tuple[str, ...]]:
    items = {item: i for i, item in enumerate(dict.fromkeys(records.column("item")))}
    raters = {rater: i for i, rater in enumerate(dict.fromkeys(records.column("rater")))}
    words = sorted({label for label in records.column("label") if label.lower() not in MISSING})
    place = {word: i for i, word in enumerate(words)}
    table = np.full((len(items), len(raters)), -1, dtype=np.int64)
    bad = []
    for row in range(len(records)):
        item, rater, label = (records.column(name)[row] for name in ("item", "rater", "label"))
        at = items[item], raters[rater]
        if table[at] >= 0:
            bad.append(records.problem(row, "item", f"{shown(rater, 30)} labels {shown(item, 30)} a second time"))
        table[at] = place.get(label, -1)
    if len(raters) < 2:
        bad.append(Problem("raters", "there is one rater only", records.source, 1, 1))
    if bad:
        raise InputError(bad[:20])
    return table, tuple(words)


def run(given: Given) -> Outcome:
    """Agreement, agreement beyond chance, and the ceiling for accuracy against these labels."""
    records = given.records("labels")
    ratings, words = ratings_of(records, given.get("raters", ()))
    table = counts(ratings)
    values, rated = pairwise(table)
    if rated.size < 2:
        message = "fewer than two items have two labels"
        raise InputError(Problem("raters", message, records.source, remedy="let two people label the same 50 items"))
    mean = float(values.mean())
    low, high = max(0.0, lower_bound(values, 0.0, 0.025)), min(1.0, upper_bound(values, 1.0, 0.025))
    k = len(words)
    how = "95 %, whatever the law of items (Waudby-Smith and Ramdas 2024)."
    quantities = [
        Quantity(name="two people agree", value=mean, low=low, high=high, unit="share", basis="measured", words=how),
        _alpha(table, given),
        *_kappas(ratings, table),
        Quantity(
            name="most that any system can agree with one of these people",
            value=_best_against_one(table[rated]),
            unit="share",
            basis="proved",
            words="On these items, on average over the people: it says what most of them say.",
        ),
        Quantity(
            name="accuracy that a perfect system would show against one person",
            value=rater_accuracy(mean, k),
            low=rater_accuracy(low, k),
            high=rater_accuracy(high, k),
            unit="share",
            basis="extrapolated",
            words=f"If all are equally good, err independently and evenly over {k} classes.",
        ),
    ]
    ceiling = quantities[-1].value or 0.0
    headline = (
        f"People agree on {share(mean)} of {count(rated.size)} items; judged by one person's labels "
        "even a perfect system "
        f"would show about {share(ceiling)}."
    )
    return Outcome(
        headline=headline,
        quantities=tuple(quantities),
        listings=(*_disputed(records, table, words),),
        faults=_faults(given, quantities, rated.size),
        speaks=_speaks(mean, low, high, rated.size),
    )


def _alpha(table: Ratings, given: Given) -> Quantity:
    items = np.flatnonzero(table.sum(axis=1) >= 2)
    value = krippendorff_alpha(table)
    words = "Agreement beyond chance: 1 perfect, 0 as by chance; the interval resamples items (95 %)."
    if not np.isfinite(value):
        return Quantity(name="Krippendorff's alpha", value=None, basis="measured", words="All labels are alike.")
    rng = np.random.default_rng(given.values["seed"])

    def again(rows: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
        found = krippendorff_alpha(table[rows.astype(np.int64)])
        return found if np.isfinite(found) else 1.0

    _, low, high = bootstrap_interval(items.astype(np.float64), rng, statistic=again, resamples=1_000)
    return Quantity(name="Krippendorff's alpha", value=value, low=low, high=high, basis="measured", words=words)


def _kappas(ratings: Ratings, table: Ratings) -> list[Quantity]:
    if ratings.shape[1] == 2:
        kappa, name = cohen_kappa(ratings[:, 0], ratings[:, 1]), "Cohen's kappa"
    elif (table.sum(axis=1) == table.sum(axis=1)[0]).all():
        kappa, name = fleiss_kappa(table), "Fleiss' kappa"
    else:
        return []
    if not np.isfinite(kappa):
        return []
    return [Quantity(name=name, value=kappa, basis="measured", words="Agreement beyond chance, for comparison.")]


def _best_against_one(table: Ratings) -> float:
    """Mean over items of the share of people who gave the most frequent label: no answer agrees with more of them."""
    return float((table.max(axis=1) / table.sum(axis=1)).mean())


def _disputed(records: Records, table: Ratings, words: tuple[str, ...]) -> list[Listing]:
    """Pairs of classes that are confused most."""
    both: dict[tuple[int, int], int] = {}
    for row in table:
        seen = np.flatnonzero(row)
        for i, a in enumerate(seen):
            for b in seen[i + 1 :]:
                both[int(a), int(b)] = both.get((int(a), int(b)), 0) + 1
    if not both:
        return []
    order = sorted(both.items(), key=lambda entry: -entry[1])[:_SHOWN]
    rows = tuple((shown(words[a], 30), shown(words[b], 30), count(n)) for (a, b), n in order)
    return [Listing(title="Labels that people exchange", header=("one says", "another says", "items"), rows=rows)]


def _faults(given: Given, quantities: list[Quantity], items: int) -> tuple[Fault, ...]:
    found, target, ceiling = [], given.get("target"), quantities[-1]
    if target is not None and (ceiling.high or 0.0) < target:
        claim = (
            f"a target of {share(target)} against one person's labels cannot be shown: "
            f"{share(ceiling.high or 0.0)} at most"
        )
        remedy = "settle what the labels mean, judge against what several people agree on, or lower the target"
        found.append(Fault(code="target_above_ceiling", severity="blocker", claim=claim, remedy=remedy))
    alpha = quantities[1].value
    if alpha is not None and alpha < _LOW:
        claim = f"alpha {alpha:.2f} is below {_LOW}: no conclusion should rest on these labels"
        remedy = "rewrite the instruction with the confused labels in view, and label again"
        found.append(Fault(code="labels_disagree", severity="caution", claim=claim, remedy=remedy))
    if items < _FEW:
        claim = f"{items} items are few for this"
        found.append(Fault(code="few_items", severity="caution", claim=claim, remedy="50 items that two people label"))
    return tuple(found)


def _speaks(mean: float, low: float, high: float, items: int) -> tuple[Speaks, ...]:
    if items < _FEW or high >= 0.9:
        return ()
    words = f"two people agree on {share(mean)} ({share(low)} to {share(high)}) of {items} items"
    return (Speaks(signal="labelled_targets", answer="partly", words=words),)


CHECK = Check(
    id="agreement",
    technique="llm_orchestration",
    summary="How far people agree on the same items, and what accuracy their labels allow to show.",
    question="How right can a system look when these people's labels judge it?",
    inputs=(Input("labels", "records", "a CSV with a column of labels per person, or columns item, rater, label"),),
    params=(
        Param("raters", "columns", "The columns of labels, separated by commas; without it all but id, item and text."),
        Param("target", "share", "The accuracy you mean to show."),
        SEED,
    ),
    run=run,
    formula=(
        "Pairs of labels of an item that agree; alpha = 1 - D_o / D_e (nominal); kappa = (p_o - p_e) "
        "/ (1 - p_e). Ceiling: "
        "the root q of q^2 + (1 - q)^2 / (k - 1) = agreement, the accuracy of equally good people "
        "who err independently."
    ),
    source="Cohen (1960); Fleiss (1971); Krippendorff (2011); ceiling own, the simplest case of Dawid and Skene (1979)",
    shows_not="who is right, or a ceiling for a system that is judged by what several people settled on together.",
    informs=("labelled_targets",),
    fits=is_labels,
    example="llm agreement labels.csv --raters ana,ben --target 0.95",
)
