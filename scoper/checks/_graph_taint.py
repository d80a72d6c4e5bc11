"""What flows through a workflow: generated text, untrusted input and private data, up to the tools that act.

A forward may-analysis: at every step the marks that some path can bring there. Generated text is marked by the context
keys it was written to (`*` where the file does not say), and cleared by a check or a person who reads them. What is
declared decides; a file that declares no keys is read in the careful way.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from scoper.checks._graph import Step, Workflow
from scoper.checks._graph_faults import fault_at
from scoper.domain.checks import Fault

ANY = "*"


@dataclass(frozen=True)
class Marks:
    """generated: keys that hold unverified text of a model. ungated: keys, and `*`, that no person agreed to yet.

    untrusted, private: whether such data came in before; steered: a model ran on untrusted input since. from_model: the
    step that generated each key, for the message.
    """

    generated: frozenset[str] = frozenset()
    ungated: frozenset[str] = frozenset()
    untrusted: bool = False
    private: bool = False
    steered: bool = False

    def joined(self, other: Marks) -> Marks:
        """What either path may bring."""
        return Marks(
            self.generated | other.generated,
            self.ungated | other.ungated,
            self.untrusted or other.untrusted,
            self.private or other.private,
            self.steered or other.steered,
        )


def flows(flow: Workflow) -> dict[str, Marks]:
    """The marks that some path brings to each step that can run."""
    found: dict[str, Marks] = {flow.start: Marks(ungated=frozenset({ANY}))}
    changed = [flow.start]
    while changed:
        name = changed.pop()
        out = passed(flow.steps[name], found[name])
        for after in flow.steps[name].next:
            before = found.get(after)
            joined = out if before is None else before.joined(out)
            if joined != before:
                found[after] = joined
                changed.append(after)
    return found


def brought(step: Step, marks: Marks) -> Marks:
    """The marks together with what the step itself takes in."""
    untrusted = marks.untrusted or step.untrusted or any(tool.untrusted for tool in step.tools)
    private = marks.private or step.private or any(tool.private for tool in step.tools)
    steered = marks.steered or (step.generates and untrusted)
    return replace(marks, untrusted=untrusted, private=private, steered=steered)


def passed(step: Step, marks: Marks) -> Marks:
    """The marks after a step."""
    marks = brought(step, marks)
    if step.generates:
        written = step.writes if step.writes is not None else frozenset({ANY})
        return replace(marks, generated=marks.generated | written, ungated=marks.ungated | written)
    if step.kind in ("check", "human"):
        generated = _cleared(marks.generated, step)
        if step.gate:
            return replace(marks, generated=generated, ungated=_cleared(marks.ungated, step) - {ANY}, steered=False)
        return replace(marks, generated=generated)
    moved = _moved(step, marks.generated), _moved(step, marks.ungated - {ANY})
    return replace(marks, generated=marks.generated | moved[0], ungated=marks.ungated | moved[1])


def _cleared(keys: frozenset[str], step: Step) -> frozenset[str]:
    """What is left after somebody looked: nothing where the step does not say what it reads."""
    return frozenset() if step.reads is None else keys - step.reads - {ANY}


def _moved(step: Step, keys: frozenset[str]) -> frozenset[str]:
    """The keys to which code or a tool hands marked text on."""
    if step.reads is None or not step.writes or not step.reads & keys:
        return frozenset()
    return step.writes


def _used(step: Step, keys: frozenset[str]) -> frozenset[str]:
    """The marked keys that a step works with: all of them where it does not say what it reads."""
    if step.reads is None:
        return keys
    return (keys & step.reads) | (keys & {ANY})


def actions(flow: Workflow) -> Iterator[Fault]:
    """Unverified text that reaches an action, irreversible tools without a gate, and the three that must not meet."""
    found = flows(flow)
    for name in flow.steps:
        if name in found:
            yield from _of_step(flow, flow.steps[name], found[name])


def _of_step(flow: Workflow, step: Step, before: Marks) -> Iterator[Fault]:
    marks = brought(step, before)
    acting = [tool for tool in step.tools if tool.acts and not tool.approval]
    if step.kind == "agent":
        yield from _of_agent(flow, step, marks)
        return
    if acting and (used := _used(step, marks.generated)):
        what = "generated text" if used == {ANY} else f"generated text in {', '.join(sorted(used - {ANY}))}"
        names = ", ".join(tool.name for tool in acting)
        claim = f"{what} reaches the action '{step.name}' ({names}) on a path that nobody verifies"
        remedy = "put a check that can reject it, or a person, between the model and the action"
        yield fault_at(flow, step.name, "unverified_action", "blocker", claim, remedy, keys=sorted(used))
    final = [t for t in acting if t.effect == "irreversible" and not t.undo]
    if final and _used(step, marks.ungated):
        names = ", ".join(tool.name for tool in final)
        claim = f"'{step.name}' uses {names}, which cannot be undone, on a path without a gate"
        remedy = "let a person agree to what is about to be done, after the last model and right before it"
        yield fault_at(flow, step.name, "irreversible_without_gate", "blocker", claim, remedy, tools=names)
    outbound = [tool for tool in step.tools if tool.outbound and not tool.approval]
    if outbound and marks.private and marks.steered:
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
    if outbound and marks.private and marks.untrusted:
        yield _three(flow, step, ", ".join(tool.name for tool in outbound))


def _three(flow: Workflow, step: Step, names: str) -> Fault:
    claim = f"at '{step.name}' private data, untrusted input and a way out ({names}) meet behind one model"
    remedy = "take one of the three away on this path, or let a person agree to what goes out"
    return fault_at(flow, step.name, "private_untrusted_outbound", "blocker", claim, remedy, tools=names)
