"""The report of one dossier as Markdown with figures, as one self-contained HTML page, or as JSON.

Same dossier, same bytes. Nothing is computed here; what is shown is chosen in the views, how in the templates.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, assert_never
from urllib.parse import quote

from scoper.domain.dossier import Dossier
from scoper.services.figures import Figure, result_figures
from scoper.services.files import write_atomic
from scoper.services.markdown import Safe
from scoper.services.report_data import ReportData, load_report_data
from scoper.services.verifying_seal import sealed_json, sealed_text

Format = Literal["md", "html", "json"]
FIGURES = "report_figures"


def render(dossier: Dossier, format: Format, *, data: ReportData | None = None, folder: str = FIGURES) -> str:
    """The report's text.

    `data` is the rule-pack data to quote (the shipped one by default). Markdown links its figures in `folder`, where
    `figures` says what to write; HTML carries them inside; JSON is the dossier itself.
    """
    if format == "json":
        return to_json(dossier)
    drawn = _figures_of(dossier)
    text = _markdown(dossier, data or load_report_data(), drawn, folder)
    if format == "md":
        return sealed_text(text, dossier, figures(dossier, folder))
    if format == "html":
        from scoper.services.report_html import to_html

        pictures = {_target(folder, figure.name): figure.svg for figure in drawn}
        return sealed_text(to_html(text, dossier.case.title, pictures), dossier, {})
    assert_never(format)


def figures(dossier: Dossier, folder: str = FIGURES) -> Mapping[str, str]:
    """The files beside the Markdown: relative path to SVG text."""
    return {f"{folder}/{figure.name}": figure.svg for figure in _figures_of(dossier)}


def write_report(
    dossier: Dossier, path: Path, format: Format, *, overwrite: bool = False, data: ReportData | None = None
) -> tuple[Path, ...]:
    """Write the report to `path`, Markdown with its figures to the folder `<stem>_figures` beside it.

    Returns the paths written, the report last. Raises StorageError when one exists and `overwrite` is not set; then
    nothing is written.
    """
    folder = f"{path.stem}_figures"
    text = render(dossier, format, data=data, folder=folder)
    pictures = figures(dossier, folder) if format == "md" else {}
    files = {path.parent / name: svg for name, svg in pictures.items()} | {path: text}
    if not overwrite:
        _refuse_existing(list(files))
    for target, content in files.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(target, content, overwrite=overwrite)
    return tuple(files)


def to_json(dossier: Dossier) -> str:
    """The dossier as JSON with sorted keys and its seal; `Dossier.model_validate_json` reads it back."""
    return sealed_json(json.loads(dossier.model_dump_json()))


def _figures_of(dossier: Dossier) -> tuple[Figure, ...]:
    if dossier.result is None or not dossier.result_is_current:
        return ()
    from scoper.services.occupancy_figure import occupancy_figure

    occupancy = occupancy_figure(dossier.result.behaviour)
    return (*result_figures(dossier.result), *((occupancy,) if occupancy is not None else ()))


def _target(folder: str, name: str) -> str:
    return f"{quote(folder)}/{name}"


def _markdown(dossier: Dossier, data: ReportData, drawn: tuple[Figure, ...], folder: str) -> str:
    from scoper.services.library import data_path
    from scoper.services.occupancy_figure import OCCUPANCY_FILE
    from scoper.services.report_sections import whole_view
    from scoper.services.templating import render_sections

    shown: dict[str, list[dict[str, object]]] = {"figures": [], "audit_figures": []}
    for f in drawn:
        place = "audit_figures" if f.name == OCCUPANCY_FILE else "figures"
        shown[place].append({"alt": f.alt, "caption": f.caption, "target": Safe(_target(folder, f.name))})
    return str(render_sections(data_path("reports", "templates"), whole_view(dossier, data) | shown))


def _refuse_existing(paths: list[Path]) -> None:
    from scoper.errors import Problem, StorageError

    remedy = "use --force to replace it, or another name"
    found = [
        Problem("file-exists", "the file exists already", str(path), remedy=remedy) for path in paths if path.exists()
    ]
    if found:
        raise StorageError(found)
