"""The MDP spec as its owner writes it: declarative, or a pointer to a Gymnasium environment.

Values only; expressions stay text here. Reading files is `scoper.services.specs`, turning a spec into arrays is
`scoper.modelling`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from scoper.domain.questionnaire import Value

SPEC_FORMAT = 1
Scalar = int | float | str


class Variable(Value):
    """A state or action variable: a range of integers, a list of numbers or words, or an interval of real numbers."""

    kind: Literal["integer", "categorical", "continuous"]
    low: float | None = None
    high: float | None = None
    values: tuple[Scalar, ...] = ()


class Distribution(Value):
    """An exogenous variable's law. What `parameters` holds depends on the kind.

    values: values, probabilities. poisson: mean. binomial: n, p. geometric: p (trials up to the first success).
    uniform: from, to (integers, both included). normal: mean, sd (rounded to integers). empirical: values.
    """

    kind: Literal["values", "poisson", "binomial", "geometric", "uniform", "normal", "empirical"]
    parameters: Mapping[str, Any]


class Objective(Value):
    """What the owner wants, if not the reward: an expression over the reward's names, or a key of step's info."""

    expression: str | None = None
    info: str | None = None
    at: Literal["sum", "end"] = "sum"
    direction: Literal["maximise", "minimise"] = "maximise"


class MdpSpec(Value):
    """A declarative MDP. `horizon` is in timesteps, None meaning infinite; reward terms are summed.

    Expressions see the state before the step, the action and the exogenous draw; rewards and the objective also
    `next_<state>`, the objective also the reward terms; `terminated` sees the state after the step under its plain
    names. `places` maps "next.stock" and the like to (line, column) in the file `source`.
    """

    name: str
    summary: str = ""
    timestep: str = "1 step"
    discount: float
    horizon: int | None = None
    state: Mapping[str, Variable]
    actions: Mapping[str, Variable]
    exogenous: Mapping[str, Distribution] = {}
    next: Mapping[str, str]
    reward: Mapping[str, str]
    objective: Objective | None = None
    terminated: str = "false"
    start: Mapping[str, Any] = {}
    available: str | None = None
    baselines: Mapping[str, Mapping[str, str]] = {}
    source: str = ""
    places: Mapping[str, tuple[int, int]] = {}


class EnvironmentSpec(Value):
    """A Gymnasium environment: a registered `id`, or an `entry_point`; only the child process imports from `path`."""

    name: str
    summary: str = ""
    id: str | None = None
    entry_point: str | None = None
    path: str | None = None
    kwargs: Mapping[str, Any] = {}
    discount: float = 0.99
    objective: Objective | None = None
    idle_action: int | float | tuple[float, ...] | None = None
    seconds_per_step: float = 1.0
    memory_mb: int = 2048


Spec = MdpSpec | EnvironmentSpec
