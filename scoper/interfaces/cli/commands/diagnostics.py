"""`scoper diagnostics [ID]...`: what a probe asks of the evidence, how it answers, and where that may be wrong."""

from __future__ import annotations

import json

import click

from scoper.interfaces import console
from scoper.interfaces.cli.completing import diagnostics, offering
from scoper.interfaces.cli.options import Common, common_options

PLACE = ("probe", 8)


@click.command(
    "diagnostics",
    short_help="What a probe looks for, and how.",
    epilog="Example: scoper diagnostics positive_cycle",
)
@click.argument("ids", nargs=-1, metavar="[ID]...", shell_complete=offering(diagnostics))
@common_options
def command(common: Common, ids: tuple[str, ...]) -> None:
    """List the diagnostics of a probe by the question they belong to, or tell how those named by ID work.

    ID is a diagnostic, or a kind of defect: then those that catch it are told. For each: question, formula, source,
    inputs, threshold, the defects it catches, and where it is known to fail.
    """
    from scoper.interfaces.cli.diagnostics_text import list_lines, page_lines
    from scoper.services.catalogue import catalogue_document, load_catalogue

    catalogue = load_catalogue(ids)
    if common.json:
        console.data(json.dumps(catalogue_document(catalogue), ensure_ascii=False, indent=2))
    else:
        console.data("\n".join(page_lines(catalogue) if ids else list_lines(catalogue)))
