"""What can be wrong with the order of a workflow's steps: what never runs, never ends, waits for ever, or collides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from math import prod

from scoper.checks._graph import Step, Workflow, closure
from scoper.checks._graph_order import at_once, lock_rings
from scoper.domain.checks import Fault
from scoper.domain.findings import Severity

_MOST_CHOICES = 4_096


def fault_at(
    flow: Workflow, step: str, code: str, severity: Severity, claim: str, remedy: str, **evidence: object
) -> Fault:
    """A fault at the place of a step."""
    at = flow.steps[step].at
    return Fault(
        code=code, severity=severity, claim=claim, source=flow.source, line=at.line, column=at.column,
        evidence={"step": step, **evidence}, remedy=remedy,
    )  # fmt: skip


def unreachable(flow: Workflow) -> Iterator[Fault]:
    """Steps to which no path from the start leads."""
    for name in flow.steps:
        if name not in flow.reached:
            claim = f"no path from '{flow.start}' leads to the step '{name}'"
            yield fault_at(flow, name, "unreachable_step", "caution", claim, "lead a step to it, or remove it")


def no_stop(flow: Workflow) -> Iterator[Fault]:
    """Loops that nothing leaves: once in them, the run never ends by itself."""
    stops = {name for name, step in flow.steps.items() if step.ends}
    for group in _components(flow, flow.reached):
        if _is_loop(flow, group) and not any(flow.reach(name) & stops or name in stops for name in group):
            named = ", ".join(group)
            claim = f"from the loop of {named} no path ends"
            yield fault_at(flow, group[0], "no_stop", "blocker", claim, "lead a step to end", loop=list(group))


def loops_without_budget(flow: Workflow) -> Iterator[Fault]:
    """Loops none of whose steps has a budget, in a run that has none either; an agent is a loop in itself."""
    if flow.bounded:
        return
    free = [name for name in flow.steps if name in flow.reached and not flow.steps[name].budget]
    remedy = "give a step of it a budget (budget: 3), or the run one (limits: {steps: 40})"
    for group in _components(flow, frozenset(free)):
        if len(group) > 1 or group[0] in flow.steps[group[0]].next:
            claim = f"the loop of {', '.join(group)} has no budget, so it may go on for ever"
            yield fault_at(flow, group[0], "loop_without_budget", "blocker", claim, remedy, loop=list(group))
        elif flow.steps[group[0]].kind == "agent":
            claim = f"the agent '{group[0]}' calls tools until it stops by itself, without a budget"
            yield fault_at(flow, group[0], "loop_without_budget", "blocker", claim, remedy, loop=list(group))


def waits(flow: Workflow) -> Iterator[Fault]:
    """Steps that wait for each other, or for a step that never runs when they do."""
    yield from _call_cycles(flow)
    yield from _stuck(flow)
    yield from _lock_orders(flow)


def _call_cycles(flow: Workflow) -> Iterator[Fault]:
    """Steps that call each other and wait for the answer."""
    waiting = {n: tuple(m for m in s.calls if m in flow.reached) for n, s in flow.steps.items() if n in flow.reached}
    for group in _strong(waiting):
        if len(group) > 1 or group[0] in waiting[group[0]]:
            names = " -> ".join((*group, group[0]))
            claim = f"these steps call each other and wait for the answer: {names}"
            remedy = "let one hand over instead of calling back, or give the call a time limit and a fallback"
            yield fault_at(flow, group[0], "wait_cycle", "blocker", claim, remedy, cycle=list(group))


def _stuck(flow: Workflow) -> Iterator[Fault]:
    """Steps that some choice of branches reaches and leaves waiting for ever."""
    for name, step in flow.steps.items():
        if step.waits_for and name in flow.reached and _waits_for_ever(flow, name):
            missing = ", ".join(step.waits_for)
            claim = (
                f"the step '{name}' waits for {missing} and then never runs: what it waits for needs it, or is not run"
            )
            remedy = "wait only for steps that come before on every path, or give the wait a time limit"
            yield fault_at(flow, name, "wait_cycle", "blocker", claim, remedy, waits_for=list(step.waits_for))


def _waits_for_ever(flow: Workflow, name: str) -> bool:
    """Whether in some choice of branches the step is reached and then waits for ever, by a fault of its own waits.

    Only choices of steps count that something of it depends on. Where those are too many to try, each is fixed alone
    while the others take all of their branches: what waits for ever then does so in a choice too.
    """
    within = _behind(flow, name)
    for chosen in _choices(flow, within):
        reached = _run(flow, chosen, within, obey=False)
        ended = _run(flow, chosen, within, obey=True) if name in reached else reached
        if not set(flow.steps[name].waits_for) <= ended and _is_cause(flow, name, reached, ended):
            return True
    return False


def _behind(flow: Workflow, name: str) -> set[str]:
    """A step and all that comes before it, calls it or is waited for on the way."""

    def around(at: str) -> list[str]:
        callers = (n for n, step in flow.steps.items() if at in step.calls)
        return [*flow.before(at), *callers, *flow.steps[at].waits_for, *flow.steps[at].calls]

    return closure([name], around)


def _is_cause(flow: Workflow, name: str, reached: set[str], ended: set[str]) -> bool:
    """Whether the wait itself is at fault: what it waits for is not run, or waits for it in turn."""
    for other in flow.steps[name].waits_for:
        if other not in reached:
            return True
        if other not in ended and (
            name == other or name in _needs(flow, other, ended) or not flow.steps[other].waits_for
        ):
            return True
    return False


def _needs(flow: Workflow, name: str, ended: set[str]) -> set[str]:
    """The steps without which a step cannot run: waits, and steps before it, as far as they have not ended."""

    def needed(at: str) -> list[str]:
        wanted = (*flow.steps[at].waits_for, *flow.steps[at].calls, *flow.before(at))
        return [other for other in wanted if other not in ended]

    return closure(needed(name), needed)


def _choices(flow: Workflow, within: set[str]) -> Iterable[dict[str, tuple[str, ...]]]:
    """Ways through the branches: a step on a loop takes all of its branches in the end, any other exactly one."""
    deciding = [
        n
        for n in flow.steps
        if n in within and len(flow.steps[n].branches) > 1 and n in flow.reached and n not in flow.reach(n)
    ]
    ways = [flow.steps[name].branches for name in deciding]
    if prod(len(way) for way in ways) > _MOST_CHOICES:
        return [{name: way} for name in deciding for way in flow.steps[name].branches]
    return [dict(zip(deciding, way, strict=True)) for way in product(*ways)]


def _run(flow: Workflow, chosen: dict[str, tuple[str, ...]], within: set[str], *, obey: bool) -> set[str]:
    """The steps of `within` that end under these choices; with `obey` only those whose waits end too."""
    ended: set[str] = set()
    begun = {flow.start}
    changed = True
    while changed:
        changed = False
        for name in list(begun):
            step = flow.steps[name]
            begun_before = len(begun)
            begun |= set(step.calls) & within
            changed = changed or len(begun) > begun_before
            if name in ended or (obey and not {*step.waits_for, *_answers(flow, name)} <= ended):
                continue
            ended.add(name)
            changed = True
            branches = [chosen[name]] if name in chosen else list(step.branches)
            begun |= {after for branch in branches for after in branch} & within
    return ended


def _answers(flow: Workflow, name: str) -> tuple[str, ...]:
    """The called steps whose answer a step needs before it ends; rings of calls are told for themselves."""
    return tuple(called for called in flow.steps[name].calls if name not in _called_by(flow, called))


def _called_by(flow: Workflow, name: str) -> set[str]:
    """A step and all that it calls, directly or through others."""
    return closure([name], lambda at: flow.steps[at].calls)


def _lock_orders(flow: Workflow) -> Iterator[Fault]:
    """Steps that may all run at once, each holding a lock that the next one wants: a ring of any length."""
    pairs = set(at_once(flow))
    order = list(flow.steps)
    holders = [name for name in order if name in flow.reached and len(flow.steps[name].locks) > 1]
    seen: set[frozenset[str]] = set()
    for ring in lock_rings(flow, holders, pairs):
        steps = frozenset(name for name, _, _ in ring)
        if any(known <= steps for known in seen):
            continue
        seen.add(steps)
        said = ", ".join(f"'{name}' holds {held} and wants {wanted}" for name, held, wanted in ring)
        first = min(steps, key=order.index)
        claim = f"{said}, and all of them may run at once"
        yield fault_at(
            flow, first, "wait_cycle", "blocker", claim, "take locks in one order everywhere",
            locks=[held for _, held, _ in ring], others=sorted(steps - {first}, key=order.index),
        )  # fmt: skip


def shared_writers(flow: Workflow) -> Iterator[Fault]:
    """Steps that may write one key of the context at the same time, without a rule for merging."""
    remedy = "give each its own key and join them in one step, or say how to merge (context: {KEY: {merge: append}})"
    for name, step in flow.steps.items():
        keys = sorted((step.writes or frozenset()) - flow.merged)
        if name in flow.reached and step.copies and keys:
            claim = f"several copies of '{name}' write {', '.join(keys)} at the same time"
            yield fault_at(flow, name, "shared_writers", "blocker", claim, remedy, keys=keys)
    for a, b in at_once(flow):
        keys = sorted((_writes(flow.steps[a]) & _writes(flow.steps[b])) - flow.merged)
        if keys:
            claim = f"'{a}' and '{b}' may write {', '.join(keys)} at the same time"
            yield fault_at(flow, a, "shared_writers", "blocker", claim, remedy, keys=keys, other=b)


def _writes(step: Step) -> frozenset[str]:
    return step.writes or frozenset()


def _components(flow: Workflow, within: frozenset[str]) -> list[tuple[str, ...]]:
    after = {n: tuple(m for m in flow.steps[n].next if m in within) for n in flow.steps if n in within}
    return _strong(after)


def _is_loop(flow: Workflow, group: Sequence[str]) -> bool:
    return len(group) > 1 or group[0] in flow.steps[group[0]].next


def _strong(after: dict[str, tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Strongly connected components, each in the order of the file: groups that reach each other."""
    order = list(after)
    inside = {name: [other for other in after[name] if other in after] for name in order}
    reach = {name: closure(inside[name], inside.__getitem__) for name in order}
    placed: set[str] = set()
    groups = []
    for name in order:
        if name not in placed:
            group = tuple(m for m in order if m == name or (m in reach[name] and name in reach[m]))
            placed |= set(group)
            groups.append(group)
    return groups
