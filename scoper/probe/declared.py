"""The task of a declarative spec: everything about it is on the table."""

from __future__ import annotations

from dataclasses import replace

from scoper.baselines import Task
from scoper.domain.findings import Finding
from scoper.domain.mdp import Distribution, MdpSpec, Variable
from scoper.domain.probe import MdpSummary
from scoper.domain.tabular import TabularMdp
from scoper.modelling.arrays import CompiledSpec, compile_spec, interval_notes
from scoper.modelling.layout import observed_numbers, sees_states
from scoper.probe.endless import Span, span_of


def declared_task(spec: MdpSpec) -> tuple[Task, str, MdpSummary, tuple[Finding, ...]]:
    """Task, criterion, summary and findings of `spec`; raises InputError where it cannot become a table."""
    compiled = compile_spec(spec)
    table, span = compiled.mdp, _span(spec, compiled)
    if span.limits_optimum:
        table = replace(table, horizon=span.horizon)
    sign = -1.0 if spec.objective is not None and spec.objective.direction == "minimise" else 1.0
    task = Task(
        name=spec.name,
        discount=spec.discount,
        evaluation_discount=spec.discount,
        horizon=span.horizon,
        table=table,
        named=compiled.baselines,
        objective=spec.objective,
        objective_reward=None if compiled.objective is None else sign * compiled.objective,
        terms=(lambda: compiled.terms) if len(spec.reward) > 1 else None,
        observed=observed_numbers(spec, table.n_states),
    )
    return task, _criterion(spec, span, table), summary_of(spec, table), _findings(spec, table, compiled.cautions)


def _span(spec: MdpSpec, compiled: CompiledSpec) -> Span:
    if spec.horizon is not None:
        return Span(spec.horizon, f"over a horizon of {spec.horizon:,} timesteps", limits_optimum=True)
    if spec.discount < 1.0:
        return Span(None, "without time limit")
    return span_of(compiled.mdp, compiled.objective)


def _criterion(spec: MdpSpec, span: Span, table: TabularMdp) -> str:
    kind = "undiscounted return" if spec.discount >= 1.0 else f"discounted return (discount {spec.discount:g})"
    spread = len(spec.joint_start) > 1 or any(isinstance(v, dict) for v in spec.start.values())
    start = "from the start" if spread else "from the start state"
    computed = "computed from the spec's own table"
    if table.discretised:
        computed = "computed from arrays with points in the place of intervals, so it approximates the spec's own"
    notes = [f"expected {kind} {span.words}, {start}", computed, span.note]
    if span.limits_optimum:
        notes.append("the optimum may use the timestep, learned policies do not")
    if table.truncated_mass > 0.0:
        mass = f"the {table.truncated_mass:.1e} of the probability that was cut off endless laws"
        notes.append(f"{'without' if table.discretised else 'exact up to'} {mass}")
    return "; ".join(filter(None, notes))


def _findings(spec: MdpSpec, table: TabularMdp, cautions: tuple[str, ...]) -> tuple[Finding, ...]:
    found = [Finding(code="spec_caution", severity="caution", claim=text) for text in cautions]
    intervals = tuple(interval_notes(spec))
    if intervals:
        found.append(
            Finding(
                code="discretised",
                severity="caution",
                claim="; ".join(intervals),
                remedy="double the points: what the numbers change by then is about how far off they are",
            )
        )
    if spec.observation and not sees_states(spec):
        found.append(
            Finding(
                code="partial_observation",
                severity="caution",
                claim=f"only {', '.join(spec.observation)} can be observed, which leaves states that look alike; the "
                "numbers are those of policies that see the whole state; others may not reach them",
                remedy="measure learners on the generated environment, which shows no more than what is observed",
            )
        )
    found += [
        Finding(
            code="state_held_at_bound",
            severity="info",
            claim=note,
            remedy="widen the range, or write the bound into the expression with min and max",
        )
        for note in table.notes
        if note not in intervals
    ]
    if table.truncated_mass > 0.0:
        mass = f"{table.truncated_mass:.1e}"
        found.append(
            Finding(
                code="distribution_cut",
                severity="info",
                claim=f"laws without end were cut where {mass} of the probability of a timestep lies beyond: exact "
                "values and error bounds are those of the cut laws, rewards that only the rest would pay are missing",
                evidence={"mass": table.truncated_mass},
                remedy="where rewards grow fast along a tail, bound them in the expression",
            )
        )
    return tuple(found)


def summary_of(spec: MdpSpec, table: TabularMdp | None) -> MdpSummary:
    """The spec in a few lines; without a table nothing is counted."""
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
        n_states=None if table is None else table.n_states,
        n_actions=None if table is None else table.n_actions,
        n_transitions=None if table is None else int(table.successor.size),
    )


def _range(variable: Variable) -> str:
    if variable.values:
        return "in {" + ", ".join(map(str, variable.values)) + "}"
    return f"from {variable.low:g} to {variable.high:g}"


def _law(law: Distribution) -> str:
    if "csv" in law.parameters:
        return f"is drawn from the {law.parameters['rows']:,} rows of {law.parameters['csv']}"
    parameters = ", ".join(f"{key} {value}" for key, value in law.parameters.items())
    return f"is drawn from {law.kind} ({parameters})"
