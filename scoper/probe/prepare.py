"""From the plan's spec to the task that baselines solve, with the sentence that says what its returns are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoper.baselines import Task
from scoper.baselines._finite import finite_size
from scoper.domain.action_range import ActionRange
from scoper.domain.episodes import Replays
from scoper.domain.findings import Finding
from scoper.domain.mdp import EnvironmentSpec, MdpSpec
from scoper.domain.probe import MdpSummary
from scoper.domain.tabular import TabularMdp
from scoper.probe.seen import Seen, came
from scoper.probe.session import Session

OWN_LIMIT = 1000
"""Timesteps after which an episode is cut when its environment, or its spec, has no limit."""
_TABLE_CELLS = 1_000_000


@dataclass(frozen=True)
class Prepared:
    """The task, and what was learned about it on the way.

    criterion: says which return the numbers are, asked last, when every episode was seen. unlimited: no time limit
    was registered with the environment. seen: None when nothing is stepped.
    """

    task: Task
    criterion: Callable[[], str]
    summary: MdpSummary
    is_environment: bool
    unlimited: bool = False
    seen: Seen | None = None
    replays: bool | None = None
    actions_matter: bool | None = None
    alike: Replays | None = None
    observation_magnitudes: NDArray[np.float64] | None = None
    action_range: ActionRange | None = None

    @property
    def limit_is_own(self) -> bool:
        """Whether nothing but the probe's limit cut episodes: none was registered, none came from the environment."""
        return self.unlimited and not (self.seen and self.seen.truncated_at)


def prepare(session: Session) -> Prepared:
    """The task of the plan's spec; findings of the contract are raised in `session`."""
    spec = session.plan.spec
    if isinstance(spec, MdpSpec):
        from scoper.modelling.arrays import has_arrays

        return _declared(session, spec) if has_arrays(spec) else _stepped(session, spec)
    from scoper.probe.loading import environment_factory, registered_limit

    with nullcontext() if spec.entry_point else session.own_work():
        make_raw = environment_factory(spec, Path(session.plan.spec_dir))
    return _environment_task(session, spec, make_raw, registered_limit)


def _declared(session: Session, spec: MdpSpec) -> Prepared:
    """A declarative spec as its arrays."""
    from scoper.probe.declared import declared_task

    with session.own_work():
        task, criterion, summary, findings = declared_task(spec)
    for finding in findings:
        session.found(finding)
    return Prepared(task, lambda: criterion, summary, is_environment=False)


def _stepped(session: Session, spec: MdpSpec) -> Prepared:
    """A declarative spec without arrays as its environment."""
    from scoper.modelling.spec_env import spec_env
    from scoper.probe.declared import summary_of
    from scoper.probe.stepped_spec import as_declared, as_environment, criterion_of, limit_of

    with session.own_work():
        spec_env(spec).close()
    found = _environment_task(session, as_environment(spec), lambda: spec_env(spec), lambda _: limit_of(spec))
    words = criterion_of(spec)
    return replace(found, task=as_declared(found.task, spec), criterion=lambda: words, summary=summary_of(spec, None))


def _environment_task(
    session: Session, spec: EnvironmentSpec, make_raw: Callable[[], Any], limit_of: Callable[[Any], int | None]
) -> Prepared:
    """An environment; `limit_of` says after how many timesteps its episodes are cut, if that is known beforehand."""
    from scoper.probe.action_range import action_range
    from scoper.probe.apart import SeedProcesses
    from scoper.probe.contract import check_contract
    from scoper.probe.flat import told_flat
    from scoper.probe.forms import with_forms
    from scoper.probe.idle_action import require_idle_action
    from scoper.probe.tables import enumerated_table, imported_table
    from scoper.probe.watched import Watched, required_spaces

    first = make_raw()
    if not _is_examined(session, spec):
        required_spaces(first)
    require_idle_action(session.plan, getattr(first, "action_space", None))
    registered = limit_of(first)
    target = getattr(getattr(first, "spec", None), "reward_threshold", None)
    first.close()
    seen = Seen()

    def make() -> Any:
        return Watched(make_raw(), session.pulse, registered or OWN_LIMIT, session.deadline, seen)

    replays = None
    if _is_examined(session, spec):
        from scoper.probe.doctor.stage import examine_first

        replays = examine_first(session, spec, make_raw, registered).replays
    contract = check_contract(make, session.seeds("contract", 12), None if registered else OWN_LIMIT, replays)
    make, layout = told_flat(make)
    if layout is not None and layout.left_out:
        session.found(_text_not_shown(layout.left_out))
    env = make()
    imported = imported_table(env, spec.discount, registered or OWN_LIMIT, session.seeds("table", 500))
    if imported.table is None and not imported.findings and contract.replays and spec.objective is None:
        seed = session.seeds("enumerating", 1)[0]
        imported = enumerated_table(env, spec.discount, registered or OWN_LIMIT, seed, contract.pace)
    for finding in imported.findings:
        session.found(finding)
    limit = registered or seen.own_limit() or OWN_LIMIT
    table = None if imported.table is None else replace(imported.table, horizon=limit)
    task = replace(
        _task_of(spec, _kinds(env, session), limit, table),
        make_env=make,
        target=None if target is None or table is not None else float(target),
        steps_per_s=contract.steps_per_s,
        pace=contract.pace,
        fine_pace=contract.fine_pace,
        objective_came=lambda: came(spec.objective, seen),
    )
    apart = SeedProcesses(session, make, registered or OWN_LIMIT, seen)
    task = with_forms(task, make, seen, contract.magnitudes, apart, session.seeds("masks", 3))
    summary = _summary(env, spec, task)
    reach = action_range(env, session.seeds("action range", 3), contract.pace) if contract.replays else None
    env.close()
    told = (contract.replays, contract.actions_matter, contract.alike, contract.magnitudes, reach)
    return Prepared(task, lambda: _criterion(registered, seen, table), summary, True, registered is None, seen, *told)


def _text_not_shown(names: Sequence[str]) -> Finding:
    return Finding(
        code="text_not_shown",
        severity="info",
        claim=f"learners do not see the text in {', '.join(names)}, but all other parts as one vector",
        remedy="where the text says what to do, tell it in numbers",
    )


def _is_examined(session: Session, spec: EnvironmentSpec) -> bool:
    """Whether the doctor looks first: at every environment but scoper's own ones, once for all cells of a sweep."""
    one_learner = session.plan.cell is not None and session.plan.cell.learner is not None
    return bool(spec.id or spec.entry_point) and not one_learner


def _task_of(spec: EnvironmentSpec, kinds: tuple[Any, Any], limit: int, table: TabularMdp | None) -> Task:
    """What the spec and the environment's spaces say of the task."""
    return Task(
        name=spec.name,
        discount=spec.discount,
        evaluation_discount=1.0,
        horizon=limit,
        table=table,
        observation_kind=kinds[0],
        action_kind=kinds[1],
        idle_action=spec.idle_action,
        objective=spec.objective,
        environment_id=None if spec.id is None else spec.id.rpartition(":")[2],
    )


def _kinds(env: Any, session: Session) -> tuple[Any, Any]:
    """What kind of observation and action the environment has; a finding where no learner takes them."""
    from gymnasium import spaces

    observation, action = env.observation_space, env.action_space
    n_observations, n_actions = finite_size(observation), finite_size(action)
    dense = spaces.Box | spaces.Discrete | spaces.MultiDiscrete | spaces.MultiBinary | spaces.Dict
    kind = "dense" if isinstance(observation, dense) else "other"
    if n_observations and n_actions and n_observations * n_actions <= _TABLE_CELLS:
        kind = "finite"
    act = "other"
    if isinstance(action, spaces.Discrete) and n_actions:
        act = "discrete"
    elif isinstance(action, spaces.Box) and bool(np.isfinite(action.low).all() and np.isfinite(action.high).all()):
        act = "continuous"
    elif n_actions or isinstance(action, spaces.MultiDiscrete | spaces.MultiBinary):
        act = "product"
    if "other" in (kind, act):
        what = f"observation space {_words(observation)}" if kind == "other" else f"action space {_words(action)}"
        session.found(
            Finding(
                code="space_not_learnable",
                severity="caution",
                claim=f"no learner here takes the {what}",
                remedy="wrap the environment: flatten tuples, bound boxes, keep discrete spaces small",
            )
        )
    return kind, act


def _criterion(registered: int | None, seen: Seen, table: TabularMdp | None) -> str:
    words = f"the probe's own limit of {OWN_LIMIT:,} timesteps (the environment has none)"
    if registered is not None:
        words = f"the registered time limit of {registered:,} timesteps"
    elif limit := seen.own_limit():
        words = f"the environment's own limit of {limit:,} timesteps (it truncates itself)"
    elif seen.truncated_at:
        first, last = min(seen.truncated_at), max(seen.truncated_at)
        words = f"the environment's own limits (it truncates itself after {first:,} to {last:,} timesteps)"
    how = f"computed from {_source(table)}" if table is not None else "measured by stepping"
    if table is not None and table.start_resets:
        how += f", the start states being those of {table.start_resets:,} resets"
    return f"expected undiscounted return within {words}, from the environment's start states; {how}"


def _source(table: TabularMdp) -> str:
    return "what every state and action answered" if table.sampled_steps else "the environment's own transition table"


def _summary(env: Any, spec: EnvironmentSpec, task: Task) -> MdpSummary:
    table = task.table
    return MdpSummary(
        name=spec.name,
        timestep="one step of the environment",
        states=_words(env.observation_space),
        actions=_words(env.action_space),
        transitions=_source(table) if table is not None else "by stepping; no table",
        reward="as step returns it",
        discount=spec.discount,
        horizon=task.horizon,
        n_states=None if table is None else table.n_states,
        n_actions=None if table is None else table.n_actions,
        n_transitions=None if table is None else int(table.successor.size),
    )


def _words(space: Any) -> str:
    from gymnasium import spaces

    if isinstance(space, spaces.Discrete):
        return f"Discrete({int(space.n)})"
    if isinstance(space, spaces.Box):
        return f"Box{tuple(space.shape)}"
    return type(space).__name__
