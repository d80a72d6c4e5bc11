"""A report's Markdown as one self-contained HTML page: no script, no request, figures inside.

Raw HTML is off; the only tags that pass are the fold-outs which the templates write as lines of their own. A strict
content security policy stands in the page, should anything ever slip through: the one style sheet is named by its
digest. Landmarks, headings, captions and names are there for who does not see the page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING

from scoper.services.markdown import WORD_JOINER
from scoper.services.report_page import page
from scoper.services.templating import anchor

if TYPE_CHECKING:
    from markdown_it.renderer import RendererHTML
    from markdown_it.token import Token
    from markdown_it.utils import EnvType, OptionsDict

_FOLD_LINES = ("<details>", "</details>")
_SUMMARY = ("<summary>", "</summary>")
_LINK = r"\[[^\[\]\\]+\]\(#[\w-]+\)"
_CONTENTS = re.compile(rf"{_LINK}( · {_LINK})*")
_BAR = re.compile(r"[■□]+")
_LEAD = "*The problem as its owner tells it:*"


def to_html(markdown: str, title: str, images: Mapping[str, str], *, style: str = "") -> str:
    """The page for `markdown`; `images` maps the link targets that may appear to their SVG text, `style` is its CSS.

    Mermaid diagrams are left out (they would need a script): each has its words right below it.
    """
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": True}).enable("table")
    for name, rule in _rules().items():
        parser.add_render_rule(name, rule)
    tokens = parser.parse(markdown)
    contents = [(anchor(inline.content), inline.content) for inline in _headings(tokens)]
    tokens = _arranged(tokens, images)
    body = parser.renderer.render(tokens, parser.options, {})
    return page(f"{body}</section>\n" if contents else body, title, contents, style)


def _headings(tokens: Sequence[Token]) -> list[Token]:
    """The words of every second-level heading."""
    return [inline for opening, inline in pairwise(tokens) if opening.type == "heading_open" and opening.tag == "h2"]


def _arranged(tokens: Sequence[Token], images: Mapping[str, str]) -> list[Token]:
    """The tokens with sections around second-level headings, figures with their captions, and no list of contents."""
    found: list[Token] = []
    place, heading, n_sections = 0, "", 0
    while place < len(tokens):
        token = tokens[place]
        inline = tokens[place + 1] if place + 1 < len(tokens) else token
        if token.type == "heading_open":
            heading = inline.content
            if token.tag == "h2":
                name = anchor(heading)
                token.attrSet("id", name)
                kind = ' class="verdict"' if name == "verdict" else ""
                found.append(_raw(f'{"</section>" if n_sections else ""}\n<section aria-labelledby="{name}"{kind}>\n'))
                n_sections += 1
        if token.type == "paragraph_open" and _CONTENTS.fullmatch(inline.content):
            place += 3
            continue
        if token.type == "paragraph_open" and inline.content.startswith(_LEAD):
            token.attrSet("class", "lead")
        if token.type == "paragraph_open" and (svg := _picture(inline, images)):
            has_caption = place + 4 < len(tokens) and tokens[place + 3].type == "paragraph_open"
            found += _figure(svg, inline, tokens[place + 4] if has_caption else None)
            place += 6 if has_caption else 3
            continue
        if token.type == "table_open":
            token.meta = {"name": heading}
        found.append(token)
        place += 1
    return found


def _picture(inline: Token, images: Mapping[str, str]) -> str | None:
    """The SVG text of a paragraph that is one known picture and nothing else."""
    children = inline.children or []
    if len(children) != 1 or children[0].type != "image":
        return None
    return images.get(str(children[0].attrGet("src")))


def _figure(svg: str, inline: Token, caption: Token | None) -> list[Token]:
    alt = "".join(_words(child) for child in (inline.children or [])[0].children or ())
    opened = f'<figure>\n<div class="plot" tabindex="0" role="group" aria-label="{alt}">\n{svg}</div>\n'
    if caption is None:
        return [_raw(f"{opened}</figure>\n")]
    return [_raw(f"{opened}<figcaption>"), caption, _raw("</figcaption>\n</figure>\n")]


def _raw(markup: str) -> Token:
    """Markup of this module's own, from constants, escaped text and the figures' SVG."""
    from markdown_it.token import Token

    return Token("own_markup", "", 0, content=markup)


def _rules() -> dict[str, Callable[..., str]]:
    """Render rules by token type; markdown-it calls each with (renderer, tokens, index, options, env)."""

    def by_token(make: Callable[[Token], str]) -> Callable[..., str]:
        def rule(_: RendererHTML, tokens: Sequence[Token], index: int, *__: OptionsDict | EnvType) -> str:
            return make(tokens[index])

        return rule

    return {
        "own_markup": by_token(lambda token: token.content),
        "image": by_token(lambda token: "".join(_words(child) for child in token.children or ())),
        "html_block": by_token(lambda token: "".join(_fold_line(line) + "\n" for line in token.content.splitlines())),
        "html_inline": by_token(lambda token: escape(token.content)),
        "text": by_token(_text),
        "fence": by_token(_fence),
        "table_open": by_token(_table),
        "table_close": by_token(lambda _: "</table></div>\n"),
        "th_open": by_token(lambda token: f'<th scope="col"{_side(token)}>'),
        "td_open": by_token(lambda token: f"<td{_side(token)}>"),
    }


def _text(token: Token) -> str:
    """Text as it is; a bar of squares says nothing that the number beside it does not."""
    if _BAR.fullmatch(token.content):
        return f'<span class="bar" aria-hidden="true">{token.content}</span>'
    return _words(token)


def _words(token: Token) -> str:
    """The words of a token, without what keeps Markdown from linking them: nothing links in this page."""
    return escape(token.content.replace(WORD_JOINER, ""))


def _fence(token: Token) -> str:
    return "" if token.info == "mermaid" else f"<pre><code>{escape(token.content)}</code></pre>\n"


def _table(token: Token) -> str:
    name = escape(str((token.meta or {}).get("name", "")))
    return f'<div class="table" tabindex="0" role="group" aria-label="Table: {name}"><table>\n'


def _side(token: Token) -> str:
    return ' class="r"' if "right" in str(token.attrGet("style")) else ""


def _fold_line(line: str) -> str:
    """A line of a fold-out as it stands, anything else as text."""
    if line in _FOLD_LINES:
        return line
    start, end = _SUMMARY
    if line.startswith(start) and line.endswith(end):
        return start + escape(line[len(start) : -len(end)]) + end
    return escape(line)
