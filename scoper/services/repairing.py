"""Repairs are applied to a copy and audited again; only what passes is told, with before and after.

The spec's text is edited in memory, a wrapper is written into a temporary folder of links to what lies beside the
environment's own module: nothing of the user's is written to. Every audit runs in a child of its own, like a probe.
"""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import AsyncGenerator, Sequence
from pathlib import Path

from scoper.domain.mdp import EnvironmentSpec
from scoper.domain.probe import WORTHLESS, Failed, Finished, ProbeEvent, ProbePlan, ProbeResult
from scoper.domain.probe_progress import StageProgressed
from scoper.domain.repairs import Attained, AuditedState, Proposal, RepairSummary
from scoper.errors import InputError, Problem, StorageError
from scoper.probe.runner import run
from scoper.services.files import write_atomic
from scoper.services.spec_patch import edited, unified_diff
from scoper.services.specs import parse_spec, spec_digest

MOST = 3
"""How many repairs a probe applies and audits again, at most."""
RESTORED = 0.8
"""The share of the attainable objective that a repair must bring back."""
NO_BLOCKER = "no blocker is left"
"""In the place of a verdict after a repair: nothing is learned in the second audit, so that nothing more is shown."""
_AUDIT_S = 60.0
_NEAR = 0.02


async def with_repairs(plan: ProbePlan, finished: Finished) -> AsyncGenerator[ProbeEvent]:
    """What is told while the repairs of a probe are tried, and at last `finished` with those that passed."""
    result, passed = finished.result, list[RepairSummary]()
    offered = result.diagnosis.proposals[: plan.repairs] if result.diagnosis else ()
    for place, proposal in enumerate(offered):
        doing = f"{proposal.repair}: {proposal.words}"
        yield StageProgressed(
            seq=finished.seq,
            t_s=finished.t_s,
            stage="diagnose",
            done=place,
            of=len(offered),
            unit="repairs",
            doing=doing,
        )
        tried = await audited(plan, result, proposal)
        if tried is not None:
            passed.append(tried)
    final = result.model_copy(update={"repairs": tuple(passed), "diagnosis": None})
    yield finished.model_copy(update={"result": final, "seq": finished.seq + bool(offered)})


async def audited(plan: ProbePlan, before: ProbeResult, proposal: Proposal) -> RepairSummary | None:
    """The repair applied to a copy and audited; None where it does not apply or does not pass."""
    try:
        text = edited(plan.spec_text, proposal.edits, plan.spec_source)
        spec = parse_spec(text, plan.spec_source, plan.spec_dir)
    except (InputError, KeyError):
        return None
    with contextlib.ExitStack() as stack:
        if proposal.wrapper and isinstance(spec, EnvironmentSpec):
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="scoper-repair-")))
            _linked(Path(plan.spec_dir) / (spec.path or "."), folder)
            (folder / _file(proposal)).write_text(proposal.wrapper, encoding="utf-8")
            spec = spec.model_copy(update={"path": str(folder)})
        copy = plan.model_copy(
            update={
                "spec_text": text,
                "spec": spec,
                "spec_digest": spec_digest(text, plan.spec_dir),
                "budget_s": min(plan.budget_s, _AUDIT_S),
                "repairs": 0,
                "audit_only": True,
            }
        )
        last: ProbeEvent | None = None
        async with contextlib.aclosing(run(copy)) as events:
            async for event in events:
                last = event
    if isinstance(last, Failed) or not isinstance(last, Finished):
        return None
    return _judged(plan, before, last.result, proposal, text)


def _judged(
    plan: ProbePlan, before: ProbeResult, after: ProbeResult, proposal: Proposal, text: str
) -> RepairSummary | None:
    old = before.diagnosis.attained if before.diagnosis else None
    new = after.diagnosis.attained if after.diagnosis else None
    if after.verdict in WORTHLESS or not _mended(after, proposal) or not _restored(old, new, proposal):
        return None
    name = Path(plan.spec_source).name
    return RepairSummary(
        id=f"{proposal.repair}_{proposal.defect}",
        repair=proposal.repair,
        defect=proposal.defect,
        words=proposal.words,
        status="candidate" if new is None else "passed",
        patch=unified_diff(plan.spec_text, text, name),
        wrapper=proposal.wrapper,
        wrapper_file=_file(proposal) if proposal.wrapper else "",
        before=_state(before.verdict, before, proposal.defect),
        after=_state(after.verdict if _blockers(after) else NO_BLOCKER, after, proposal.defect),
    )


def _mended(after: ProbeResult, proposal: Proposal) -> bool:
    """Whether the defect is no longer found; of a rule, whether it earns what is possible."""
    if proposal.rule:
        known = [summary.mean for summary in after.returns.values()]
        rule = after.returns.get(proposal.rule)
        return rule is not None and rule.mean >= max(known) - _NEAR * (max(known) - min(known))
    return not any(f.defect == proposal.defect and f.severity != "info" for f in after.findings)


def _restored(old: Attained | None, new: Attained | None, proposal: Proposal) -> bool:
    """Whether the owner gets enough, of what is attainable now and of what was before; True without an objective.

    Totals under two discounts are not held against each other.
    """
    if new is None:
        return old is None
    comparable = old is not None and not any(edit.path == ("discount",) for edit in proposal.edits)
    return new.share >= RESTORED and (not comparable or old is None or old.share_of(new.of_best) >= RESTORED)


def _state(verdict: str, result: ProbeResult, defect: str) -> AuditedState:
    """One side; where the discount is in doubt, the share is what it leaves of the return, without discount."""
    told = result.diagnosis
    if told is not None and defect == "discount_horizon" and told.by_discount is not None:
        return AuditedState(verdict=verdict, share=told.by_discount)
    if told is None or told.attained is None:
        return AuditedState(verdict=verdict)
    return AuditedState(verdict=verdict, objective=told.attained.of_best, share=told.attained.share)


def _blockers(result: ProbeResult) -> bool:
    return any(finding.severity == "blocker" for finding in result.findings)


def _file(proposal: Proposal) -> str:
    return f"repair_{proposal.repair}.py"


def _linked(source: Path, folder: Path) -> None:
    """Links in `folder` to everything that lies in `source`."""
    with contextlib.suppress(OSError):
        for entry in source.resolve().iterdir():
            (folder / entry.name).symlink_to(entry)


def require_new(folder: Path) -> None:
    """Raises StorageError when something lies in `folder` already: said before a probe, not after it."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        message = "the folder is not empty, and nothing in it is overwritten"
        raise StorageError(Problem("exists", message, str(folder), remedy="name a new folder for the repairs"))


def why_none(result: ProbeResult) -> str:
    """Why nothing was written: nothing is to be repaired, or nothing that can be tried repairs it."""
    if any(finding.defect and finding.severity != "info" for finding in result.findings):
        return "no repair written: none is known for what was found, or none held when it was audited again"
    return f"nothing to repair: no defect of the reward was found (verdict: {result.verdict.replace('_', ' ')})"


def written(repairs: Sequence[RepairSummary], folder: Path) -> list[Path]:
    """Every patch as a file in `folder`, and the wrapper that belongs to it; raises StorageError for existing files."""
    texts = {f"{repair.id}.patch": repair.patch for repair in repairs}
    texts |= {repair.wrapper_file: repair.wrapper for repair in repairs if repair.wrapper}
    taken = [folder / name for name in texts if (folder / name).exists()]
    if taken:
        raise StorageError(
            Problem("exists", "the file exists and is not overwritten", str(taken[0]), remedy="name another folder")
        )
    if texts:
        folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        write_atomic(folder / name, text, overwrite=False)
    return [folder / name for name in texts]
