"""The README's reference of the spec language names every field, law and function there is, and no other."""

import re
from pathlib import Path

import pytest

from scoper.modelling.grammar import FUNCTIONS
from scoper.services.spec_laws import LAWS
from scoper.services.spec_objective import STATEMENTS
from scoper.services.specs import DECLARATIVE_KEYS, parse_spec

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
REFERENCE = README.split("### The spec language\n")[1].split("\n## ")[0]
SPEC = """
scoper_mdp: 1
name: N
discount: 0.9
state: {x: {from: 0, to: 1}}
actions: {a: {from: 0, to: 1}}
exogenous: {d: LAW}
next: {x: a}
reward: "d"
start: {x: 0}
"""


def first_column(heading):
    rows = REFERENCE.split(f"| {heading} |")[1].split("\n\n")[0].splitlines()[2:]
    return [row.split("|")[1].strip() for row in rows]


def test_the_fields_are_those_that_a_spec_may_have():
    fields = [name for cell in first_column("field") for name in re.findall(r"`(\w+)`", cell)]

    assert sorted(fields) == sorted(DECLARATIVE_KEYS)


def test_the_laws_are_those_that_a_spec_may_have():
    assert [re.match(r"`\{(\w+)", cell).group(1) for cell in first_column("law")] == list(LAWS)


@pytest.mark.parametrize("law", [cell.strip("`") for cell in first_column("law")])
def test_every_law_is_read_as_the_reference_writes_it(law):
    assert parse_spec(SPEC.replace("LAW", law), "mdp.yaml").exogenous["d"].kind in law


def test_the_statements_of_an_objective_are_those_that_a_spec_may_have():
    rows = [re.findall(r"`(\w+)`", cell) for cell in first_column("in `objective`")]

    assert sorted(name for row in rows for name in row) == sorted(STATEMENTS)


def test_the_functions_are_those_of_the_language():
    sentence = re.search(r"the functions (.*?)\. Conditions", REFERENCE, re.DOTALL).group(1)

    assert sorted(re.findall(r"`(\w+)[`(]", sentence)) == sorted(FUNCTIONS)
