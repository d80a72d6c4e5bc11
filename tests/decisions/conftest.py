"""Random tables and packs small enough to enumerate."""

from itertools import product

import pytest
from hypothesis import strategies as st

from scoper.domain.decision import FAMILIES, TECHNIQUES, UNDECIDED
from scoper.domain.questionnaire import Question
from scoper.reasoning.diagram import Variable
from scoper.reasoning.pack import Rule, RulePack, Table
from scoper.reasoning.rule_table import Line, RuleTable

VALUES = ("yes", "partly", "no")
SIGNALS = ("a", "b", "c", "d", "e")
FACETS = {"f": ("a", "b"), "g": ("c",), "h": ("d",)}


def conditions(values, most=3):
    chosen = st.lists(st.sampled_from(sorted(values)), max_size=most, unique=True)
    return chosen.flatmap(
        lambda names: st.fixed_dictionaries({n: st.frozensets(st.sampled_from(values[n]), min_size=1) for n in names})
    )


@st.composite
def tables(draw, policy):
    sizes = draw(st.lists(st.integers(2, 3), min_size=1, max_size=3))
    variables = tuple(Variable(f"x{k}", tuple(f"v{j}" for j in range(n))) for k, n in enumerate(sizes))
    values = {v.name: v.values for v in variables}
    rows = draw(st.lists(st.tuples(conditions(values, 4), st.sampled_from("pqr")), max_size=6))
    lines = tuple(Line(f"l{k}", when, then) for k, (when, then) in enumerate(rows))
    default = draw(st.sampled_from([None, "p"])) if policy == "first" else None
    return RuleTable("t", variables, lines, policy, default)


def cases_of(variables):
    for values in product(*(v.values for v in variables)):
        yield dict(zip((v.name for v in variables), values, strict=True))


def question(signal):
    meanings = dict.fromkeys((*VALUES, "unknown"), "m")
    text = dict.fromkeys(("section", "text", "why", "example", "counter_example", "source"), "x")
    return Question(id=signal, kind="choice", meanings=meanings, **text)


def make_table(name, kind, inputs, outputs, default, rows, policy="first"):
    rules = tuple(
        Rule(f"{name}{k}", name, k, when, then, "because", "source", "stated") for k, (when, then) in enumerate(rows)
    )
    return Table(name, kind, policy, inputs, outputs, default, "because", rules)


@st.composite
def packs(draw):
    found = []
    for facet, signals in FACETS.items():
        rows = draw(
            st.lists(
                st.tuples(conditions(dict.fromkeys(signals, VALUES)), st.sampled_from(("low", "high"))), max_size=3
            )
        )
        found.append(make_table(facet, "facet", signals, ("low", "mid", "high"), "mid", rows))
    outputs = dict.fromkeys(FACETS, ("low", "mid", "high"))
    spoken = st.sampled_from(("reinforcement_learning", "plain_automation", "llm_orchestration", UNDECIDED))
    rows = draw(st.lists(st.tuples(conditions(outputs), spoken), min_size=1, max_size=5))
    found.append(make_table("technique", "technique", tuple(FACETS), (*TECHNIQUES, UNDECIDED), UNDECIDED, rows))
    rows = draw(st.lists(st.tuples(conditions({"f": outputs["f"]}), st.sampled_from(FAMILIES[:2])), max_size=2))
    found.append(make_table("family", "family", ("f",), FAMILIES, "value_based", rows))
    named = {**dict.fromkeys(SIGNALS, VALUES), "technique": (*TECHNIQUES, UNDECIDED)[:3]}
    for kind, said in (("readiness", ("go_if", "not_yet", "no")), ("surrounding", TECHNIQUES[:2])):
        rows = draw(st.lists(st.tuples(conditions(named), st.sampled_from(said)), max_size=3))
        found.append(make_table(kind, kind, ("technique", "signals"), said, "", rows, "collect"))
    prior = {
        s: dict(zip(VALUES, draw(st.sampled_from([(0.5, 0.25, 0.25), (0.2, 0.2, 0.6)])), strict=True)) for s in SIGNALS
    }
    return RulePack(tuple(found), {s: question(s) for s in SIGNALS}, prior, "test", (), "digest")


@pytest.fixture
def random_table():
    return tables


@pytest.fixture
def random_pack():
    return packs()


@pytest.fixture
def every_case():
    return cases_of


@pytest.fixture
def every_answer():
    return [dict(zip(SIGNALS, values, strict=True)) for values in product(VALUES, repeat=len(SIGNALS))]
