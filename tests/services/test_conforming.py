"""Simulators with one planted fault each: the check names it, and accuses none that conforms."""

from pathlib import Path

import pytest

from scoper.domain.mdp import EnvironmentSpec
from scoper.domain.probe import Collected, ProbePlan, Sampled, SamplingPlan
from scoper.errors import InputError, ProbeError
from scoper.interfaces.cli.conform_text import conform_lines
from scoper.modelling.arrays import compile_spec
from scoper.modelling.model import SpecModel
from scoper.probe.sampling import run_sampling
from scoper.probe.session import Session
from scoper.probe.shelter import Pulse
from scoper.services.conform_deviations import deviations, verdict
from scoper.services.conform_steps import coded, read_rows
from scoper.services.conform_words import cause, document, hidden_variable, notes
from scoper.services.conforming import judged, make_plan
from scoper.services.library import load_library
from scoper.services.mdp_templates import fill, load_templates
from scoper.services.specs import parse_spec

SIMULATORS = Path(__file__).parent / "simulators.py"
SPEC = """\
scoper_mdp: 1
name: Store
discount: 0.99
horizon: 20
state: {stock: {from: 0, to: 8}}
actions: {order: {from: 0, to: 3}}
exogenous: {demand: {binomial: {n: 3, p: 0.5}}}
next: {stock: "min(8, max(0, stock + order - demand))"}
reward: {holding: "-0.5 * stock", purchase: "-1.0 * order", empty: "-3.0 if next_stock == 0 else 0"}
terminated: "stock == 0"
start: {stock: START}
available: "stock + order <= 8"
baselines: {fill_up: {order: "min(3, 8 - stock)"}}
"""


def checked(fault="", shows="vector", *, spec=SPEC, start="4", steps=5000, renames=None, seed=0, against=None):
    """The check of the planted store, stepped in this process."""
    text = spec.replace("START", start)
    declared = parse_spec(text, "store.yaml")
    environment = EnvironmentSpec(
        name="store", entry_point="simulators.py:Store", path=".", kwargs={"fault": fault, "shows": shows}
    )
    plan = ProbePlan(
        spec_text=text,
        spec=against or environment,
        spec_dir=str(SIMULATORS.parent),
        seed=seed,
        sampling=SamplingPlan(steps=steps, against=declared, renames=renames or {}),
    )
    events = []
    session = Session(plan, events.append, Pulse())
    end = run_sampling(session, plan.sampling)
    assert isinstance(end, Collected)
    compiled = compile_spec(declared)
    rows = read_rows([e for e in events if isinstance(e, Sampled)], tuple(declared.state))
    return judged(plan, compiled, coded(rows, SpecModel(declared).states, compiled.mdp), end)


def codes(found):
    return {deviation.code for deviation in deviations(found)}


@pytest.mark.slow
@pytest.mark.parametrize("shows", ["vector", "number", "box"])
def test_the_store_as_written_conforms_however_it_tells_its_stock(shows):
    found = checked(shows=shows)
    assert deviations(found) == ()
    assert found.coverage[0] == found.coverage[1]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_the_environment_made_from_a_spec_conforms_to_it(seed):
    own = parse_spec(SPEC.replace("START", "{values: {3: 0.5, 4: 0.5}}"), "store.yaml")
    assert deviations(checked(start="{values: {3: 0.5, 4: 0.5}}", against=own, seed=seed, steps=3000)) == ()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fault", "code", "words"),
    [
        ("demand", "frequency", "next.stock is on average"),
        ("cap", "frequency", "never exceeds 7"),
        ("start", "start", "start where the spec never does; first stock=5"),
        ("start_shares", "start", "start where the spec never does"),
        ("sign", "reward", "'empty' has the opposite sign"),
        ("size", "reward", "'purchase' counts 1.5 times"),
        ("bonus", "reward", "plus 0.1 in every timestep"),
        ("end", "termination", "terminates on reaching stock=1"),
        ("mask", "availability", "the spec forbids order="),
        ("early", "horizon", "truncates after 19 timesteps"),
        ("late", "horizon", "truncates after 21 timesteps"),
    ],
)
def test_a_planted_fault_is_named(fault, code, words):
    found = checked(fault)
    assert verdict(found) == "deviates"
    claims = [d.claim for d in deviations(found) if d.code == code]
    assert any(words in claim for claim in claims), claims
    assert hidden_variable(found) is None


@pytest.mark.slow
def test_start_states_of_other_shares_are_a_test_not_a_certainty():
    found = checked("start_shares", start="{values: {4: 0.8, 5: 0.2}}")
    (deviation,) = deviations(found)
    assert deviation.code == "start"
    assert not deviation.certain
    assert deviation.p < 1e-3
    assert deviations(checked("start_shares", start="{values: {4: 0.5, 5: 0.5}}")) == ()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("delay", "the simulator applies order one timestep later"),
        ("season", "the timestep's place in a period of 5"),
        ("drift", "the number of the episode"),
        ("habit", "the reward depends on"),
    ],
)
def test_a_hidden_variable_is_named_with_advice(fault, words):
    found = checked(fault, steps=10_000)
    hidden = hidden_variable(found)
    assert words in hidden.claim
    assert hidden.remedy
    if fault == "habit":
        assert hidden.variable == "order"
        assert hidden.kind in ("previous_action", "repeated")


@pytest.mark.slow
def test_what_the_simulator_tells_beside_the_state_is_a_candidate_too():
    found = checked("weather", "named", renames={"stock": "inventory"}, steps=10_000)
    hidden = hidden_variable(found)
    assert hidden.variable == "observation['weather']"
    assert found.collected.sources == {"stock": "observation['inventory']"}


def test_an_ignored_action_is_called_that():
    found = checked("ignored")
    assert "seems to ignore order" in cause(found)


@pytest.mark.slow
def test_a_wrong_end_comes_both_ways_with_a_witness_that_replays():
    found = checked("end")
    claims = [d for d in deviations(found) if d.code == "termination"]
    assert len(claims) == 2
    witness = claims[0].witness
    assert witness["next"] == {"stock": 1}
    assert witness["terminated"]
    again = checked("end")
    assert next(d.witness for d in deviations(again) if d.code == "termination") == witness


def test_impossible_steps_say_what_was_possible():
    found = checked(spec=SPEC.replace("{binomial: {n: 3, p: 0.5}}", "{values: {1: 1.0}}"))
    (claim,) = [d.claim for d in deviations(found) if d.code == "transition"]
    assert "only" in claim
    assert "seed" in claim


def test_a_simulator_without_a_time_limit_is_a_note_not_a_deviation():
    found = checked("endless")
    assert deviations(found) == ()
    assert any("without truncating" in note for note in notes(found))


def test_values_beyond_the_spec_are_impossible_and_what_follows_is_left_out():
    narrow = SPEC.replace("to: 8}", "to: 6}").replace("min(8", "min(6").replace('available: "stock + order <= 8"\n', "")
    found = checked(spec=narrow, shows="box")
    assert "became 7" in deviations(found)[0].claim or "became 8" in deviations(found)[0].claim
    assert any("left out" in note for note in notes(found))


def test_where_no_step_can_be_compared_nothing_is_said_about_rewards():
    full = SPEC.replace("min(8, max(0, stock + order - demand))", "8")
    found = checked("cap", spec=full, steps=500)  # never gets there
    assert "no step could be compared, so rewards were not tested" in notes(found)
    assert not any("paid" in note for note in notes(found))


def test_a_term_that_is_never_paid_is_told_with_the_steps_that_could_show_it():
    unpaid = SPEC.replace("purchase:", 'late: "-1 if stock > 99 else 0", purchase:')
    assert "no step paid 'late': nothing about it was tested" in notes(checked(spec=unpaid, steps=500))
    short = checked(spec=unpaid.replace("min(8", "min(6"), steps=500)  # beyond 6 nothing can be compared
    compared = 500 - short.found.impossible.size
    assert f"none of the {compared} comparable steps paid 'late': nothing about it was tested" in notes(short)


def test_the_page_leads_with_what_was_not_seen_and_leaves_the_sizes_to_the_document():
    found = checked()
    page = " ".join(" ".join(conform_lines(found)).split())
    median = document(found)["detectable"]["pair_distance_median"]
    assert f"a change of what follows that shows in less than {100 * median:.1f} % of their steps" in page
    assert "never tried" not in page  # every pair was
    assert "false alarm in at most 1 of 1,000 runs" in page
    assert "total-variation" not in page


def test_the_page_of_a_check_without_comparable_steps_promises_nothing():
    full = SPEC.replace("min(8, max(0, stock + order - demand))", "8")
    page = " ".join(conform_lines(checked("cap", spec=full, steps=500)))
    assert "Unseen    everything: no step could be compared with the spec" in page


def test_the_document_says_what_was_covered_and_what_would_have_been_shown():
    made = document(checked())
    assert made["verdict"] == "conforms"
    assert made["basis"] == "measured"
    assert made["coverage"]["share"] == 1.0
    assert made["detectable"]["mean_shift"]["next.stock"] > 0
    assert made["tests"]["family_wise_error"] == 1e-3


def test_twice_the_steps_show_smaller_deviations():
    few, many = (document(checked(steps=n))["detectable"] for n in (2000, 8000))
    assert many["mean_shift"]["next.stock"] < 0.6 * few["mean_shift"]["next.stock"]  # as one over the root: one half
    assert many["pair_distance_median"] < few["pair_distance_median"]


def test_a_state_that_is_told_nowhere_is_refused_by_name():
    with pytest.raises(InputError, match=r"'stock' of the spec has no counterpart.*Box"):
        checked(shows="nothing")
    with pytest.raises(InputError, match=r"--map stock=NAME.*inventory"):
        checked(shows="named")


def test_rows_that_are_no_rows_are_the_simulators_fault():
    with pytest.raises(ProbeError):
        read_rows([Sampled(columns=("a", "b"), rows="AAAA")], ("stock",))
    with pytest.raises(ProbeError):
        read_rows([], ("stock",))


def test_intervals_of_real_numbers_are_refused_with_a_place(tmp_path):
    path = tmp_path / "mdp.yaml"
    path.write_text(SPEC.replace("START", "4.0").replace("{from: 0, to: 8}", "{low: 0.0, high: 8.0}"))
    with pytest.raises(InputError, match=r"mdp.yaml:5:\d+: state.stock is an interval"):
        make_plan(path, "FrozenLake-v1")


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(load_templates(load_library())))
def test_the_environment_of_every_template_conforms_to_it(name):
    template = load_templates(load_library())[name]
    text = fill(template.spec, template.example)
    own = parse_spec(text, f"{name}.yaml")
    assert deviations(checked(spec=text, against=own, steps=1000)) == ()
