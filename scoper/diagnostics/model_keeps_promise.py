"""How far can what was read off the model be trusted: does the environment keep what the model promises?

A model that was estimated by stepping promises a return for a policy planned on it. Fresh episodes show what comes of
it; and timesteps in cells that were never seen before show how much of the world is not in the model.
"""

from __future__ import annotations

from collections.abc import Sequence

from scoper.diagnostics import Diagnostic, Evidence, Method
from scoper.domain.findings import Finding
from scoper.domain.numbers import count, number, share

ERRORS, SHORT, KNOWN = 3.0, 0.2, 0.95


def inspect(evidence: Evidence) -> Sequence[Finding]:
    """An info that says what was seen and kept; with what is missing where the model is off."""
    model, world = evidence.model, evidence.audit.world
    pairs = [
        (rung.does.total(world.table.reward), rung)
        for name in evidence.played
        if world is not None and (rung := evidence.audit.rungs.get(name)) is not None and rung.does is not None
    ]
    if model is None or not pairs:
        return []
    promised, rung = max(pairs, key=lambda pair: pair[0])
    mean, error = rung.reward, rung.reward_error
    random = evidence.returns.get("random")
    span = max(abs(promised - random.mean), abs(mean - random.mean)) if random else abs(promised)
    kept = abs(promised - mean) <= max(ERRORS * error, SHORT * span)
    tried = float((model.counts > 0).mean())
    numbers = {
        "basis": "measured",
        "policy": rung.name,
        "promised": promised,
        "kept": mean,
        "standard_error": error,
        "cells": model.n_cells,
        "share_of_pairs_tried": tried,
        "share_of_timesteps_in_known_cells": model.known_share,
    }
    seen = f"{count(model.n_cells)} cells were visited and {share(tried)} of their actions tried"
    if kept and model.known_share >= KNOWN:
        claim = f"the model keeps its promise: {number(promised)} expected, {number(mean)} came of it; {seen}"
        return [Finding(code="model_keeps_promise", severity="info", claim=claim, evidence=numbers)]
    reason = (
        f"{number(promised)} expected, {number(mean)} came of it"
        if not kept
        else f"{share(1.0 - model.known_share)} of the last timesteps were in cells not seen before"
    )
    return [
        Finding(
            code="model_breaks_promise",
            severity="info",
            claim=f"what the model says is no more than a hint: {reason}; {seen}",
            evidence=numbers,
            remedy="a larger budget gives a better model; where something is hidden or drifts none is good",
        )
    ]


DIAGNOSTIC = Diagnostic(
    id="model_keeps_promise",
    question="Does the environment keep what the model promises?",
    summary="Compares the planned policy's expected return with fresh episodes, and counts what was never seen.",
    inspect=inspect,
    group="sure",
    method=Method(
        formula="a policy's return in the model minus its mean over fresh episodes; share of visited cells' actions "
        "tried; share of the last timesteps that began in a known cell",
        source="simulation lemma (Kearns and Singh 2002); own",
        inputs=("model", "episodes"),
        threshold="three standard errors and a fifth of the gain over random; 5 % of timesteps unknown. By definition.",
        failure="errors that cancel keep the promise of a wrong model; only followed policies are compared",
    ),
    rank=90,
)
