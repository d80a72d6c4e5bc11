"""What anybody can run again to see that a verdict is right: two episodes that replay, or a proof on arrays.

Values only; how they are made and checked is `scoper.probe.certificates`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from scoper.domain.questionnaire import Value
from scoper.domain.wanted import Move
from scoper.domain.wanted import Statement as Said

Kind = Literal["more_reward_less_objective", "undesired_earns_more", "same_reward", "not_wanted", "proof"]
Statement = Literal[
    "no_policy_beats_the_floor",
    "all_policies_alike",
    "actions_alike",
    "objective_out_of_reach",
    "reward_out_of_reach",
]

NO_CERTIFICATE = "no_certificate"
"""Code of the finding that says why a verdict has no certificate."""


class TraceStep(Value):
    """One timestep in words: what the state was, what was done, and what it paid."""

    state: str
    action: str
    reward: float
    terms: Mapping[str, float] = {}


class EpisodeTrace(Value):
    """One episode that replays: begin with `seed`, then take `actions` in order.

    policy: who acted, in words. actions: of every timestep a number or a word, or one for each part. steps: the first
    of them in words, of `length` in all; last: the state after the last one. total_reward, objective: totals over the
    episode, discounted as the certificate says; objective is the owner's number in the owner's sign, None without one.
    """

    policy: str
    seed: int
    actions: tuple[Move | tuple[Move, ...], ...]
    steps: tuple[TraceStep, ...]
    length: int
    last: str = ""
    total_reward: float
    objective: float | None = None
    terminated: bool
    truncated: bool


class Proof(Value):
    """A statement about a finite MDP with everything needed to prove it again.

    arrays_digest: SHA-256 of the arrays, rounded to twelve digits. best, worst: most and least return of any policy,
    within `error_bound`; floor: the return that the statement compares with, of the policy `floor_of`. Of what is out
    of reach `best` is the most that any reachable transition pays.
    """

    statement: Statement
    n_states: int
    n_actions: int
    n_transitions: int
    arrays_digest: str
    discount: float
    horizon: int | None
    best: float | None = None
    worst: float | None = None
    error_bound: float = 0.0
    floor: float | None = None
    floor_of: str = ""


class Certificate(Value):
    """A claim and what shows it.

    defect: the kind of defect that it shows. traces: of two, the first earns more reward and the owner gets less from
    it; with a `statement` of the owner's, what that speaks of is counted in the objective's place. discount: of their
    totals. replays: whether the traces came out the same when they were followed again at once.
    """

    kind: Kind
    claim: str
    defect: str | None = None
    statement: Said | None = None
    traces: tuple[EpisodeTrace, ...] = ()
    discount: float = 1.0
    replays: bool = True
    proof: Proof | None = None


class CertificateCheck(Value):
    """What checking one certificate again came to: `holds`, and why in one sentence."""

    kind: Kind
    claim: str
    holds: bool
    because: str
    totals: tuple[tuple[float, float | None], ...] = ()


@dataclass(frozen=True)
class Examples:
    """The owner's examples as they came out: what each earns, and where an undesired one earns more.

    certain: pairs (undesired, preferred) in which the undesired one earns more whatever the seed of the two; doubtful:
    pairs in which it does with its own seed only. not_replayed: a sentence for each that could not be followed.
    """

    preferred: tuple[EpisodeTrace, ...] = ()
    undesired: tuple[EpisodeTrace, ...] = ()
    certain: tuple[tuple[EpisodeTrace, EpisodeTrace], ...] = ()
    doubtful: tuple[tuple[EpisodeTrace, EpisodeTrace], ...] = ()
    not_replayed: tuple[str, ...] = ()


def digest_of(traces: Sequence[EpisodeTrace]) -> str:
    """Sixteen hexadecimal digits that stand for what the traces show: states, actions and rewards."""
    shown = [[t.seed, t.actions, [[s.state, s.action, f"{s.reward:.9g}"] for s in t.steps], t.length] for t in traces]
    return hashlib.sha256(json.dumps(shown, default=str).encode()).hexdigest()[:16]
