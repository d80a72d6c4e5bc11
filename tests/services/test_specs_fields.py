"""Tables, units, invariants, observation, starts and bounds of a spec file: read, or refused in place."""

import textwrap

import pytest

from scoper.domain.mdp import StartPoint, Table
from scoper.errors import InputError
from scoper.services.specs import parse_spec

SHOP = """\
scoper_mdp: 1
name: Shop
discount: 0.9
state: {stock: {from: 0, to: 6}, season: {values: [low, high]}, heat: {low: 0.0, high: 1.0, points: 5}}
actions: {order: {from: 0, to: 3}, price: {low: 1.0, high: 2.0}}
exogenous: {demand: {poisson: 1.5, truncate: 1e-4}, gain: {uniform: {low: 0.0, high: 0.5, points: 4}}}
tables: {cost: [1, 2, 3, 4], factor: {low: 0.5, high: 2}, way: [{low: 1, high: 2}, {low: 3, high: 4}], rate: 2.5}
next: {stock: "max(0, stock + order - demand)", season: "high if gain > 0.3 else season", heat: "heat / 2 + gain"}
reward: {sales: "price * min(stock, demand) * factor[season]", buying: "-cost[order] * rate - way[0, season]"}
available: "order <= 6 - stock"
bounds: strict
invariants: ["stock >= 0", "next_stock <= stock + order"]
observation: {stock: stock, warm: "heat > 0.5"}
units: {stock: pieces, order: pieces, demand: pieces, sales: EUR, buying: EUR}
start: [{stock: 1, season: low, heat: 0.5, probability: 0.25}, {stock: 2, season: high, heat: 0, probability: 0.75}]
baselines: {lazy: {order: 0, price: 1.5}}
"""


def problems(text):
    with pytest.raises(InputError) as caught:
        parse_spec(textwrap.dedent(text), "mdp.yaml")
    return caught.value.problems


def edited(old, new, text=SHOP):
    assert old in text
    return text.replace(old, new, 1)


def test_every_part_of_a_spec_is_read():
    spec = parse_spec(SHOP, "mdp.yaml")

    assert spec.tables["cost"] == Table(keys=((0, 1, 2, 3),), values=(1, 2, 3, 4))
    assert spec.tables["factor"] == Table(keys=(("low", "high"),), values=(0.5, 2))
    assert spec.tables["way"] == Table(keys=((0, 1), ("low", "high")), values=(1, 2, 3, 4))
    assert spec.tables["rate"] == Table(values=(2.5,))
    assert (spec.state["heat"].points, spec.actions["price"].points) == (5, None)
    assert spec.exogenous["gain"].parameters == {"low": 0.0, "high": 0.5, "points": 4}
    assert (spec.exogenous["demand"].truncate, spec.exogenous["gain"].truncate) == (1e-4, None)
    assert spec.bounds == "strict"
    assert spec.invariants == ("stock >= 0", "next_stock <= stock + order")
    assert spec.observation == {"stock": "stock", "warm": "heat > 0.5"}
    assert spec.units["stock"] == "pieces"
    assert spec.joint_start[1] == StartPoint(state={"stock": 2, "season": "high", "heat": 0}, probability=0.75)
    assert spec.cautions == ()


def test_places_of_invariants_and_observations_are_kept():
    spec = parse_spec(SHOP, "mdp.yaml")

    assert (spec.places["invariants.2"], spec.places["observation.warm"]) == ((12, 28), (13, 35))


def test_what_is_left_out_has_the_plain_meaning():
    text = "".join(
        line
        for line in SHOP.splitlines(keepends=True)
        if not line.startswith(("available", "bounds", "invariants", "observation", "units"))
    )
    spec = parse_spec(text, "mdp.yaml")

    assert (spec.available, spec.bounds, spec.invariants, spec.observation, spec.units) == (None, "hold", (), {}, {})


def test_a_list_of_names_is_what_is_seen():
    spec = parse_spec(edited('{stock: stock, warm: "heat > 0.5"}', "[stock, season]"), "mdp.yaml")

    assert spec.observation == {"stock": "stock", "season": "season"}


def test_start_states_without_probabilities_are_equally_likely():
    text = SHOP.replace(", probability: 0.25", "").replace(", probability: 0.75", "")

    assert [point.probability for point in parse_spec(text, "mdp.yaml").joint_start] == [0.5, 0.5]


@pytest.mark.parametrize(
    ("law", "expected"),
    [
        ("{from: 0, to: 3}", {0: 0.25, 1: 0.25, 2: 0.25, 3: 0.25}),
        ("{uniform: {from: 2, to: 3}}", {2: 0.5, 3: 0.5}),
        ("{binomial: {n: 2, p: 0.5}}", {0: 0.25, 1: 0.5, 2: 0.25}),
        ("{empirical: [4, 4, 6, 6]}", {4: 0.5, 6: 0.5}),
        ("{values: {1: 0.25, 5: 0.75}}", {1: 0.25, 5: 0.75}),
    ],
)
def test_a_start_value_may_follow_any_law(law, expected):
    start = SHOP[SHOP.index("start:") : SHOP.index("baselines:")]
    spec = parse_spec(
        edited(start, f"start: {{stock: {law}, season: low, heat: {{low: 0.0, high: 1.0}}}}\n"), "mdp.yaml"
    )

    assert spec.start["stock"] == pytest.approx(expected)
    assert sum(spec.start["heat"].values()) == pytest.approx(1.0)
    assert spec.joint_start == ()


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("[1, 2, 3, 4]", "[1, two, 3]", 7, "tables.cost must be made of numbers, not 'two'"),
        ("[1, 2, 3, 4]", "[]", 7, "tables.cost is empty"),
        ("[1, 2, 3, 4]", "TODO", 7, "tables.cost is still to be filled in"),
        ("{low: 0.5, high: 2}", "{low: 0.5, hihg: 2}", 7, "the key 'hihg' of tables.factor is not a value of any "
         "variable (did you mean 'high'?)"),
        ("{low: 3, high: 4}]", "{low: 3}]", 7, "tables.way, row 2 has other keys than the first row"),
        ("{low: 3, high: 4}]", "5]", 7, "tables.way, row 2 must have 2 entries, not '5'"),
        ("[1, 2, 3, 4]", "[[[[1]]]]", 7, "tables.cost has more than 3 axes"),
        ("cost[order]", "cst[order]", 9, "'cst' is an unknown table (did you mean 'cost'?)"),
        ("cost[order]", "cost[order, 1]", 9, "the table cost takes one key, not 2"),
        ("cost[order]", "cost", 9, "'cost' is a table and needs a key (write cost[...])"),
        ("cost[order]", "cost(order)", 9, "'cost' is a table, not a function (write cost[...])"),
        ("* rate", "* rate[0]", 9, "'rate' is a single number and takes no key"),
        ("tables: {cost", "tables: {stock: [1], cost", 7, "'stock' in tables is already a name in state"),
        ("season: low, heat: 0.5", "season: lo, heat: 0.5", 15, "not one of low, high (did you mean 'low'?)"),
        ('"order <= 6 - stock"', '"order <= 6 - demand"', 10, "unknown name 'demand' ('demand' is not known here"),
        ('"order <= 6 - stock"', '"order <= 6 - demnd"', 10, "unknown name 'demnd' ('demand' is not known here"),
        ("low: 0.0, high: 1.0, points: 5", "low: 0.0, high: 1e16", 4, "heat.high is 1e16, but must be within -1e+15"),
        ("{poisson: 1.5, truncate: 1e-4}", "{values: {1e16: 1}}", 6, "must be within -1e+15 and 1e+15"),
        ("[low, high]", "[1, 1e16]", 4, "a value of state.season must be within -1e+15 and 1e+15"),
        ("bounds: strict", "bounds: srict", 11, "bounds is 'srict' (allowed: hold, strict; did you mean 'strict'?)"),
        ('["stock >= 0", "next_stock', '["stok >= 0", "next_stock', 12, "invariants.1: unknown name 'stok'"),
        ('["stock >= 0", "next_stock <= stock + order"]', "stock >= 0", 12, "invariants must be a list of conditions"),
        ('"heat > 0.5"', '"demand > 0.5"', 13, "observation.warm: unknown name 'demand'"),
        ('{stock: stock, warm: "heat > 0.5"}', "[stok]", 13, "unknown name 'stok' (did you mean 'stock'?)"),
        ('{stock: stock, warm: "heat > 0.5"}', "{}", 13, "observation shows nothing"),
        ("units: {stock: pieces", "units: {stok: pieces", 14, "unknown key 'stok' in units (did you mean 'stock'?)"),
        ("sales: EUR,", "sales: 'EUR+1',", 14, "units.sales: 'EUR+1' is not a unit"),
        ("probability: 0.25", "probability: 0.2", 15, "probabilities of start sum to 0.95, not 1 (0.05 is missing)"),
        ("heat: 0.5, probability: 0.25", "heat: 0.5", 15, "start, state 1 lacks 'probability'"),
        ("{stock: 1, season: low", "{stock: 9, season: low", 15, "start, state 1: stock is 9, which is not within"),
        ("{stock: 1, season: low", "{stock: 1.5, season: low", 15, "which is not whole and within 0 and 6"),
        ("{stock: 1, season: low", "{season: low", 15, "start, state 1 lacks 'stock'"),
        ("truncate: 1e-4", "truncate: 0.5", 6, "truncate is 0.5, but must be within 1e-15 and 0.1"),
        ("points: 4}}", "points: 4}, truncate: 0.01}", 6, "uniform has no tails to truncate"),
        ("{poisson: 1.5, truncate: 1e-4}", "{truncate: 1e-4}", 6, "must have exactly one law"),
        ("{poisson: 1.5, truncate: 1e-4}", "{geometric: 0.00001}", 6, "exogenous.demand has about 3,684,"),
        ("{poisson: 1.5, truncate: 1e-4}", "{uniform: {from: 0, to: 999999}}", 6, "count in units 5 times as large"),
        ("{poisson: 1.5, truncate: 1e-4}", "{normal: {mean: 0, sd: 100000}}", 6, "add step: 10 or more"),
        ("heat: {low: 0.0, high: 1.0, points: 5}", "heat: {low: 0.0, high: 1.0, points: 1}", 4, "points is 1, but"),
    ],
)  # fmt: skip
def test_every_mistake_is_named_with_its_line(old, new, line, message):
    found = problems(edited(old, new))

    assert any(p.line == line and message in p.sentence() and p.column > 0 for p in found), [
        p.sentence() for p in found
    ]


def test_a_faulty_table_does_not_make_the_expressions_that_use_it_faulty():
    (problem,) = problems(edited("[1, 2, 3, 4]", "[1, two, 3, 4]"))

    assert SHOP.splitlines()[6][problem.column - 1 :].startswith("2, 3, 4]")


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("stock + order - demand", "stock + order - heat", 8, "next.stock subtracts piece ('stock') and hour"),
        ("-cost[order]", "-order + heat - cost[order]", 9, "reward.buying adds piece ('-order') and hour ('heat')"),
        ("order <= 6 - stock", "order <= heat", 10, "available compares piece ('order') and hour ('heat')"),
        ("sales: EUR", "sales: USD", 9, "reward terms are summed, but reward.buying is in EUR and reward.sales in USD"),
        ("max(0, stock + order - demand)", "heat", 8, "next.stock is declared in piece, its expression is in hour"),
    ],
)
def test_units_that_disagree_are_refused_where_they_meet(old, new, line, message):
    found = problems(edited("units: {", "units: {heat: hours, ", edited(old, new)))

    assert [(p.line, message in p.message) for p in found] == [(line, True)], [p.sentence() for p in found]


def test_a_number_as_factor_makes_a_unit_a_question_and_not_an_error():
    text = edited("stock + order - demand", "stock + order - 2 * heat")
    spec = parse_spec(edited("units: {", "units: {heat: hours, ", text), "mdp.yaml")

    assert [c for c in spec.cautions if "next.stock subtracts piece" in c and c.startswith("mdp.yaml:8:23: ")]


def test_a_variable_may_be_called_like_a_function_that_came_later():
    text = SHOP.replace("price", "sign")

    assert "sign" in parse_spec(text, "mdp.yaml").actions


def test_in_a_reward_a_number_as_factor_is_a_price():
    text = edited("price * min(stock, demand) * factor[season]", "9 * min(stock, demand) - 2 * heat")

    assert not [c for c in parse_spec(edited("units: {", "units: {heat: hours, ", text), "m").cautions if "piece" in c]


def test_a_price_with_a_unit_makes_a_reward_of_money():
    text = edited("price: {low", "fee: {low", SHOP).replace("price", "fee")
    text = text.replace("cost: [1", "cost: [1").replace("units: {", "units: {fee: EUR/piece, ")

    assert parse_spec(text, "mdp.yaml").units["fee"] == "EUR/piece"


@pytest.mark.parametrize(
    ("old", "new", "caution"),
    [
        ("price * min(stock, demand)", "min(stock, demand)", "the action price changes nothing"),
        ("heat / 2 + gain", "heat / 2", "the exogenous variable gain is used nowhere"),
        (" - way[0, season]", "", "the table way is used nowhere"),
        ("max(0, stock + order - demand)", "stock", "the state variable stock never changes"),
        ('"-cost[order] * rate - way[0, season]"', '"0 * 5"', "the reward term buying is always 0"),
    ],
)
def test_what_makes_no_difference_is_a_caution_with_its_place(old, new, caution):
    text = edited(old, new).replace("gain > 0.3", "heat > 0.3")
    text = text.replace("stock: 2, season: high", "stock: 1, season: high")
    cautions = parse_spec(text, "mdp.yaml").cautions

    assert any(caution in text and text.startswith("mdp.yaml:") for text in cautions), cautions


def test_a_variable_that_tells_episodes_apart_may_stay_as_it_began():
    text = edited("max(0, stock + order - demand)", "stock")

    assert not [c for c in parse_spec(text, "mdp.yaml").cautions if "never changes" in c]


def test_more_parts_than_anybody_reads_are_refused_as_one_problem():
    terms = ", ".join(f"r{n}: 1" for n in range(300))
    found = problems(edited("{sales: ", f"{{{terms}, sales: "))

    assert [p.message for p in found] == ["reward has 302 terms, at most 100 are allowed"]


@pytest.mark.parametrize("left", ["TODO", "15 minutesTODO", "xTODO", "15 minutes TODO", "TODO15 minutes"])
def test_a_placeholder_that_somebody_typed_beside_is_still_to_be_filled_in(left):
    (problem,) = problems(edited("name: Shop\n", f"name: Shop\ntimestep: {left}  # how long one decision lasts\n"))
    assert (problem.code, problem.line, problem.column) == ("spec-unfilled", 3, 11)


@pytest.mark.slow
def test_todo_may_be_what_a_spec_is_about():
    assert parse_spec(edited("name: Shop", "name: TODO lists of a shop"), "mdp.yaml").name == "TODO lists of a shop"
