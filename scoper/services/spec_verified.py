"""The owner's answer on shown traces, written into a spec's text by the least edit: comments and layout stay.

What is written is read back first: a text that would mean anything else besides is never written.
"""

from __future__ import annotations

import json
from pathlib import Path

from scoper.domain.mdp import MdpSpec, Spec
from scoper.domain.wanted import Verification
from scoper.errors import InputError, Problem, StorageError
from scoper.services import case_text
from scoper.services.case_edit import Change, _applied, _Editor
from scoper.services.files import lock, write_atomic
from scoper.services.specs import parse_spec
from scoper.services.strict_yaml import Node, parse, read_text


def with_verified(text: str, answer: Verification, source: str = "", folder: Path | None = None) -> str:
    """`text` of a spec with `objective.verified` set to `answer`; raises InputError where the text is no spec.

    Raises StorageError where that cannot be written without changing anything else.
    """
    before = parse_spec(text, source, folder)
    after = _applied(text, _changes(text, parse(text, source), answer))
    try:
        read = parse_spec(after, source, folder)
    except InputError:
        read = None
    if read is None or read.wanted.verified != answer or _rest(read) != _rest(before):
        message = "the answer cannot be written without changing something else in the file"
        remedy = f"write it under objective: verified: {_flow(answer)}"
        raise StorageError(Problem("spec-not-editable", message, source, remedy=remedy))
    return after


def record(path: Path, text: str, answer: Verification) -> str:
    """Write `answer` into the spec in the file `path`, which held `text`; returns the new text.

    Raises StorageError when the file changed since, InputError where it is no spec.
    """
    after = with_verified(text, answer, str(path), path.parent)
    with lock(path):
        if read_text(path) != text:
            message = "the spec changed on disk since it was shown"
            raise StorageError(Problem("spec-changed", message, str(path), remedy="review it again"))
        if after != text:
            write_atomic(path, after, overwrite=True)
    return after


def _rest(spec: Spec) -> Spec:
    """Everything but the answer, and where things stand in the file."""
    silent = spec.wanted.model_copy(update={"verified": None})
    found = spec.model_copy(update={"wanted": silent})
    return found.model_copy(update={"places": {}}) if isinstance(found, MdpSpec) else found


def _changes(text: str, root: Node, answer: Verification) -> list[Change]:
    editor, flow = _Editor(text), _flow(answer)
    objective = root.get("objective")
    if objective is None:
        return editor.add_member(root, f"objective: {{verified: {flow}}}", [f"objective: {{verified: {flow}}}"])
    if objective.kind == "scalar":
        number = json.dumps(objective.text, ensure_ascii=False)
        end = max(objective.start_index, editor.trimmed(objective.end_index))
        written = f"{{expression: {number}, verified: {flow}}}"
        return [Change(objective.start_index, end, editor.gap(objective) + written)]
    old = objective.get("verified")
    if old is None:
        pad = " " * (objective.column - 1)
        return editor.add_member(objective, f"verified: {flow}", [f"{pad}verified: {flow}"])
    if old.flow or old.kind == "scalar":
        end = max(old.start_index, editor.trimmed(old.end_index))
        return [Change(old.start_index, end, editor.gap(old) + flow)]
    key = next(key for key, value in objective.items if value is old)
    return [Change(editor.colon_end(key), editor.line_end(old), f" {flow}")]


def _flow(answer: Verification) -> str:
    parts = {"answer": "yes" if answer.answer else "no"}
    parts |= {key: case_text.scalar(value) for key in ("by", "note", "shown") if (value := getattr(answer, key))}
    return "{" + ", ".join(f"{key}: {value}" for key, value in parts.items()) + "}"
