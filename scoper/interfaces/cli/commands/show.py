"""`scoper show SPEC`: value, policy and occupancy of a declarative spec as pictures."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scoper.errors import Problem, UsageError
from scoper.interfaces import console
from scoper.interfaces.cli.options import Common, common_options

if TYPE_CHECKING:
    from scoper.services.heat_maps import HeatMap

PLACE = ("probe", 4)


@click.command(
    "show",
    short_help="Value, policy and occupancy of a declarative spec as pictures.",
    epilog="Example: scoper show examples/warehouse_reorder.mdp.yaml --over stock,on_order --svg pictures",
)
@click.argument("spec", type=click.Path())
@click.option("--over", metavar="X[,Y]", help="State variables of the axes; the two with most values otherwise.")
@click.option("--at", "at", multiple=True, metavar="NAME=VALUE", help="Hold another state variable at this value.")
@click.option("--svg", metavar="DIR", type=click.Path(file_okay=False), help="Write SVG files to this folder instead.")
@click.option("--digits", is_flag=True, help="Digits from 0 to 9 instead of shades.")
@common_options
def command(common: Common, spec: str, over: str | None, at: tuple[str, ...], svg: str | None, digits: bool) -> None:
    """Solve SPEC and draw the value, the best action and the visits over one or two of its state variables.

    Other state variables are held where the best policy is most often, or where --at says. Files that exist are not
    replaced.
    """
    from scoper.services.heat_maps import heat_maps
    from scoper.services.solving import solve_file

    solved = solve_file(Path(spec))
    pictures = heat_maps(solved, over.split(",") if over else (), _held(at))
    if svg is not None:
        _write(pictures, Path(svg), common)
    elif common.json:
        console.data(json.dumps([_document(picture) for picture in pictures], ensure_ascii=False))
    else:
        _draw(pictures, digits)


def _draw(pictures: Sequence[HeatMap], digits: bool) -> None:
    from scoper.interfaces.cli.heat_text import heat_lines

    size = shutil.get_terminal_size((80, 24))
    blocks = not digits and (getattr(sys.stdout, "encoding", None) or "").lower().replace("-", "") == "utf8"
    shown = [heat_lines(picture, width=size.columns - 2, height=24, blocks=blocks) for picture in pictures]
    console.data("\n\n".join("\n".join(lines) for lines in shown))


def _write(pictures: Sequence[HeatMap], folder: Path, common: Common) -> None:
    from scoper.services.files import write_atomic
    from scoper.services.heat_svg import heat_svg

    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{picture.name}.svg" for picture in pictures]
    if taken := [path for path in paths if path.exists()]:
        raise UsageError(Problem("show-exists", f"{taken[0]} exists and is not replaced", remedy="name a new folder"))
    for path, picture in zip(paths, pictures, strict=True):
        write_atomic(path, heat_svg(picture), overwrite=False)
    names = [str(path) for path in paths]
    console.data(json.dumps({"format": 1, "files": names}, ensure_ascii=False) if common.json else "\n".join(names))


def _document(picture: HeatMap) -> dict[str, object]:
    cells = [[None if cell != cell else cell for cell in row] for row in picture.cells.tolist()]
    return {
        "format": 1,
        "name": picture.name,
        "title": picture.title,
        "held": picture.held,
        "x": {"name": picture.x_name, "values": picture.x_labels},
        "y": {"name": picture.y_name, "values": picture.y_labels} if picture.y_name else None,
        "words": picture.words,
        "cells": cells,
    }


def _held(pairs: Sequence[str]) -> dict[str, str]:
    found = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            message = f"'{pair}' is not of the form name=value"
            raise UsageError(Problem("show-at", message, remedy="for example --at on_order=0"))
        found[name] = value
    return found
