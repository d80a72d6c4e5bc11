"""Hostile texts in every place of a report where a user's words stand: does the Markdown keep its structure?

Every text goes through the door that its place has in the templates (`md`, `sentence`, `code`, `shell`, ...). All
places stand in one page; the page is parsed by a real CommonMark parser with GitHub's tables, and its structure - every
token but the words - must be that of the page with a plain letter. Whole reports with hostile texts in them are checked
in `tests/reporting/test_report.py`.

    python tests/benchmarks/fuzz_markdown.py                     # 200,000 texts, every place each
    python tests/benchmarks/fuzz_markdown.py --texts 2000 --seed 3

Prints the number of broken pages and the first texts that broke one; exit code 1 if there are any.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt

from scoper.services import templating
from scoper.services.markdown import Safe, code, md, mermaid

sys.path.insert(0, str(Path(__file__).parents[2]))
from tests.reporting.markdown_structure import structure

PAGE = """\
# {md}

*The problem as its owner tells it:* {md}

[A section](#a) · [Another](#b)

## A

> **{cap}.** {sentence}
>
> {md}: {md}.

- **Lead:** {sentence} *Measure it:* {plainly}
- {md} turns out **{md}** (now {md}): the verdict becomes **{md}** ({md})
  - {md}: **{md}**, {md}

1. {md}
2. Settle: {md} {sentence} (effort: {md})
3. Resolve the blocker "{md}": {sentence}

### {cap}: {md}

| {cap} | {md} | **{md}** |
|:--|--:|:--|
| {cap} {code} | **{md}**: {md} | {listed} |
| {either} | {plainly} | ◆ **{md}: {md}** ({md}) |

![{md}](figures/a.svg)

*{md}*

<details>
<summary>Words</summary>

- {md}
- **{cap}:** {sentence}

{md}

| a | b |
|:--|:--|
| {md} | {md} |

</details>

Chosen option: "{cap}", because of these: {md} ({md}), {code}.

```mermaid
flowchart LR
  A1["{mermaid}, {mermaid}"] --> V
```

```sh
scoper report {shell} -o report.md
```

```json
{block}
```

After it {md}
"""
PIECES = (
    *("|", "\\\\", "`", "```", "~~~", "***", "---", "===", "- ", "+ ", "* ", "1. ", "1) ", "999999999. ", "> ", "# "),
    *("###### ", "<b>", "</b>", "</details>", "<details>", "<summary>", "</summary>", "<script>alert(1)</script>"),
    *("<!--", "-->", "<?", "?>", "<![CDATA[", "]]>", "<!X", "<pre>", "</pre>", "<style>", "&amp;", "&#124;", "&lt;"),
    *("[a](b)", "![a](b)", "[a]: http://x", "[a][b]", "[^1]", "[x] ", "[", "]", "](", "(", ")", "http://a.b"),
    *("www.evil.com", "a@b.co", "@someone", "#12", "\n", "\r\n", "\n\n", "\r", "\t", "    ", "  \n", "\\\n", "\x0b"),
    *("\x1b[31m", "\x9b0m", "\u202e", "\u2028", "\u2029", "\u200b", "\u00a0", "\x00", "\u0085", "\ufeff", "\u2060"),
    *("{{7*7}}", "{% x %}", "{# #}", "$x$", "$$", ":smile:", "\\|", "\\\\|", "\\", "|---|", "| - |", ":-", "--"),
    *("|a|b|\n|-|-|", "x", "ä", "漢字", "😀", "_a_", "__a__", "*a*", "**a**", "~~s~~", "~", "e", "0", "a_b", "_", "*"),
    *("'", '"', "<a@b.c>", "<http://x>", ":", "!", "^", "%", "=", "#", "\ud800", "-->\n", '"]', "]; click A", "%%"),
)


def doors() -> dict[str, Any]:
    """The filters by name, each made to take one text."""
    lists = {name: templating._FILTERS[name] for name in ("listed", "either", "plainly")}
    single = {"md": md, "code": code, "mermaid": mermaid, "cap": templating.capital, "sentence": templating.sentence}
    single |= {"shell": templating.shell, "block": templating.block}
    return single | {name: (lambda f: lambda text: f([text, text]))(door) for name, door in lists.items()}


def filled(text: str, known: dict[str, Any] | None = None) -> str:
    """The page with `text` in every place; a code block takes one line, as the templates' texts are of one line."""
    made = {name: door(one_line(text) if name == "block" else text) for name, door in (known or doors()).items()}
    assert all(isinstance(value, Safe) for value in made.values())
    return PAGE.format(**made)


def one_line(text: str) -> str:
    """What `json.dumps` of a report's data is: one line without control characters."""
    return " ".join(text.split()) or "x"


def plain_structure(parser: MarkdownIt) -> tuple[list[object], list[object]]:
    """The structures with a plain word: with code spans, and without those, where a text is too strange for one."""
    known = doors()
    return structure(parser, filled("x", known)), structure(parser, filled("x", known | {"code": md}))


def texts(n: int, seed: int) -> Iterator[str]:
    """`n` texts glued from what means something to Markdown, HTML, Jinja2, Mermaid, terminals and GitHub."""
    chance = random.Random(seed)
    for _ in range(n):
        yield "".join(chance.choice(PIECES) for _ in range(chance.randint(0, 9)))


def broken(n: int, seed: int) -> list[str]:
    """The texts that change the structure of the page."""
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    known, allowed = doors(), plain_structure(parser)
    return [text for text in texts(n, seed) if structure(parser, filled(text, known)) not in allowed]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--texts", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    found = broken(asked.texts, asked.seed)
    places = PAGE.count("{")
    print(f"{asked.texts:,} texts in {places} places each: {len(found)} broken")
    for text in found[:10]:
        print(repr(text))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
