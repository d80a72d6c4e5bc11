"""Value and best action over two components of the state, as heat maps with their numbers as a table.

Layout only: the maps come from the result, where the exact solution was computed.
"""

from __future__ import annotations

from scoper.domain.conduct import StateMap
from scoper.domain.probe import ProbeResult
from scoper.services.figures import Figure
from scoper.services.numbers import number

STATE_FILES = {"value": "value.svg", "policy": "policy.svg"}
IN_PART = " The table shows a part of the states."
_MOST = 12


def state_figures(result: ProbeResult) -> tuple[Figure, ...]:
    """One figure per map of the exact solution; none without a table of two components."""
    return tuple(_figure(known) for known in result.maps)


def _figure(known: StateMap) -> Figure:
    import numpy as np

    from scoper.services.heat_maps import HeatMap
    from scoper.services.heat_svg import description, heat_svg, thinned

    when = ", at timestep 0" if known.timed else ""
    value = "Value: best return from a state on"
    title = f"{value}{when}" if known.kind == "value" else f"Policy: best {known.of or 'action'}{when}"
    picture = HeatMap(
        name=known.kind,
        title=title,
        x_name=known.x_name,
        x_labels=known.x_labels,
        y_name=known.y_name,
        y_labels=known.y_labels,
        cells=np.array([[np.nan if cell is None else cell for cell in row] for row in known.cells], dtype=np.float64),
        words=known.words,
        is_action=known.kind == "policy",
    )
    rows, columns = thinned(len(known.y_labels), _MOST), thinned(len(known.x_labels), _MOST)
    some = len(rows) < len(known.y_labels) or len(columns) < len(known.x_labels)
    header = (f"{known.y_name} \\ {known.x_name}", *(known.x_labels[x] for x in columns))
    table = tuple((known.y_labels[y], *(_cell(known, known.cells[y][x]) for x in columns)) for y in rows)
    what = "The best return that can still be had from each state on" if known.kind == "value" else "What is best to do"
    caption = f"{what}{when}, by the exact solution." + (IN_PART if some else "")
    return Figure(STATE_FILES[known.kind], caption, description(picture), heat_svg(picture), header, table)


def _cell(known: StateMap, cell: float | None) -> str:
    if cell is None:
        return "–"
    return known.words[int(cell)] if known.words else number(cell)
