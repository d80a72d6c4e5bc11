"""A foreign simulator checked against a declarative spec: sampled in a child process, judged here on arrays.

The environment's code runs in the child only, with the same consent as for a probe. What is judged, and how certain it
is, stands in `scoper.numerics.conformance`; in words in `scoper.services.conform_words`.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from scoper.domain.mdp import EnvironmentSpec, MdpSpec
from scoper.domain.probe import Collected, ProbeEvent, ProbePlan, Sampled, SamplingPlan
from scoper.errors import InputError, Problem, UsageError, did_you_mean
from scoper.modelling.arrays import CompiledSpec, compile_spec
from scoper.modelling.grid import Grid
from scoper.modelling.model import SpecModel
from scoper.numerics.conformance import Conformance, check_steps
from scoper.numerics.dependence import Dependence, dependences
from scoper.numerics.laws import reachable_pairs
from scoper.probe.patience import silence_s
from scoper.services.conform_causes import OtherAction, other_action, reward_cause
from scoper.services.conform_steps import Coded, clues_for, coded, read_rows, scores_of
from scoper.services.other_files import read_wanted
from scoper.services.probing import read_budget, result_of, run_probe
from scoper.services.spec_environment import ENTRY_POINT
from scoper.services.specs import parse_spec, spec_digest

LEVEL = 1e-3
"""Probability of any false accusation of a simulator that conforms, all tests together."""
HIDDEN_LEVEL = 1e-4
"""The same for naming a hidden variable: stricter, because its test rests on estimated means."""
_ENVIRONMENT_ID = re.compile(r"^(?:[\w.\-]+:)?(?:[\w\-]+/)?[\w.\-]+?-v\d+$")
_FILE_POINT = re.compile(r"^[^:]+\.py:[A-Za-z_]\w*$")
_MOST_SEARCHED = 5_000_000


@dataclass(frozen=True)
class Checked:
    """One check: the spec, what was sampled of which simulator, and what came out.

    coverage: (visited pairs, pairs that some policy reaches). dependences: strongest clue per outcome; only looked for
    where something deviates. other_action, reward_cause: what would explain a deviation, if anything does. unpaid:
    reward terms that no step paid.
    """

    spec: MdpSpec
    digest: str
    simulator: str
    seed: int
    compiled: CompiledSpec
    states: Grid
    actions: Grid
    code: Coded
    collected: Collected
    found: Conformance
    coverage: tuple[int, int]
    dependences: tuple[Dependence, ...]
    other_action: OtherAction | None
    reward_cause: str
    unpaid: tuple[str, ...]


def make_plan(
    spec_path: Path,
    simulator: str,
    *,
    path: str | None = None,
    arguments: Mapping[str, Any] | None = None,
    renames: Mapping[str, str] | None = None,
    steps: int = 20_000,
    budget: str | float = "standard",
    seed: int = 0,
    trust: bool = False,
) -> ProbePlan:
    """The plan of sampling `simulator`: a registered id, an entry point (found in the folder `path`), or a spec file.

    Raises InputError with every problem of the spec, or where it has an interval of real numbers; UsageError for a
    simulator, budget or name that cannot be meant.
    """
    text = read_wanted(spec_path, "spec")
    spec = parse_spec(text, str(spec_path), spec_path.parent)
    if not isinstance(spec, MdpSpec):
        remedy = "the declarative form says what the environment should do; the environment itself belongs to --env"
        raise InputError(
            Problem("conform-environment", "this spec only names an environment", str(spec_path), remedy=remedy)
        )
    _refuse_intervals(spec)
    _check_renames(spec, renames or {})
    foreign, folder = _simulator(simulator, path, arguments or {})
    name, seconds = read_budget(budget)
    return ProbePlan(
        spec_text=text,
        spec=foreign,
        spec_digest=spec_digest(text, spec_path.parent),
        spec_source=simulator,
        spec_dir=str(folder),
        budget=name,
        budget_s=seconds,
        seed=seed,
        trust=trust,
        silence_s=silence_s(foreign, seconds),
        sampling=SamplingPlan(steps=steps, against=spec, renames=dict(renames or {})),
    )


def conform(plan: ProbePlan, on_event: Callable[[ProbeEvent], None] | None = None) -> Checked:
    """Sample as planned and judge.

    Raises InputError when spec and simulator cannot be matched, ProbeError when the simulator crashes, hangs or is not
    trusted.
    """
    assert plan.sampling is not None
    spec = plan.sampling.against
    compiled = compile_spec(spec)
    rows, collected = asyncio.run(_collected(plan, on_event))
    return judged(
        plan, compiled, coded(read_rows(rows, tuple(spec.state)), SpecModel(spec).states, compiled.mdp), collected
    )


def judged(plan: ProbePlan, compiled: CompiledSpec, code: Coded, collected: Collected) -> Checked:
    """What the steps say against the spec."""
    spec, model = compiled.spec, SpecModel(compiled.spec)
    clues = clues_for(code, model.actions)
    scores = scores_of(model.states)
    found = check_steps(compiled.mdp, compiled.squared_reward, code.steps, scores, clues, level=LEVEL)
    hidden: tuple[Dependence, ...] = ()
    other, cause = None, ""
    if not found.conforms:
        hidden = dependences(found.residual_names, found.residuals, code.steps.pair, clues, level=HIDDEN_LEVEL)
        moved = found.impossible.size or any(t.kind not in ("reward", "start") for t in found.rejected)
        other = other_action(compiled.mdp, code, model.actions) if moved else None
        cause = reward_cause(compiled, found, code.steps.reward) if found.bad_rewards.size and other is None else ""
    return Checked(
        spec=spec,
        digest=plan.spec_digest,
        simulator=plan.spec_source,
        seed=plan.seed,
        compiled=compiled,
        states=model.states,
        actions=model.actions,
        code=code,
        collected=collected,
        found=found,
        coverage=_coverage(compiled, found),
        dependences=hidden,
        other_action=other,
        reward_cause=cause,
        unpaid=_unpaid(compiled, found),
    )


async def _collected(plan: ProbePlan, on_event: Callable[[ProbeEvent], None] | None) -> tuple[list[Sampled], Collected]:
    rows: list[Sampled] = []
    last: ProbeEvent | None = None
    async with contextlib.aclosing(run_probe(plan)) as events:
        async for event in events:
            last = event
            if isinstance(event, Sampled):
                rows.append(event)
            elif on_event is not None:
                on_event(event)
    if isinstance(last, Collected):
        return rows, last
    result_of(last, plan.spec_source)  # raises what the failure was
    raise AssertionError("a sampling ends with its rows or with a failure")


def _unpaid(compiled: CompiledSpec, found: Conformance) -> tuple[str, ...]:
    index = found.transition[found.transition >= 0]
    return tuple(name for name, term in compiled.terms.items() if not term[index].any())


def _coverage(compiled: CompiledSpec, found: Conformance) -> tuple[int, int]:
    """Pairs visited, and pairs there are: those that can be reached, where finding them is cheap."""
    table = compiled.mdp
    there = reachable_pairs(table) if table.successor.size <= _MOST_SEARCHED else table.available.ravel().copy()
    there[found.pairs] = True
    return int((found.visits > 0).sum()), int(np.count_nonzero(there))


def _refuse_intervals(spec: MdpSpec) -> None:
    problems = []
    for group, variables in (("state", spec.state), ("actions", spec.actions)):
        for name, variable in variables.items():
            if variable.kind == "continuous":
                path = f"{group}.{name}"
                what = f"{path} is an interval of real numbers: no frequency of its values can be counted"
                remedy = "check a spec of whole numbers or listed values, with a coarser unit"
                where = spec.places.get(path, (0, 0))
                problems.append(Problem("conform-continuous", what, spec.source, *where, remedy=remedy))
    if problems:
        raise InputError(problems)


def _check_renames(spec: MdpSpec, renames: Mapping[str, str]) -> None:
    known = [*spec.state, *spec.actions]
    for name in renames:
        if name not in known:
            what = f"--map names '{name}', which is no variable of the spec"
            raise UsageError(Problem("conform-map", what, remedy=did_you_mean(name, known)))


def _simulator(target: str, path: str | None, arguments: Mapping[str, Any]) -> tuple[EnvironmentSpec | MdpSpec, Path]:
    """What `--env` means, and the folder that its paths count from."""
    file = Path(target)
    if ENTRY_POINT.fullmatch(target) or _FILE_POINT.fullmatch(target):
        return EnvironmentSpec(name=target, entry_point=target, path=path or ".", kwargs=dict(arguments)), Path()
    if path is not None:
        problem = Problem("conform-env", "--path belongs to an entry point package.module:Class", target)
        raise UsageError(problem)
    if file.is_file() or file.suffix in (".yaml", ".yml"):
        if arguments:
            raise UsageError(
                Problem("env-arg", "--env-arg does not belong to a spec file: it has its own kwargs", target)
            )
        return parse_spec(read_wanted(file, "spec"), target, file.parent), file.parent
    if _ENVIRONMENT_ID.match(target) or re.fullmatch(r"[\w\-]+", target):
        return EnvironmentSpec(name=target, id=target, kwargs=dict(arguments)), Path()
    remedy = "a registered id such as FrozenLake-v1, package.module:Class with --path DIR, or a spec file"
    raise UsageError(Problem("conform-env", f"'{target}' is no environment", remedy=remedy))
