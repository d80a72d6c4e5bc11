"""Which specs run code of a stranger, and what exactly it is.

A registered id is code that is installed already; an entry point, or an id that names a module to import, runs what
the spec's author chose. That needs consent.
"""

from __future__ import annotations

from scoper.domain.mdp import EnvironmentSpec, Spec


def consent_needed(spec: Spec) -> str:
    """The sentence that asks for consent, or an empty text when the spec runs no code of its own."""
    if not isinstance(spec, EnvironmentSpec):
        return ""
    if spec.entry_point:
        where = f" from {spec.path}" if spec.path else ""
        return f"the spec would import and run {spec.entry_point}{where}, which needs your consent: --trust"
    if spec.id and ":" in spec.id:
        return f"the id would import and run the module {spec.id.partition(':')[0]}, which needs your consent: --trust"
    return ""
