"""Spec files: what is read, and every problem at its place."""

import string
import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoper.domain.mdp import EnvironmentSpec, MdpSpec
from scoper.errors import InputError
from scoper.services.specs import parse_spec, read_spec, spec_digest

INVENTORY = """\
scoper_mdp: 1
name: One product, one warehouse
timestep: 1 day
discount: 0.99
horizon: 90                       # timesteps, or infinite
state:      {stock: {from: 0, to: 40}, on_order: {from: 0, to: 20}}
actions:    {order: {from: 0, to: 20}}
exogenous:  {demand: {poisson: 4.0}}
next:       {stock: "max(0, stock + on_order - demand)", on_order: order}
reward:     {revenue: "9.0 * min(stock + on_order, demand)", holding: "-0.4 * stock", purchase: "-5.0 * order"}
objective:  {expression: "revenue + holding + purchase", direction: maximise}
terminated: "false"
start:      {stock: 10, on_order: 0}
baselines:  {order_up_to_20: {order: "max(0, 20 - stock - on_order)"}}
"""


def spec(text):
    return parse_spec(textwrap.dedent(text), "mdp.yaml")


def problems(text):
    with pytest.raises(InputError) as caught:
        spec(text)
    return caught.value.problems


def edited(old, new, text=INVENTORY):
    assert old in text
    return text.replace(old, new, 1)


def test_the_declarative_form_is_read_completely(tmp_path):
    path = tmp_path / "mdp.yaml"
    path.write_text(INVENTORY, encoding="utf-8")
    found = read_spec(path)

    assert isinstance(found, MdpSpec)
    assert (found.name, found.timestep, found.discount, found.horizon) == (
        "One product, one warehouse",
        "1 day",
        0.99,
        90,
    )
    assert list(found.state) == ["stock", "on_order"]
    assert (found.state["stock"].low, found.state["stock"].high) == (0, 40)
    assert found.exogenous["demand"].parameters == {"mean": 4.0}
    assert found.next["on_order"] == "order"
    assert found.objective.direction == "maximise"
    assert found.start == {"stock": 10, "on_order": 0}
    assert found.source == str(path)


def test_places_point_at_the_expressions():
    assert spec(INVENTORY).places["reward.holding"] == (10, 71)


def test_every_law_and_every_kind_of_variable_is_read():
    found = spec("""
        scoper_mdp: 1
        name: All kinds
        discount: 0.9
        state:
          a: {values: [idle, busy]}
          b: {values: [0, 2.5, 10]}
          c: {low: 0.0, high: 1.0}
          d: {from: -3, to: 3}
        actions: {go: {values: [left, right]}}
        exogenous:
          e: {values: {0: 0.2, 1.5: 0.8}}
          f: {binomial: {n: 10, p: 0.3}}
          g: {geometric: 0.25}
          h: {uniform: {from: 1, to: 6}}
          i: {normal: {mean: 4, sd: 1.5}}
          j: {empirical: {values: [3, 4, 4]}}
          k: {empirical: [3, 4]}
        next: {a: busy if go == left else a, b: b, c: c, d: d}
        reward: "d + e"
        start: {a: idle, b: 2.5, c: 0.5, d: {values: {0: 0.5, 1: 0.5}}}
    """)

    assert [v.kind for v in found.state.values()] == ["categorical", "categorical", "continuous", "integer"]
    assert found.exogenous["e"].parameters == {"values": [0.0, 1.5], "probabilities": [0.2, 0.8]}
    assert found.exogenous["k"].parameters == {"values": [3.0, 4.0]}
    assert found.reward == {"reward": "d + e"}
    assert found.horizon is None
    assert found.start["d"] == {0: 0.5, 1: 0.5}


def test_the_environment_form_is_read_completely():
    found = spec("""
        scoper_mdp: 1
        name: Frozen lake
        environment: {id: FrozenLake-v1, kwargs: {map_name: 8x8, nested: {a: [1, no]}}}
        discount: 0.99
        objective: {info: profit, at: end, direction: minimise}
        idle_action: 0
        limits: {seconds_per_step: 0.5, memory_mb: 1024}
    """)

    assert isinstance(found, EnvironmentSpec)
    assert found.kwargs == {"map_name": "8x8", "nested": {"a": [1, "no"]}}
    assert (found.objective.info, found.objective.at, found.objective.direction) == ("profit", "end", "minimise")
    assert (found.idle_action, found.seconds_per_step, found.memory_mb) == (0, 0.5, 1024)


def test_an_entry_point_with_a_path_and_a_vector_as_idle_action():
    found = spec("""
        scoper_mdp: 1
        name: Own
        environment: {entry_point: "own.module:Class", path: ../somewhere}
        idle_action: [0.0, 1.0]
    """)

    assert (found.entry_point, found.path, found.idle_action) == ("own.module:Class", "../somewhere", (0.0, 1.0))


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("discount: 0.99", "discount: 1.5", 4, "discount is 1.5, but must be within 0 and 1"),
        ("discount: 0.99", "discount: yes", 4, "discount must be a number, not 'yes'"),
        ("discount: 0.99", "discount: .nan", 4, "must be a number"),
        ("horizon: 90", "horizon: 0", 5, "horizon is 0, but must be at least 1"),
        ("horizon: 90", "horizon: 2.5", 5, "a number of timesteps or 'infinite'"),
        ("horizon: 90", "horizon: forever", 5, "'infinite', not 'forever'"),
        ("scoper_mdp: 1", "scoper_mdp: 2", 1, "format 2 is unknown"),
        ("timestep:", "timestop:", 3, "unknown key 'timestop' in the spec (did you mean 'timestep'?)"),
        ("to: 40", "to: -1", 6, "state.stock is empty: it goes from 0 to -1"),
        ("to: 40", "to: many", 6, "state.stock.to must be a whole number, not 'many'"),
        ("{from: 0, to: 40}", "{from: 0, too: 40}", 6, "unknown key 'too' in state.stock (did you mean 'to'?)"),
        ("{from: 0, to: 40}", "{low: 1.0, high: 1.0}", 6, "low 1 is not below high 1"),
        ("{from: 0, to: 40}", "{values: [1, a]}", 6, "mixes words and numbers"),
        ("{from: 0, to: 40}", "{values: [1, 1]}", 6, "has the value '1' twice"),
        ("{from: 0, to: 40}", "{values: []}", 6, "at least one value"),
        ("{order: {from: 0, to: 20}", "{order: {low: 0.0, high: 9.0, points: 1}", 7, "points is 1, but must be"),
        ("{order: {from: 0, to: 20}", "{order: {from: 0, to: 20, points: 3}", 7, "points in actions.order belong to"),
        ("poisson: 4.0", "poisson: -4", 8, "must be within 0 and"),
        ("poisson: 4.0", "poison: 4", 8, "did you mean 'poisson'?"),
        ("poisson: 4.0", "values: {0: 0.5, 1: 0.4}", 8, "sum to 0.9, not 1"),
        ("poisson: 4.0", "values: {none: 0.5, 1: 0.5}", 8, "must be a number, not 'none'"),
        ("poisson: 4.0", "uniform: {from: 3, to: 2}", 8, "exogenous.demand.uniform is empty"),
        ("poisson: 4.0", "binomial: {n: 10}", 8, "exogenous.demand.binomial lacks 'p'"),
        ("poisson: 4.0", "poisson: 4.0, geometric: 0.5", 8, "exactly one law"),
        ("on_order: order}", "on_ordr: order}", 9, "unknown key 'on_ordr' in next"),
        (", on_order: order}", "}", 9, "next lacks 'on_order'"),
        ("on_order - demand", "on_ordr - demand", 9, "next.stock: unknown name 'on_ordr' (did you mean 'on_order'?)"),
        ("-0.4 * stock", "-0.4 * * stock", 10, "reward.holding: this is not an expression"),
        ("-0.4 * stock", "-0.4 * next_stok", 10, "did you mean 'next_stock'?"),
        ("revenue: ", "stock: ", 10, "'stock' in reward is already a name in state"),
        ("direction: maximise", "direction: maximize", 11, "objective.direction is 'maximize'"),
        ('terminated: "false"', 'terminated: "demand > 3"', 12, "unknown name 'demand'"),
        ("stock: 10", "stock: 41", 13, "start.stock is 41, which is not within 0 and 40"),
        ("stock: 10, ", "", 13, "start lacks 'stock'"),
        ("stock: 10", "stock: {values: {1: 0.5}}", 13, "sum to 0.5, not 1"),
        ("{order: \"max", "{ordr: \"max", 14, "unknown key 'ordr' in baselines.order_up_to_20"),
        ("demand: {poisson", "stock: {poisson", 8, "'stock' in exogenous is already a name in state"),
        ("demand: {poisson", "min: {poisson", 8, "is a word of the expression language"),
        ("demand: {poisson", "class: {poisson", 8, "is a word of the expression language"),
        ("demand: {poisson", "next_x: {poisson", 8, "marks the state after the step"),
        ("demand: {poisson", "two words: {poisson", 8, "cannot be the name of a variable"),
    ],
)  # fmt: skip
def test_every_kind_of_mistake_is_named_with_its_line(old, new, line, message):
    found = problems(edited(old, new))

    assert any(p.line == line and message in p.sentence() and p.column > 0 for p in found), [
        p.sentence() for p in found
    ]


@pytest.mark.parametrize("key", ["scoper_mdp", "name", "discount", "state", "actions", "next", "reward", "start"])
def test_a_missing_key_is_named(key):
    text = "".join(line for line in INVENTORY.splitlines(keepends=True) if not line.startswith(f"{key}:"))

    assert f"the spec lacks '{key}'" in [p.message for p in problems(text)]


def test_all_problems_come_at_once_in_file_order():
    text = edited("discount: 0.99", "discount: 2")
    text = edited("min(stock", "min(stok", text)
    text = edited("timestep", "timstep", text)
    found = problems(text)

    assert [(p.line, p.column) for p in found] == [(3, 1), (4, 11), (10, 34)]


def test_the_column_of_an_unknown_name_counts_from_the_start_of_the_line():
    (problem,) = problems(edited("- demand)", "- demnd)"))

    assert INVENTORY.splitlines()[8][problem.column - 1 :].startswith("demand)")


def test_placeholders_are_refused_with_their_line_and_the_advice_behind_them():
    text = INVENTORY.replace(
        "{demand: {poisson: 4.0}}", "\n  demand:\n    poisson: TODO  # mean demand per day, e.g. 4.0"
    )
    text = text.replace("-0.4 * stock", "TODO * stock")
    found = problems(text)

    assert [(p.code, p.line) for p in found] == [("spec-unfilled", 10), ("spec-unfilled", 12)]
    assert "mean demand per day, e.g. 4.0" in found[0].message
    assert "reward.holding" in found[1].message


def test_discount_one_without_any_end_is_refused():
    text = edited("discount: 0.99", "discount: 1").replace("horizon: 90", "horizon: infinite")

    assert [p.code for p in problems(text)] == ["spec-endless"]
    assert spec(text.replace('"false"', '"stock == 0"')).discount == 1.0


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ("{}", "exactly one of 'id' and 'entry_point'"),
        ("{id: A-v0, entry_point: 'a:B'}", "exactly one of 'id' and 'entry_point'"),
        ("{idd: A-v0}", "did you mean 'id'?"),
        ("{id: A-v0, path: x}", "'path' belongs to an 'entry_point'"),
        ("{entry_point: just_a_module}", "is not an entry point"),
        ("{id: [a]}", "environment.id must be a text, not a sequence"),
        ("{id: A-v0, kwargs: {n: TODO}}", "environment.kwargs.n is still to be filled in"),
        ("FrozenLake-v1", "environment must be {id: ...}"),
    ],
)
def test_mistakes_of_the_environment_form(environment, message):
    found = problems(f"scoper_mdp: 1\nname: Own\nenvironment: {environment}\n")

    assert any(message in p.sentence() and p.line == 3 for p in found), [p.sentence() for p in found]


def test_keys_of_the_other_form_are_unknown_here():
    found = problems(
        "scoper_mdp: 1\nname: Own\nenvironment: {id: A-v0}\nstate: {x: {from: 0, to: 1}}\nlimits: {memory: 3}\n"
    )

    assert [(p.line, p.code) for p in found] == [(4, "spec-unknown-key"), (5, "spec-unknown-key")]


def test_the_digest_ignores_comments_and_layout_and_sees_every_value():
    other = INVENTORY.replace("# timesteps, or infinite", "").replace("name:  ", "name: ")

    assert spec_digest(INVENTORY) == spec_digest(other + "\n# end\n")
    assert spec_digest(INVENTORY) != spec_digest(edited("0.99", "0.98"))
    assert len(spec_digest("{ not yaml")) == 16


@settings(max_examples=200, deadline=None)
@given(
    st.integers(0, len(INVENTORY)),
    st.integers(0, 30),
    st.text(alphabet=string.ascii_lowercase + " {}[]:,\"'#\n-0123456789.TODO", max_size=12),
)
def test_no_damaged_spec_raises_anything_but_an_input_error(at, length, insert):
    text = INVENTORY[:at] + insert + INVENTORY[at + length :]
    found = attempt(text)

    assert found is None or (found and all(p.message and p.source == "mdp.yaml" for p in found))


def attempt(text):
    try:
        parse_spec(text, "mdp.yaml")
    except InputError as error:
        return error.problems
    return None
