"""What the first page says of the answers and of the probe together: headline, condition, first step, what differs.

The verdict stays that of the answers. Only a probe of the present spec is joined to it, and no speed is told, so that
the same case and seed give the same report.
"""

from __future__ import annotations

from collections.abc import Sequence

from scoper.domain.decision import UNDECIDED
from scoper.domain.dossier import Dossier
from scoper.domain.probe import BUDGET_S, WORTHLESS, ProbeResult
from scoper.services.numbers import count, plain
from scoper.services.probe_words import needed_sentence
from scoper.services.report_checks import differing_view
from scoper.services.report_data import ReportData
from scoper.services.report_view import Row, words
from scoper.services.roles import policy_words, spelled

_LEARNS = "reinforcement_learning"
_SHOW = "have it shown that this reward can be learned: {}"
_UNNAMED = "look at the probe's first finding"
_UNFOUND = "settle what the probe gives as its reason"
_MORE = "more timesteps, another learner or another reward; further seeds like these would not decide it"
_TOLD = ("measured", "proved")
"""What a spec merely declares is no measurement; where it and the answers part is told with the method family."""
_SLOWER = 0.1
"""A speed decides an answer here only where a machine of a tenth of it would give the same one."""
_QUICK = "measured: its steps a second would do on a machine ten times slower too; the result has the number"


def to_mend(dossier: Dossier) -> str:
    """The remedy of what stops learning altogether where the answers lead to it; empty where nothing does."""
    return _remedy(dossier.result, ("blocker",)) if _joined(dossier) in WORTHLESS else ""


def joined_steps(dossier: Dossier) -> list[str]:
    """What the condition of `joined_view` asks to be done, as a first step; none where it has no condition."""
    if mend := to_mend(dossier):
        return [f"{mend}; then probe again"]
    shown = dossier.result is None or _joined(dossier) != "not_shown"
    return [] if shown or dossier.result is None else [_SHOW.format(decides(dossier.result))]


def then_words(dossier: Dossier) -> str:
    """What the probe asks for once the open questions leave it at reinforcement learning; empty for nothing."""
    result = dossier.result if dossier.result_is_current else None
    verdict = dossier.verdict
    if result is None or verdict.settled or verdict.readiness == "no" or _LEARNS not in verdict.possible:
        return ""
    if result.verdict in WORTHLESS:
        return f"if it is reinforcement learning then: {_remedy(result, ('blocker',))}; then probe again"
    if result.verdict == "not_shown":
        return f"if it is reinforcement learning then, {_SHOW.format(decides(result))}"
    return ""


def joined_view(dossier: Dossier, data: ReportData) -> Row:
    """What the first page says of both together; every text is empty where there is nothing to say.

    `stops` and `headline` with its `sentence` and `condition`, `within` (the budget that showed nothing), `decides`
    (what would), `bears` (what the probe means for a verdict that is open or another technique).
    """
    row: Row = {"stops": False, "headline": "", "sentence": "", "condition": ""}
    row |= {"within": "", "decides": "", "bears": ""}
    result = dossier.result if dossier.result_is_current else None
    if result is None:
        return row
    if result.verdict == "not_shown":
        row |= {"within": within(result), "decides": decides(result)}
    return row | {"bears": _bears(dossier, data, result)} | _headline(dossier, data, result)


def _headline(dossier: Dossier, data: ReportData, result: ProbeResult) -> Row:
    found, readiness = _joined(dossier), dossier.verdict.readiness
    go = readiness in ("go", "go_if")
    if found in WORTHLESS:
        named = f'"{data.name("probe_verdicts", found)}": that is to be mended first.'
        said = f'By the answers it is "{data.name("readiness", readiness)}", but the probe of the spec says {named}'
        if not go:
            said = f"{data.meaning('readiness', readiness).capitalize()}; and the probe of the spec says {named}"
        condition = f"Before anything is built: {to_mend(dossier)}; then probe again."
        return {"stops": True, "headline": data.name("readiness", "not_yet"), "sentence": said, "condition": condition}
    if found == "not_shown":
        condition = f"It is shown that this reward can be learned. What would decide: {decides(result)}."
        if readiness != "go":
            return {"condition": condition}
        said = "By the answers nothing stands in the way, but the probe did not show that this reward can be learned."
        return {"headline": data.name("readiness", "go_if"), "sentence": said, "condition": condition}
    return {}


def _bears(dossier: Dossier, data: ReportData, result: ProbeResult) -> str:
    """What the probe means while the technique is open, or where it is another than the one that was probed."""
    verdict = dossier.verdict
    if _LEARNS not in verdict.possible:
        if verdict.technique in (_LEARNS, UNDECIDED):
            return ""
        return "it bears on reinforcement learning alone, which these answers rule out, and changes nothing here"
    if verdict.settled:
        return ""
    to = "leave it at" if verdict.technique == _LEARNS else "lead to"
    found = {
        "not_shown": "it is still to be shown that this reward can be learned",
        "feasible": "this reward is within reach",
        "feasible_with_conditions": "this reward is within reach, once the probe's cautions are settled",
    }.get(
        result.verdict, f'this spec is in the way ("{data.name("probe_verdicts", result.verdict)}") until it is mended'
    )
    return (
        f"should the open answers {to} reinforcement learning, {found}. Which technique it is they say, not the probe"
    )


def within(result: ProbeResult) -> str:
    """The budget within which nothing was shown: seeds and timesteps, else seconds; empty where a blocker is why."""
    decision, budget = result.decision, result.provenance.get("budget")
    if any(finding.severity == "blocker" for finding in result.findings):
        return ""
    if decision is not None:
        most = f" of at most {count(decision.looks[-1])}" if decision.looks else ""
        spent = f"{count(decision.n_seeds)}{most} seeds of {policy_words(decision.learner)}"
        return f"{spent}, {count(decision.steps)} timesteps each at most" if decision.steps else spent
    limit = BUDGET_S.get(str(budget))
    return f"{plain(budget)}, at most {count(limit)} s" if limit else plain(budget) if budget is not None else ""


def decides(result: ProbeResult) -> str:
    """What would decide whether the reward can be learned: the blocker's remedy, or what the sequential test says."""
    decision = result.decision
    if any(finding.severity == "blocker" for finding in result.findings):
        return f"{_remedy(result, ('blocker',))}; then probe again"
    if decision is None:
        return _remedy(result, ("caution",))
    return _MORE if decision.needed is None else needed_sentence(decision) or _MORE


def otherwise_view(dossier: Dossier, data: ReportData) -> list[Row]:
    """What kept checks, and then the probe, say otherwise than the case; `probe` tells whose word it is."""
    rows = [{**said, "probe": False} for said in differing_view(dossier, data)]
    told = {(row["name"], row["answer"]) for row in rows}
    return rows + [row for row in _of_probe(dossier, data) if (row["name"], row["answer"]) not in told]


def _of_probe(dossier: Dossier, data: ReportData) -> list[Row]:
    from scoper.services.feedback import offers

    result = dossier.result if dossier.result_is_current else None
    if result is None:
        return []
    cost = result.cost
    slow = result.model_copy(
        update={"cost": cost and cost.model_copy(update={"steps_per_s": _SLOWER * cost.steps_per_s})}
    )
    sure = {(o.signal, o.proposal.answer): o.proposal.words for o in offers(dossier.case, slow, dossier.questions)}
    return [
        {
            "name": data.name("signals", offer.signal),
            "present": ", ".join(dict.fromkeys(words(answer.answer) for answer in offer.present)),
            "answer": words(offer.proposal.answer),
            "words": f"{offer.proposal.basis}: {spelled(offer.proposal.words)}"
            if sure[offer.signal, offer.proposal.answer] == offer.proposal.words
            else _QUICK,
            "probe": True,
        }
        for offer in offers(dossier.case, result, dossier.questions)
        if offer.relation == "contradicts"
        and offer.proposal.basis in _TOLD
        and (offer.signal, offer.proposal.answer) in sure
    ]


def _joined(dossier: Dossier) -> str:
    """The verdict of a probe that bears on the headline; empty where the answers alone say no, or none does."""
    verdict, result = dossier.verdict, dossier.result
    bears = verdict.technique == _LEARNS and verdict.readiness != "no" and dossier.result_is_current
    return result.verdict if result is not None and bears else ""


def _remedy(result: ProbeResult | None, severities: Sequence[str]) -> str:
    """The remedy of the gravest finding of these severities that names one, else where to look."""
    found = tuple(result.findings) if result is not None else ()
    grave = [finding for severity in severities for finding in found if finding.severity == severity]
    named = [finding.remedy for finding in grave if finding.remedy]
    return spelled(named[0]).rstrip(" .") if named else _UNNAMED if grave else _UNFOUND
