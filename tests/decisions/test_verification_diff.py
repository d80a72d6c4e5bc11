"""Two packs compared: against enumeration of small packs, and on the shipped rules."""

import shutil
from dataclasses import replace
from math import isclose

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoper.reasoning.outcome import outcome
from scoper.reasoning.pack_diff import compare
from scoper.reasoning.signal_diagram import signal_diagram
from scoper.services.library import data_path, load_library, load_rules

EXAMPLES = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))


def verdict(pack, answers):
    said = outcome(pack, answers)
    return said.technique if said.family is None else f"{said.technique}/{said.family}"


@pytest.mark.slow
@given(data=st.data())
@EXAMPLES
def test_the_diagram_over_signals_says_what_the_rules_say_in_any_order(data, random_pack, every_answer):
    pack = data.draw(random_pack)
    order = data.draw(st.permutations([pack.signal_variable(signal) for signal in pack.questions]))

    diagram = signal_diagram(pack, order)

    assert all(diagram.evaluate(answers) == verdict(pack, answers) for answers in every_answer)


@pytest.mark.slow
@given(data=st.data())
@EXAMPLES
def test_changes_of_verdict_have_their_exact_mass_and_number(data, random_pack, every_answer):
    before, after = data.draw(random_pack), data.draw(random_pack)
    wanted = {}
    for answers in every_answer:
        pair = verdict(before, answers), verdict(after, answers)
        weight = 1.0
        for signal, value in answers.items():
            weight *= after.prior[signal][value]
        if pair[0] != pair[1]:
            wanted[pair] = wanted.get(pair, 0.0) + weight

    found = compare(before, after)

    assert {(c.before, c.after) for c in found.changes} == set(wanted)
    assert all(isclose(c.mass, wanted[c.before, c.after], abs_tol=1e-9) for c in found.changes)
    assert found.vectors == sum(verdict(before, a) != verdict(after, a) for a in every_answer)
    assert found.space == len(every_answer)


@pytest.mark.slow
@given(data=st.data())
@EXAMPLES
def test_a_witness_alone_brings_the_change_about_and_no_part_of_it_does(data, random_pack, every_answer):
    before, after = data.draw(random_pack), data.draw(random_pack)

    for change in compare(before, after).changes:
        said = (change.before, change.after)
        for left_out in (None, *change.witness):
            kept = {s: v for s, v in change.witness.items() if s != left_out}
            cases = [a for a in every_answer if all(a[s] == v for s, v in kept.items())]
            certain = all((verdict(before, a), verdict(after, a)) == said for a in cases)
            assert certain == (left_out is None)


@pytest.mark.slow
@given(data=st.data())
@EXAMPLES
def test_changes_of_readiness_have_their_exact_mass_where_the_technique_stays(data, random_pack, every_answer):
    before, after = data.draw(random_pack), data.draw(random_pack)
    wanted = {}
    for answers in every_answer:
        one, two = outcome(before, answers), outcome(after, answers)
        if one.technique == two.technique and one.readiness != two.readiness:
            weight = 1.0
            for signal, value in answers.items():
                weight *= after.prior[signal][value]
            pair = (f"{one.technique}: {one.readiness}", two.readiness)
            wanted[pair] = wanted.get(pair, 0.0) + weight

    found = {(c.before, c.after): c.mass for c in compare(before, after).readiness}

    assert set(found) == set(wanted)
    assert all(isclose(mass, wanted[pair], abs_tol=1e-9) for pair, mass in found.items())


def test_the_same_rules_do_not_differ_and_a_dropped_rule_does():
    pack = load_library().pack
    without = replace(
        pack, tables=tuple(replace(t, rules=tuple(r for r in t.rules if r.id != "learn-by-trial")) for t in pack.tables)
    )

    assert compare(pack, pack).lines()[0] == "no verdict changes, whatever the answers"
    found = compare(pack, without)
    assert found.removed == ("learn-by-trial",)
    assert all(change.before.startswith("reinforcement_learning/") for change in found.changes)
    assert 0 < found.mass < 1


def test_a_folder_with_a_whole_pack_stands_alone_and_one_with_a_rule_is_laid_over(tmp_path):
    whole, part = tmp_path / "whole", tmp_path / "part"
    shutil.copytree(data_path("rules"), whole)
    (whole / "decisions" / "technique" / "choose-by-bandit.yaml").unlink()
    (part / "decisions" / "technique").mkdir(parents=True)
    shutil.copy(data_path("rules", "decisions", "technique", "choose-by-bandit.yaml"), part / "decisions" / "technique")

    assert compare(load_library().pack, load_rules(whole).pack).removed == ("choose-by-bandit",)
    assert compare(load_library().pack, load_rules(part).pack).removed == ()
