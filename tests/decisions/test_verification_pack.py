"""Checks of whole packs: against enumeration of small ones, with planted faults, and on the shipped rules."""

from dataclasses import replace
from math import isclose

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoper.reasoning.checks.doubtful import readings
from scoper.reasoning.golden import make_suite, noticing_case
from scoper.reasoning.influence import influences
from scoper.reasoning.knowledge import Knowledge
from scoper.reasoning.monotone import counter_example
from scoper.reasoning.mutation import Bench, mutants, mutated
from scoper.reasoning.outcome import READINESS, RL, outcome
from scoper.reasoning.rule_table import bits
from scoper.reasoning.subject import Monotone, Subject
from scoper.reasoning.verdict import decide
from scoper.reasoning.verification import verify
from scoper.reasoning.witness import Space, plain_base
from scoper.services.library import load_library
from scoper.services.verification import read_subject

pytestmark = pytest.mark.slow

EXAMPLES = settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
LIBRARY = load_library()
SHIPPED = read_subject(LIBRARY)
ORDER = ("no", "partly", "yes")


def verdict(pack, answers):
    said = outcome(pack, answers)
    return said.technique if said.family is None else f"{said.technique}/{said.family}"


def with_fault(pack, mutant):
    return replace(pack, tables=tuple(mutated(t, mutant) if t.id == mutant.table else t for t in pack.tables))


def changed(pack, name, **changes):
    """The pack with one rule changed."""
    return replace(
        pack,
        tables=tuple(
            replace(t, rules=tuple(replace(r, **changes) if r.id == name else r for r in t.rules)) for t in pack.tables
        ),
    )


def kinds(report):
    return {finding.check for finding in report.findings if finding.severity == "blocker"}


@given(data=st.data())
@EXAMPLES
def test_a_mutant_is_noticed_by_exactly_the_cases_whose_outcome_it_changes(data, random_pack, every_answer):
    pack = data.draw(random_pack)
    cases = every_answer[:: data.draw(st.integers(5, 9))]
    bench = Bench(pack, cases)
    every = list(mutants(pack))

    for mutant in every[:: max(1, len(every) // 12)]:
        other = with_fault(pack, mutant)
        wanted = {k for k, answers in enumerate(cases) if outcome(pack, answers) != outcome(other, answers)}
        assert set(bits(bench.noticed(mutant))) == wanted


@given(data=st.data())
@EXAMPLES
@pytest.mark.slow
def test_a_noticing_case_is_found_exactly_when_there_is_one_and_is_a_nearest_one(data, random_pack, every_answer):
    pack = data.draw(random_pack)
    base = plain_base(pack)
    every = list(mutants(pack))

    for mutant in every[:: max(1, len(every) // 8)]:
        other = with_fault(pack, mutant)
        noticing = [a for a in every_answer if outcome(pack, a) != outcome(other, a)]
        found = noticing_case(Space(pack, base), mutant)
        assert (found is None) == (not noticing)
        if found is not None:
            assert found in noticing
            distances = [sum(a[s] != base[s] for s in a) for a in (found, *noticing)]
            assert distances[0] == min(distances)


@given(data=st.data())
@EXAMPLES
def test_a_monotone_technique_is_proved_exactly_when_no_step_up_loses_it(data, random_pack, every_answer):
    pack = data.draw(random_pack)
    signal = data.draw(st.sampled_from(sorted(pack.questions)))
    claim = Monotone("m", signal, ORDER, "reinforcement_learning", "", "")
    steps = [(a, {**a, signal: high}) for low, high in (ORDER[:2], ORDER[1:]) for a in every_answer if a[signal] == low]
    refuting = [(a, b) for a, b in steps if outcome(pack, a).technique == RL != outcome(pack, b).technique]

    pair = counter_example(Space(pack, plain_base(pack)), claim)

    assert (pair is None) == (not refuting)
    assert pair is None or pair in refuting


@given(data=st.data())
@EXAMPLES
def test_readiness_is_proved_monotone_exactly_when_no_step_up_makes_it_worse(data, random_pack, every_answer):
    pack = data.draw(random_pack)
    signal = data.draw(st.sampled_from(sorted(pack.questions)))
    refuting = []
    for low, high in (ORDER[:2], ORDER[1:]):
        for a in (a for a in every_answer if a[signal] == low):
            b = {**a, signal: high}
            before, after = outcome(pack, a), outcome(pack, b)
            worse = READINESS.index(after.readiness) > READINESS.index(before.readiness)
            refuting += [(a, b)] if worse and before.technique == after.technique else []

    pair = counter_example(Space(pack, plain_base(pack)), Monotone("m", signal, ORDER, "readiness", "", ""))

    assert (pair is None) == (not refuting)
    assert pair is None or pair in refuting


@pytest.mark.slow
@given(data=st.data())
@EXAMPLES
def test_influence_is_the_prior_weight_of_the_cases_in_which_the_answer_decides(data, random_pack, every_answer):
    pack = data.draw(random_pack)

    for found in influences(pack):
        technique = total = advice = 0.0
        for answers in (a for a in every_answer if a[found.signal] == "yes"):
            weight = 1.0
            for signal in answers:
                weight *= 1.0 if signal == found.signal else pack.prior[signal][answers[signal]]
            ends = [outcome(pack, {**answers, found.signal: value}) for value in ORDER]
            technique += weight * (len({end.technique for end in ends}) > 1)
            total += weight * (len({(end.technique, end.family) for end in ends}) > 1)
            advice += weight * (
                len(
                    {(end.conditions, hits(pack, answers, found.signal, v)) for end, v in zip(ends, ORDER, strict=True)}
                )
                > 1
            )
        assert isclose(found.technique, technique, abs_tol=1e-9)
        assert isclose(found.verdict, total, abs_tol=1e-9)
        assert found.advice is None or isclose(found.advice, advice, abs_tol=1e-9)


def hits(pack, answers, signal, value):
    values = {**answers, signal: value, "technique": outcome(pack, {**answers, signal: value}).technique}
    (table,) = pack.of_kind("surrounding")
    return frozenset(r.id for r in table.rules if all(values[n] in v for n, v in r.when.items()))


@given(data=st.data())
@EXAMPLES
def test_a_made_suite_notices_every_mutant_that_can_be_noticed(data, random_pack, every_answer):
    pack = data.draw(random_pack)

    suite = make_suite(Space(pack, plain_base(pack)), ())

    cases = [case.answers for case in suite.cases]
    bench = Bench(pack, cases)
    assert {m.sentence() for m in mutants(pack) if not bench.noticed(m)} == {m.sentence() for m in suite.superfluous}
    for mutant in suite.superfluous[:3]:
        other = with_fault(pack, mutant)
        assert all(outcome(pack, a) == outcome(other, a) for a in every_answer)


def test_the_shipped_rules_are_sound_and_no_mutant_survives():
    report = verify(SHIPPED)

    assert report.sound, "\n".join(report.lines())
    assert report.killed == report.mutants > 700
    assert report.claims >= 6
    assert report.golden == len(SHIPPED.golden) > 100


def test_golden_cases_are_read_the_same_by_the_verdict_that_users_get():
    for case in SHIPPED.golden:
        said = decide(Knowledge(LIBRARY.pack, case.answers), LIBRARY.levers, explained=False)
        notes = {r.id for t in LIBRARY.pack.of_kind("conflict") for r in t.rules if r.id in said.hits}
        assert (said.technique, said.family, said.readiness) == (
            case.expect.technique,
            case.expect.family,
            case.expect.readiness,
        ), case.id
        assert set(said.qualifiers) == case.expect.qualifiers, case.id
        assert set(said.surroundings) == case.expect.surroundings, case.id
        assert notes == case.expect.notes, case.id


def test_all_readings_of_the_doubtful_cells_leave_every_golden_verdict():
    soft = [cell for cell in SHIPPED.pack.cells if cell.mark == "soft"]
    packs = list(readings(SHIPPED.pack))

    assert len({tuple(column for _, column in reading) for reading, _ in packs}) == 2 ** len(soft) == 4
    for reading, pack in packs:
        for case in SHIPPED.golden:
            assert case.expect.technique in (outcome(pack, case.answers).technique, "undecided")
        for cell, column in reading:  # the reading does speak: the row alone, in a case that nothing else decides
            alone = {**SHIPPED.space.rest, **dict.fromkeys(("sequential_delayed", "data_without_environment"), "no")}
            said = outcome(pack, {**alone, cell.signal: "yes"}).technique
            assert outcome(SHIPPED.pack, {**alone, cell.signal: "yes"}).technique != "undecided" or said == column


@pytest.mark.parametrize("rule", ["automate-known-rules", "orchestrate-language-work"])
def test_a_pack_whose_doubtful_cell_decides_is_refuted_with_the_golden_case_that_shows_it(rule):
    cells = tuple(replace(c, mark="soft") if c.mark == "needs" and rule in c.rules else c for c in SHIPPED.pack.cells)
    subject = replace(SHIPPED, pack=replace(SHIPPED.pack, cells=cells))

    findings = [f for f in verify(subject).findings if f.check == "doubtful"]

    assert findings
    for finding in findings:
        answers = {**SHIPPED.space.rest, **finding.witness}
        said = {outcome(pack, answers).technique for _, pack in readings(subject.pack)}
        assert rule in finding.rules
        assert outcome(SHIPPED.pack, answers).technique in ("plain_automation", "llm_orchestration")
        assert len(said) == 2


@pytest.mark.parametrize(
    ("rule", "changes", "kind"),
    [
        ("learn-by-trial", {"then": "plain_automation"}, "golden"),
        ("automate-known-rules", {"when": {"written-rules": frozenset(["fixed"])}}, "masked"),
        (
            "ready-undecided",
            {
                "when": {
                    "technique": frozenset(["undecided"]),
                    "known_rules": frozenset(["yes"]),
                    "language_and_tools": frozenset(["no"]),
                }
            },
            "dead",
        ),
        ("family-multi-agent", {"then": "value_based"}, "unreachable"),
        ("reward-clear", {"when": {"reward_measurable": frozenset(["no"])}}, "monotonicity"),
        ("orchestrate-language-work", {"when": {"language": frozenset(["none"])}}, "monotonicity"),
    ],
)
def test_a_planted_fault_is_found_with_its_kind(rule, changes, kind):
    report = verify(replace(SHIPPED, pack=changed(SHIPPED.pack, rule, **changes)))

    assert kind in kinds(report), report.lines()


def test_a_question_that_no_rule_asks_for_is_dead():
    rules = [r for t in SHIPPED.pack.tables for r in t.rules if "audit_required" in r.when]
    pack = SHIPPED.pack
    for rule in rules:
        pack = changed(pack, rule.id, when={n: v for n, v in rule.when.items() if n != "audit_required"})

    findings = verify(Subject(pack)).findings

    assert any(f.check == "dead-question" and "audit_required" in f.message for f in findings)


def test_a_golden_case_that_is_taken_away_lets_a_mutant_live_and_the_missing_case_is_shown():
    report = verify(replace(SHIPPED, golden=SHIPPED.golden[1:]))

    (finding, *_) = [finding for finding in report.findings if finding.check == "survivor"]
    assert report.killed < report.mutants
    answers = {**SHIPPED.space.rest, **finding.witness}
    named = next(m for m in mutants(SHIPPED.pack) if finding.message.startswith(m.sentence()))
    assert outcome(SHIPPED.pack, answers) != outcome(with_fault(SHIPPED.pack, named), answers)


def test_a_demand_written_by_hand_is_never_written_anew_and_blocks_the_rules_that_break_it():
    assert len(SHIPPED.demands) >= 19
    assert "demand" not in kinds(verify(SHIPPED))
    demand = SHIPPED.demands[0]
    other = "plain_automation" if demand.technique != "plain_automation" else "undecided"
    broken = replace(SHIPPED, demands=(replace(demand, technique=other), *SHIPPED.demands[1:]))
    report = verify(broken)
    assert not report.sound
    assert [finding.message.split(":")[0] for finding in report.findings if finding.check == "demand"] == [demand.id]
