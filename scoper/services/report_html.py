"""A report's Markdown as one self-contained HTML page: no script, no request, figures inside.

Raw HTML is off; the only tags that pass are the fold-outs which the templates write as lines of their own. A strict
content security policy stands in the page, should anything ever slip through.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from scoper.domain.text import one_line
from scoper.services.templating import anchor

if TYPE_CHECKING:
    from markdown_it.renderer import RendererHTML
    from markdown_it.token import Token
    from markdown_it.utils import EnvType, OptionsDict

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
_FOLD_LINES = ("<details>", "</details>")
_SUMMARY = ("<summary>", "</summary>")

STYLE = """\
:root { color-scheme: light dark; --ink: #1f2328; --muted: #59636e; --line: #d1d9e0; --paper: #fff; --soft: #f6f8fa;
  --accent: #0b57a4; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --muted: #9da7b1; --line: #3d444d; --paper: #0d1117;
  --soft: #151b23; --accent: #79b8ff; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 60rem; background: var(--paper); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif;
  overflow-wrap: break-word; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 1rem; }
h2 { font-size: 1.4rem; margin: 2.6rem 0 .8rem; padding-bottom: .3rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1.1rem; margin: 1.6rem 0 .5rem; }
a { color: var(--accent); }
blockquote { margin: 1rem 0; padding: .8rem 1.1rem; border-left: 5px solid var(--accent); background: var(--soft); }
blockquote p { margin: 0; }
blockquote p + p { margin-top: .5rem; color: var(--muted); }
h2#verdict + blockquote p:first-child { font-size: 1.15rem; }
.table { overflow-x: auto; margin: 1rem 0; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
th, td { border: 1px solid var(--line); padding: .4rem .6rem; vertical-align: top; text-align: left;
  overflow-wrap: break-word; }
th { background: var(--soft); }
td[style*="right"] { font-variant-numeric: tabular-nums; white-space: nowrap; }
li { margin: .25rem 0; }
img { display: block; max-width: 100%; height: auto; margin: 1.2rem 0 .3rem; }
code { font: .88em ui-monospace, "DejaVu Sans Mono", monospace; background: var(--soft); padding: .1em .3em;
  border-radius: 4px; }
pre { background: var(--soft); padding: .8rem 1rem; overflow-x: auto; border-radius: 6px; }
pre code { padding: 0; }
details { margin: .8rem 0; border: 1px solid var(--line); border-radius: 6px; padding: .5rem .9rem; }
summary { cursor: pointer; font-weight: 600; }
@media print { :root { font-size: 9.5pt; --ink: #000; --paper: #fff; --soft: #f6f8fa; --line: #b8c0c8;
  --muted: #444; --accent: #000; }
  @page { margin: 14mm 16mm; } body { max-width: none; padding: 0; font-size: 1rem; line-height: 1.4; }
  h2 { margin-top: 1.6rem; } h2, h3 { break-after: avoid; }
  p:has(> a[href="#verdict"]) { display: none; }
  th, td { padding: .25rem .5rem; }
  tr, img, blockquote { break-inside: avoid; } .table { overflow: visible; }
  details::details-content { content-visibility: visible; display: block; } }
"""


def to_html(markdown: str, title: str, images: Mapping[str, str]) -> str:
    """The page for `markdown`; `images` maps the link targets that may appear to their SVG text.

    Mermaid diagrams are left out (they would need a script): each has its words right below it.
    """
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": True}).enable("table")
    for name, rule in _rules(images).items():
        parser.add_render_rule(name, rule)
    tokens = parser.parse(markdown)
    _name_headings(tokens)
    body = parser.renderer.render(tokens, parser.options, {})
    head = f'<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
    head += '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    head += f"<title>{escape(one_line(title))}</title>\n<style>\n{STYLE}</style>"
    return f'<!DOCTYPE html>\n<html lang="en">\n<head>\n{head}\n</head>\n<body>\n{body}</body>\n</html>\n'


def _name_headings(tokens: Sequence[Token]) -> None:
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open" and opening.tag == "h2":
            opening.attrSet("id", anchor(inline.content))


def _rules(images: Mapping[str, str]) -> dict[str, Any]:
    """Render rules by token type; markdown-it calls each with (renderer, tokens, index, options, env)."""

    def image(_: RendererHTML, tokens: Sequence[Token], index: int, *__: OptionsDict | EnvType) -> str:
        token = tokens[index]
        alt = escape("".join(child.content for child in token.children or ()))
        svg = images.get(str(token.attrGet("src")))
        if svg is None:
            return alt
        data = base64.b64encode(svg.encode()).decode()
        return f'<img alt="{alt}" src="data:image/svg+xml;base64,{data}">'

    def block(_: RendererHTML, tokens: Sequence[Token], index: int, *__: OptionsDict | EnvType) -> str:
        return "".join(_fold_line(line) + "\n" for line in tokens[index].content.splitlines())

    def inline(_: RendererHTML, tokens: Sequence[Token], index: int, *__: OptionsDict | EnvType) -> str:
        return escape(tokens[index].content)

    def fence(_: RendererHTML, tokens: Sequence[Token], index: int, *__: OptionsDict | EnvType) -> str:
        token = tokens[index]
        return "" if token.info == "mermaid" else f"<pre><code>{escape(token.content)}</code></pre>\n"

    def opened(*_: object) -> str:
        return '<div class="table"><table>\n'

    def closed(*_: object) -> str:
        return "</table></div>\n"

    return {
        "image": image,
        "html_block": block,
        "html_inline": inline,
        "fence": fence,
        "table_open": opened,
        "table_close": closed,
    }


def _fold_line(line: str) -> str:
    """A line of a fold-out as it stands, anything else as text."""
    if line in _FOLD_LINES:
        return line
    start, end = _SUMMARY
    if line.startswith(start) and line.endswith(end):
        return start + escape(line[len(start) : -len(end)]) + end
    return escape(line)
