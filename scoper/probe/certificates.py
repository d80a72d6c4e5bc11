"""Certificates: what a verdict can be checked with, made at the end of a probe and checked again by `scoper replay`.

A defective reward is shown by two episodes, the first with more reward and less for the owner; both are followed again
at once, in an environment of their own. Nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

from scoper.diagnostics import Evidence
from scoper.domain.certificates import NO_CERTIFICATE, Certificate, CertificateCheck, EpisodeTrace, Proof, digest_of
from scoper.domain.findings import Finding
from scoper.domain.mdp import MdpSpec
from scoper.domain.numbers import number
from scoper.domain.probe import WORTHLESS, ProbeVerdict, Replayed, ReplayPlan
from scoper.modelling.faults import EnvironmentFault, OutOfTime
from scoper.probe.certificates_play import EnvPlayer, Player, SpecPlayer
from scoper.probe.certificates_proof import proof_of, proved_again, sentence
from scoper.probe.certificates_statements import against, counting
from scoper.probe.certificates_traces import BEST, WISHED, candidates, shown_traces
from scoper.probe.exact import ExactSolution
from scoper.probe.prepare import OWN_LIMIT, Prepared, prepare
from scoper.probe.session import Session
from scoper.probe.wanted import amounts_of, examples_of, is_published

_CLOSE = 1e-6
"""Relative difference up to which totals count as the same: sums in another order, on another machine."""
_SHOWN_TWICE = 1e-9
_UNREPEATED = frozenset({"seed_not_reproducible", "seed_ignored", "global_rng"})


@dataclass(frozen=True)
class Shown:
    """What a probe hands on for others to check: certificates, and episodes of what earns the most reward."""

    certificates: tuple[Certificate, ...] = ()
    traces: tuple[EpisodeTrace, ...] = ()


def player_of(session: Session) -> Player:
    """What plays the episodes of the plan's problem."""
    spec = session.plan.spec
    if isinstance(spec, MdpSpec):
        from scoper.probe.stepped_spec import limit_of

        return SpecPlayer(spec, limit_of(spec))
    from scoper.probe.loading import environment_factory, registered_limit
    from scoper.probe.watched import Watched

    make_raw = environment_factory(spec, Path(session.plan.spec_dir))
    first = make_raw()
    limit = registered_limit(first) or OWN_LIMIT
    first.close()
    return EnvPlayer(
        lambda: Watched(make_raw(), session.pulse, limit, session.deadline), spec.objective, spec.idle_action
    )


def with_wanted(
    session: Session, prepared: Prepared, evidence: Evidence, solution: ExactSolution | None
) -> tuple[Evidence, Shown]:
    """The evidence with what the owner said held against the problem, and the traces of the reward's best policy."""
    spec = session.plan.spec
    known = replace(evidence, wanted=spec.wanted, published=is_published(spec))
    try:
        player = player_of(session)
        traces = shown_traces(player, prepared.task, known, solution)
        known = replace(
            known,
            examples=examples_of(player, spec),
            counted=amounts_of(spec, prepared.task),
            shown_digest=digest_of(traces) if traces else "",
        )
    except (EnvironmentFault, OutOfTime, ValueError):
        return known, Shown()
    return known, Shown(traces=traces)


def certify(
    session: Session,
    prepared: Prepared,
    evidence: Evidence,
    solution: ExactSolution | None,
    verdict: ProbeVerdict,
    shown: Shown,
) -> Shown:
    """`shown` with the certificates of a verdict that says something cannot be, or is defective.

    Where there is none, a finding says why, as far as that is known.
    """
    if verdict not in WORTHLESS:
        return shown
    made: list[Certificate] = []
    why, remedy = _not_repeated(session)
    try:
        if verdict == "infeasible":
            proof = proof_of(prepared.task, evidence, solution)
            made += [_proved(proof)] if proof is not None else []
        else:
            blockers = (f for f in session.findings if f.severity == "blocker" and f.defect is not None)
            defect = next(blockers, None)
            made += _of_defect(player_of(session), prepared, evidence, solution, defect, shown.traces)
    except OutOfTime:
        made, why, remedy = [], "the time was used up before they could be made", "a larger --budget"
    except (EnvironmentFault, ValueError) as fault:
        made, why, remedy = [], f"following an episode failed: {getattr(fault, 'claim', fault)}", ""
    if why and not made:
        claim = f"nothing shows this verdict to others, no episodes and no proof to run again: {why}"
        session.found(Finding(code=NO_CERTIFICATE, severity="info", claim=claim, remedy=remedy))
    return replace(shown, certificates=tuple(made))


def _not_repeated(session: Session) -> tuple[str, str]:
    """That episodes do not come out the same twice, so that none can show anything, and what to do; empty if not so."""
    found = sorted({finding.code for finding in session.findings} & _UNREPEATED)
    why = f"the environment does not repeat an episode from its seed and actions ({', '.join(found)})"
    return (why, "draw all randomness from self.np_random") if found else ("", "")


def _proved(proof: Proof) -> Certificate:
    return Certificate(kind="proof", claim=sentence(proof), discount=proof.discount, proof=proof)


def of_examples(player: Player, more: EpisodeTrace, less: EpisodeTrace) -> Certificate:
    """An episode that its owner does not want, with more reward than one that they prefer."""
    claim = (
        f"the undesired episode ({more.policy}, seed {more.seed}) earns {number(more.total_reward)}, "
        f"the preferred one ({less.policy}, seed {less.seed}) {number(less.total_reward)}"
    )
    kind, defect = "undesired_earns_more", "proxy_true_divergence"
    return _checked(player, Certificate(kind=kind, claim=claim, defect=defect, traces=(more, less)))


def _of_defect(
    player: Player,
    prepared: Prepared,
    evidence: Evidence,
    solution: ExactSolution | None,
    defect: Finding | None,
    traces: tuple[EpisodeTrace, ...],
) -> Iterator[Certificate]:
    """Two episodes that disagree, or what else shows the defect; nothing where no episode does."""
    kind = None if defect is None else defect.defect
    if prepared.task.objective is not None:
        maximise = prepared.task.objective.direction == "maximise"
        pair = next(_disagreeing(candidates(player, prepared.task, evidence, solution), maximise=maximise), None)
        if pair is not None:
            yield _checked(
                player, Certificate(kind="more_reward_less_objective", claim=_claim(*pair), defect=kind, traces=pair)
            )
            return
    for more, less in evidence.examples.certain:
        yield of_examples(player, more, less)
    if evidence.wanted.verified is not None and not evidence.wanted.verified.answer and traces:
        by = evidence.wanted.verified.by or "its owner"
        claim = f"this earns the most reward, {number(traces[0].total_reward)}, and {by} does not want it"
        yield _checked(player, Certificate(kind="not_wanted", claim=claim, defect=kind, traces=traces[:1]))
        return
    pool = list(
        against(player, evidence.wanted.monotone, lambda p: candidates(p, prepared.task, evidence, solution), kind)
    )
    if pool:
        yield from (_checked(player, certificate) for certificate in pool)
        return
    if kind in ("constant_reward", "policy_independent_return"):
        yield from _same_reward(player, kind)


def _same_reward(player: Player, kind: str) -> Iterator[Certificate]:
    """Two episodes in which other things were done for the same reward."""
    one, other = player.rule(0, "random"), player.rule(1, "random")
    if one is None or other is None or one.actions == other.actions:
        return
    if abs(one.total_reward - other.total_reward) <= _SHOWN_TWICE * max(1.0, abs(one.total_reward)):
        claim = f"two episodes of other actions earn the same reward, {number(one.total_reward)}"
        yield _checked(player, Certificate(kind="same_reward", claim=claim, defect=kind, traces=(one, other)))


def _disagreeing(pool: Sequence[EpisodeTrace], *, maximise: bool) -> Iterator[tuple[EpisodeTrace, EpisodeTrace]]:
    """Pairs with more reward and less objective in the first: those far apart in both come first."""
    sign = 1.0 if maximise else -1.0
    rewards = [trace.total_reward for trace in pool]
    wanted = [sign * (trace.objective or 0.0) for trace in pool]
    reach = max(rewards, default=0.0) - min(rewards, default=0.0), max(wanted, default=0.0) - min(wanted, default=0.0)
    if min(reach) <= 0.0:
        return
    found = []
    for one, other in product(range(len(pool)), repeat=2):
        more = (rewards[one] - rewards[other]) / reach[0]
        less = (wanted[other] - wanted[one]) / reach[1]
        if more > _SHOWN_TWICE and less > _SHOWN_TWICE:
            meant = (pool[one].policy == BEST) + (pool[other].policy == WISHED)
            same_seed = pool[one].seed == pool[other].seed
            found.append((-meant, -same_seed, -min(more, less), one, other))
    for *_, one, other in sorted(found):
        yield pool[one], pool[other]


def _claim(more: EpisodeTrace, less: EpisodeTrace) -> str:
    return (
        f"more reward, less for the owner: {more.policy} comes to a reward of {number(more.total_reward)} and an "
        f"objective of {number(more.objective or 0.0)}, {less.policy} to {number(less.total_reward)} and "
        f"{number(less.objective or 0.0)}"
    )


def _checked(player: Player, certificate: Certificate) -> Certificate:
    """The certificate, saying whether its traces came out the same when followed again, and how totals discount."""
    whole = certificate.model_copy(update={"discount": player.discount})
    return whole.model_copy(update={"replays": check(player, whole).holds})


def check(player: Player, certificate: Certificate) -> CertificateCheck:
    """Whether the traces replay to the recorded totals, and whether these show what is claimed."""
    found, because = [], ""
    if certificate.statement is not None:
        player = counting(player, certificate.statement)
    for trace in certificate.traces:
        try:
            again = player.replay(trace.seed, trace.actions, trace.policy)
        except (EnvironmentFault, ValueError) as fault:
            because = because or f"{trace.policy}, seed {trace.seed}: {fault}"
            continue
        found.append(again)
        because = because or _difference(trace, again)
    if not because and not _shows(certificate, found, player.sign):
        because = "the totals do not show what is claimed"
    totals = tuple((trace.total_reward, trace.objective) for trace in found)
    words = because or f"{len(found)} {'episode' if len(found) == 1 else 'episodes'} replayed to the recorded totals"
    return CertificateCheck(
        kind=certificate.kind, claim=certificate.claim, holds=not because, because=words, totals=totals
    )


def _difference(old: EpisodeTrace, new: EpisodeTrace) -> str:
    """What came out otherwise; empty when nothing did."""
    who = f"{old.policy}, seed {old.seed}"
    for what, before, now in (
        ("reward", old.total_reward, new.total_reward),
        ("objective", old.objective, new.objective),
    ):
        if before is None and now is None:
            continue
        if before is None or now is None:
            return f"{who}: the spec declares {'no' if now is None else 'an'} objective now"
        if abs(before - now) > _CLOSE * max(1.0, abs(before)):
            return f"{who}: the {what} is {number(now)}, not {number(before)}"
    if old.length != new.length:
        return f"{who}: the episode ends after {new.length} timesteps, not {old.length}"
    return "" if old.terminated == new.terminated else f"{who}: the episode does not end as it did"


def _shows(certificate: Certificate, traces: Sequence[EpisodeTrace], sign: float) -> bool:
    """Whether the totals have the order that the claim says; `sign`: of the owner's number, -1 to be small."""
    if certificate.kind == "not_wanted":
        return len(traces) == 1
    if len(traces) != 2:
        return False
    one, other = traces
    if certificate.kind == "same_reward":
        return abs(one.total_reward - other.total_reward) <= _CLOSE * max(1.0, abs(one.total_reward))
    if one.total_reward <= other.total_reward:
        return False
    return certificate.kind == "undesired_earns_more" or sign * (one.objective or 0.0) < sign * (other.objective or 0.0)


def run_replay(session: Session, plan: ReplayPlan) -> Replayed:
    """Every certificate checked again; traces of the reward's best policy where they are asked for."""
    session.stage("replay", session.plan.spec.name)
    checks, prepared = [], None
    needs_arrays = plan.show or any(certificate.proof is not None for certificate in plan.certificates)
    if needs_arrays:
        prepared = prepare(session)
    player = player_of(session)
    for certificate in plan.certificates:
        if certificate.proof is None:
            checks.append(check(player, certificate))
            continue
        assert prepared is not None
        with session.own_work():
            holds, because = proved_again(certificate.proof, prepared.task, is_environment=prepared.is_environment)
        checks.append(CertificateCheck(kind="proof", claim=certificate.claim, holds=holds, because=because))
    traces: tuple[EpisodeTrace, ...] = ()
    if plan.show and prepared is not None and prepared.task.table is not None:
        from scoper.probe.exact import solve

        with session.own_work():
            solution = solve(prepared.task, is_environment=prepared.is_environment)
        from scoper.probe.evidence import evidence_of
        from scoper.probe.progress import Progress

        traces = shown_traces(player, prepared.task, evidence_of(prepared, Progress(), solution, None, {}), solution)
    return Replayed(checks=tuple(checks), traces=traces)
