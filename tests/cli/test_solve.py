"""`scoper solve` and `scoper show` against a recursion written out by hand."""

import csv
import json
import xml.etree.ElementTree as ET

import pytest
from click.testing import CliRunner

from scoper.interfaces.cli.main import cli, main

SPEC = """\
scoper_mdp: 1
name: One machine
discount: 0.5
horizon: {horizon}
state: {{wear: {{from: 0, to: 2}}, shift: {{values: [day, night]}}}}
actions: {{what: {{values: [run, repair]}}}}
exogenous: {{luck: {{values: {{0: 0.25, 1: 0.75}}}}}}
next:
  wear: "0 if what == repair else min(2, wear + luck)"
  shift: "night if shift == day else day"
reward: {{output: "6 - 3 * wear if what == run else 0", work: "-2 if what == repair else 0"}}
objective: {{expression: "output", direction: maximise}}
start: {{wear: 0, shift: day}}
baselines: {{always_run: {{what: run}}, when_worn: {{what: "repair if wear == 2 else run"}}}}
"""


def _best(steps, wear):
    """Best return and action by plain recursion over the timesteps that are left."""
    if steps == 0:
        return 0.0, None
    later = [_best(steps - 1, w)[0] for w in range(3)]
    run = 6 - 3 * wear + 0.5 * (0.25 * later[wear] + 0.75 * later[min(2, wear + 1)])
    repair = -2 + 0.5 * later[0]
    return (run, "run") if run >= repair else (repair, "repair")


def _run_always(steps, wear):
    if steps == 0:
        return 0.0
    return 6 - 3 * wear + 0.5 * (0.25 * _run_always(steps - 1, wear) + 0.75 * _run_always(steps - 1, min(2, wear + 1)))


@pytest.fixture
def spec(tmp_path):
    def write(horizon="infinite"):
        path = tmp_path / "mdp.yaml"
        path.write_text(SPEC.format(horizon=horizon), encoding="utf-8")
        return str(path)

    return write


def _call(*arguments):
    result = CliRunner().invoke(cli, list(arguments), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_the_optimum_within_a_horizon_is_that_of_the_recursion(spec):
    found = json.loads(_call("solve", spec(7), "--json"))
    assert found["optimal"] == pytest.approx(_best(7, 0)[0], abs=1e-12)
    assert found["returns"]["always_run"] == pytest.approx(_run_always(7, 0), abs=1e-12)
    assert found["basis"]["optimal"] == "proved"
    assert found["solution"]["converged"]
    actions = {row["state"]: row["action"] for row in found["policy"]}
    assert {f"wear={w}, shift=day": f"what={_best(7, w)[1]}" for w in range(3)}.items() >= {
        state: action for state, action in actions.items() if "day" in state
    }.items()


def test_without_a_horizon_the_recursion_converges_to_the_optimum(spec):
    found = json.loads(_call("solve", spec(), "--json", "--discounts", "0.5,0", "--average"))
    limit = _limit(0.5)
    assert found["optimal"] == pytest.approx(limit[0], abs=1e-9)
    same, myopic = found["sensitivity"]
    assert (same["optimal"], same["states_decided_otherwise"]) == (pytest.approx(limit[0]), 0.0)
    assert myopic["optimal"] == 6.0  # running a new machine, and nothing afterwards
    assert found["average_reward"]["from_start"] == pytest.approx(_best_average(), abs=1e-9)


def _limit(discount):
    value = [0.0, 0.0, 0.0]
    for _ in range(200):
        run = [6 - 3 * w + discount * (0.25 * value[w] + 0.75 * value[min(2, w + 1)]) for w in range(3)]
        value = [max(r, -2 + discount * value[0]) for r in run]
    return value


def _best_average():
    """Repair at wear w: cycles of 4/3 timesteps for every step of wear run through, then one of repair (renewals)."""
    never = 0.0  # wear ends at 2, where a timestep of running pays 0
    at_one = (4 / 3 * 6 - 2) / (4 / 3 + 1)
    at_two = (4 / 3 * 6 + 4 / 3 * 3 - 2) / (4 / 3 * 2 + 1)
    return max(never, at_one, at_two)


def test_the_page_names_the_optimum_its_certificate_and_the_baselines(spec):
    page = _call("solve", spec())
    assert "OPTIMUM" in page
    assert "proved" in page
    assert "always_run" in page
    assert "the owner wants to maximise output" in page


def test_every_state_is_a_line_of_the_table_and_an_existing_table_is_kept(spec, tmp_path):
    table = tmp_path / "policy.csv"
    _call("solve", spec(), "--table", str(table))
    rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    assert len(rows) == 6
    assert {row["wear"]: row["best_what"] for row in rows}["0"] == "run"
    before = table.read_bytes()
    assert main(["solve", spec(), "--table", str(table)]) == 4
    assert table.read_bytes() == before


def test_pictures_are_deterministic_svg_with_words_for_who_cannot_see_them(spec, tmp_path):
    for folder in ("one", "two"):
        _call("show", spec(), "--svg", str(tmp_path / folder))
    names = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert names == ["occupancy.svg", "policy_what.svg", "value.svg"]
    for name in names:
        text = (tmp_path / "one" / name).read_text(encoding="utf-8")
        assert text == (tmp_path / "two" / name).read_text(encoding="utf-8")
        root = ET.fromstring(text)
        assert len(root.find("{http://www.w3.org/2000/svg}desc").text) > 30


def test_digits_say_the_same_as_shades(spec):
    page = _call("show", spec(), "--digits", "--over", "wear", "--at", "shift=night")
    assert "held at shift=night" in page
    value = [_limit(0.5)[wear] for wear in range(3)]
    tenths = [min(9, int(10 * (v - min(value)) / (max(value) - min(value)))) for v in value]
    assert "|" + "".join(str(t) * 2 for t in tenths) + "|" in page


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["show", "--over", "waer"], "did you mean 'wear'"),
        (["show", "--over", "wear,wear"], "two different"),
        (["show", "--over", "wear", "--at", "shift=noon"], "no value 'noon'"),
        (["show", "--over", "wear", "--at", "shift"], "name=value"),
        (["solve", "--discounts", "0.9,2"], "discounts from 0 to 1"),
    ],
)
def test_wrong_arguments_are_refused_with_what_is_allowed(spec, capsys, arguments, words):
    assert main([arguments[0], spec(), *arguments[1:]]) == 2
    assert words in capsys.readouterr().err


def test_an_environment_is_referred_to_the_probe(tmp_path, capsys):
    path = tmp_path / "lake.yaml"
    path.write_text("scoper_mdp: 1\nname: Lake\nenvironment: {id: FrozenLake-v1}\n", encoding="utf-8")
    assert main(["solve", str(path)]) == 2
    assert "scoper probe" in capsys.readouterr().err


def test_what_the_owner_wants_stands_beside_what_the_reward_brings(tmp_path):
    path = tmp_path / "mdp.yaml"
    text = SPEC.format(horizon=3).replace("direction: maximise", "direction: minimise")
    path.write_text(text.replace('expression: "output"', 'expression: "wear"'), encoding="utf-8")
    found = json.loads(_call("solve", str(path), "--json"))
    assert found["best_objective"] == pytest.approx(0.0)  # repairing always keeps the wear at 0
    policy = [_best(3 - t, 0)[1] for t in range(3)]
    assert policy[0] == "run"
    assert found["objective_of_best"] > 0.0
    page = _call("solve", str(path))
    assert "minimise wear" in page


def test_a_law_from_a_column_is_read_beside_the_spec(tmp_path):
    (tmp_path / "faults.csv").write_text("faults\n1\n1\n3\n", encoding="utf-8")
    path = tmp_path / "mdp.yaml"
    lines = (
        "scoper_mdp: 1\nname: Faults\ndiscount: 0\nstate: {open: {from: 0, to: 3}}\nactions: {send: {from: 0, to: 1}}\n"
        "exogenous: {d: {empirical: {csv: faults.csv, column: faults}}}\nnext: {open: d}\n"
        'reward: {cost: "-d - send"}\nstart: {open: 0}\n'
    )
    path.write_text(lines, encoding="utf-8")
    found = json.loads(_call("solve", str(path), "--json"))
    assert found["optimal"] == pytest.approx(-5 / 3)
    assert "value" in _call("show", str(path)).lower()
