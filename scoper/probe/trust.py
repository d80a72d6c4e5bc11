"""Which specs run code of a stranger, and what exactly it is.

A registered id is code that is installed already; an entry point, an id that names a module to import, or an argument
that an environment may import (package.module:Name, a .py file) runs what the spec's author chose. That needs consent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from scoper.domain.mdp import EnvironmentSpec, Spec
from scoper.domain.text import shown


def consent_needed(spec: Spec) -> str:
    """The sentence that asks for consent, or an empty text when the spec runs no code of its own."""
    if not isinstance(spec, EnvironmentSpec):
        return ""
    if spec.entry_point:
        where = f" from {spec.path}" if spec.path else ""
        return f"the spec would import and run {spec.entry_point}{where}, which needs your consent: --trust"
    if spec.id and ":" in spec.id:
        return f"the id would import and run the module {spec.id.partition(':')[0]}, which needs your consent: --trust"
    if spec.path:
        return f"the spec would import from {spec.path}, which needs your consent: --trust"
    if named := next(named_code(spec), ""):
        return f"the argument '{shown(named)}' may import and run that code, which needs your consent: --trust"
    return ""


def named_code(spec: EnvironmentSpec) -> Iterator[str]:
    """Texts among the arguments, however deep, by which code is named: package.module:Name or a .py file."""
    return (text for text in texts_of(spec.kwargs) if _CODE.fullmatch(text.strip()))


_CODE = re.compile(r"[A-Za-z_]\w*(\.\w+)*:[A-Za-z_][\w.\-/]*|.*\.py(:\w+)?", re.DOTALL)


def texts_of(value: Any) -> Iterator[str]:
    """Every text in an argument's value, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from (*texts_of(key), *texts_of(inner))
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from texts_of(inner)
