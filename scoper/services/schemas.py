"""The JSON Schemas of scoper's files, and how a file that scoper writes tells an editor of its schema.

The first line of such a file names `.scoper/KIND.schema.json` in the same folder, and scoper puts the schema there: it
works without a network, in every editor, wherever the folder is moved or cloned, and is the same text on every machine.
An address would need a network, the place of the installed package would be another one for everybody.
"""

from __future__ import annotations

import contextlib
import json
import stat
from collections.abc import Callable, Mapping
from pathlib import Path

from scoper.errors import InputError, StorageError
from scoper.services.files import write_atomic
from scoper.services.library import Library
from scoper.services.schema_parts import MARK, Schema
from scoper.services.strict_yaml import read_text

FOLDER = ".scoper"
_MODELINE = "yaml-language-server:"


def _case(library: Library) -> Schema:
    from scoper.services.schema_case import case_schema

    return case_schema(library.questions)


def _spec(_: Library) -> Schema:
    from scoper.services.schema_spec import spec_schema

    return spec_schema()


def _gate(library: Library) -> Schema:
    from scoper.services.schema_gate import gate_schema

    return gate_schema(library.questions)


def _rules(library: Library) -> Schema:
    from scoper.services.schema_rules import rules_schema

    return rules_schema(library)


SCHEMAS: Mapping[str, Callable[[Library], Schema]] = {"case": _case, "spec": _spec, "gate": _gate, "rules": _rules}
"""What there is a schema of: the name that commands and schema files use, and what makes it."""


def schema_text(schema: Schema) -> str:
    """A schema as the text of its file."""
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"


def schema_line(kind: str) -> str:
    """The comment by which editors find the schema of a file; its first line."""
    return f"# {_MODELINE} $schema={FOLDER}/{kind}.schema.json\n"


def with_schema_line(text: str, kind: str) -> str:
    """`text` of a YAML file below the line that names its schema; a text that names one keeps it."""
    return text if _MODELINE in text else schema_line(kind) + text


def lay_schema(folder: Path, kind: str, library: Library | None = None) -> Path | None:
    """Put the schema of a kind where the files in `folder` look for it; the path when it was written.

    A schema of the same content stays, and so does whatever scoper did not write. That it cannot be written is no
    reason not to write the file that it belongs to, so nothing is raised.
    """
    from scoper.services.library import load_library

    place = folder / FOLDER / f"{kind}.schema.json"
    text = schema_text(SCHEMAS[kind](library or load_library()))
    with contextlib.suppress(OSError, StorageError):
        place.parent.mkdir(exist_ok=True)
        if place.parent.is_symlink() or not _may_replace(place, text):
            return None
        write_atomic(place, text, overwrite=True)
        return place
    return None


def _may_replace(place: Path, text: str) -> bool:
    """Whether there is nothing yet, or an older schema that scoper wrote; never through a link."""
    try:
        if not stat.S_ISREG(place.lstat().st_mode):
            return False
        present = read_text(place)
    except FileNotFoundError:
        return True
    except InputError:
        return False
    return present != text and MARK in present[:400]
