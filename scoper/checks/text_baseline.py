"""Do we need a language model at all: what telling words and a linear classifier make of labelled texts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from scoper.checks import Check, Given, Input, Param
from scoper.checks._cases import SEED, share_of
from scoper.checks._shapes import has_columns
from scoper.domain.checks import Fault, Listing, Outcome, Quantity
from scoper.domain.numbers import count, share
from scoper.domain.records import Records, refuse
from scoper.domain.text import shown
from scoper.errors import InputError, Problem, UsageError
from scoper.numerics.case_columns import Codes, coded
from scoper.numerics.case_tree import folds
from scoper.numerics.keywords import grow, words_of
from scoper.numerics.statistics import share_interval

_LEAST, _MOST_CLASSES, _SHOWN = 20, 100, 15
_EXTRA = "pip install 'problem-scoper[text]' brings scikit-learn"
Sorter = Callable[[Sequence[str], Sequence[str], Sequence[str]], list[str]]


def texts_of(given: Given) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(texts, labels); raises InputError for missing columns, empty cells, too few rows or one label only."""
    records = given.records("cases")
    text, label = given.get("text", "text"), given.get("label", "label")
    records.require([text, label])
    bad = [records.problem(i, label, "no label") for i, cell in enumerate(records.column(label)) if not cell]
    refuse(bad, records.source)
    labels = records.column(label)
    kinds = Counter(labels)
    if len(labels) < _LEAST or len(kinds) < 2 or len(kinds) > _MOST_CLASSES:
        message = f"{len(labels)} texts with {len(kinds)} labels; {_LEAST} texts with 2 to {_MOST_CLASSES} are needed"
        raise InputError(Problem("texts", message, records.source, records.lines[0], 1))
    return records.column(text), labels


def grouped_folds(texts: Sequence[str], labels: Sequence[str], n_folds: int, rng: np.random.Generator) -> Codes:
    """(N,) folds in which texts of the same words stay together, so that no copy is judged by its twin."""
    keys, names = coded([" ".join(sorted(words_of(text))) for text in texts])
    first = {int(key): i for i, key in reversed(list(enumerate(keys)))}
    codes, _ = coded([labels[int(first[key])] for key in range(len(names))])
    return folds(codes, n_folds, rng)[keys]


def cross_validated(texts: Sequence[str], labels: Sequence[str], fold: Codes, sort: Sorter) -> list[str]:
    """The label that a sorter, grown without the fold of a text, gives each text."""
    found = [""] * len(texts)
    for part in np.unique(fold):
        kept, left = np.flatnonzero(fold != part).tolist(), np.flatnonzero(fold == part).tolist()
        said = sort([texts[i] for i in kept], [labels[i] for i in kept], [texts[i] for i in left])
        for i, label in zip(left, said, strict=True):
            found[i] = label
    return found


def by_words(texts: Sequence[str], labels: Sequence[str], others: Sequence[str]) -> list[str]:
    """A list of at most 20 telling words."""
    rules = grow([words_of(text) for text in texts], labels)
    return [rules.decide(text) for text in others]


def linear(seed: int) -> Sorter:
    """Logistic regression on tf-idf of words and pairs; raises UsageError without scikit-learn."""
    try:
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline
    except ImportError:
        message = "the linear text classifier needs scikit-learn, which is not installed"
        raise UsageError(
            Problem("extra-missing", message, remedy=f"{_EXTRA}; or --classifier none for the words alone")
        ) from None

    def sort(texts: Sequence[str], labels: Sequence[str], others: Sequence[str]) -> list[str]:
        if len(set(labels)) < 2:
            return [labels[0]] * len(others)
        vectors = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=1, token_pattern=r"(?u)\b\w+\b")
        model: Any = make_pipeline(vectors, LogisticRegression(C=10.0, max_iter=2_000, random_state=seed))
        try:
            return [str(label) for label in model.fit(list(texts), list(labels)).predict(list(others))]
        except ValueError:  # no text of the fold holds a word
            return [Counter(labels).most_common(1)[0][0]] * len(others)

    return sort


def by_patterns(records: Records, patterns: Sequence[str]) -> Sorter:
    """The user's own `label=regex`, the first that matches deciding; raises UsageError for a wrong one."""
    rules = []
    for given in patterns:
        label, equals, pattern = given.partition("=")
        try:
            rules.append((label.strip(), re.compile(pattern, re.IGNORECASE)))
        except re.error as error:
            raise UsageError(Problem("check-option", f"--pattern '{shown(given, 40)}': {error}")) from None
        if not equals or not label.strip():
            message = f"--pattern '{shown(given, 40)}' is not of the form label=regex"
            raise UsageError(Problem("check-option", message, remedy="--pattern 'invoice=invoice|bill'"))

    def sort(texts: Sequence[str], labels: Sequence[str], others: Sequence[str]) -> list[str]:
        usual = Counter(labels).most_common(1)[0][0]
        return [next((name for name, rule in rules if rule.search(text)), usual) for text in others]

    return sort


def run(given: Given) -> Outcome:
    """Each baseline's cross-validated accuracy, and whether it reaches the target."""
    texts, labels = texts_of(given)
    sorters: dict[str, Sorter] = {"telling words": by_words}
    patterns = given.get("pattern", ())
    if patterns:
        sorters["your patterns"] = by_patterns(given.records("cases"), patterns)
    left_out, wanted = False, given.get("classifier")
    if wanted != "none":
        try:
            sorters["linear classifier"] = linear(int(given.number("seed")))
        except UsageError:
            if wanted is not None:
                raise
            left_out = True
    n_folds = int(given.number("folds"))
    fold = grouped_folds(texts, labels, n_folds, np.random.default_rng(given.values["seed"]))
    said = {name: cross_validated(texts, labels, fold, sort) for name, sort in sorters.items()}
    n = len(texts)
    usual = Counter(labels).most_common(1)[0]
    hits = {name: sum(a == b for a, b in zip(found, labels, strict=True)) for name, found in said.items()}
    how = f"{n_folds}-fold cross-validation, copies of a text kept together; exact interval (95 %)."
    quantities = [share_of(f"always '{shown(usual[0], 30)}'", usual[1], n, "The floor: no text is read.")]
    quantities += [share_of(name, hit, n, how) for name, hit in hits.items()]
    quantities += [_balanced(name, found, labels) for name, found in said.items()]
    best = max(hits, key=lambda name: hits[name])
    value, low, high = share_interval(hits[best], n)
    target = given.get("target")
    headline = f"Without a language model {share(value)} of {count(n)} texts are sorted rightly ({best}"
    headline += f", {share(low)} to {share(high)})."
    if target is not None:
        headline += " " + _against(target, low, high)
    return Outcome(
        headline=headline,
        quantities=tuple(quantities),
        listings=(_rules(texts, labels), _by_label(labels, said[best], best)),
        faults=(*_faults(target, low, best, labels, texts), *((_LEFT_OUT,) if left_out else ())),
    )


_LEFT_OUT = Fault(
    code="classifier_left_out",
    severity="caution",
    claim="the linear text classifier was left out: scikit-learn is not installed",
    remedy=f"{_EXTRA}: it usually sorts more texts rightly than words do",
)


def _balanced(name: str, found: Sequence[str], labels: Sequence[str]) -> Quantity:
    rates = [np.mean([a == b for a, b in zip(found, labels, strict=True) if b == kind]) for kind in set(labels)]
    words = "The mean over labels of the share sorted rightly: rare labels count as much as frequent ones."
    return Quantity(name=f"{name}, balanced", value=float(np.mean(rates)), unit="share", basis="measured", words=words)


def _against(target: float, low: float, high: float) -> str:
    if low >= target:
        return f"That reaches the target of {share(target)}: no language model is needed for it."
    if high < target:
        return f"That misses the target of {share(target)}: there is something left for a language model to win."
    return f"Whether that reaches the target of {share(target)} takes more texts."


def _rules(texts: Sequence[str], labels: Sequence[str]) -> Listing:
    rules = grow([words_of(text) for text in texts], labels)
    rows = [(rule.word, rule.label, f"{rule.hits} of {rule.n}") for rule in rules.rules[:_SHOWN]]
    rows.append(("(otherwise)", rules.otherwise, "-"))
    note = "In order: the first word that a text has decides. Counted on all texts, so a little too good."
    return Listing(title="The telling words", header=("word", "label", "right"), rows=tuple(rows), note=note)


def _by_label(labels: Sequence[str], found: Sequence[str], best: str) -> Listing:
    rows = []
    for kind, n in Counter(labels).most_common(_SHOWN):
        right = sum(a == b == kind for a, b in zip(found, labels, strict=True))
        wrong = Counter(a for a, b in zip(found, labels, strict=True) if b == kind and a != kind).most_common(1)
        taken = f"{shown(wrong[0][0], 30)} ({wrong[0][1]})" if wrong else "-"
        rows.append((shown(kind, 30), count(n), share(right / n), taken))
    return Listing(title=f"By label ({best})", header=("label", "texts", "right", "mostly taken for"), rows=tuple(rows))


def _faults(
    target: float | None, low: float, best: str, labels: Sequence[str], texts: Sequence[str]
) -> tuple[Fault, ...]:
    found = []
    if target is not None and low >= target:
        claim = f"the target is reached without a language model ({best})"
        remedy = "build that first; it costs nothing per text and answers at once"
        found.append(Fault(code="no_model_needed", severity="caution", claim=claim, remedy=remedy))
    rare = [kind for kind, n in Counter(labels).items() if n < 5]
    if rare:
        claim = f"{len(rare)} labels have fewer than 5 texts: {', '.join(shown(kind, 20) for kind in sorted(rare)[:5])}"
        found.append(Fault(code="rare_labels", severity="info", claim=claim, remedy="collect more, or join labels"))
    copies = len(texts) - len({" ".join(sorted(words_of(text))) for text in texts})
    if copies:
        claim = f"{count(copies)} texts have the words of another one; they were kept in one fold"
        found.append(Fault(code="copies", severity="info", claim=claim))
    return tuple(found)


CHECK = Check(
    id="text_baseline",
    technique="llm_orchestration",
    summary="What telling words, your own patterns and a linear classifier make of your labelled texts.",
    question="Do we need a language model to sort these texts?",
    inputs=(Input("cases", "records", "a CSV with the columns text and label"),),
    params=(
        Param("text", "column", "The column of texts; text without it."),
        Param("label", "column", "The column of labels; label without it."),
        Param("target", "share", "The share that has to be sorted rightly."),
        Param("pattern", "words", "A rule of your own, label=regex; may be given several times."),
        Param(
            "classifier",
            "word",
            "The classifier to try beside the words; without it linear where scikit-learn is installed.",
            choices=("linear", "none"),
        ),
        Param("folds", "whole", "Parts of the cross-validation.", 5, low=2, high=20),
        SEED,
    ),
    run=run,
    formula=(
        "A decision list of at most 20 words; logistic regression on tf-idf of words and pairs. Each text is judged by "
        "what was grown without its fold; texts of the same words share a fold."
    ),
    source="Rivest (1987), decision lists; Salton and Buckley (1988), tf-idf; Clopper and Pearson (1934)",
    shows_not=(
        "that a language model would do better: try it on the same texts; nor how either does on next year's texts."
    ),
    extra="text",
    fits=has_columns(("text", "label")),
    example="llm text-baseline mails.csv --text body --label queue --target 0.9",
)
