"""No item without its proof: every planted defect is one, every clean item is clean, every repair has a clean twin."""

import itertools
from pathlib import Path

import numpy as np
import pytest
import yaml
from gymnasium.utils.env_checker import check_env

from scoper.domain.mdp import EnvironmentSpec, MdpSpec
from scoper.services.specs import parse_spec
from tests.feasibility import model as exact
from tests.feasibility import proofs, replays, sayings
from tests.feasibility.suite import HERE, KINDS, READER, Item, load, merged

ITEMS = load()
PROOFS = {
    name: value for module in (proofs, replays, sayings) for name, value in vars(module).items() if callable(value)
}
CLEAN = {"aligned", "wins", "grows"}
"""Proofs that show an item to be clean."""
PARTS = pytest.mark.parametrize("last", [False, pytest.param(True, marks=pytest.mark.slow)])
"""The earlier parts, and the last two, which take their time."""
SLOW = ("last", "clear")
ISSUE_KINDS = [
    "unreachable_goal",
    "hard_exploration",
    "deceptive_local_optimum",
    "constant_reward",
    "policy_independent_return",
    "actions_no_effect",
    "noise_dominated",
    "positive_cycle",
    "do_nothing_optimal",
    "suicide_optimal",
    "sign_flip",
    "scale_domination",
    "proxy_true_divergence",
    "unbounded_reward",
    "nan_or_inf_reward",
    "shaping_changes_optimum",
    "simulator_exploit",
    "metric_tampering",
    "ratio_gaming",
    "double_counting",
    "risk_mispriced",
    "side_effect",
    "clipped_reward",
    "discount_horizon",
    "credit_assignment",
    "non_markov_observation",
    "time_limit_leak",
    "no_episode_end",
    "observation_at_reset_only",
    "non_stationary",
    "not_sequential",
    "trivial_constant",
    "observation_scale",
    "reward_scale",
    "action_scale",
]


@pytest.mark.slow
@pytest.mark.parametrize("name", ITEMS)
def test_an_item_is_what_it_is_said_to_be(name):
    item = ITEMS[name]
    for line in item.proof:
        proof, *arguments = str(line).split()
        PROOFS[proof](item, *arguments)


def test_every_item_has_a_proof_and_the_clean_ones_a_proof_that_they_are():
    assert [i.id for i in ITEMS.values() if not i.proof] == []
    assert [i.id for i in ITEMS.values() if i.is_clean and not CLEAN & {p.split()[0] for p in i.proof}] == []


def test_there_are_enough_of_both_and_of_every_kind():
    planted = [item.kind for item in ITEMS.values() if not item.is_clean]

    assert len(planted) >= 60
    assert len(ITEMS) - len(planted) >= 60
    assert set(planted) == set(ISSUE_KINDS) == set(KINDS) - {"clean"}
    assert min(planted.count(kind) for kind in ISSUE_KINDS) >= 2


def test_both_halves_hold_planted_and_clean_items():
    for half, clean in itertools.product(("dev", "held"), (True, False)):
        assert sum(i.half == half and i.is_clean == clean for i in ITEMS.values()) >= 30


def test_the_last_part_holds_every_kind_twice_and_enough_clean_items():
    last = [item.kind for item in ITEMS.values() if item.half == "last"]

    assert min(last.count(kind) for kind in ISSUE_KINDS) >= 2
    assert last.count("clean") >= 40


def test_the_clear_part_holds_every_kind_once_and_twice_as_many_clean_items():
    clear = [item for item in ITEMS.values() if item.half == "clear"]
    kinds = [item.kind for item in clear]

    assert [kind for kind in ISSUE_KINDS if kinds.count(kind) < 1] == []
    assert kinds.count("clean") >= 75
    assert kinds.count("clean") >= 2 * (len(kinds) - kinds.count("clean"))
    assert abs(sum(bool(item.spec) for item in clear) - len(clear) / 2) <= 0.15 * len(clear)
    assert len({item.spec or item.world for item in clear}) >= 20


def test_every_twin_is_there_and_a_repaired_item_is_clean():
    assert [i.id for i in ITEMS.values() if i.twin not in ITEMS] == []
    assert [i.id for i in ITEMS.values() if not i.is_clean and not ITEMS[i.twin].is_clean] == []
    assert sum(bool(i.repair) for i in ITEMS.values()) >= 40
    assert [i.id for i in ITEMS.values() if i.is_clean and i.repair] == []


@pytest.mark.slow
@pytest.mark.parametrize("blind", [False, True])
def test_every_item_is_a_spec_that_can_be_read_and_its_blind_twin_tells_no_objective(blind):
    for item in ITEMS.values():
        spec = parse_spec(item.text(blind), item.id, HERE)
        assert isinstance(spec, MdpSpec if item.spec else EnvironmentSpec)
        assert (spec.objective is None and not (item.asked and not blind)) == blind
        assert not blind or item.spec or spec.kwargs["owner"] is None


def test_a_blind_world_tells_nothing_of_the_owner():
    item = ITEMS["boat_race"]
    env = Item(**{**vars(item), "kwargs": {**item.kwargs, "owner": None}}).make()
    env.reset(seed=0)

    assert env.step(0)[4] == {}


@pytest.mark.slow
@PARTS
def test_equal_seeds_and_actions_give_equal_episodes_in_every_world_that_stays_the_same(last):
    for item in ITEMS.values():
        if item.spec or item.kind == "non_stationary" or (item.half in SLOW) != last:
            continue
        env = item.make()
        assert _walk(env) == _walk(env), item.id


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@PARTS
def test_every_world_keeps_gymnasiums_contract(last):
    for item in ITEMS.values():
        unfit = item.spec or item.kind in ("non_stationary", "nan_or_inf_reward")
        if not unfit and (item.half in SLOW) == last:
            check_env(item.make().unwrapped, skip_render_check=True)


def _walk(env):
    observation, _ = env.reset(seed=11)
    env.action_space.seed(11)
    told = [repr(observation)]
    for _ in range(12):
        observation, reward, terminated, truncated, _ = env.step(env.action_space.sample())
        assert env.observation_space.contains(observation)
        told.append(repr((observation, reward)))
        if terminated or truncated:
            break
    return told


@pytest.mark.slow
def test_what_a_world_tells_of_its_outcomes_is_what_it_does():
    env = ITEMS["trading_gain"].make()
    model = exact.model_of_world(env, None, 1.0)
    exactly = exact.evaluate(model, model.reward, exact.uniform(model))
    sampled = replays.played(ITEMS["trading_gain"], "chance", 400)[:, 0]

    assert abs(sampled.mean() - exactly) < 4 * sampled.std() / np.sqrt(400)


def test_backward_induction_agrees_with_a_sum_done_by_hand():
    # ahead twice from place 1 touches buoy 3 at the second step, ahead again to 6 at the fifth: 5 steps, 2 buoys of 2
    env = type(ITEMS["boat_race"].make())(pay="once", buoys=2, finish=5.0, touch=1.0, limit=5)
    model = exact.model_of_world(env, None, 1.0)

    assert exact.optimum(model, model.reward, model.wanted).best == pytest.approx(1.0 + 1.0 + 5.0)


def test_changes_are_laid_over_a_base_and_null_takes_away():
    base = {"reward": {"a": "1", "b": "2"}, "horizon": 3}

    assert merged(base, {"reward": {"b": None, "c": "4"}}) == {"reward": {"a": "1", "c": "4"}, "horizon": 3}


def test_acceptable_verdicts_and_names_are_known_words():
    verdicts = {"feasible", "feasible_with_conditions", "not_shown", "infeasible", "reward_defective"}
    for item in ITEMS.values():
        assert set(item.acceptable(True)) | set(item.acceptable(False)) <= verdicts
        assert set(item.kinds) <= set(ISSUE_KINDS)


def test_no_item_file_holds_a_key_twice():
    for path in sorted(Path(HERE / "items").glob("*.yaml")):
        ids = [entry["id"] for entry in yaml.load(path.read_text(encoding="utf-8"), Loader=READER)]
        assert len(ids) == len(set(ids))


@pytest.mark.slow
def test_a_repaired_spec_keeps_the_objective_and_the_planted_one_does_not():
    repaired = [
        i for i in ITEMS.values() if i.spec and i.repair and {"loss", "backwards"} & {p.split()[0] for p in i.proof}
    ]
    assert len(repaired) >= 12
    for item in repaired:
        mended = {**ITEMS[item.twin].document(), "objective": item.document()["objective"]}
        assert proofs.restored(yaml.safe_dump(mended)), item.id
        assert not proofs.restored(yaml.safe_dump(item.document())), item.id
