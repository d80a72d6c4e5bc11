"""A spec goes to the child process as JSON and comes back the same."""

import pytest

from scoper.domain.mdp import MdpSpec
from scoper.services.library import data_path, load_library
from scoper.services.mdp_templates import load_templates
from scoper.services.specs import parse_spec, read_spec

TEMPLATES = load_templates(load_library())
EXAMPLES = sorted(data_path("examples").glob("*.mdp.yaml"))
SPREAD = """\
scoper_mdp: 1
name: Spread
discount: 0.9
state: {n: {from: 0, to: 3}, x: {values: [0.5, 1.5]}, w: {values: [idle, busy]}}
actions: {go: {from: 0, to: 1}}
next: {n: n, x: x, w: w}
reward: {pay: go}
start: {n: {values: {0: 0.5, 3: 0.5}}, x: {values: {0.5: 0.25, 1.5: 0.75}}, w: idle}
"""


def _same(spec):
    return MdpSpec.model_validate_json(spec.model_dump_json()) == spec


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_survives_the_way_through_json(path):
    spec = read_spec(path)
    assert not isinstance(spec, MdpSpec) or _same(spec)


def test_the_numbers_of_a_start_law_stay_numbers():
    spec = parse_spec(SPREAD, "spread.yaml")
    assert _same(spec)
    back = MdpSpec.model_validate_json(spec.model_dump_json())
    assert set(back.start["n"]) == {0, 3}
    assert set(back.start["x"]) == {0.5, 1.5}


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_a_template_survives_the_way_through_json(name):
    assert _same(parse_spec(TEMPLATES[name].filled(), f"{name}.yaml"))
