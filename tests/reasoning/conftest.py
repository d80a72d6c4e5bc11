"""Small random rule packs that can be enumerated, and an oracle that does enumerate them."""

from functools import cached_property
from itertools import combinations, product
from math import prod

import pytest
from hypothesis import strategies as st

from scoper.domain.decision import FAMILIES, TECHNIQUES, UNDECIDED
from scoper.domain.questionnaire import Question
from scoper.reasoning.pack import Rule, RulePack, Table

VALUES = ("yes", "partly", "no")
SIGNALS = ("a", "b", "c", "d", "e")
FACETS = {"f": ("a", "b"), "g": ("c",), "h": ("d", "e")}


def question(signal):
    meanings = dict.fromkeys((*VALUES, "unknown"), "m")
    text = dict.fromkeys(("section", "text", "why", "example", "counter_example", "source"), "x")
    return Question(id=signal, kind="choice", meanings=meanings, **text)


def table(name, kind, inputs, outputs, default, rows):
    rules = tuple(
        Rule(f"{name}{k}", name, k, when, then, "because", "source", "stated") for k, (when, then) in enumerate(rows)
    )
    return Table(name, kind, "first", inputs, outputs, default, "because", rules)


@st.composite
def packs(draw):
    tables = []
    for facet, signals in FACETS.items():
        rows = draw(st.lists(row(signals, dict.fromkeys(signals, VALUES), ("low", "high")), max_size=3))
        tables.append(table(facet, "facet", signals, ("low", "mid", "high"), "mid", rows))
    outputs = dict.fromkeys(FACETS, ("low", "mid", "high"))
    rows = draw(st.lists(row(tuple(FACETS), outputs, (*TECHNIQUES, UNDECIDED)), min_size=1, max_size=6))
    tables.append(table("technique", "technique", tuple(FACETS), (*TECHNIQUES, UNDECIDED), UNDECIDED, rows))
    rows = draw(st.lists(row(("f", "h"), outputs, FAMILIES), max_size=3))
    tables.append(table("family", "family", ("f", "h"), FAMILIES, "value_based", rows))
    prior = {
        s: dict(zip(VALUES, draw(st.sampled_from([(0.5, 0.25, 0.25), (0, 0.5, 0.5), (0.2, 0.2, 0.6)])), strict=True))
        for s in SIGNALS
    }
    return RulePack(tuple(tables), {s: question(s) for s in SIGNALS}, prior, "test", (), "digest")


def row(names, values, outcomes):
    chosen = st.lists(st.sampled_from(names), max_size=3, unique=True)
    condition = chosen.flatmap(
        lambda picked: st.fixed_dictionaries({n: st.frozensets(st.sampled_from(values[n]), min_size=1) for n in picked})
    )
    return st.tuples(condition, st.sampled_from(outcomes))


facts = st.dictionaries(st.sampled_from(SIGNALS), st.sampled_from(VALUES))


class Oracle:
    """Everything by enumeration, straight from the tables."""

    def __init__(self, pack):
        self.pack = pack

    def first(self, table, assignment):
        hit = (r.then for r in table.rules if all(assignment[n] in v for n, v in r.when.items()))
        return next(hit, table.default)

    def outcome(self, answers):
        facets = {t.id: self.first(t, answers) for t in self.pack.of_kind("facet")}
        (technique,), (family,) = self.pack.of_kind("technique"), self.pack.of_kind("family")
        name = self.first(technique, facets)
        return name, f"{name}/{self.first(family, facets)}" if name == "reinforcement_learning" else name

    def completions(self, known):
        options = [(known[s],) if s in known else VALUES for s in SIGNALS]
        for values in product(*options):
            answers = dict(zip(SIGNALS, values, strict=True))
            weight = 1.0
            for signal in SIGNALS:
                weight *= 1.0 if signal in known else self.pack.prior[signal][answers[signal]]
            yield answers, weight

    def possible(self, known):
        return {self.outcome(answers)[0] for answers, _ in self.completions(known)}

    def support(self, known):
        mass = {}
        for answers, weight in self.completions(known):
            name = self.outcome(answers)[1]
            mass[name] = mass.get(name, 0.0) + weight
        return mass

    def minimal(self, known, holds):
        found = []
        for size in range(len(known) + 1):
            for chosen in combinations(sorted(known), size):
                kept = set(chosen)
                if not any(set(f) <= kept for f in found) and holds(self.possible({s: known[s] for s in kept})):
                    found.append(chosen)
        return {frozenset(f) for f in found if f}

    @cached_property
    def everything(self):
        return [(answers, self.outcome(answers)[0]) for answers, _ in self.completions({})]

    def named(self, known, doubts=()):
        """The technique named; `doubts` gives how likely an answer stands, else it is as if the question were open."""
        possible = {name for answers, name in self.everything if known.items() <= answers.items()}
        mass, doubts = dict.fromkeys(TECHNIQUES, 0.0), dict(doubts)
        laws = {}
        for signal, prior in self.pack.prior.items():
            stands = doubts.get(signal, 1.0) if signal in known else 0.0
            laws[signal] = {v: stands * (v == known.get(signal)) + (1.0 - stands) * p for v, p in prior.items()}
        for answers, name in self.everything:
            mass[name] = mass.get(name, 0.0) + prod(laws[signal][value] for signal, value in answers.items())
        if len(possible) == 1:
            return next(iter(possible)), mass
        best = max(TECHNIQUES, key=lambda name: mass[name])
        return (best if mass[best] > 0.5 + 1e-9 else UNDECIDED), mass

    def matters(self, known, signal):
        for answers, _ in self.completions({s: v for s, v in known.items() if s != signal}):
            if len({self.outcome({**answers, signal: value})[1] for value in VALUES}) > 1:
                return True
        return False


@pytest.fixture
def strategies():
    return packs(), facts


@pytest.fixture
def oracle():
    return Oracle
