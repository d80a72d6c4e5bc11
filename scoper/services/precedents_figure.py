"""The nearest real projects as a picture: a lane per technique that worked, the distance from this case to the right.

Layout only: distances come from the dossier. The report's table beside it says the same in text.
"""

from __future__ import annotations

from collections.abc import Sequence

from scoper.domain.dossier import Dossier
from scoper.domain.precedent import PrecedentMatch
from scoper.services.figures import Figure
from scoper.services.report_data import ReportData
from scoper.services.svg import COLOURS, GRID, MUTED, PAPER, Canvas, Scale, fixed, padded, shorten, text_width

PRECEDENTS_FILE = "precedents.svg"
_TITLE = "How far the nearest real projects are from this case"
_WIDTH, _TOP, _ROW, _LANE = 780, 70, 26, 14


def precedents_figure(dossier: Dossier, data: ReportData) -> Figure | None:
    """The picture; None without a comparable project."""
    nearest = dossier.precedents
    if not nearest:
        return None
    lanes = list(dict.fromkeys(each.worked for each in nearest))
    lanes.sort(key=lambda worked: (worked != dossier.verdict.technique, min(_distances(nearest, worked))))
    names = {worked: data.name("techniques", worked) for worked in lanes}
    alt = _alt(nearest, names)
    height = _TOP + _ROW * len(nearest) + _LANE * len(lanes) + 56
    canvas = Canvas(_WIDTH, height, _TITLE, alt, key="precedents")
    canvas.text(16, 28, _TITLE, size=15, weight="600")
    left = 40 + max(text_width(name, 12) for name in names.values())
    most = max(each.distance for each in nearest)
    x = Scale(0.0, padded(0.0, max(most, 0.1), 0.0)[1], left, left + 250)
    bottom = float(height - 50)
    for value, label in x.ticks(4):
        canvas.line((x(value), _TOP - 10), (x(value), bottom), GRID)
        canvas.text(x(value), bottom + 18, label, size=12, anchor="middle", colour=MUTED)
    canvas.line((x(0), _TOP - 10), (x(0), bottom), MUTED, width=1.6)
    canvas.text(x(0), _TOP - 16, "this case", size=12, anchor="middle", colour=MUTED)
    canvas.text(x.start, bottom + 38, "distance: 0 the same answers, 1 opposite ones", size=12, colour=MUTED)
    y = float(_TOP)
    for lane in lanes:
        same = lane == dossier.verdict.technique
        canvas.text(16, y + 16, names[lane], size=12, weight="600" if same else "normal")
        for number, each in enumerate(nearest, 1):
            if each.worked == lane:
                _project(canvas, x, y + 12, number, each, same)
                y += _ROW
        y += _LANE
    caption = "Filled: the verdict's own technique worked there. Hollow: another one did. Numbers as in the table."
    return Figure(PRECEDENTS_FILE, caption, alt, canvas.render())


def _project(canvas: Canvas, x: Scale, y: float, number: int, each: PrecedentMatch, same: bool) -> None:
    colour = COLOURS[0] if same else COLOURS[1]
    canvas.line((x(0), y), (x(each.distance), y), colour, width=1.4, dash="" if same else "3 3")
    fill = colour if same else PAPER
    where = f'cx="{fixed(x(each.distance))}" cy="{fixed(y)}"'
    canvas.shape(f'<circle {where} r="6" fill="{fill}" stroke="{colour}" stroke-width="2"/>')
    start = x(each.distance) + 14
    room = int((_WIDTH - 16 - start) / 6.2)
    canvas.text(start, y + 4, shorten(f"{number}  {each.title}", max(12, room)), size=12)


def _distances(nearest: Sequence[PrecedentMatch], worked: str) -> list[float]:
    return [each.distance for each in nearest if each.worked == worked]


def _alt(nearest: Sequence[PrecedentMatch], names: dict[str, str]) -> str:
    told = [f"{each.title} at {each.distance:.2f} ({names[each.worked]})" for each in nearest]
    return f"Distance from this case: {'; '.join(told)}."
