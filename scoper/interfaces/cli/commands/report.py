"""`scoper report CASE -o FILE`: the report of a case as Markdown, HTML or JSON, or its decision record."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import click

from scoper.errors import Problem, UsageError
from scoper.interfaces import console
from scoper.interfaces.cli.options import Common, common_options

PLACE = ("report", 1)


@click.command(
    "report",
    short_help="The report of a case as Markdown, HTML, JSON or a record.",
    epilog="Example: scoper report examples/support_mail_triage.yaml -o report.md",
)
@click.argument("case", type=click.Path())
@click.option("-o", "--output", required=True, type=click.Path(), help="File to write; - for stdout.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["md", "html", "json", "adr"]),
    help="Default: by the file's ending; adr: a decision record in Markdown.",
)
@click.option("--spec", type=click.Path(), help="The MDP spec; default: the one that the case names.")
@click.option("--result", type=click.Path(), help="A probe result (JSON); default: result.json beside the spec.")
@click.option("--force", is_flag=True, help="Replace files that exist.")
@common_options
def command(
    common: Common, case: str, output: str, format_: str | None, spec: str | None, result: str | None, force: bool
) -> None:
    """Write the report of CASE to a file; figures of a Markdown report go to FILE's folder `<stem>_figures`.

    Nothing is run or trained: numbers come from --result, or from a result.json beside the spec that was measured on
    this very spec. The same case, spec and result give the same bytes.
    """
    from scoper.services.assembling import assemble, read_result, read_spec_file, result_beside, spec_beside
    from scoper.services.cases import read_case
    from scoper.services.library import load_library
    from scoper.services.report_data import load_report_data
    from scoper.services.reporting import Format, format_of, render, write_report

    format = format_of(output, cast("Format | None", format_))
    library = load_library(common.rules_dir)
    file = read_case(Path(case), library.questions)
    spec_path = Path(spec) if spec else spec_beside(file)
    own = read_spec_file(spec_path) if spec_path else None
    beside = result_beside(own) if own and not result else None
    if beside:
        console.say(f"result: {beside}")
    measured = read_result(Path(result)) if result else read_result(beside) if beside else None
    dossier = assemble(file, library, spec=own, result=measured, provenance=stated_date())
    if measured is not None and not dossier.result_is_current:
        of = "another spec" if own else "a spec that this report was not given"
        console.say(f"result: {result} was measured on {of}; the report shows it as stale")
    data = load_report_data(common.rules_dir, library.questions)
    if output == "-":
        console.data(render(dossier, format, data=data))
        return
    inputs = [Path(case), spec_path, Path(result) if result else beside]
    _refuse_input(Path(output), [path for path in inputs if path is not None])
    written = write_report(dossier, Path(output), format, overwrite=force, data=data)
    console.say(f"report: {output}")
    if common.json:
        document = {"format": 1, "report": output, "files": [str(path) for path in written]}
        console.data(json.dumps(document, ensure_ascii=False))


def _refuse_input(output: Path, inputs: list[Path]) -> None:
    """Raise UsageError when the report would replace a file that it is made from, --force or not."""
    if any(output.resolve() == path.resolve() for path in inputs):
        message = "the report would replace a file that it is made from"
        raise UsageError(Problem("report-over-input", message, str(output), remedy="choose another name"))


def stated_date() -> dict[str, str]:
    """The date that SOURCE_DATE_EPOCH states, for the provenance; without it reports carry no date."""
    stated = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not stated:
        return {}
    try:
        return {"date": datetime.fromtimestamp(int(stated), UTC).strftime("%Y-%m-%d")}
    except (ValueError, OverflowError, OSError):
        message = f"SOURCE_DATE_EPOCH is '{stated}', not a number of seconds"
        raise UsageError(Problem("source-date", message, remedy="unset it, or use `date +%s`")) from None
