"""An environment's own Python file as what a probe is asked about."""

from pathlib import Path

import pytest

from scoper.errors import InputError
from scoper.services.probing import environment_spec_text
from scoper.services.spec_python import python_spec_text, python_target
from scoper.services.specs import parse_spec

MEMBERS = "    def reset(self): ...\n    def step(self): ...\n"
ONE = f"raise SystemExit('imported')\nclass Helper:\n    pass\nclass Valve:\n{MEMBERS}"


@pytest.fixture
def valve(tmp_path):
    path = tmp_path / "valve.py"
    path.write_text(ONE)
    return path


def test_a_python_file_is_told_from_specs_and_ids():
    assert python_target("a/valve.py") == (Path("a/valve.py"), None)
    assert python_target("a/valve.py:Valve") == (Path("a/valve.py"), "Valve")
    for other in ("mdp.yaml", "CartPole-v1", "package.module:Valve-v0", "valve.py:", "valve.py:not a name"):
        assert python_target(other) is None


def test_the_only_class_with_reset_and_step_is_found_without_importing_the_file(valve):
    named, found = (python_spec_text(valve, name, {"size": 3}, 0.9) for name in ("Valve", None))
    spec = parse_spec(found, "valve.py")

    assert named == found
    assert (spec.entry_point, spec.path, spec.kwargs, spec.discount) == ("valve:Valve", ".", {"size": 3}, 0.9)


@pytest.mark.parametrize(
    ("text", "name", "told"),
    [
        (ONE, "Valv", "did you mean 'Valve'?"),
        (f"{ONE}class Pump(Valve):\n{MEMBERS}", None, "Valve, Pump"),
        ("class Helper:\n    pass\n", None, "no class with reset and step"),
        ("x = 1\nclass Valve(\n", None, ":2"),
    ],
)
def test_what_cannot_be_meant_is_told_with_the_way_out(valve, text, name, told):
    valve.write_text(text)
    with pytest.raises(InputError) as error:
        python_spec_text(valve, name, {}, 0.99)
    assert told in str(error.value)


def test_a_file_that_no_import_could_name_is_refused(valve):
    with pytest.raises(InputError, match="rename the file"):
        python_spec_text(valve.rename(valve.parent / "my-valve.py"), None, {}, 0.99)


@pytest.mark.parametrize("discount", [0.9999999, 0.95, 1.0])
def test_a_discount_near_one_is_not_rounded_to_it(valve, discount):
    texts = [python_spec_text(valve, None, {}, discount), environment_spec_text("Maze-v0", {}, discount)]

    assert [float(text.rsplit("discount:", 1)[1]) for text in texts] == [discount, discount]
