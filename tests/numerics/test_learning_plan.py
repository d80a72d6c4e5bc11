"""Schedules, step sizes and plans as values; what a plan refuses."""

import numpy as np
import pytest

from scoper.numerics.learning.plan import (
    EpsilonGreedy,
    LearningPlan,
    Schedule,
    Softmax,
    StepSize,
    UpperConfidence,
    constant,
)
from scoper.numerics.learning.standard import suggested_steps


@pytest.mark.parametrize(("budget", "steps"), [("quick", 800_000), ("standard", 2_000_000), ("long", 10_000_000)])
def test_a_budget_is_a_number_of_timesteps(mdp_of, budget, steps):
    assert suggested_steps(mdp_of([[[(1.0, 0, 0.0, True)]]], discount=0.9), budget) == steps


def test_a_schedule_moves_over_its_share_and_stays():
    at = np.array([0, 25, 50, 100])

    assert Schedule(1.0, 0.2, share=0.5).at(at, 100).tolist() == pytest.approx([1.0, 0.6, 0.2, 0.2])
    assert Schedule(1.0, 0.01, shape="exponential").at(at, 100) == pytest.approx([1.0, 10**-0.5, 0.1, 0.01])
    assert StepSize(1.0, 1.0, 1.0).after(np.arange(4)).tolist() == [1.0, 1 / 2, 1 / 3, 1 / 4]
    assert StepSize(0.5, 3.0, 0.5, least=0.2).after(np.array([0, 1, 8])).tolist() == [0.5, 0.25, 0.2]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"learner": "qlearning"}, "learner 'qlearning' is none of q_learning, sarsa"),
        ({"steps": 0, "longest": 0}, "steps must be at least 1, not 0; longest must be at least 1"),
        ({"discount": 1.5}, "the discount 1.5 is not between 0 and 1"),
        ({"planning": 3}, "only dyna_q plans"),
        ({"exploration": None}, "q_learning needs an exploration"),
        ({"learner": "reinforce"}, "reinforce explores by its own softmax"),
        ({"exploration": EpsilonGreedy(Schedule(1.2, 0.0))}, "epsilon: 1.2 is not between 0 and 1"),
        ({"exploration": Softmax(constant(0.0))}, "temperature: 0 is not between"),
        ({"exploration": UpperConfidence(-1.0)}, "width -1 must be finite and not negative"),
        ({"step_size": StepSize(0.0)}, "the first step size 0 is not above 0"),
        ({"bonus": -1.0}, "bonus and tie_break must not be negative"),
    ],
)
def test_a_plan_names_all_that_is_wrong_with_it(changed, words):
    values = {
        "learner": "q_learning",
        "steps": 100,
        "discount": 0.9,
        "longest": 10,
        "exploration": EpsilonGreedy(constant(0.1)),
    }
    with pytest.raises(ValueError, match=words.replace("'", ".")):
        LearningPlan(**{**values, **changed})
