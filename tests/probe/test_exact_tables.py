"""A table that an environment carries is believed only as far as its steps and resets bear it out."""

import importlib.util
import re
from pathlib import Path

import gymnasium
import numpy as np
import pytest

from scoper.probe.tables import CHECK_STEPS, imported_table


@pytest.fixture(scope="module")
def tabled():
    path = Path(__file__).parent / "environments" / "tabled.py"
    found = importlib.util.spec_from_file_location("tabled", path)
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


@pytest.fixture
def imported():
    return lambda env, seed=0: imported_table(env, 0.99, 100, range(seed, seed + 500))


def test_a_table_whose_environment_moves_otherwise_than_it_says_is_not_used(tabled, imported):
    found = imported(tabled.Drifting(said=0.5, true=0.7))

    assert found.table is None
    (finding,) = found.findings
    assert finding.code == "table_not_used"
    numbers = re.search(r"action \d in state \d .* in ([\d,]+) of ([\d,]+) steps, where .* ([\d,.]+)$", finding.claim)
    met, all_steps, said = (float(text.replace(",", "")) for text in numbers.groups())
    assert said == pytest.approx(0.5 * all_steps, abs=0.1)
    assert {round(met / all_steps, 1)} <= {0.3, 0.7}


def test_a_reward_that_never_comes_although_the_table_says_it_does_is_noticed(tabled, imported):
    found = imported(tabled.Drifting(bonus=0.05))

    assert found.table is None
    assert "reward 10" in found.findings[0].claim


@pytest.mark.parametrize("seed", range(8))
def test_a_true_table_is_used(tabled, imported, seed):
    assert imported(tabled.Drifting(), 1000 * seed).table is not None


@pytest.mark.slow
@pytest.mark.parametrize(
    ("identifier", "kwargs"),
    [("FrozenLake-v1", {"map_name": "8x8"}), ("Taxi-v4", {"is_rainy": True}), ("CliffWalking-v1", {})],
)
def test_the_tables_of_gymnasium_are_used(imported, identifier, kwargs):
    found = imported(gymnasium.make(identifier, **kwargs))

    assert found.table.start_resets == 0
    assert found.findings == ()


def test_without_a_start_distribution_every_reset_counts_and_nothing_is_called_given(tabled, imported):
    found = imported(tabled.RareStart(share=0.3))

    assert found.table.start_resets == 500 + CHECK_STEPS  # every step ends an episode
    assert found.table.initial[1] == pytest.approx(0.3, abs=0.02)
    assert [finding.code for finding in found.findings] == ["start_estimated"]


def test_resets_that_are_not_drawn_from_the_declared_starts_refute_the_table(tabled, imported):
    wrong = imported(tabled.RareStart(share=0.3, initial_state_distrib=[0.6, 0.4]))
    right = imported(tabled.RareStart(share=0.4, initial_state_distrib=[0.6, 0.4]))
    excluded = imported(tabled.RareStart(share=0.3, initial_state_distrib=[1.0, 0.0]))

    assert "initial_state_distrib says" in wrong.findings[0].claim
    assert right.findings == ()
    assert "reset started in state 1, which the start distribution excludes" in excluded.findings[0].claim


def test_a_start_distribution_that_is_none_is_named(tabled, imported):
    found = imported(tabled.RareStart(initial_state_distrib=[np.nan, 1.0]))

    assert "initial_state_distrib is no distribution" in found.findings[0].claim


@pytest.mark.slow
def test_nothing_is_proved_from_start_states_that_were_only_sampled(events_of, plan_of):
    plan = plan_of(file="tabled.py", cls="RareStart", spec={"kwargs": {"share": 0.0}})
    result = events_of(plan)[-1].result

    assert result.verdict == "not_shown"
    assert "proved" not in {result.basis[key] for key in result.basis if key.startswith("returns.")}
    assert "start states being those of" in result.criterion
    assert "proved" not in result.because
    assert not [f for f in result.findings if "proved" in f.claim and f.code != "start_estimated"]
