"""`scoper solve SPEC`: the exact optimum of a declarative spec, and the policy that earns it."""

from __future__ import annotations

import json
from pathlib import Path

import click

from scoper.errors import Problem, UsageError
from scoper.interfaces import console
from scoper.interfaces.cli.options import Common, common_options

PLACE = ("probe", 3)


@click.command(
    "solve",
    short_help="The exact optimum of a declarative spec, and its policy.",
    epilog="Example: scoper solve examples/warehouse_reorder.mdp.yaml --top 12",
)
@click.argument("spec", type=click.Path())
@click.option("--top", default=8, type=click.IntRange(1, 10_000), help="States to list, the most visited first (8).")
@click.option("--table", metavar="FILE", type=click.Path(dir_okay=False), help="Write every state to a new CSV file.")
@click.option("--discounts", metavar="D,D,...", help="What other discounts would make of the optimum.")
@click.option("--average", is_flag=True, help="Also the best reward per timestep in the long run.")
@common_options
def command(common: Common, spec: str, top: int, table: str | None, discounts: str | None, average: bool) -> None:
    """Solve SPEC (mdp.yaml in its declarative form) exactly, with a proved bound of the error.

    Prints the best return at the start beside those of the random policy and of the spec's own baselines, how it was
    found, and what the best policy does in the states it visits most. `scoper show` draws the same as pictures.
    """
    from scoper.services.files import write_atomic
    from scoper.services.solved_document import document, policy_csv
    from scoper.services.solving import solve_file

    solved = solve_file(Path(spec), discounts=_numbers(discounts), average=average)
    if table is not None:
        write_atomic(Path(table), policy_csv(solved), overwrite=False)
        console.say(f"every state is in {table}")
    if common.json:
        console.data(json.dumps(document(solved, top), ensure_ascii=False))
        return
    from scoper.interfaces.cli.solve_text import solved_lines

    console.data("\n".join(solved_lines(solved, top)))


def _numbers(text: str | None) -> list[float]:
    if text is None:
        return []
    try:
        found = [float(part) for part in text.split(",")]
    except ValueError:
        found = [-1.0]
    if not all(0.0 <= value <= 1.0 for value in found):
        message = f"'{text}' is not a list of discounts from 0 to 1"
        raise UsageError(Problem("solve-discounts", message, remedy="for example --discounts 0.9,0.99"))
    return found
