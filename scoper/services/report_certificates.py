"""The report's part on certificates: what shows the verdict, in words, and a block that `scoper replay` runs again.

Layout only. The block is JSON with a digest over all of it; signs that Markdown or HTML would read are written as
escapes, so that nothing a spec says comes alive in it.
"""

from __future__ import annotations

from typing import Any

from scoper.domain.certificates import Certificate, EpisodeTrace, Proof
from scoper.domain.dossier import Dossier
from scoper.domain.numbers import number
from scoper.services.probe_words import trace_words
from scoper.services.replaying import block_of
from scoper.services.report_commands import replay_command
from scoper.services.reviewing import lines_of

Row = dict[str, Any]
_LINES = 14


def certificates_view(dossier: Dossier) -> Row | None:
    """The certificates of a current result; None without any."""
    result = dossier.result if dossier.result_is_current else None
    if result is None or not result.certificates:
        return None
    return {
        "rows": [_row(certificate) for certificate in result.certificates],
        "block": block_of(result),
        "command": replay_command(dossier),
    }


def _row(certificate: Certificate) -> Row:
    return {
        "claim": certificate.claim,
        "replays": certificate.replays,
        "discount": certificate.discount,
        "traces": [_trace(trace) for trace in certificate.traces],
        "proof": None if certificate.proof is None else _proof(certificate.proof),
    }


def _trace(trace: EpisodeTrace) -> Row:
    return {
        "policy": trace.policy,
        "words": trace_words(trace),
        "reward": trace.total_reward,
        "objective": trace.objective,
        "lines": [line.strip() for line in lines_of(trace, _LINES)],
    }


def _proof(proof: Proof) -> list[Row]:
    rows = [("states", proof.n_states), ("actions", proof.n_actions), ("transitions", proof.n_transitions)]
    known = [(name, f"{value:,}") for name, value in rows]
    known += [("discount", f"{proof.discount:g}")]
    known += [("horizon", f"{proof.horizon:,} timesteps")] if proof.horizon is not None else []
    for name, amount in (
        ("best return", proof.best),
        ("worst return", proof.worst),
        ("return of the floor", proof.floor),
    ):
        known += [(name, number(amount))] if amount is not None else []
    known += [("error bound", f"{proof.error_bound:.1e}")] if proof.error_bound else []
    return [{"key": key, "value": value} for key, value in (*known, ("digest of the arrays", proof.arrays_digest[:16]))]
