"""What one step does to the marks of a workflow: generated text, untrusted input and private data, by context key.

A mark stands at the keys that carry it (`*` where the file does not say). A check or a person who reads a key clears
it, a step that overwrites it too. What is declared decides; a file that declares no keys is read in the careful way.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from scoper.checks._graph import Step

ANY = "*"
ANSWER = "()"
"""What a called step answered: its caller has read it, whatever keys it declares."""
Keys = frozenset[str]
_NONE: Keys = frozenset()


@dataclass(frozen=True)
class Marks:
    """Keys of the context, by what may stand in them.

    generated: text of a model that nobody verified. ungated: what no person agreed to yet. untrusted, private: such
    data. steered: what a model wrote that had read untrusted input.
    """

    generated: Keys = _NONE
    ungated: Keys = _NONE
    untrusted: Keys = _NONE
    private: Keys = _NONE
    steered: Keys = _NONE

    def joined(self, other: Marks) -> Marks:
        """What either path may bring."""
        return Marks(*(getattr(self, kind) | getattr(other, kind) for kind in KINDS_OF_MARKS))

    def within(self, keys: Keys) -> Marks:
        """The marks of these keys only."""
        return Marks(*(getattr(self, kind) & keys for kind in KINDS_OF_MARKS))

    def answered(self, written: Keys) -> Marks:
        """What a caller is told by steps that wrote these keys."""
        told = {kind: frozenset({ANSWER}) for kind in ("generated", "untrusted", "private", "steered")
                if getattr(self, kind) & (written | {ANY})}  # fmt: skip
        return Marks(**told)


KINDS_OF_MARKS = tuple(each.name for each in fields(Marks))


def used(step: Step, keys: Keys) -> Keys:
    """The marked keys that a step works with: all of them where it does not say what it reads."""
    return keys if step.reads is None else keys & (step.reads | {ANY, ANSWER})


def has_untrusted(step: Step, marks: Marks) -> bool:
    """Whether untrusted input comes to a step or is brought by it."""
    return step.untrusted or any(tool.untrusted for tool in step.tools) or bool(used(step, marks.untrusted))


def has_private(step: Step, marks: Marks) -> bool:
    """Whether private data come to a step or are brought by it."""
    return step.private or any(tool.private for tool in step.tools) or bool(used(step, marks.private))


def is_steered(step: Step, marks: Marks) -> bool:
    """Whether a model that has read untrusted input decides what a step does."""
    return bool(used(step, marks.steered)) or (step.generates and has_untrusted(step, marks))


def passed(step: Step, marks: Marks, merged: Keys = _NONE) -> Marks:
    """The marks after a step; `merged` keys keep what stood in them before."""
    written = step.writes if step.writes is not None else frozenset({ANY})
    kept = Marks(*(getattr(marks, kind) - {ANSWER} for kind in KINDS_OF_MARKS))
    if step.generates:
        flags = has_untrusted(step, marks), has_private(step, marks), is_steered(step, marks)
        over = (step.writes or _NONE) - merged
        rest = (kept.untrusted, kept.private, kept.steered)
        spread = ((keys - over) | (written if flag else _NONE) for keys, flag in zip(rest, flags, strict=True))
        return Marks(kept.generated | written, kept.ungated | written, *spread)
    if step.kind in ("check", "human"):
        seen = cleared(kept, step.reads, step.gate)
        kept, marks = seen, cleared(marks, step.reads, step.gate)
    return _moved(step, kept, marks, written, merged)


def cleared(marks: Marks, reads: Keys | None, gate: bool, only: Keys | None = None) -> Marks:
    """What is left after somebody looked at what is read, everything where that is not said; of `only` these keys."""

    def left(keys: Keys) -> Keys:
        looked = keys if reads is None else keys & (reads | {ANY})
        return keys - (looked if only is None else looked & only)

    generated = left(marks.generated)
    if not gate:
        return Marks(generated, marks.ungated, marks.untrusted, marks.private, marks.steered)
    return Marks(generated, left(marks.ungated), marks.untrusted, marks.private, left(marks.steered))


def _moved(step: Step, kept: Marks, marks: Marks, written: Keys, merged: Keys) -> Marks:
    """What code, a tool, a check or a person hands on: what it brings itself, and what it read of marked keys."""
    over = (step.writes or _NONE) - merged if step.kind != "check" else _NONE
    brings = {
        "untrusted": step.untrusted or any(tool.untrusted for tool in step.tools),
        "private": step.private or any(tool.private for tool in step.tools),
    }
    found = []
    for kind in KINDS_OF_MARKS:
        before, came = getattr(kept, kind), getattr(marks, kind)
        known = came - {ANY} if kind == "ungated" else came
        moved = step.writes if step.writes and step.reads is not None and used(step, known) else _NONE
        found.append((before - over) | moved | (written if brings.get(kind) else _NONE))
    return Marks(*found)
