"""Reward Report and model card of a learning verdict, filled in as far as answers, spec and probe tell.

Headings after Gilbert et al. (2022), Reward Reports for Reinforcement Learning, and Mitchell et al. (2019), Model Cards
for Model Reporting. Layout only: what nobody has said yet is named as left to write, never filled with words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from scoper.domain.dossier import Dossier
from scoper.domain.questionnaire import UNKNOWN
from scoper.services.numbers import count, number, share
from scoper.services.report_audit import open_sentences
from scoper.services.report_compare import LEARNS
from scoper.services.report_data import ReportData
from scoper.services.report_mdp import TO_FILL, mdp_view
from scoper.services.report_probe import exact_view, rule_view
from scoper.services.report_view import Row
from scoper.services.roles import entries, policy_words, spelled

_Lines = list[tuple[str, list[str]]]
_REWARD_LEFT = ("contact and dates", "people affected, and how they object", "reporting cadence", "changelog")
_CARD_LEFT = ("licence and version", "people affected, by group", "results by group")
_HEADED = ("States", "State: ", "Actions", "Action: ", "Reward: ", "Reward", "Objective")
_SHOWN = 6
_LONG = 9  # words: what is shorter is said again rather than looked up


def record_view(dossier: Dossier, data: ReportData) -> Row | None:
    """Both documents; None unless the verdict is to learn or to solve by reinforcement learning."""
    if dossier.verdict.technique != LEARNS:
        return None
    parts = _spec_parts(dossier)
    reward = [
        ("System", _system(dossier)),
        ("Optimisation intent", _intent(dossier, data, parts)),
        ("Institutional interface", _institution(dossier)),
        ("Implementation", _implementation(dossier, data, parts)),
        ("Evaluation", _evaluation(dossier)),
        ("Maintenance", _maintenance(dossier)),
    ]
    card = [
        ("Model", _model(dossier, data)),
        ("Intended use", [("Use", [dossier.case.summary.strip()]), ("Not meant for", _not_meant(dossier))]),
        ("Factors", [("What the policy sees", parts["states"]), ("What it decides", parts["actions"])]),
        ("Metrics", [("Return", _criterion(dossier)), ("Objective", parts["objective"])]),
        ("Data it is trained and tested in", _environment(dossier, parts)),
        ("Quantitative results", _results(dossier)),
        ("Ethical considerations", [("Cost of a mistake", _said(dossier, "exploration_safe"))]),
        ("Caveats", [("Findings", _claims(dossier, ("blocker", "caution"))), ("Not looked at", _unseen(dossier))]),
    ]
    told = _above(dossier, parts)
    filled, own = _filled(reward, told), _filled(card, told)
    return {"reward": filled, "reward_left": _left(reward, _REWARD_LEFT)} | {
        "card": _apart(own, told=False),
        "card_same": [f"{line['name']} ({line['where']})" for part in _apart(own, told=True) for line in part["lines"]],
        "card_left": _left(card, _CARD_LEFT),
    }


def _above(dossier: Dossier, parts: Mapping[str, list[str]]) -> dict[str, str]:
    """Where the report says at length what these documents ask for: it is named there, not told again."""
    told = {
        _key(parts[kind]): "Method family and MDP" for kind in ("states", "actions", "reward", "objective", "world")
    }
    told |= {_key(texts): "Probe" for texts in (_criterion(dossier), _results_lines(dossier))}
    return told | {_key([dossier.case.summary.strip()]): "the title of this report"}


def _key(texts: Sequence[str]) -> str:
    return "\n".join(_told(texts))


def _filled(parts: Sequence[tuple[str, _Lines]], above: dict[str, str]) -> list[Row]:
    """The parts with their lines that somebody has said something on.

    What stands `above` at length is only named; what these parts tell is added to it.
    """
    rows: list[Row] = []
    for title, lines in parts:
        shown: list[Row] = []
        for name, said in lines:
            if not (texts := _told(said)):
                continue
            key = _key(texts)
            where = above.get(key, "") if len(key.split()) > _LONG else ""
            shown.append({"name": name, "texts": [f"as told under {where}"] if where else texts, "where": where})
            above.setdefault(key, f"{title}, {name}")
        rows.append({"title": title, "lines": shown})
    return [row for row in rows if row["lines"]]


def _apart(parts: Sequence[Row], *, told: bool) -> list[Row]:
    """The parts with those of their lines alone that stand elsewhere at length, or that do not."""
    kept = [{**part, "lines": [line for line in part["lines"] if bool(line["where"]) is told]} for part in parts]
    return [part for part in kept if part["lines"]]


def _left(parts: Sequence[tuple[str, _Lines]], always: Sequence[str]) -> list[str]:
    empty = [f"{title.lower()}: {name.lower()}" for title, lines in parts for name, said in lines if not _told(said)]
    return [*empty, *always]


def _told(texts: Sequence[str]) -> list[str]:
    return [text for text in texts if text.strip()]


def _spec_parts(dossier: Dossier) -> dict[str, list[str]]:
    """The spec's rows by kind, as far as they are filled in."""
    drawn = mdp_view(dossier)
    rows = [] if drawn is None or drawn["frame"] else [r for r in drawn["rows"] if TO_FILL not in r["text"]]
    kinds = {
        "states": ("State: ", "States", "Observed"),
        "actions": ("Action: ", "Actions", "Available actions"),
        "reward": ("Reward",),
        "objective": ("Objective", "Success", "Better with"),
        "world": ("Transition", "Chance", "Horizon", "Timestep", "Terminated when", "Discount"),
    }
    return {
        kind: [_part(row, kind) for row in rows if row["name"].startswith(starts)] for kind, starts in kinds.items()
    }


def _part(row: Row, kind: str) -> str:
    """A row of the spec without the word that its line is headed by already."""
    name = str(row["name"])
    if kind in ("states", "actions", "reward", "objective"):
        name = next((name.removeprefix(word) for word in _HEADED if name.startswith(word)), name)
    return f"{name}: {row['text']}" if name else str(row["text"])


def _system(dossier: Dossier) -> _Lines:
    people = sorted({a.by.strip() for given in dossier.case.answers.values() for a in given if a.by and a.by.strip()})
    return [("Name", [dossier.case.title]), ("Answered by", people), ("Domain", [dossier.case.domain or ""])]


def _intent(dossier: Dossier, data: ReportData, parts: dict[str, list[str]]) -> _Lines:
    risks = [r.title for r in data.risks if LEARNS in r.techniques and r.when.holds(dossier.case)]
    return [
        ("Goal", [dossier.case.summary.strip()]),
        ("What the reward pays", parts["reward"]),
        ("What the owner wants", parts["objective"]),
        ("Against the alternative without learning", _against_rule(dossier)),
        ("Known failure modes", [*_claims(dossier, ("blocker", "caution")), *risks]),
    ]


def _institution(dossier: Dossier) -> _Lines:
    return [
        ("Approval", _said(dossier, "audit_required")),
        ("Cost of a mistake", _said(dossier, "exploration_safe")),
        ("Other learners", _said(dossier, "several_learners")),
    ]


def _implementation(dossier: Dossier, data: ReportData, parts: dict[str, list[str]]) -> _Lines:
    return [
        ("State", parts["states"]),
        ("Actions", parts["actions"]),
        ("Environment", parts["world"]),
        ("Nothing hidden", _said(dossier, "markov_state")),
        ("Method", _method(dossier, data)),
        ("Limits", _unseen(dossier)),
    ]


def _evaluation(dossier: Dossier) -> _Lines:
    return [
        ("Environment", _said(dossier, "cheap_simulation")),
        ("Records", _said(dossier, "logged_decisions")),
        ("Criterion", _criterion(dossier)),
        ("Result", _results_lines(dossier)),
        ("Standard to meet", _against_rule(dossier)),
    ]


def _maintenance(dossier: Dossier) -> _Lines:
    return [("Pace of change", _said(dossier, "goal_shifts"))]


def _model(dossier: Dossier, data: ReportData) -> _Lines:
    return [("Method", _method(dossier, data)), ("Answered by", _system(dossier)[1][1])]


def _environment(dossier: Dossier, parts: dict[str, list[str]]) -> _Lines:
    return [("World", parts["world"]), ("Against reality", _said(dossier, "cheap_simulation"))]


def _results(dossier: Dossier) -> _Lines:
    return [("Returns", _results_lines(dossier))]


def _not_meant(dossier: Dossier) -> list[str]:
    return [
        "Situations outside the ranges of the state in the spec" if dossier.spec_text is not None else "",
        "Use without a person or a guard who can veto" if dossier.case.value_of("exploration_safe") == "no" else "",
    ]


def _said(dossier: Dossier, signal: str) -> list[str]:
    """What the answer to a signal states, with its evidence; nothing where it is open."""
    value = dossier.case.value_of(signal)
    if value == UNKNOWN:
        return []
    evidence = [a.evidence.strip() for a in dossier.case.answers[signal] if a.evidence and a.evidence.strip()]
    return [dossier.questions[signal].meanings[value], *dict.fromkeys(evidence)]


def _claims(dossier: Dossier, severities: Sequence[str]) -> list[str]:
    result = dossier.result if dossier.result_is_current else None
    return [] if result is None else [spelled(f.claim) for f in result.findings if f.severity in severities][:_SHOWN]


def _unseen(dossier: Dossier) -> list[str]:
    result = dossier.result if dossier.result_is_current else None
    return [] if result is None else open_sentences(result)[:_SHOWN]


def _criterion(dossier: Dossier) -> list[str]:
    return [dossier.result.criterion] if dossier.result is not None and dossier.result_is_current else []


def _against_rule(dossier: Dossier) -> list[str]:
    rule = rule_view(dossier)
    if rule is None:
        return _said(dossier, "baseline_adequate")
    return [f"{rule['name']} returns {number(rule['mean'])}; {rule['best']} returns {number(rule['best_mean'])}"]


def _method(dossier: Dossier, data: ReportData) -> list[str]:
    exact, family = exact_view(dossier, data), dossier.verdict.family
    if exact:
        return [f"exact solution of a table of {count(exact['n_states'])} states"]
    learner = _learner(dossier)
    if learner:
        return [f"{learner}, the best learner of the probe"]
    return [f"{data.name('families', family)}: {data.meaning('families', family)}"] if family else []


def _learner(dossier: Dossier) -> str:
    """The learner that the gap share is told of, whose numbers stand among the results."""
    result = dossier.result if dossier.result_is_current else None
    return "" if result is None or result.gap_share is None else str(policy_words(result.gap_share.learner))


def _results_lines(dossier: Dossier) -> list[str]:
    result = dossier.result if dossier.result_is_current else None
    if result is None:
        return []
    said = [
        f"{policy_words(e.policy)}: {number(e.summary.mean)}"
        + (f" ({number(e.summary.low)} to {number(e.summary.high)})" if e.summary.low != e.summary.high else "")
        for e in entries(result)
        if e.role != "other"
    ]
    gap = result.gap_share
    if gap is not None:
        said.append(f"gap share of {policy_words(gap.learner)}: {share(gap.estimate)}")
    return said
