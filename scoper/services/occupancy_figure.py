"""Where the time of the reward's best policy goes, as a picture: a map over two components, else bars.

Layout only: the shares come from the result. Same result, same bytes.
"""

from __future__ import annotations

import math

from scoper.domain.conduct import Conduct, OccupancyMap
from scoper.services.figures import Figure
from scoper.services.numbers import count, share
from scoper.services.svg import COLOURS, MUTED, Canvas, fixed, shorten
from scoper.services.svg import text_width as width_of

OCCUPANCY_FILE = "occupancy.svg"
_TITLE = "Where the time of the reward's best policy goes"
_WIDTH, _BARS, _ROW, _LABEL = 780, 12, 26, 46


def occupancy_figure(conduct: Conduct | None) -> Figure | None:
    """The figure; None where no share of the time is known."""
    if conduct is None or not conduct.states:
        return None
    drawn = _map(conduct.map) if conduct.map is not None else _bars(conduct)
    caption = f"Share of the timesteps that is spent in each state ({conduct.policy})."
    rows = tuple((label, share(value)) for label, value in _rows(conduct))
    return Figure(OCCUPANCY_FILE, caption, _alt(conduct), drawn, ("State", "Share of the time"), rows)


def _map(known: OccupancyMap) -> str:
    import numpy as np

    from scoper.services.heat_maps import HeatMap
    from scoper.services.heat_svg import heat_svg

    cells = 100.0 * np.array(known.cells, dtype=np.float64)
    return heat_svg(
        HeatMap(
            name="occupancy",
            title=f"{_TITLE}, in percent",
            x_name=known.x_name,
            x_labels=known.x_labels,
            y_name=known.y_name,
            y_labels=known.y_labels,
            cells=cells,
        )
    )


def _rows(conduct: Conduct) -> list[tuple[str, float]]:
    """The most visited states, and all others together."""
    first = [(row.label, row.share) for row in conduct.states[:_BARS]]
    n_rest = conduct.n_rest + len(conduct.states) - len(first)
    rest = math.fsum([conduct.rest, *(row.share for row in conduct.states[_BARS:])])
    return [*first, (f"{count(n_rest)} others", rest)] if n_rest else first


def _bars(conduct: Conduct) -> str:
    rows = _rows(conduct)
    canvas = Canvas(_WIDTH, 74 + _ROW * len(rows), _TITLE, _alt(conduct), key="occupancy")
    canvas.text(16, 28, _TITLE, size=15, weight="600")
    left = 28 + min(330.0, max(width_of(shorten(label, _LABEL), 12) for label, _ in rows))
    room = _WIDTH - left - 80
    longest = max(value for _, value in rows) or 1.0
    for place, (label, value) in enumerate(rows):
        y = 52.0 + _ROW * place
        wide = room * value / longest
        colour = MUTED if place >= len(conduct.states[:_BARS]) else COLOURS[0]
        canvas.text(left - 10, y + 13, shorten(label, _LABEL), size=12, anchor="end")
        box = f'x="{fixed(left)}" y="{fixed(y)}" width="{fixed(max(wide, 0.5))}" height="{fixed(_ROW - 8)}"'
        canvas.shape(f'<rect {box} fill="{colour}"/>')
        canvas.text(left + wide + 8, y + 13, share(value), size=12, colour=MUTED)
    return canvas.render()


def _alt(conduct: Conduct) -> str:
    told = [f"{label}: {share(value)}" for label, value in _rows(conduct)[:6]]
    return f"{_TITLE}: {'; '.join(told)}."
