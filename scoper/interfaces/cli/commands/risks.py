"""`scoper risks CASE`: the risk register that follows from the answers."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scoper.interfaces import console
from scoper.interfaces.cli.commands.methods import dossiers_of, heading, told_apart, with_parts
from scoper.interfaces.cli.options import Common, common_options

if TYPE_CHECKING:
    from scoper.domain.approach import Entry
    from scoper.domain.dossier import Dossier

_COLUMNS = ("id", "title", "standing", "catalogue", "trigger", "detection", "mitigation", "owner", "source")
_FORMULA = ("=", "+", "-", "@")

PLACE = ("closer", 2)


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
    A case with parts has a register for each of them; in the CSV the column `part` comes first.
    """
    from scoper.interfaces.cli.approach_text import risk_lines
    from scoper.interfaces.cli.next_step import next_of_risks
    from scoper.services.files import write_atomic
    from scoper.services.library import load_library

    dossiers = dossiers_of(case, None, load_library(common.rules_dir))
    apart = told_apart(dossiers)
    if common.json:
        text = json.dumps(with_parts(dossiers, _document), ensure_ascii=False, indent=2)
    elif as_csv:
        text = _table([(part, risk) for part, dossier in apart for risk in _risks(dossier)], in_parts=len(dossiers) > 1)
    else:
        told = [[heading(part, dossier), *risk_lines(_risks(dossier))] for part, dossier in apart]
        text = "\n\n".join("\n".join(lines).rstrip() for lines in told)
    if output is None:
        console.data(text)
        if not (common.json or as_csv):
            console.say(next_of_risks(case, apart))
        return
    write_atomic(Path(output), text if text.endswith("\n") else f"{text}\n", overwrite=force)
    console.say(f"written: {output}")


def _risks(dossier: Dossier) -> tuple[Entry, ...]:
    return dossier.approach.risks if dossier.approach is not None else ()


def _document(dossier: Dossier) -> dict[str, Any]:
    return {
        "case": {"title": dossier.case.title, "digest": dossier.case_digest},
        "rules_digest": dossier.rules_digest,
        "risks": [risk.model_dump(mode="json") for risk in _risks(dossier)],
    }


def _table(rows: Sequence[tuple[str, Entry]], *, in_parts: bool) -> str:
    """CSV whose cells no spreadsheet takes for formulas; of a project the part comes first."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(["part", *_COLUMNS] if in_parts else _COLUMNS)
    for part, risk in rows:
        cells = [*([part] if in_parts else []), *(str(getattr(risk, column)) for column in _COLUMNS)]
        writer.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells])
    return buffer.getvalue()
