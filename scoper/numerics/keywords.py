"""Sorting texts by words: one rule list of telling words, grown from labelled texts.

No language is built in: words are runs of letters and digits in lower case. What a linear classifier does better is for
the callers to compare.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_LEAST = 2
_MOST_RULES = 200


@dataclass(frozen=True)
class Rule:
    """Texts with this word belong to this class, unless an earlier rule holds; hits of n cases that it was grown on."""

    word: str
    label: str
    hits: int
    n: int


@dataclass(frozen=True)
class WordRules:
    """Rules in order, and the class where none holds."""

    rules: tuple[Rule, ...]
    otherwise: str

    def decide(self, text: str) -> str:
        """The class of a text."""
        there = words_of(text)
        return next((rule.label for rule in self.rules if rule.word in there), self.otherwise)


def words_of(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(_WORD.findall(text.lower()))


def grow(texts: Sequence[frozenset[str]], labels: Sequence[str], most: int = 20) -> WordRules:
    """A decision list (Rivest 1987): again and again the word that sorts best what is left.

    A word's worth is its hit rate less one standard error of a binomial with one hit and one miss added (Agresti and
    Coull 1998), above what the usual class would give; it occurs in two texts at least. Of equal
    ones the first in the alphabet counts.
    """
    left = list(range(len(texts)))
    rules: list[Rule] = []
    while left and len(rules) < min(most, _MOST_RULES):
        base = Counter(labels[i] for i in left).most_common(1)[0][1] / len(left)
        best = _best_word(texts, labels, left, base)
        if best is None:
            break
        rules.append(best)
        left = [i for i in left if best.word not in texts[i]]
    otherwise = Counter(labels[i] for i in (left or range(len(texts)))).most_common(1)[0][0]
    return WordRules(tuple(rules), otherwise)


def _best_word(texts: Sequence[frozenset[str]], labels: Sequence[str], left: Sequence[int], base: float) -> Rule | None:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for i in left:
        for word in texts[i]:
            counts[word][labels[i]] += 1
    best: tuple[float, str, Rule] | None = None
    for word, seen in counts.items():
        n = sum(seen.values())
        label, hits = max(seen.items(), key=lambda entry: (entry[1], entry[0]))
        if n < _LEAST:
            continue
        rate = (hits + 1.0) / (n + 2.0)
        worth = (rate - math.sqrt(rate * (1.0 - rate) / (n + 2.0)) - base) * math.sqrt(n)
        if worth > 0.0 and (best is None or (-worth, word) < best[:2]):
            best = (-worth, word, Rule(word, label, hits, n))
    return best[2] if best else None
