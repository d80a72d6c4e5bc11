"""The exported DMN file: well wired, its tables UNIQUE and complete, and saying what the rules say."""

import random
from itertools import combinations
from xml.etree import ElementTree

import pytest

from scoper.reasoning.outcome import outcome
from scoper.services.dmn import NAMESPACE, NO_FAMILY, dmn_xml
from scoper.services.library import load_library

NS = {"d": NAMESPACE}
PACK = load_library().pack


@pytest.fixture(scope="module")
def document():
    return ElementTree.fromstring(dmn_xml(PACK))


def listed(text):
    return [value.strip('"') for value in text.split(",")]


def read_tables(root):
    """Decision name to (input names, rows of (allowed sets by input, output)); a plain reading of the file."""
    found = {}
    for decision in root.findall("d:decision", NS):
        inputs = [e.text for e in decision.findall(".//d:inputExpression/d:text", NS)]
        rows = []
        for rule in decision.findall(".//d:rule", NS):
            cells = [e.text for e in rule.findall("d:inputEntry/d:text", NS)]
            when = {n: set(listed(c)) for n, c in zip(inputs, cells, strict=True) if c != "-"}
            rows.append((when, listed(rule.find("d:outputEntry/d:text", NS).text)[0]))
        found[decision.get("name")] = (inputs, rows)
    return found


@pytest.mark.slow
def test_every_table_is_unique_and_none_of_its_rows_holds_together_with_another(document):
    assert {t.get("hitPolicy") for t in document.findall(".//d:decisionTable", NS)} == {"UNIQUE"}
    for _, rows in read_tables(document).values():
        for (one, _), (two, _) in combinations(rows, 2):
            assert any(not one[name] & two[name] for name in one.keys() & two.keys())


def test_there_is_a_table_for_every_facet_that_is_used_and_for_technique_and_family(document):
    used = {v.name for v in PACK.variables if v.name in PACK.facets}

    assert set(read_tables(document)) == {name.replace("-", "_") for name in used} | {"technique", "family"}


def test_ids_are_unique_and_every_reference_leads_somewhere(document):
    ids = [e.get("id") for e in document.iter() if e.get("id")]
    targets = {e.get("href")[1:] for e in document.iter() if e.get("href")}

    assert len(ids) == len(set(ids))
    assert targets <= set(ids)


def test_each_decision_requires_exactly_what_its_inputs_name(document):
    names = {e.get("id"): e.get("name") for e in document if e.get("name")}
    for decision in document.findall("d:decision", NS):
        required = {names[e.get("href")[1:]] for e in decision.findall("d:informationRequirement/*", NS)}
        assert required == {e.text for e in decision.findall(".//d:inputExpression/d:text", NS)}


def test_exactly_one_row_of_each_table_holds_and_the_verdict_is_the_one_of_the_rules(document):
    tables = read_tables(document)
    rng = random.Random(7)
    for _ in range(300):
        answers = {signal: rng.choice(PACK.known_values(signal)) for signal in PACK.questions}
        facts = {name.replace("-", "_"): value for name, value in answers.items()}
        left = dict(tables)
        while left:
            name = next(n for n, (inputs, _) in left.items() if all(i in facts for i in inputs))
            _, rows = left.pop(name)
            (facts[name],) = (then for when, then in rows if all(facts[n] in allowed for n, allowed in when.items()))
        said = outcome(PACK, answers)
        assert (facts["technique"], facts["family"]) == (said.technique, said.family or NO_FAMILY)


@pytest.mark.slow
def test_the_same_rules_give_the_same_bytes():
    assert dmn_xml(PACK) == dmn_xml(load_library().pack)
