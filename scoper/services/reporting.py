"""The report of one dossier: Markdown with figures, one self-contained HTML page, JSON, or a decision record.

One document is made from the dossier, and everything is rendered from that document. Same dossier, same bytes. Nothing
is computed here; what is shown is chosen in the views, how in the templates.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path, PurePath
from typing import Any, Literal, assert_never
from urllib.parse import quote

from scoper.domain.dossier import Dossier
from scoper.errors import Problem, UsageError
from scoper.services.files import write_atomic
from scoper.services.markdown import Safe
from scoper.services.report_data import ReportData, load_report_data
from scoper.services.report_document import Document, document
from scoper.services.verifying_seal import sealed_json, sealed_text

Format = Literal["md", "html", "json", "adr"]
FIGURES = "report_figures"
_ENDINGS: Mapping[str, Format] = {".md": "md", ".markdown": "md", ".html": "html", ".htm": "html", ".json": "json"}


def format_of(name: str, asked: Format | None = None) -> Format:
    """The format asked for, or that of the ending; raises UsageError when they cannot both be meant, or none is."""
    ending = PurePath(name).suffix.lower()
    named = _ENDINGS.get(ending)
    if asked and named and asked != named and (asked, named) != ("adr", "md"):
        message = f"the ending {ending} means {named}, --format says {asked}"
        raise UsageError(Problem("report-format", message, name, remedy="name the file accordingly"))
    if not asked and not named and ending:
        remedy = "use .md, .html or .json, or say --format"
        remedy += "; for a PDF, print the .html from a browser" if ending == ".pdf" else ""
        raise UsageError(
            Problem("report-format", f"there are no reports with the ending {ending}", name, remedy=remedy)
        )
    return asked or named or "md"


def render(dossier: Dossier, format: Format, *, data: ReportData | None = None, folder: str = FIGURES) -> str:
    """The report's text.

    `data` is the rule-pack data to quote (the shipped one by default). Markdown links its figures in `folder`, where
    `figures` says what to write; HTML carries them inside; JSON is the dossier with the report document under `report`.
    """
    if format == "adr" and dossier.project is not None:
        first = dossier.project.parts[0].id
        message = "a decision record is about one decision, and this case has parts"
        raise UsageError(Problem("case-part", message, remedy=f"name one: CASE#{first}"))
    made = document(dossier, data or load_report_data())
    if format == "json":
        return sealed_json({**json.loads(dossier.model_dump_json()), "report": made})
    drawn = _pictures(made, folder) if format == "md" else {}
    return sealed_text(render_document(made, format, folder=folder), dossier, drawn)


def render_document(made: Document, format: Literal["md", "html", "adr"], *, folder: str = FIGURES) -> str:
    """The text of a report document, fresh or read back from JSON, without its seal."""
    from scoper.services.library import data_path
    from scoper.services.templating import render_one, render_sections

    templates = data_path("reports", "templates")
    view = {**made, "figures": _linked(made["figures"], folder)}
    if format == "adr":
        return str(render_one(templates, "adr.md.j2", view))
    text = str(render_sections(templates, view, "project" if view["project"] else "sections"))
    if format == "md":
        return text
    if format == "html":
        from scoper.services.report_html import to_html

        drawn = {_target(folder, name): svg for name, svg in _files(made).items()}
        return to_html(text, str(made["title"]), drawn, style=_style(templates))
    assert_never(format)


def figures(dossier: Dossier, folder: str = FIGURES, data: ReportData | None = None) -> Mapping[str, str]:
    """The files beside the Markdown: relative path to SVG text."""
    return _pictures(document(dossier, data or load_report_data()), folder)


def write_report(
    dossier: Dossier, path: Path, format: Format, *, overwrite: bool = False, data: ReportData | None = None
) -> tuple[Path, ...]:
    """Write the report to `path`, Markdown with its figures to the folder `<stem>_figures` beside it.

    Returns the paths written, the report last. Raises StorageError when one exists and `overwrite` is not set; then
    nothing is written.
    """
    folder = f"{path.stem}_figures"
    text = render(dossier, format, data=data, folder=folder)
    pictures = figures(dossier, folder, data) if format == "md" else {}
    files = {path.parent / name: svg for name, svg in pictures.items()} | {path: text}
    if not overwrite:
        _refuse_existing([path, *(other for other in files if other != path)])
    for target, content in files.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(target, content, overwrite=overwrite)
    return tuple(files)


def to_json(dossier: Dossier) -> str:
    """The dossier as JSON with sorted keys and its seal; `Dossier.model_validate_json` reads it, and a report, back."""
    return sealed_json(json.loads(dossier.model_dump_json()))


def _pictures(made: Document, folder: str) -> dict[str, str]:
    return {f"{folder}/{name}": svg for name, svg in _files(made).items()}


def _files(made: Document) -> dict[str, str]:
    return {figure["name"]: figure["svg"] for drawn in made["figures"].values() for figure in drawn}


def _linked(drawn: Mapping[str, list[dict[str, Any]]], folder: str) -> dict[str, list[dict[str, Any]]]:
    return {
        section: [{**figure, "target": Safe(_target(folder, figure["name"]))} for figure in rows]
        for section, rows in drawn.items()
    }


def _target(folder: str, name: str) -> str:
    return f"{quote(folder)}/{quote(name)}"


def _style(templates: Path) -> str:
    return (templates / "report.css").read_text(encoding="utf-8")


def _refuse_existing(paths: list[Path]) -> None:
    from scoper.errors import Problem, StorageError

    remedy = "use --force to replace it, or another name"
    found = [
        Problem("file-exists", "the file exists already", str(path), remedy=remedy) for path in paths if path.exists()
    ]
    if found:
        raise StorageError(found)
