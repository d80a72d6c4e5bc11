"""The least change of a case file's text that gives one question new answers.

Works on spans of the parsed tree, so comments, spacing, quotes and line ends elsewhere stay as they are. Whether the
result reads back as intended is checked by `scoper.services.cases`, which falls back to `rewritten` when it does not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scoper.domain.questionnaire import Answer
from scoper.services import case_text
from scoper.services.strict_yaml import Node

_LINE_END = re.compile("\r\n|[\r\n]")


@dataclass(frozen=True)
class Change:
    """Put `text` in the place of [start, end)."""

    start: int
    end: int
    text: str


def edited(text: str, root: Node, signal: str, old: Sequence[Answer], new: Sequence[Answer]) -> str:
    """`text` with the answers to `signal` changed from `old` to `new` (either may be empty) by the least edit.

    root: the mapping that has the answers, the whole case or one of its parts.
    """
    editor = _Editor(text)
    answers = root.get("answers")
    value = answers.get(signal) if answers else None
    if answers is None:
        changes = editor.add_member(
            root,
            f"answers: {{{signal}: {case_text.flow_value(new)}}}",
            [" " * (root.column - 1) + "answers:", *case_text.entry_lines(signal, new, root.column + 1)],
        )
    elif value is None:
        changes = editor.add_entry(root, answers, signal, new)
    elif not new:
        changes = editor.remove_member(answers, signal)
    else:
        changes = editor.change_value(answers, signal, old, new)
    return _applied(text, changes)


def rewritten(text: str, root: Node, answers: Mapping[str, Sequence[Answer]]) -> str:
    """`text` with its `answers` block written anew, everything outside of it unchanged."""
    editor = _Editor(text)
    member = next(((key, value) for key, value in root.items if key.text == "answers"), None)
    inline = (
        "answers: {" + ", ".join(f"{signal}: {case_text.flow_value(given)}" for signal, given in answers.items()) + "}"
    )
    if member is None:
        return _applied(text, editor.add_member(root, inline, case_text.block_lines(answers)))
    block = inline if root.flow else editor.newline.join(case_text.block_lines(answers))
    end = max(member[0].end_index + 1, editor.trimmed(member[1].end_index))
    return _applied(text, [Change(member[0].start_index, end, block)])


def with_spec(text: str, root: Node, written: str) -> str:
    """`text` with the scalar `written` as its `spec`: in place of an old one, else on a line below title and domain."""
    editor = _Editor(text)
    key, value = next(((key, value) for key, value in root.items if key.text == "spec"), (None, None))
    if key is not None and value is not None:
        if not value.is_null:
            return _applied(text, [editor.replaced(value, written)])
        place = editor.colon_end(key)
        return _applied(text, [Change(place, max(place, editor.trimmed(value.end_index)), f" {written}")])
    head = [member for name, member in root.items if name.text in ("scoper", "title", "summary", "domain")]
    if not head:
        return _applied(
            text, editor.add_member(root, f"spec: {written}", [" " * (root.column - 1) + f"spec: {written}"])
        )
    last = max(head, key=lambda member: member.start_index)
    if root.flow:
        return _applied(text, [Change(last.end_index, last.end_index, f", spec: {written}")])
    return _applied(text, [editor.inserted(editor.line_end(last), [" " * (root.column - 1) + f"spec: {written}"])])


def _applied(text: str, changes: Sequence[Change]) -> str:
    # From the end, so that offsets hold; of two insertions at one place the first given comes to stand first.
    for change in reversed(sorted(changes, key=lambda change: (change.start, change.end))):
        text = text[: change.start] + change.text + text[change.end :]
    return text


class _Editor:
    """Makes changes for one text."""

    def __init__(self, text: str) -> None:
        self.text = text
        first = _LINE_END.search(text)
        self.newline = first[0] if first else "\n"

    def trimmed(self, end: int) -> int:
        """`end` moved back over white space: where the content of a node ends."""
        return len(self.text[:end].rstrip())

    def line_end(self, node: Node) -> int:
        """The index of the line break (or end of text) behind the last line of `node`."""
        match = _LINE_END.search(self.text, max(node.start_index, self.trimmed(node.end_index)))
        return match.start() if match else len(self.text)

    def break_before(self, index: int) -> int:
        """The index of the line break that ends the line before the one of `index`."""
        ends = [match.start() for match in _LINE_END.finditer(self.text, 0, index)]
        return ends[-1] if ends else 0

    def colon_end(self, key: Node) -> int:
        """The index behind the colon of `key`."""
        return self.text.index(":", key.end_index) + 1

    def inserted(self, index: int, lines: Sequence[str]) -> Change:
        """`lines` put below the line that ends at `index`."""
        return Change(index, index, "".join(self.newline + line for line in lines))

    def add_member(self, mapping: Node, inline: str, lines: Sequence[str]) -> list[Change]:
        """One more member at the end of a mapping that has some."""
        last = mapping.items[-1][1]
        if mapping.flow:
            end = last.end_index
            return [Change(end, end, ", " + inline)]
        return [self.inserted(self.line_end(last), lines)]

    def add_entry(self, root: Node, answers: Node, signal: str, new: Sequence[Answer]) -> list[Change]:
        inline = f"{signal}: {case_text.flow_value(new)}"
        if answers.items:
            return self.add_member(answers, inline, case_text.entry_lines(signal, new, answers.column - 1))
        if root.flow:
            return [Change(answers.start_index, answers.end_index, f"{self.gap(answers)}{{{inline}}}")]
        key = next(key for key, value in root.items if value is answers)
        lines = case_text.entry_lines(signal, new, key.column + 1)
        return [self.erased(key, answers), self.inserted(self.line_end(answers), lines)]

    def erased(self, key: Node, value: Node) -> Change:
        """The value taken away, `key:` and a comment behind it kept."""
        end = (
            max(self.colon_end(key), self.trimmed(value.end_index))
            if value.end_index > value.start_index
            else self.colon_end(key)
        )
        return Change(self.colon_end(key), end, "")

    def gap(self, value: Node) -> str:
        """A space when the colon stands directly before `value`."""
        return "" if self.text[value.start_index - 1 : value.start_index].isspace() else " "

    def remove_member(self, mapping: Node, name: str, keep: str = "") -> list[Change]:
        """The member `name` taken away; in flow, its comma on the side away from the member `keep` goes with it."""
        names = [key.text for key, _ in mapping.items]
        index = names.index(name)
        key, value = mapping.items[index]
        after_kept = keep in names[:index]
        if mapping.flow or (index == 0 and keep):
            if index + 1 < len(names) and not after_kept:
                return [Change(key.start_index, mapping.items[index + 1][0].start_index, "")]
            begin = mapping.items[index - 1][1].end_index if index else key.start_index
            return [Change(begin, value.end_index, "")]
        return [Change(self.break_before(key.start_index), self.line_end(value), "")]

    def change_value(self, answers: Node, signal: str, old: Sequence[Answer], new: Sequence[Answer]) -> list[Change]:
        key, value = next(pair for pair in answers.items if pair[0].text == signal)
        if value.kind == "sequence":
            return self.change_items(value, old, new)
        if value.kind == "mapping" and len(new) == 1:
            return self.change_fields(value, old[0], new[0])
        if value.kind == "scalar" and len(new) == 1 and len(case_text.fields(new[0])) == 1:
            return [self.replaced(value, new[0].answer)]
        if answers.flow:
            return [Change(value.start_index, value.end_index, case_text.flow_value(new))]
        lines = case_text.value_lines(new, answers.column + 1)
        return [self.erased(key, value), self.inserted(self.line_end(value), lines)]

    def change_items(self, items: Node, old: Sequence[Answer], new: Sequence[Answer]) -> list[Change]:
        """Respondents changed one by one, added at the end, taken away from the end."""
        children = items.children
        changes = []
        for child, before, after in zip(children, old, new, strict=False):
            changes += self.change_fields(child, before, after)
        for child, previous in zip(children[len(new) :], children[len(new) - 1 :], strict=False):
            if items.flow:
                changes.append(Change(previous.end_index, child.end_index, ""))
            else:
                changes.append(Change(self.break_before(child.start_index), self.line_end(child), ""))
        for answer in new[len(children) :]:
            if items.flow:
                end = children[-1].end_index
                changes.append(Change(end, end, ", " + case_text.flow(answer, short=False)))
            else:
                changes.append(
                    self.inserted(self.line_end(children[-1]), case_text.item_lines(answer, items.column - 1))
                )
        return changes

    def change_fields(self, mapping: Node, old: Answer, new: Answer) -> list[Change]:
        """The parts of a long answer that differ: replaced, added below `answer`, or taken away."""
        before, after = case_text.fields(old), case_text.fields(new)
        changes, missing = [], {}
        for name, written in after.items():
            node = mapping.get(name)
            if node is None:
                missing[name] = written
            elif before.get(name) != written:
                changes.append(self.replaced(node, written))
        for key, _ in mapping.items:
            if key.text in before and key.text not in after:
                changes += self.remove_member(mapping, key.text, keep="answer")
        anchor = mapping.get("answer")
        if missing and anchor:
            changes.append(self.beside(mapping, anchor, missing))
        return changes

    def beside(self, mapping: Node, anchor: Node, written: Mapping[str, str]) -> Change:
        pairs = [f"{name}: {value}" for name, value in written.items()]
        if mapping.flow:
            return Change(anchor.end_index, anchor.end_index, "".join(f", {pair}" for pair in pairs))
        return self.inserted(self.line_end(anchor), [" " * (mapping.column - 1) + pair for pair in pairs])

    def replaced(self, node: Node, written: str) -> Change:
        """A scalar's span with other content; quotes round a plain word are kept."""
        if node.style in ("'", '"') and written[0] != '"':
            written = node.style + written + node.style
        end = max(node.start_index, self.trimmed(node.end_index))
        return Change(node.start_index, end, self.gap(node) + written)
