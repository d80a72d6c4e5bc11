"""The article's table for one case as a picture: a row per signal, a column per technique, what spoke filled in.

Layout only: marks and answers come from the verdict's cells. The report's own table beside it says the same in text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from scoper.services.figures import Figure
from scoper.services.svg import COLOURS, GRID, INK, MUTED, Canvas, fixed, shorten

SIGNALS_FILE = "signals.svg"
_TITLE = "What the decision table says about this case"
_WIDTH, _LEFT, _ANSWER, _TOP, _ROW = 780, 226, 96, 88, 40
_FOR, _AGAINST = COLOURS[0], COLOURS[1]


def signals_figure(table: Mapping[str, Any]) -> Figure | None:
    """The picture of the report's table view; None for a case without one."""
    rows: Sequence[Mapping[str, Any]] = table["rows"]
    if not rows:
        return None
    columns = [str(name) for name in table["columns"]]
    alt = _alt(columns, rows)
    canvas = Canvas(_WIDTH, _TOP + _ROW * len(rows) + 42, _TITLE, alt, key="signals")
    canvas.text(16, 28, _TITLE, size=15, weight="600")
    wide = (_WIDTH - 16 - _LEFT - _ANSWER) / len(columns)
    canvas.text(16, _TOP - 14, "signal", size=12, colour=MUTED)
    canvas.text(_LEFT, _TOP - 14, "this case", size=12, colour=MUTED)
    for place, name in enumerate(columns):
        middle = _LEFT + _ANSWER + wide * (place + 0.5)
        first, _, rest = name.partition(" ")
        for text, y in ((first, _TOP - 28), (rest, _TOP - 13)) if rest else ((first, _TOP - 14),):
            canvas.text(middle, y, shorten(text, 20), size=12, anchor="middle", weight="600")
    for line, row in enumerate(rows):
        top = float(_TOP + _ROW * line)
        canvas.line((16, top), (_WIDTH - 16, top), GRID)
        canvas.text(16, top + 25, shorten(_upper(str(row["name"])), 32), size=13)
        canvas.text(_LEFT, top + 25, shorten(str(row["answer"]), 15), size=13, weight="600")
        for place, cell in enumerate(row["cells"]):
            _cell(canvas, cell, _LEFT + _ANSWER + wide * place, top, wide)
    bottom = float(_TOP + _ROW * len(rows))
    canvas.line((16, bottom), (_WIDTH - 16, bottom), GRID)
    _legend(canvas, bottom + 24)
    caption = "Filled cells spoke for or against a technique in this case; the others say what they would ask for."
    return Figure(SIGNALS_FILE, caption, alt, canvas.render())


def _cell(canvas: Canvas, cell: Mapping[str, Any], left: float, top: float, wide: float) -> None:
    words, middle = _words(cell), left + wide / 2
    if not words:
        canvas.line((middle - 6, top + 20), (middle + 6, top + 20), GRID, width=2.0)
        return
    colour = INK if not cell["spoke"] else "#ffffff"
    if cell["spoke"]:
        fill = _FOR if direction(cell) == "for" else _AGAINST
        box = f'x="{fixed(left + 4)}" y="{fixed(top + 4)}" width="{fixed(wide - 8)}" height="{_ROW - 8}"'
        canvas.shape(f'<rect class="on" {box} rx="5" fill="{fill}"/>')
        words = f"{direction(cell)}: {cell['met'] or cell['mark']}"
    limit = max(8, int(wide / 6.2))
    canvas.text(middle, top + 24, shorten(words, limit), size=12, anchor="middle", colour=colour)


def direction(cell: Mapping[str, Any]) -> str:
    """Whether a cell that spoke is `for` or `against` its technique: a need that is not met speaks against it."""
    if cell["mark_id"] == "needs":
        return "against" if cell["answer_id"] == "no" else "for"
    return "for" if cell["mark_id"] == "favours" else "against"


def _words(cell: Mapping[str, Any]) -> str:
    if not cell["mark"]:
        return ""
    return f"{cell['mark']}, {cell['met']}" if cell["met"] else str(cell["mark"])


def _legend(canvas: Canvas, y: float) -> None:
    x = 16.0
    for fill, text in ((_FOR, "spoke for the technique"), (_AGAINST, "spoke against it")):
        canvas.shape(
            f'<rect class="on" x="{fixed(x)}" y="{fixed(y - 11)}" width="14" height="14" rx="3" fill="{fill}"/>'
        )
        canvas.text(x + 22, y, text, size=12, colour=MUTED)
        x += 200
    canvas.text(x, y, "not filled: silent here", size=12, colour=MUTED)


def _alt(columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> str:
    told: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        for name, cell in zip(columns, row["cells"], strict=True):
            if cell["spoke"]:
                told.setdefault((direction(cell), name), []).append(f"{row['name']} ({row['answer']})")
    if not told:
        return "No cell of the decision table spoke for this case."
    order = sorted(told, key=lambda pair: (pair[0] != "for", columns.index(pair[1])))
    return "; ".join(f"Spoke {way} {name}: {', '.join(told[way, name])}" for way, name in order) + "."


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
