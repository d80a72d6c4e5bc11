"""The task of a declarative spec: everything about it is on the table."""

from __future__ import annotations

from scoper.baselines import Task
from scoper.domain.findings import Finding
from scoper.domain.mdp import Distribution, MdpSpec, Variable
from scoper.domain.probe import MdpSummary
from scoper.domain.tabular import TabularMdp
from scoper.modelling.arrays import compile_spec

OWN_HORIZON = 1000
"""Timesteps after which an episode counts as over when the spec has neither horizon nor discount."""
_NOTICEABLE_MASS = 1e-9


def declared_task(spec: MdpSpec) -> tuple[Task, str, MdpSummary, tuple[Finding, ...]]:
    """Task, criterion, summary and findings of `spec`; raises InputError where it cannot become a table."""
    compiled = compile_spec(spec)
    endless = spec.horizon is None and spec.discount >= 1.0
    sign = -1.0 if spec.objective is not None and spec.objective.direction == "minimise" else 1.0
    task = Task(
        name=spec.name,
        discount=spec.discount,
        evaluation_discount=spec.discount,
        horizon=OWN_HORIZON if endless else spec.horizon,
        table=compiled.mdp,
        named=compiled.baselines,
        objective=spec.objective,
        objective_reward=None if compiled.objective is None else sign * compiled.objective,
    )
    return task, _criterion(spec, endless), _summary(spec, compiled.mdp), _findings(compiled.mdp)


def _criterion(spec: MdpSpec, endless: bool) -> str:
    kind = "undiscounted return" if spec.discount >= 1.0 else f"discounted return (discount {spec.discount:g})"
    span = "without time limit" if spec.horizon is None else f"over a horizon of {spec.horizon:,} timesteps"
    if endless:
        span = f"within the probe's own limit of {OWN_HORIZON:,} timesteps (the spec has neither horizon nor discount)"
    start = "from the start state" if not any(isinstance(v, dict) for v in spec.start.values()) else "from the start"
    timed = (
        "" if spec.horizon is None and not endless else "; the optimum may use the timestep, learned policies do not"
    )
    return f"expected {kind} {span}, {start}; computed from the spec's own table{timed}"


def _findings(table: TabularMdp) -> tuple[Finding, ...]:
    found = [
        Finding(
            code="state_held_at_bound",
            severity="info",
            claim=note,
            remedy="widen the range, or write the bound into the expression with min and max",
        )
        for note in table.notes
    ]
    if table.truncated_mass > _NOTICEABLE_MASS:
        found.append(
            Finding(
                code="distribution_cut",
                severity="info",
                claim=f"distributions were cut where less than {table.truncated_mass:.1e} of their mass lies beyond",
                evidence={"mass": table.truncated_mass},
            )
        )
    return tuple(found)


def _summary(spec: MdpSpec, table: TabularMdp) -> MdpSummary:
    return MdpSummary(
        name=spec.name,
        timestep=spec.timestep,
        states="; ".join(f"{name} {_range(variable)}" for name, variable in spec.state.items()),
        actions="; ".join(f"{name} {_range(variable)}" for name, variable in spec.actions.items()),
        transitions="; ".join(
            [f"{name} becomes {text}" for name, text in spec.next.items()]
            + [f"{name} {_law(law)}" for name, law in spec.exogenous.items()]
        ),
        reward="; ".join(f"{name}: {text}" for name, text in spec.reward.items()),
        discount=spec.discount,
        horizon=spec.horizon,
        n_states=table.n_states,
        n_actions=table.n_actions,
        n_transitions=int(table.successor.size),
    )


def _range(variable: Variable) -> str:
    if variable.values:
        return "in {" + ", ".join(map(str, variable.values)) + "}"
    return f"from {variable.low:g} to {variable.high:g}"


def _law(law: Distribution) -> str:
    parameters = ", ".join(f"{key} {value}" for key, value in law.parameters.items())
    return f"is drawn from {law.kind} ({parameters})"
