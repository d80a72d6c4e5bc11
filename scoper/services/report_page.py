"""The frame of a report's HTML page: head with its content security policy, contents, landmarks, foot."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from html import escape

from scoper.domain.text import one_line

_FOOT = (
    "Made by scoper from the answers, the rules and the measurements whose digests stand under Provenance. "
    "It decides nothing by itself: whoever signs it does."
)


def page(body: str, title: str, contents: Sequence[tuple[str, str]], style: str) -> str:
    """The whole page; `contents` are the ids and titles of its sections, `style` is its only style sheet."""
    sheet = f"\n{style}"
    head = f'<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="{policy(sheet)}">\n'
    head += '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    head += f"<title>{escape(one_line(title))}</title>\n<style>{sheet}</style>"
    items = "\n".join(f'<li><a href="#{name}">{escape(words)}</a></li>' for name, words in contents)
    folded = f"<details>\n<summary>Contents</summary>\n<ol>\n{items}\n</ol>\n</details>"
    nav = f'<nav aria-label="Contents">\n{folded}\n</nav>\n' if contents else ""
    start = '<a class="skip" href="#report">Skip to the report</a>\n'
    inside = f'{start}{nav}<main id="report">\n{body}</main>\n<footer>\n<p>{_FOOT}</p>\n</footer>\n'
    return f'<!DOCTYPE html>\n<html lang="en">\n<head>\n{head}\n</head>\n<body>\n{inside}</body>\n</html>\n'


def policy(sheet: str) -> str:
    """Nothing may be loaded or run; the one style sheet is allowed by its digest, styles of elements are not."""
    digest = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
