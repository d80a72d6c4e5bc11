"""`scoper risks CASE`: the risk register that follows from the answers."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scoper.interfaces import console
from scoper.interfaces.cli.commands.methods import dossier_of
from scoper.interfaces.cli.options import Common, common_options

if TYPE_CHECKING:
    from scoper.domain.approach import Entry

_COLUMNS = ("id", "title", "standing", "catalogue", "trigger", "detection", "mitigation", "owner", "source")
_FORMULA = ("=", "+", "-", "@")


@click.command(
    "risks",
    short_help="The risk register that follows from the answers.",
    epilog="Example: scoper risks examples/support_mail_triage.yaml --csv -o register.csv",
)
@click.argument("case", type=click.Path())
@click.option("--csv", "as_csv", is_flag=True, help="One row a risk, for a spreadsheet.")
@click.option("-o", "--output", type=click.Path(), help="The file; without it, stdout.")
@click.option("--force", is_flag=True, help="Overwrite the file.")
@common_options
def command(common: Common, case: str, as_csv: bool, output: str | None, force: bool) -> None:
    """List every risk whose trigger holds for CASE, or may hold, with detection, mitigation and owner.

    A trigger is a rule over answers, follow-up answers and the rung of LLM orchestration. Rows of published lists carry
    their number: the article's three failures of orchestration, MAST's fourteen, OWASP's ten for agentic applications.
    """
    from scoper.interfaces.cli.approach_text import risk_lines
    from scoper.services.files import write_atomic
    from scoper.services.library import load_library

    dossier = dossier_of(case, None, load_library(common.rules_dir))
    assert dossier.approach is not None
    risks = dossier.approach.risks
    if common.json:
        document = {
            "format": 1,
            "case": {"title": dossier.case.title, "digest": dossier.case_digest},
            "rules_digest": dossier.rules_digest,
            "risks": [risk.model_dump(mode="json") for risk in risks],
        }
        text = json.dumps(document, ensure_ascii=False, indent=2)
    else:
        text = _table(risks) if as_csv else "\n".join([dossier.case.title, *risk_lines(risks)])
    if output is None:
        console.data(text)
        return
    write_atomic(Path(output), text if text.endswith("\n") else f"{text}\n", overwrite=force)
    console.say(f"written: {output}")


def _table(risks: tuple[Entry, ...]) -> str:
    """CSV whose cells no spreadsheet takes for formulas."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for risk in risks:
        cells = [str(getattr(risk, column)) for column in _COLUMNS]
        writer.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells])
    return buffer.getvalue()
