"""Every check of one table, against enumeration of small random tables."""

import pkgutil
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoper.reasoning import checks
from scoper.reasoning.checks import check_table
from scoper.reasoning.diagram import Variable
from scoper.reasoning.rule_table import Line, RuleTable, bits

EXAMPLES = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def holding(table, case):
    return [k for k, line in enumerate(table.lines) if all(case[n] in v for n, v in line.when.items())]


def meaning(table, case):
    """What a table says in a case, as its hit policy reads it; comparable between tables."""
    said = [table.lines[k].then for k in holding(table, case)]
    if table.hit_policy == "first":
        return said[0] if said else table.default
    return sorted(set(said))


def of(table, *kinds):
    return [finding for finding in check_table(table) if finding.check in kinds]


def index(table, name):
    return next(k for k, line in enumerate(table.lines) if line.id == name)


def fits(case, witness):
    return all(case[name] == value for name, value in witness.items())


@given(data=st.data())
@EXAMPLES
def test_the_uncovered_cases_are_counted_exactly_and_every_gap_is_one(data, random_table, every_case):
    table = data.draw(random_table("unique"))
    uncovered = [case for case in every_case(table.variables) if not holding(table, case)]

    assert table.coverage.uncovered == len(uncovered)
    found = of(table, "gap")
    assert bool(found) == bool(uncovered)
    for finding in found:
        assert any(fits(case, finding.witness) for case in uncovered)


@pytest.mark.slow
@given(data=st.data())
@EXAMPLES
def test_gap_regions_are_disjoint_and_uncovered_throughout(data, random_table, every_case):
    table = data.draw(random_table("unique"))

    for case in every_case(table.variables):
        inside = [gap for gap in table.coverage.gaps if all(case[n] in v for n, v in gap.items())]
        assert len(inside) <= 1
        if inside:
            assert not holding(table, case)


@given(data=st.data())
@EXAMPLES
def test_unique_tables_report_exactly_the_pairs_that_hold_together(data, random_table, every_case):
    table = data.draw(random_table("unique"))
    wanted = set()
    for case in every_case(table.variables):
        held = holding(table, case)
        wanted |= {(i, j) for i in held for j in held if i < j}

    found = of(table, "overlap", "conflict", "duplicate")

    assert {tuple(sorted(index(table, r) for r in f.rules)) for f in found if f.check != "duplicate"} | {
        (i, j)
        for i, j in wanted
        if table.lines[i].when == table.lines[j].when and table.lines[i].then == table.lines[j].then
    } == wanted
    for finding in (f for f in found if f.check != "duplicate"):
        full = [c for c in every_case(table.variables) if fits(c, finding.witness)]
        assert all({index(table, r) for r in finding.rules} <= set(holding(table, c)) for c in full)


@given(data=st.data())
@EXAMPLES
def test_any_tables_report_exactly_the_pairs_that_contradict_each_other(data, random_table, every_case):
    table = data.draw(random_table("any"))
    wanted = set()
    for case in every_case(table.variables):
        held = holding(table, case)
        wanted |= {(i, j) for i in held for j in held if i < j and table.lines[i].then != table.lines[j].then}

    assert {tuple(index(table, r) for r in f.rules) for f in of(table, "overlap", "conflict")} == wanted


@given(data=st.data())
@EXAMPLES
def test_masked_lines_are_exactly_those_that_never_hold_first(data, random_table, every_case):
    table = data.draw(random_table("first"))
    first = {holding(table, case)[0] for case in every_case(table.variables) if holding(table, case)}

    masked = of(table, "masked")

    assert {index(table, f.rules[0]) for f in masked} == set(range(len(table.lines))) - first
    for finding in masked:
        for case in (c for c in every_case(table.variables) if fits(c, finding.witness)):
            assert index(table, finding.rules[0]) in holding(table, case)
            assert holding(table, case)[0] < index(table, finding.rules[0])


@pytest.mark.parametrize("policy", ["first", "any", "collect"])
@given(data=st.data())
@EXAMPLES
def test_a_subsumed_line_can_go_without_changing_what_the_table_says(policy, data, random_table, every_case):
    table = data.draw(random_table(policy))

    for finding in of(table, "subsumed"):
        shorter = replace(table, lines=tuple(line for line in table.lines if line.id != finding.rules[0]))
        assert all(meaning(table, case) == meaning(shorter, case) for case in every_case(table.variables))


@pytest.mark.parametrize("policy", ["first", "any", "collect"])
@given(data=st.data())
@EXAMPLES
def test_a_contractible_pair_can_be_one_line_at_one_of_its_places(policy, data, random_table, every_case):
    table = data.draw(random_table(policy))

    for finding in of(table, "contractible"):
        one, two = (index(table, name) for name in finding.rules)
        (split,) = [n for n in table.lines[one].when if table.lines[one].when[n] != table.lines[two].when[n]]
        joined = {**table.lines[one].when, split: table.lines[one].when[split] | table.lines[two].when[split]}
        merged = Line("joined", joined, table.lines[one].then)
        variants = []
        for place, gone in ((one, two), (two, one)):
            lines = [merged if k == place else line for k, line in enumerate(table.lines) if k != gone]
            variants.append(replace(table, lines=tuple(lines)))
        cases = list(every_case(table.variables))
        assert any(all(meaning(table, c) == meaning(variant, c) for c in cases) for variant in variants)


@given(data=st.data())
@EXAMPLES
def test_lines_that_meet_and_cover_are_those_of_enumeration(data, random_table, every_case):
    table = data.draw(random_table("collect"))
    cases = list(every_case(table.variables))

    for k in range(len(table.lines)):
        mine = {i for i, case in enumerate(cases) if k in holding(table, case)}
        others = [{i for i, case in enumerate(cases) if j in holding(table, case)} for j in range(len(table.lines))]
        assert set(bits(table.meeting(k))) == {j for j, their in enumerate(others) if mine & their}
        assert set(bits(table.covering(k))) == {j for j, their in enumerate(others) if mine <= their}


def test_a_condition_that_names_every_value_should_be_left_out():
    table = RuleTable("t", (Variable("x", ("a", "b")),), (Line("l", {"x": frozenset("ab")}, "p"),), "unique")

    (finding,) = check_table(table)

    assert (finding.check, finding.severity, finding.remedy) == ("idle-condition", "caution", "leave x out")


def test_a_condition_that_allows_nothing_is_a_blocker():
    table = RuleTable(
        "t", (Variable("x", ("a", "b")),), (Line("l", {"x": frozenset()}, "p"), Line("m", {}, "p")), "unique"
    )

    assert [(f.check, f.severity) for f in check_table(table) if f.rules == ("l",)] == [("impossible", "blocker")]


def test_two_thousand_lines_of_twelve_inputs_are_checked_and_their_one_gap_is_found():
    variables = tuple(Variable(f"x{k}", ("0", "1")) for k in range(11))
    lines = tuple(
        Line(f"l{n}", {v.name: frozenset(str(n >> k & 1)) for k, v in enumerate(variables)}, "p")
        for n in range(2048)
        if n != 1234
    )
    table = RuleTable("t", variables, lines, "unique")

    gaps = [finding for finding in check_table(table) if finding.check == "gap"]

    assert [dict(gap.witness) for gap in gaps] == [{f"x{k}": str(1234 >> k & 1) for k in range(11)}]


def test_every_check_is_a_file_named_like_it_with_a_sentence_of_summary():
    names = [module.name for module in pkgutil.iter_modules(checks.__path__) if not module.name.startswith("_")]

    assert [check.id.replace("-", "_") for check in checks.all_checks()] == sorted(names)
    for check in checks.all_checks():
        assert check.summary.endswith(".")
        assert check.of_table or check.of_pack
