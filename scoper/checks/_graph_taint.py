"""What flows through a workflow: generated text, untrusted input and private data, up to the tools that act.

A forward may-analysis: at every step the marks that some path can bring there, along the branches, into the steps that
are called and back, and between branches that run at once by the keys that they share.
"""

from __future__ import annotations

from collections.abc import Iterator

from scoper.checks._graph import Step, Workflow, closure
from scoper.checks._graph_faults import fault_at
from scoper.checks._graph_marks import (
    ANSWER,
    ANY,
    Keys,
    Marks,
    cleared,
    has_private,
    has_untrusted,
    is_steered,
    passed,
    used,
)
from scoper.checks._graph_order import at_once
from scoper.domain.checks import Fault


def flows(flow: Workflow) -> dict[str, Marks]:
    """The marks that some path brings to each step that can run."""
    spread = _Spread(flow)
    spread.run()
    return spread.found


class _Spread:
    """Marks handed from step to step until nothing changes."""

    def __init__(self, flow: Workflow) -> None:
        self._flow = flow
        self.found: dict[str, Marks] = {}
        self._answers: dict[str, Marks] = {}
        self._returns = _Returns(flow)
        self._readers = _readers(flow)
        self._seen_by = {name: _looked_at(flow, name) for name in flow.reached if flow.steps[name].waits_for}
        self._changed: list[str] = []

    def run(self) -> None:
        """Start where the run starts, with nothing agreed to."""
        self._bring(self._flow.start, Marks(ungated=frozenset({ANY})))
        while self._changed:
            self._hand_on(self._changed.pop())

    def _bring(self, name: str, marks: Marks) -> None:
        for reads, gate, only in self._seen_by.get(name, ()):
            marks = cleared(marks, reads, gate, only)
        before = self.found.get(name)
        joined = marks if before is None else before.joined(marks)
        if joined != before:
            self.found[name] = joined
            self._changed.append(name)

    def _hand_on(self, name: str) -> None:
        step = self._flow.steps[name]
        out = passed(step, self.found[name], self._flow.merged)
        for called in step.calls if step.generates else step.calls[:1]:
            self._bring(called, out)
        if step.calls and not step.generates and self._returns.last(name):
            if name not in self._answers:
                return
            out = passed(step, self._answers[name], self._flow.merged)
        for after in (other for branch in step.branches for other in branch):
            self._bring(after, out)
        for reader in self._readers.get(name, ()):
            self._bring(reader, out.within(step.writes or frozenset()))
        for caller, place in self._returns.callers(name):
            self._answer(caller, place, out)

    def _answer(self, caller: str, place: int, out: Marks) -> None:
        """What a called step leaves: a model is told of it; code goes on to its next call, and after the last one."""
        step = self._flow.steps[caller]
        if step.generates:
            chain = self._flow.reach(step.calls[place]) | {step.calls[place]}
            written = frozenset(key for name in chain for key in self._flow.steps[name].writes or ())
            self._bring(caller, out.answered(written))
        elif place + 1 < len(step.calls):
            self._bring(step.calls[place + 1], out)
        else:
            before = self._answers.get(caller)
            self._answers[caller] = out if before is None else before.joined(out)
            if self._answers[caller] != before and caller in self.found:
                self._changed.append(caller)


class _Returns:
    """Where a called step comes back: the steps at which its path ends, and who called it in which place."""

    def __init__(self, flow: Workflow) -> None:
        self._at: dict[str, list[tuple[str, int]]] = {}
        self._last: set[str] = set()
        for name, step in flow.steps.items():
            for place, called in enumerate(step.calls if name in flow.reached else ()):
                for end in closure([called], lambda at: [n for b in flow.steps[at].branches for n in b]):
                    if flow.steps[end].ends and end != name:
                        self._at.setdefault(end, []).append((name, place))
                        if place == len(step.calls) - 1:
                            self._last.add(name)

    def callers(self, end: str) -> list[tuple[str, int]]:
        """Who goes on when a path ends at this step, each with the place of the call."""
        return self._at.get(end, [])

    def last(self, caller: str) -> bool:
        """Whether the last step that is called can come back."""
        return caller in self._last


def _readers(flow: Workflow) -> dict[str, list[str]]:
    """By step those that may run at the same time and read a key that it writes."""
    found: dict[str, list[str]] = {}
    for pair in at_once(flow):
        for one, other in (pair, pair[::-1]):
            if (flow.steps[one].writes or frozenset()) & (flow.steps[other].reads or frozenset()):
                found.setdefault(one, []).append(other)
    return found


def _looked_at(flow: Workflow, name: str) -> list[tuple[Keys | None, bool, Keys]]:
    """What checks and people that a step waits for have seen: what they read, whether they agree, and settled keys.

    One with several branches counts only where the step waits for something behind it: having ended it may have said
    no.
    """
    found = []
    for waited in flow.steps[name].waits_for:
        if waited not in flow.reached:
            continue
        sure = [waited] if len(flow.steps[waited].branches) < 2 else []
        for look in (*sure, *sorted(flow.ahead(waited))):
            step = flow.steps[look]
            if step.kind in ("check", "human"):
                found.append((step.reads, step.gate, _settled(flow, look)))
    return found


def _settled(flow: Workflow, look: str) -> Keys:
    """The keys that are filled only by steps before this one."""
    keys = {ANY: True}
    for name in flow.steps:
        step = flow.steps[name]
        if name in flow.reached and (step.generates or step.kind in ("code", "tool")):
            before = look in flow.reach(name) and name not in flow.reach(look)
            for key in (ANY,) if step.writes is None and step.generates else step.writes or ():
                keys[key] = keys.get(key, True) and before
    return frozenset(key for key, before in keys.items() if before)


def actions(flow: Workflow) -> Iterator[Fault]:
    """Unverified text that reaches an action, irreversible tools without a gate, and the three that must not meet."""
    found = flows(flow)
    for name in flow.steps:
        if name in found:
            yield from _of_step(flow, flow.steps[name], found[name])


def _of_step(flow: Workflow, step: Step, marks: Marks) -> Iterator[Fault]:
    acting = [tool for tool in step.tools if tool.acts and not tool.approval]
    if step.kind == "agent":
        yield from _of_agent(flow, step, marks)
        return
    if acting and (found := used(step, marks.generated)):
        what = (
            "generated text"
            if found <= {ANY, ANSWER}
            else f"generated text in {', '.join(sorted(found - {ANY, ANSWER}))}"
        )
        names = ", ".join(tool.name for tool in acting)
        claim = f"{what} reaches the action '{step.name}' ({names}) on a path that nobody verifies"
        remedy = "put a check that can reject it, or a person, between the model and the action"
        yield fault_at(flow, step.name, "unverified_action", "blocker", claim, remedy, keys=sorted(found - {ANSWER}))
    final = [t for t in acting if t.effect == "irreversible" and not t.undo]
    if final and used(step, marks.ungated):
        names = ", ".join(tool.name for tool in final)
        claim = f"'{step.name}' uses {names}, which cannot be undone, on a path without a gate"
        remedy = "let a person agree to what is about to be done, after the last model and right before it"
        yield fault_at(flow, step.name, "irreversible_without_gate", "blocker", claim, remedy, tools=names)
    outbound = [tool for tool in step.tools if tool.outbound and not tool.approval]
    if outbound and has_private(step, marks) and is_steered(step, marks):
        yield _three(flow, step, ", ".join(tool.name for tool in outbound))


def _of_agent(flow: Workflow, step: Step, marks: Marks) -> Iterator[Fault]:
    """An agent decides by itself what its tools are called with: nothing stands between the text and the action."""
    acting = [tool for tool in step.tools if tool.acts and not tool.approval]
    final = [tool for tool in acting if tool.effect == "irreversible" and not tool.undo]
    others = [tool for tool in acting if tool not in final]
    if final:
        names = ", ".join(tool.name for tool in final)
        claim = f"the agent '{step.name}' may use {names}, which cannot be undone, by itself"
        remedy = "let a person agree to each use (approval: yes), or move the tool behind a gate"
        yield fault_at(flow, step.name, "irreversible_without_gate", "blocker", claim, remedy, tools=names)
    if others and not all(tool.undo for tool in others):
        names = ", ".join(tool.name for tool in others if not tool.undo)
        claim = f"what the agent '{step.name}' writes goes into {names} without being verified"
        remedy = "let the agent propose, and a check or a person pass it on; or make the tool one that can be undone"
        yield fault_at(flow, step.name, "unverified_action", "blocker", claim, remedy, tools=names)
    outbound = [tool for tool in step.tools if tool.outbound and not tool.approval]
    if outbound and has_private(step, marks) and has_untrusted(step, marks):
        yield _three(flow, step, ", ".join(tool.name for tool in outbound))


def _three(flow: Workflow, step: Step, names: str) -> Fault:
    claim = f"at '{step.name}' private data, untrusted input and a way out ({names}) meet behind one model"
    remedy = "take one of the three away on this path, or let a person agree to what goes out"
    return fault_at(flow, step.name, "private_untrusted_outbound", "blocker", claim, remedy, tools=names)
