"""What a spec says of what its owner wants: read in both forms, and refused in place with the allowed words."""

import textwrap

import pytest

from scoper.domain.mdp import EnvironmentSpec, MdpSpec
from scoper.domain.wanted import Statement, Success, Trajectory, Verification, Wanted
from scoper.errors import InputError
from scoper.services.report_mdp import _spec_rows as spec_rows
from scoper.services.specs import parse_spec

SHOP = """\
scoper_mdp: 1
name: Shop
discount: 0.9
horizon: 10
state: {stock: {from: 0, to: 6}}
actions: {order: {from: 0, to: 3}, mode: {values: [slow, fast]}}
exogenous: {demand: {poisson: 1.5}}
next: {stock: "max(0, stock + order * (2 if mode == fast else 1) - demand)"}
reward: {sales: "min(stock, demand)", buying: "-order"}
start: {stock: 2}
baselines: {lazy: {order: 0, mode: slow}}
"""
LAKE = "scoper_mdp: 1\nname: Lake\nenvironment: {id: FrozenLake-v1}\n"


def shop(objective):
    return parse_spec(SHOP + "objective:" + textwrap.indent(textwrap.dedent(objective), "  "), "mdp.yaml")


def lake(objective):
    return parse_spec(LAKE + "objective:" + textwrap.indent(textwrap.dedent(objective), "  "), "mdp.yaml")


def problems(read, objective):
    with pytest.raises(InputError) as caught:
        read(objective)
    return caught.value.problems


def test_everything_that_can_be_said_of_a_declarative_objective_is_read():
    found = shop("""
        expression: sales + buying
        success: {expression: next_stock > 0, at: all}
        preferred: [{seed: 3, actions: [{order: 2, mode: fast}, {mode: slow, order: 0}], note: keeps some}]
        undesired: [{rule: lazy}, {seed: 1, rule: random}]
        monotone: [{more_of: sales}, {less_of: stock}]
        verified: {answer: yes, by: R. Roe, note: as it should be, shown: 1a2b}
    """)

    assert found.objective.expression == "sales + buying"
    assert found.wanted == Wanted(
        success=Success(expression="next_stock > 0", at="all"),
        preferred=(Trajectory(seed=3, actions=((2, "fast"), (0, "slow")), note="keeps some"),),
        undesired=(Trajectory(rule="lazy"), Trajectory(seed=1, rule="random")),
        monotone=(Statement(of="sales", direction="more"), Statement(of="stock", direction="less")),
        verified=Verification(answer=True, by="R. Roe", note="as it should be", shown="1a2b"),
    )


def test_everything_that_can_be_said_of_an_environments_objective_is_read():
    found = lake("""
        info: reached
        at: end
        success: {info: reached, at: end}
        preferred: [{actions: [1, 1, 2]}, {seed: 2, rule: random}]
        undesired: [{actions: [[0.5, 1], [0.0, -1]]}]
        monotone: [{less_of: steps}]
        verified: no
    """)

    assert (found.objective.info, found.objective.at) == ("reached", "end")
    assert found.wanted == Wanted(
        success=Success(info="reached", at="end"),
        preferred=(Trajectory(actions=(1, 1, 2)), Trajectory(seed=2, rule="random")),
        undesired=(Trajectory(actions=((0.5, 1.0), (0.0, -1.0))),),
        monotone=(Statement(of="steps", direction="less"),),
        verified=Verification(answer=False),
    )


@pytest.mark.parametrize("objective", ["{success: stock > 0}", "{verified: yes}", "{monotone: [{more_of: sales}]}"])
def test_statements_alone_are_an_objective_without_a_number(objective):
    found = shop(f" {objective}")

    assert found.objective is None
    assert found.wanted.says_something


def test_the_forms_there_were_before_say_nothing_more():
    for objective in (" sales", " {expression: sales, direction: minimise}"):
        assert not shop(objective).wanted.says_something
        assert shop(objective).objective.expression == "sales"
    assert not parse_spec(SHOP, "mdp.yaml").wanted.says_something


def test_a_success_may_be_a_plain_condition_that_holds_at_any_step():
    assert shop(" {success: stock > 0}").wanted.success == Success(expression="stock > 0", at="any")
    assert lake(" {success: reached}").wanted.success == Success(info="reached", at="any")


def test_a_single_action_variable_needs_no_mapping():
    text = SHOP.replace(", mode: {values: [slow, fast]}", "").replace(", mode: slow", "")
    text = text.replace(" * (2 if mode == fast else 1)", "")

    found = parse_spec(text + "objective: {preferred: [{actions: [1, 3, 0]}]}", "mdp.yaml")

    assert found.wanted.preferred == (Trajectory(actions=(1, 3, 0)),)


@pytest.mark.parametrize("read", [shop, lake])
def test_what_is_wanted_survives_its_own_json(read):
    spec = read(" {preferred: [{seed: 3, rule: random}, {seed: 1, rule: idle}], verified: no}")
    kind = MdpSpec if isinstance(spec, MdpSpec) else EnvironmentSpec

    assert kind.model_validate_json(spec.model_dump_json()) == spec


@pytest.mark.parametrize(
    ("objective", "message", "remedy"),
    [
        ("{}", "objective says nothing of what is wanted", "give one or more of: expression, success"),
        ("{expression: sales, direction: max}", "objective.direction is 'max'", "did you mean 'maximise'?"),
        ("{success: sales > 0, at: end}", "objective.at belongs inside 'success'", "success: {expression"),
        ("{sucess: stock > 0}", "unknown key 'sucess' in objective", "did you mean 'success'?"),
        ("{success: stok > 0}", "objective.success: unknown name 'stok'", "did you mean 'stock'?"),
        ("{success: {at: end}}", "objective.success lacks 'expression'", ""),
        ("{success: {expression: stock > 0, at: last}}", "objective.success.at is 'last'", "any, end, all"),
        ("{success: stock > 0, direction: minimise}", "objective.direction belongs to 'expression'", "remove it"),
        ("{success: TODO}", "objective.success is still to be filled in", ""),
        ("{success: [stock]}", "objective.success must be", ""),
        ("{monotone: sales}", "objective.monotone must be a list such as [{more_of: served}], not 'sales'", ""),
        ("{monotone: [{more_of: sale}]}", "names 'sale', which is nothing here", "did you mean 'sales'?"),
        ("{monotone: [{more_off: sales}]}", "unknown key 'more_off'", "did you mean 'more_of'?"),
        ("{monotone: [{more_of: sales, less_of: stock}]}", "needs exactly one of 'more_of' and 'less_of'", ""),
        ("{monotone: [{more_of: sales}, {less_of: sales}]}", "says two things of 'sales'", "keep one"),
        ("{preferred: []}", "objective.preferred must be a list such as", ""),
        ("{preferred: [{seed: 1}]}", "needs exactly one of 'actions' and 'rule'", ""),
        ("{preferred: [{seed: -1, rule: lazy}]}", "trajectory 1: seed is -1, but must be at least 0", ""),
        ("{preferred: [{seed: 0.5, rule: lazy}]}", "seed must be a whole number, not '0.5'", ""),
        ("{preferred: [{rule: lasy}]}", "rule is 'lasy', which is no policy", "did you mean 'lazy'?"),
        ("{preferred: [{actions: 3}]}", "must be a list with at least one action, not '3'", ""),
        ("{preferred: [{actions: [3]}]}", "timestep 1 must be {order: ..., mode: ...}, not '3'", ""),
        ("{preferred: [{actions: [{order: 4, mode: slow}]}]}", "order is 4, which is not within 0 and 3", ""),
        ("{preferred: [{actions: [{order: 1, mode: slo}]}]}", "mode is slo, which is not among slow, fast", ""),
        ("{preferred: [{actions: [{order: 1}]}]}", "timestep 1 lacks 'mode'", ""),
        ("{preferred: [{actions: [{order: 1, mod: slow}]}]}", "unknown key 'mod'", "did you mean 'mode'?"),
        ("{preferred: [{rule: lazy}], undesired: [{rule: lazy}]}", "is both preferred and undesired", "keep it in one"),
        ("{verified: maybe}", "objective.verified is 'maybe'", "allowed: yes, no"),
        ("{verified: {by: me}}", "objective.verified lacks 'answer'", ""),
        ("{verified: {answer: yes, bye: me}}", "unknown key 'bye'", "did you mean 'by'?"),
        ("{verified: {answer: yes, by: []}}", "objective.verified: by must be a text, not a sequence", ""),
    ],
)
def test_every_slip_is_named_at_its_place(objective, message, remedy):
    found = problems(shop, f" {objective}")

    assert len(found) == 1, [problem.sentence() for problem in found]
    assert message in found[0].message
    assert remedy in found[0].remedy
    assert (found[0].source, found[0].line) == ("mdp.yaml", 12)
    assert found[0].column >= 12


@pytest.mark.parametrize(
    ("objective", "message"),
    [
        ("{direction: maximise}", "objective says nothing of what is wanted"),
        ("{success: {infos: reached}}", "unknown key 'infos' in objective.success"),
        ("{success: reached, at: end}", "objective.at belongs to 'info'"),
        ("{preferred: [{actions: [left]}]}", "timestep 1 must be a number or a list of numbers, not 'left'"),
        ("{preferred: [{rule: lazy}]}", "rule is 'lazy', which is no policy"),
        ("{verified: []}", "objective.verified must be yes, no or {answer: yes, by: name}, not a sequence"),
    ],
)
def test_an_environments_slips_are_named_too(objective, message):
    assert message in problems(lake, f" {objective}")[0].message


def test_units_are_checked_in_a_success_as_well():
    text = SHOP.replace('"-order"', '"-order * rent"') + "tables: {rent: 2.5}\nunits: {stock: pieces, rent: EUR}\n"
    with pytest.raises(InputError) as caught:
        parse_spec(text + "objective: {success: {expression: stock > rent}}", "mdp.yaml")

    assert ["objective.success" in problem.message for problem in caught.value.problems] == [True]


def test_a_draw_that_only_a_statement_mentions_is_in_use():
    text = (
        SHOP.replace(" - demand)", ")")
        .replace('"min(stock, demand)"', '"stock"')
        .replace("sales: EUR", "sales: pieces")
    )

    unused = parse_spec(text, "mdp.yaml").cautions
    used = parse_spec(text + "objective: {monotone: [{less_of: demand}]}", "mdp.yaml").cautions

    assert any("demand is used nowhere" in caution for caution in unused)
    assert not any("demand is used nowhere" in caution for caution in used)


def test_a_report_lists_what_is_wanted():
    spec = shop("""
        success: {expression: next_stock > 0, at: end}
        preferred: [{rule: lazy}]
        monotone: [{more_of: sales}, {less_of: stock}]
        verified: {answer: no, by: R. Roe}
    """)

    rows = {row["name"]: row["text"] for row in spec_rows(spec)}

    assert rows["Success"] == "next_stock > 0, at the last step"
    assert rows["Better with"] == "more sales, less stock"
    assert (rows["Preferred episodes"], rows["Optimum as wanted"]) == ("1", "no, R. Roe")
    assert "Undesired episodes" not in rows
