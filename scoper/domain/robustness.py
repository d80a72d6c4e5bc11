"""What is left of the best policy's advantage when the world is a little different: values only.

Challenges in the sense of Dulac-Arnold et al. 2021 (challenges of real-world reinforcement learning): delays, noise,
drift, actions that fail, dynamics that were measured wrongly.
"""

from __future__ import annotations

from typing import Literal

from scoper.domain.decision import Basis
from scoper.domain.questionnaire import Value

Challenge = Literal[
    "action_delay",
    "observation_delay",
    "observation_noise",
    "drift",
    "action_failure",
    "stuck_action",
    "dynamics",
]
Level = Literal["mild", "moderate", "strong"]
CHALLENGE_WORDS: dict[Challenge, str] = {
    "action_delay": "actions take effect late",
    "observation_delay": "observations arrive late",
    "observation_noise": "observations are noisy",
    "drift": "the world drifts",
    "action_failure": "actions fail",
    "stuck_action": "actions stick",
    "dynamics": "dynamics differ",
}


class RobustnessRow(Value):
    """One disturbance; strength: in words.

    mean: the policy's return under it. share: of the undisturbed way from floor to policy, what is left, with a 95 %
    interval. n: episodes, 1 where computed.
    """

    challenge: Challenge
    strength: str
    level: Level
    mean: float
    share: float
    low: float
    high: float
    n: int
    basis: Basis


class RobustnessSummary(Value):
    """The rows, and which policy they are of. mean: its undisturbed return; floor: the best floor and its return.

    is_best: no policy is known that clearly returns more. left_out: sentences on what was not measured, and why.
    """

    policy: str
    mean: float
    floor: str
    floor_return: float
    is_best: bool = True
    rows: tuple[RobustnessRow, ...] = ()
    left_out: tuple[str, ...] = ()
