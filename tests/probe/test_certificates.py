"""Certificates show what they claim, replay to the same totals, and fail as soon as anything is otherwise."""

from types import SimpleNamespace

import gymnasium
import numpy as np
import pytest

from scoper.diagnostics import Evidence
from scoper.domain.certificates import Certificate
from scoper.domain.findings import Finding
from scoper.domain.mdp import Objective
from scoper.domain.probe import ProbePlan
from scoper.modelling.faults import EnvironmentFault, OutOfTime
from scoper.modelling.spec_env import spec_env
from scoper.probe import certificates
from scoper.probe.certificates import check
from scoper.probe.certificates_play import EnvPlayer, SpecPlayer, plain, restored
from scoper.probe.certificates_proof import arrays_digest, proof_of, proved_again, sentence
from scoper.probe.declared import declared_task
from scoper.probe.exact import solve
from scoper.probe.session import Session
from scoper.probe.shelter import Pulse
from scoper.probe.wanted import amounts_of, examples_of, is_published
from scoper.services.specs import parse_spec

BOAT = """
scoper_mdp: 1
name: Boat
discount: 0.9
horizon: 8
state: {x: {from: 0, to: 4}, mood: {values: [calm, wild]}}
actions: {go: {values: [left, right]}}
exogenous: {wind: {values: {0: 0.8, 1: 0.2}}}
next: {x: "clip(x + (1 if go == 'right' else -1) * (1 - wind), 0, 4)", mood: "'wild' if wind == 1 else 'calm'"}
reward: {buoy: "1.0 if next_x == 2 and x != 2 else 0", goal: "1.0 if next_x == 4 else 0"}
objective: {expression: "1 if next_x == 4 else 0"}
terminated: "x == 4"
start: {x: 0, mood: calm}
baselines: {straight: {go: "'right'"}}
"""
DEAF = """
scoper_mdp: 1
name: Deaf
discount: 0.9
state: {x: {from: 0, to: 2}}
actions: {go: {from: 0, to: 1}}
exogenous: {d: {uniform: {from: -1, to: 1}}}
next: {x: "clip(x + d, 0, 2)"}
reward: {r: REWARD}
terminated: "false"
start: {x: 0}
"""


@pytest.fixture
def boat():
    return parse_spec(BOAT, "m")


def pair(player):
    """An episode that turns at the buoy, and one that goes on to the goal: of the first seed without wind."""
    calm = next(
        s for s in range(99) if all("wild" not in step.state for step in player.replay(s, ("left",) * 8, "").steps)
    )
    turning = player.replay(calm, ("right", "right", "left", "right", "left", "right", "left", "right"), "turning")
    return turning, player.rule(calm, "straight")


class TestEpisodes:
    @pytest.mark.parametrize("seed", range(5))
    def test_a_spec_plays_as_its_generated_environment(self, boat, seed):
        trace = SpecPlayer(boat, 8).rule(seed, "random")
        env = spec_env(boat)
        env.reset(seed=seed)
        total, wanted = 0.0, 0.0
        for timestep, action in enumerate(trace.actions):
            _, reward, terminated, truncated, info = env.step(["left", "right"].index(action))
            total += 0.9**timestep * reward
            wanted += 0.9**timestep * info["objective"]

        assert (trace.total_reward, trace.objective) == pytest.approx((total, wanted), abs=1e-12)
        assert (trace.terminated, trace.truncated) == (terminated, truncated)

    def test_steps_are_told_in_the_words_of_the_spec(self, boat):
        step = SpecPlayer(boat, 8).rule(1, "straight").steps[0]

        assert (step.state, step.action) == ("x=0, mood=calm", "go=right")
        assert set(step.terms) == {"buoy", "goal"}

    def test_states_are_numbered_as_in_the_arrays(self, boat):
        task = declared_task(boat)[0]
        player = SpecPlayer(boat, 8)

        # x runs slower than mood: state (x, mood) has the number 2 x + mood
        assert [player.number_of((x, mood)) for x in (0.0, 3.0) for mood in (0.0, 1.0)] == [0, 1, 6, 7]
        assert task.table.state_labels[7] == "x=3, mood=wild"

    def test_a_policy_by_number_takes_that_action(self, boat):
        trace = SpecPlayer(boat, 8).play(0, lambda state, timestep: timestep % 2, "by turns")

        assert trace.actions[:4] == ("left", "right", "left", "right")

    @pytest.mark.parametrize("actions", [("right", "up"), (("right", "left"),)])
    def test_what_is_no_action_is_refused(self, boat, actions):
        with pytest.raises(ValueError, match=r"."):
            SpecPlayer(boat, 8).replay(0, actions, "none")

    def test_an_environment_replays_its_own_actions(self):
        player = EnvPlayer(lambda: gymnasium.make("CartPole-v1"), None)
        trace = player.rule(5, "random")

        assert player.replay(5, trace.actions, "again").model_copy(update={"policy": "random"}) == trace
        assert trace.total_reward == trace.length

    @pytest.mark.parametrize(
        ("space", "action", "told"),
        [
            (gymnasium.spaces.Discrete(3), np.int64(2), 2),
            (gymnasium.spaces.MultiDiscrete([2, 3]), np.array([1, 2]), (1, 2)),
            (gymnasium.spaces.Box(-1, 1, (1,)), np.array([0.5], dtype=np.float32), (0.5,)),
        ],
    )
    def test_actions_come_back_as_the_space_takes_them(self, space, action, told):
        env = type("E", (), {"action_space": space})()

        assert plain(action) == told
        assert space.contains(restored(env, told))

    def test_an_action_beyond_the_space_is_refused(self):
        with pytest.raises(ValueError, match="no action"):
            restored(gymnasium.make("CartPole-v1"), 2)


class TestChecking:
    def test_a_pair_that_disagrees_holds(self, boat):
        player = SpecPlayer(boat, 8)
        more, less = pair(player)
        made = Certificate(kind="more_reward_less_objective", claim="c", traces=(more, less), discount=0.9)

        assert (more.total_reward > less.total_reward, more.objective < less.objective) == (True, True)
        assert check(player, made).holds

    @pytest.mark.parametrize(
        ("change", "says"),
        [
            ({"total_reward": 99.0}, "the reward is"),
            ({"objective": 99.0}, "the objective is"),
            ({"length": 3}, "ends after"),
            ({"terminated": None}, "does not end as it did"),
            ({"seed": 4}, "the reward is"),
            ({"actions": ("up",)}, "up"),
        ],
    )
    def test_anything_changed_is_found(self, boat, change, says):
        player = SpecPlayer(boat, 8)
        trace = player.rule(3, "straight")
        change = {"terminated": not trace.terminated} if "terminated" in change else change
        made = Certificate(kind="not_wanted", claim="c", traces=(trace.model_copy(update=change),))
        found = check(player, made)

        assert check(player, made.model_copy(update={"traces": (trace,)})).holds
        assert not found.holds
        assert says in found.because

    def test_the_order_of_the_pair_matters(self, boat):
        player = SpecPlayer(boat, 8)
        traces = sorted(pair(player), key=lambda trace: trace.total_reward)

        for kind in ("undesired_earns_more", "same_reward", "more_reward_less_objective"):
            assert not check(player, Certificate(kind=kind, claim="c", traces=tuple(traces))).holds

    def test_less_means_more_where_the_objective_is_to_be_small(self, boat):
        small = boat.model_copy(update={"objective": Objective(expression="goal", direction="minimise")})
        made = Certificate(kind="more_reward_less_objective", claim="c", traces=pair(SpecPlayer(small, 8)))

        assert made.traces[0].objective < made.traces[1].objective
        assert not check(SpecPlayer(small, 8), made).holds


class TestProofs:
    @pytest.mark.parametrize(
        ("reward", "statement"), [('"x"', "actions_alike"), ('"x - go"', "no_policy_beats_the_floor")]
    )
    def test_an_infeasible_problem_is_proved_again_and_no_other_is(self, reward, statement):
        task = declared_task(parse_spec(DEAF.replace("REWARD", reward), "m"))[0]
        solution = solve(task, is_environment=False)
        proof = proof_of(task, _evidence(task, solution), solution)
        other = declared_task(parse_spec(DEAF.replace("REWARD", '"x - 2 * go"'), "m"))[0]

        assert proof.statement == statement
        assert "3 states, 2 actions" in sentence(proof)
        assert proved_again(proof, task, is_environment=False)[0]
        assert not proved_again(proof, other, is_environment=False)[0]
        assert not proved_again(proof.model_copy(update={"arrays_digest": "0"}), task, is_environment=False)[0]

    def test_a_floor_that_is_beaten_proves_nothing(self):
        task = declared_task(parse_spec(DEAF.replace("REWARD", '"x * (1 - 2 * go) + go"'), "m"))[0]
        solution = solve(task, is_environment=False)
        proof = proof_of(task, _evidence(task, solution), solution)

        assert proof is None

    @pytest.mark.parametrize(
        ("extra", "statement"),
        [("", "reward_out_of_reach"), ('objective: {expression: "next_x == 4"}', "objective_out_of_reach")],
    )
    def test_what_cannot_be_met_is_looked_for_again(self, extra, statement):
        text = DEAF.replace("REWARD", '"1 if x == 4 else x - 4"').replace("to: 2}", "to: 4}") + extra
        walled, opened = (text.replace("clip(x + d, 0, 2)", f"clip(x + go, 0, {end})") for end in (2, 4))
        task, other = (declared_task(parse_spec(each, "m"))[0] for each in (walled, opened))
        solution = solve(task, is_environment=False)
        evidence = Evidence(table=task.table, optimal=solution.optimal, worst=solution.worst)
        proof = proof_of(task, evidence, solution)

        assert proof.statement == statement
        assert proved_again(proof, task, is_environment=False)[0]
        assert not proved_again(proof, other, is_environment=False)[0]

    def test_equal_arrays_have_equal_digests(self):
        tables = [
            declared_task(parse_spec(DEAF.replace("REWARD", r), "m"))[0].table for r in ('"x"', '"1.0 * x"', '"2 * x"')
        ]

        assert arrays_digest(tables[0]) == arrays_digest(tables[1]) != arrays_digest(tables[2])


def _evidence(task, solution):
    from scoper.baselines._exact import exact_summary, exact_value

    table = task.table
    constant = max(exact_value(task, np.full(table.n_states, action)) for action in range(table.n_actions))
    return Evidence(
        table=table,
        optimal=solution.optimal,
        worst=solution.worst,
        returns={"constant": exact_summary(table, constant, "always one")},
    )


class TestWhatWasSaid:
    def test_examples_with_one_seed_are_compared_as_they_stand(self, boat):
        said = BOAT.replace(
            'objective: {expression: "1 if next_x == 4 else 0"}',
            "objective: {preferred: [{seed: 2, rule: straight}], undesired: [{seed: 2, actions: [left, left]}]}",
        )
        spec = parse_spec(said, "m")
        found = examples_of(SpecPlayer(spec, 8), spec)

        assert found.undesired[0].total_reward == 0.0 < found.preferred[0].total_reward
        assert (found.certain, found.doubtful, found.not_replayed) == ((), (), ())
        turned = spec.model_copy(
            update={
                "wanted": spec.wanted.model_copy(
                    update={"preferred": spec.wanted.undesired, "undesired": spec.wanted.preferred}
                )
            }
        )
        assert len(examples_of(SpecPlayer(spec, 8), turned).certain) == 1

    def test_a_rule_that_nothing_here_has_is_told(self, boat):
        spec = parse_spec(BOAT.replace('{expression: "1 if next_x == 4 else 0"}', "{preferred: [{rule: idle}]}"), "m")

        assert examples_of(SpecPlayer(spec, 8), spec).not_replayed[0].startswith("preferred trajectory 1: nothing here")

    def test_amounts_are_those_of_the_arrays(self):
        spec = parse_spec(
            BOAT.replace('{expression: "1 if next_x == 4 else 0"}', "{monotone: [{more_of: x}, {less_of: buoy}]}"), "m"
        )
        task = declared_task(spec)[0]
        found = amounts_of(spec, task)

        assert set(found) == {"x", "buoy"}
        assert (found["x"] == task.table.pair_of_transition // 2 // 2).all()

    @pytest.mark.parametrize(
        ("environment", "expected"),
        [("{id: CartPole-v1}", True), ('{entry_point: "faulty.py:Fine"}', False), ("{id: Nowhere-v0}", False)],
    )
    def test_a_task_of_gymnasium_is_published(self, environment, expected):
        spec = parse_spec(f"scoper_mdp: 1\nname: e\nenvironment: {environment}\n", "m")

        assert is_published(spec) is expected


def time_is_over(*_):
    raise OutOfTime


def fault(*_):
    raise EnvironmentFault("x", "it returns no number", "")


@pytest.mark.parametrize(
    ("known", "follow", "said"),
    [
        ("sign_flip", time_is_over, "the time was used up"),
        ("sign_flip", fault, "following an episode failed: it returns no number"),
        ("global_rng", lambda *_: [], "does not repeat an episode from its seed and actions (global_rng)"),
        ("sign_flip", lambda *_: [], None),
    ],
)
def test_a_defective_reward_without_episodes_says_why(monkeypatch, boat, known, follow, said):
    monkeypatch.setattr(certificates, "player_of", lambda _: None)
    monkeypatch.setattr(certificates, "_of_defect", follow)
    session = Session(ProbePlan(spec_text="", spec=boat), lambda _: None, Pulse())
    session.findings.append(Finding(code=known, severity="blocker", claim="it is so"))
    found = certificates.certify(session, SimpleNamespace(), Evidence(), None, "reward_defective", certificates.Shown())

    assert found.certificates == ()
    told = [finding.claim for finding in session.findings if finding.code == "no_certificate"]
    assert (said is None) == (not told)
    assert all(said in claim for claim in told)
