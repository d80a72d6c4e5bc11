"""What a shell offers where an id is wanted: signals, rules, templates, diagnostics, examples, settings.

Each is asked only when somebody presses Tab; a fault of the rules then offers nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import click

from scoper.errors import ScoperError

Offer = Callable[[click.Context, click.Parameter, str], list[str]]


def offering(names: Callable[[], Iterable[str]]) -> Offer:
    """The completion that offers those of `names` that begin as what is typed."""

    def offer(_context: click.Context, _parameter: click.Parameter, start: str) -> list[str]:
        try:
            return [name for name in names() if name.startswith(start)]
        except ScoperError:
            return []

    return offer


def rules_and_tables() -> Iterable[str]:
    """The ids of the decision tables and of their rules."""
    from scoper.services.library import load_library

    tables = load_library().pack.tables
    return [*(table.id for table in tables), *(rule.id for table in tables for rule in table.rules)]


def templates() -> Iterable[str]:
    """The ids of the MDP templates."""
    from scoper.services.library import data_path

    return sorted(path.stem for path in data_path("rules", "mdp_templates").glob("*.yaml"))


def diagnostics() -> Iterable[str]:
    """The ids of the diagnostics, which are the names of their files: loading them all would keep a shell waiting."""
    folder = Path(__file__).parents[2] / "diagnostics"
    return sorted(path.stem for path in folder.glob("[a-z]*.py"))


def explainable() -> Iterable[str]:
    """Everything that `scoper explain` knows, signals first."""
    from scoper.services.explaining import names
    from scoper.services.library import load_library
    from scoper.services.report_data import load_report_data

    library = load_library()
    known = names(library, load_report_data(None, library.questions))
    return sorted(known, key=lambda name: known[name] != "signal")


def examples() -> Iterable[str]:
    """The names of the shipped examples."""
    from scoper.services import starting

    return starting.examples()


def settings() -> Iterable[str]:
    """The keys of the settings."""
    from scoper.services.settings import SETTINGS

    return SETTINGS
