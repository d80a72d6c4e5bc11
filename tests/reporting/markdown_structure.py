"""What a Markdown page is made of, apart from its words: equal for two texts where neither breaks out of its place."""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.token import Token


def structure(parser: MarkdownIt, page: str) -> list[object]:
    """Every token but the words: kinds, nesting, tags and attributes; neighbouring texts count as one."""
    found: list[object] = []
    for token in parser.parse(page):
        found.append((token.type, token.tag, token.nesting, token.level, token.markup, token.info))
        if token.type == "html_block":
            found.append(token.content)
        _inline(token.children or [], found)
    return found


def _inline(children: list[Token], found: list[object]) -> None:
    for child in children:
        kind = "text" if child.type in ("text", "text_special") else (child.type, child.tag, child.markup)
        if not (kind == "text" and found[-1] == "text"):
            found.append(kind)
        if child.type == "image":
            found.append((child.attrGet("src"), child.attrGet("title")))
        if child.type == "link_open":
            found.append(tuple(sorted(child.attrs.items())))
        _inline(child.children or [], found)
