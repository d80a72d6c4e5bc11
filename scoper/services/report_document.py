"""The report document: everything that any rendering of a report says, as plain JSON values.

Made once from a dossier; Markdown, HTML and the decision record render from it and from nothing else, and
`--format json` prints it. What goes in is chosen in the views, how it looks in the templates.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from scoper.domain.dossier import Dossier
from scoper.services.numbers import number
from scoper.services.report_data import ReportData

FORMAT = 1
Document = Mapping[str, Any]


def document(dossier: Dossier, data: ReportData) -> Document:
    """The report of `dossier`: one entry per section, and its figures with alt text, numbers and SVG.

    Every text in it is as its author wrote it: whoever prints it makes it inert.
    """
    from scoper.services.report_figures import figure_entries
    from scoper.services.report_sections import whole_view

    view = whole_view(dossier, data)
    whole: dict[str, Any] = plain({"format": FORMAT, **view, "figures": figure_entries(dossier, data, view["table"])})
    return whole


def plain(value: object) -> Any:
    """`value` as what JSON knows: mappings with text keys, lists, texts, finite numbers, booleans, None.

    A number that is not finite becomes its words, as JSON has no such number.
    """
    if isinstance(value, BaseModel):
        return plain(value.model_dump(mode="python"))
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, str):
        return str(value)
    if isinstance(value, float) and not math.isfinite(value):
        return number(value)
    if value is None or isinstance(value, bool | int | float):
        return value
    raise TypeError(f"a report document holds no {type(value).__name__}")
