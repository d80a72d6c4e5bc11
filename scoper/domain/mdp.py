"""The MDP spec as its owner writes it: declarative, or a pointer to a Gymnasium environment.

Values only; expressions stay text here. Reading files is `scoper.services.specs`, turning a spec into arrays is
`scoper.modelling`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field, ValidationInfo, field_validator

from scoper.domain.questionnaire import Value
from scoper.domain.wanted import Wanted

SPEC_FORMAT = 1
Scalar = int | float | str


class Variable(Value):
    """A state or action variable: a range of integers, a list of numbers or words, or an interval of real numbers.

    `points` belongs to an interval: as many evenly spaced values, both ends included, stand for it where arrays are
    made. Without them an interval has no arrays, only an environment.
    """

    kind: Literal["integer", "categorical", "continuous"]
    low: float | None = None
    high: float | None = None
    values: tuple[Scalar, ...] = ()
    points: int | None = None


class Distribution(Value):
    """An exogenous variable's law. What `parameters` holds depends on the kind.

    values: values, probabilities. poisson: mean. binomial: n, p. geometric: p (trials up to the first success).
    uniform: from, to (integers, both included), or low, high, points (an interval of real numbers, stood for by the
    middles of so many equal cells). normal: mean, sd, and optionally step (rounded to multiples of it, else to
    integers). empirical: values, and the csv and column they were read from, if any. `truncate` is the probability
    that may be cut off an endless law, None leaving the choice to the reader.
    """

    kind: Literal["values", "poisson", "binomial", "geometric", "uniform", "normal", "empirical"]
    parameters: Mapping[str, Any]
    truncate: float | None = None


class Table(Value):
    """Declared constants, looked up as `cost[stage]` or `distance[here, there]`.

    `keys` holds the keys of every axis (a list's are 0, 1, ...), `values` the numbers with the last axis running
    fastest; a single named number has no axis. Words among the keys are values of categorical variables.
    """

    keys: tuple[tuple[Scalar, ...], ...] = ()
    values: tuple[float, ...]


class StartPoint(Value):
    """One state an episode may begin in, with its probability."""

    state: Mapping[str, Scalar]
    probability: float


class Objective(Value):
    """What the owner wants as a number, if not the reward: an expression over the reward's names, or a key of info."""

    expression: str | None = None
    info: str | None = None
    at: Literal["sum", "end"] = "sum"
    direction: Literal["maximise", "minimise"] = "maximise"


class MdpSpec(Value):
    """A declarative MDP. `horizon` is in timesteps, None meaning infinite; reward terms are summed.

    Expressions see the state before the step, the action and the exogenous draw; rewards and the objective also
    `next_<state>`, the objective also the reward terms; `terminated` sees the state after the step under its plain
    names; observation and `available` see the state, the latter also the action. Tables are seen everywhere.

    bounds: what happens to a next value beyond its variable's range, held at the end or refused. start: a value, or a
    mapping of values to probabilities, per variable; joint_start: states with probabilities instead. observation: name
    to expression of what is seen, empty when everything is. invariants: conditions that see what rewards see; one
    over the state alone holds in every reachable state, before anything is held at the end of a range; the others on
    every reachable transition. units: unit of a variable, reward term or table. cautions: what looks unintended.
    `places` maps "next.stock", "invariants.1" and the like to (line, column) in the file `source`.
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
    wanted: Wanted = Field(default_factory=Wanted)
    terminated: str = "false"
    start: Mapping[str, Any] = {}
    joint_start: tuple[StartPoint, ...] = ()
    available: str | None = None
    bounds: Literal["hold", "strict"] = "hold"
    invariants: tuple[str, ...] = ()
    observation: Mapping[str, str] = {}
    tables: Mapping[str, Table] = {}
    units: Mapping[str, str] = {}
    baselines: Mapping[str, Mapping[str, str]] = {}
    cautions: tuple[str, ...] = ()
    source: str = ""
    places: Mapping[str, tuple[int, int]] = {}

    @field_validator("start", mode="after")
    @classmethod
    def _numbers_stay_numbers(cls, start: Mapping[str, Any], info: ValidationInfo) -> Mapping[str, Any]:
        """JSON knows text keys only: the values of a start law that are no words of the variable are numbers."""
        words = {name: set(variable.values) for name, variable in (info.data.get("state") or {}).items()}
        return {
            name: {_restored(key, words.get(name, set())): share for key, share in law.items()}
            if isinstance(law, Mapping)
            else law
            for name, law in start.items()
        }


def _restored(key: Scalar, words: set[Scalar]) -> Scalar:
    if not isinstance(key, str) or key in words:
        return key
    try:
        return int(key)
    except ValueError:
        return float(key)


class EnvironmentSpec(Value):
    """A Gymnasium environment: a registered `id`, or an `entry_point`; only the child process imports from `path`.

    `places` maps "idle_action" to (line, column) in the file, for what is checked once the spaces are known.
    """

    name: str
    summary: str = ""
    id: str | None = None
    entry_point: str | None = None
    path: str | None = None
    kwargs: Mapping[str, Any] = {}
    discount: float = 0.99
    objective: Objective | None = None
    wanted: Wanted = Field(default_factory=Wanted)
    idle_action: int | float | tuple[float, ...] | None = None
    seconds_per_step: float = 1.0
    memory_mb: int = 2048
    places: Mapping[str, tuple[int, int]] = {}


Spec = MdpSpec | EnvironmentSpec
