"""What the owner said beside a number: an answer on traces, examples, directions, or nothing at all."""

import math

import numpy as np
import pytest

from scoper.diagnostics import (
    Evidence,
    objective_examples,
    objective_monotone,
    objective_not_declared,
    objective_verified,
)
from scoper.domain.certificates import EpisodeTrace, Examples
from scoper.domain.wanted import Statement, Trajectory, Verification, Wanted
from scoper.services.specs import parse_spec

SHOP = """
scoper_mdp: 1
name: Shop
discount: 0.9
horizon: 12
state: {x: {from: 0, to: 4}}
actions: {push: {from: 0, to: 2}}
exogenous: {luck: {uniform: {from: 0, to: 3}}}
next: {x: "clip(push + luck, 0, 4)"}
reward: {pay: "SIGN * luck * push"}
terminated: "false"
start: {x: 0}
"""


def trace(total, seed=1, policy="p"):
    return EpisodeTrace(
        policy=policy, seed=seed, actions=(0,), steps=(), length=1, total_reward=total, terminated=True, truncated=False
    )


def kinds(findings):
    return [(finding.code, finding.severity) for finding in findings]


class TestNothingSaid:
    def test_an_unchecked_reward_is_a_condition(self):
        assert kinds(objective_not_declared.inspect(Evidence())) == [("objective_not_declared", "caution")]

    def test_the_reward_of_a_published_task_is_the_task(self):
        assert kinds(objective_not_declared.inspect(Evidence(published=True))) == [("objective_not_declared", "info")]

    @pytest.mark.parametrize(
        "evidence",
        [
            Evidence(objective_declared=True),
            Evidence(wanted=Wanted(verified=Verification(answer=True))),
            Evidence(examples=Examples(preferred=(trace(2),), undesired=(trace(1),))),
            Evidence(wanted=Wanted(monotone=(Statement(of="x", direction="more"),)), counted={"x": np.zeros(1)}),
        ],
    )
    def test_anything_that_was_held_against_the_reward_lifts_it(self, evidence):
        assert objective_not_declared.inspect(evidence) == []

    @pytest.mark.parametrize(
        "wanted",
        [
            Wanted(preferred=(Trajectory(actions=(1,)),)),
            Wanted(monotone=(Statement(of="y", direction="more"),)),
        ],
    )
    def test_what_could_not_be_compared_does_not_lift_it(self, wanted):
        assert kinds(objective_not_declared.inspect(Evidence(wanted=wanted))) == [("objective_not_declared", "caution")]


class TestAnswer:
    @pytest.mark.parametrize(
        ("answer", "shown", "expected"),
        [
            (True, "", ("objective_verified", "info")),
            (False, "", ("objective_refused", "blocker")),
            (False, "abc", ("objective_refused", "blocker")),
            (False, "xyz", ("objective_answer_old", "caution")),
            (True, "xyz", ("objective_answer_old", "caution")),
        ],
    )
    def test_it_counts_when_it_was_given_on_these_traces(self, answer, shown, expected):
        wanted = Wanted(verified=Verification(answer=answer, by="Ana", note="not this", shown=shown))
        found = objective_verified.inspect(Evidence(wanted=wanted, shown_digest="abc"))

        assert kinds(found) == [expected]
        assert found[0].claim.startswith("Ana ")
        assert (found[0].defect == "proxy_true_divergence") == (expected[1] == "blocker")


class TestExamples:
    @pytest.mark.parametrize(
        ("examples", "expected"),
        [
            (Examples(), []),
            (Examples((trace(3),), (trace(1),)), [("examples_ranked", "info")]),
            (Examples((trace(1),), (trace(1),)), [("examples_ranked", "caution")]),
            (Examples((trace(1),), (trace(3),), ((trace(3), trace(1)),)), [("undesired_earns_more", "blocker")]),
            (
                Examples((trace(1),), (trace(3),), (), ((trace(3), trace(1)),)),
                [("undesired_may_earn_more", "caution")],
            ),
            (Examples(not_replayed=("preferred trajectory 1: no",)), [("example_not_replayed", "caution")]),
        ],
    )
    def test_an_undesired_one_that_earns_more_is_a_defect(self, examples, expected):
        assert kinds(objective_examples.inspect(Evidence(examples=examples))) == expected


class TestDirections:
    @pytest.fixture
    def evidence_with(self):
        from scoper.modelling.arrays import compile_spec

        def make(sign, direction):
            compiled = compile_spec(parse_spec(SHOP.replace("SIGN", sign) + "objective: {expression: luck}", "m"))
            wanted = Wanted(monotone=(Statement(of="luck", direction=direction),))
            return Evidence(
                table=compiled.mdp, horizon=12, discount=0.9, wanted=wanted, counted={"luck": compiled.objective}
            )

        return make

    def test_one_sign_alone_is_a_condition(self, evidence_with):
        # luck is the same under every policy, so only the timesteps within a state and action can speak
        assert kinds(objective_monotone.inspect(evidence_with("-1", "more"))) == [("statement_opposed", "caution")]

    @pytest.mark.parametrize(("sign", "direction"), [("1", "more"), ("-1", "less")])
    def test_a_reward_that_goes_with_it_is_told(self, evidence_with, sign, direction):
        assert kinds(objective_monotone.inspect(evidence_with(sign, direction))) == [("statement_agrees", "info")]

    def test_what_does_worse_than_chance_without_another_sign_is_left_open(self):
        from scoper.diagnostics.objective_monotone import _finding, _Seen

        seen = _Seen(of_best=230.75, of_random=132.45, low=10.0, high=300.0, ladder=0.1, within=math.nan)
        said = Statement(of="queue", direction="less")
        found = _finding(said, seen, worse=True, ladder=False, within=False, made=False, term="")

        assert (found.code, found.severity) == ("statement_left_open", "info")
        assert "230.75 of it, random actions to 132.45: worse than by chance" in found.claim

    def test_what_nothing_counts_is_not_tested(self, evidence_with):
        from dataclasses import replace

        evidence = replace(evidence_with("1", "more"), counted={})

        assert kinds(objective_monotone.inspect(evidence)) == [("statement_not_tested", "caution")]

    @pytest.mark.parametrize(("direction", "expected"), [("more", "blocker"), ("less", "info")])
    def test_both_signs_together_are_a_defect(self, direction, expected):
        from scoper.modelling.arrays import compile_spec

        text = SHOP.replace('"SIGN * luck * push"', '"-1.0 * max(0, push * 2 - luck)"')
        served = "max(0, push * 2 - luck)"
        compiled = compile_spec(parse_spec(f'{text}objective: {{expression: "{served}"}}', "m"))
        wanted = Wanted(monotone=(Statement(of="pay", direction=direction),))
        evidence = Evidence(
            table=compiled.mdp, horizon=12, discount=0.9, wanted=wanted, counted={"pay": compiled.objective}
        )

        assert [finding.severity for finding in objective_monotone.inspect(evidence)] == [expected]


QUEUE = """
scoper_mdp: 1
name: queue
timestep: 1 minute
discount: 0.9
horizon: 12
state: {waiting: {from: 0, to: 4}, staff: {from: 0, to: 2}}
actions: {open: {from: 0, to: 2}}
exogenous: {come: {values: {0: 0.5, 1: 0.5}}}
next: {waiting: "max(0, min(4, waiting + come - open))", staff: open}
reward: {pay: "REWARD"}
start: {waiting: 2, staff: 1}
objective: {expression: waiting}
"""


class TestMadeOfWhatIsWorse:
    """The reward is a function of the state alone, so nothing varies within a state and action."""

    @pytest.mark.parametrize(
        ("reward", "expected"),
        [
            ("2.0 * waiting + 1", "blocker"),
            ("-2.0 * waiting", "info"),
            ("2.0 * waiting + 3.0 * staff", "caution"),  # something else is paid too: a trade-off may be meant
        ],
    )
    def test_a_reward_of_nothing_but_what_is_worse_is_a_defect(self, reward, expected):
        from scoper.modelling.arrays import compile_spec

        compiled = compile_spec(parse_spec(QUEUE.replace("REWARD", reward), "m"))
        wanted = Wanted(monotone=(Statement(of="waiting", direction="less"),))
        evidence = Evidence(
            table=compiled.mdp, horizon=12, discount=0.9, wanted=wanted, counted={"waiting": compiled.objective}
        )

        found = objective_monotone.inspect(evidence)

        assert [finding.severity for finding in found] == [expected]

    @pytest.mark.parametrize(
        ("term", "expected"),
        [("2.0 * waiting", "blocker"), ("2.0 * waiting + 3.0 * staff", "caution"), ("2.0 * staff", "info")],
    )
    def test_a_term_of_nothing_but_what_is_worse_is_one_where_policies_say_so_too(self, term, expected):
        from scoper.modelling.arrays import compile_spec

        text = QUEUE.replace('pay: "REWARD"', f'pay: "{term}", wages: "-0.1 * open"')
        compiled = compile_spec(parse_spec(text, "m"))
        wanted = Wanted(monotone=(Statement(of="waiting", direction="less"),))
        evidence = Evidence(
            table=compiled.mdp,
            horizon=12,
            discount=0.9,
            wanted=wanted,
            counted={"waiting": compiled.objective},
            terms=compiled.terms,
        )

        assert [finding.severity for finding in objective_monotone.inspect(evidence)] == [expected]
