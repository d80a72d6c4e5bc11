"""Specs from text, and generated environments as modules."""

import importlib.util
import textwrap
import types
from pathlib import Path

import pytest

from scoper.modelling.standalone import generate_env_source
from scoper.services.specs import parse_spec

WORDS = """
scoper_mdp: 1
name: "Words and odd names"
discount: 0.9
horizon: 12
state:
  mode: {values: [idle, busy, broken]}
  level: {values: [0, 5, 10]}
  k: {from: -2, to: 3}
actions: {style: {values: [run, stop]}, pace: {from: 1, to: 2}}
exogenous: {u: {uniform: {from: 0, to: 3}}, w: {values: {0: 0.25, 1: 0.75}}}
next:
  mode: "broken if u == 3 and mode != broken else (busy if pace == 2 else 'idle')"
  level: "clip(level + 5 * (w - 0.5) * 2, 0, 10)"
  k: "round(k / 2) + w if not (u > 1 or w) else k // 2 + 2 ** u % 3"
reward:
  a: "1 / (k - 7) + sqrt(level) + (3 if next_mode == broken else 0)"
  b: "-abs(next_k) * (0 < u <= 2) + (0.5 if style == stop else 0)"
objective: {expression: "a + 2 * b", direction: minimise}
terminated: "level == 10 and mode == broken"
available: "not (mode == broken and pace == 2)"
start: {mode: idle, level: 0, k: {from: -1, to: 1}}
baselines: {slow: {style: run, pace: 1}}
"""

INVENTORY = """
scoper_mdp: 1
name: One product, one warehouse
timestep: 1 day
discount: 0.99
horizon: 90
state: {stock: {from: 0, to: 40}, on_order: {from: 0, to: 20}}
actions: {order: {from: 0, to: 20}}
exogenous: {demand: {poisson: 4.0}}
next: {stock: "max(0, stock + on_order - demand)", on_order: order}
reward: {revenue: "9.0 * min(stock + on_order, demand)", holding: "-0.4 * stock", purchase: "-5.0 * order"}
objective: {expression: "revenue + holding + purchase", direction: maximise}
terminated: "false"
start: {stock: 10, on_order: 0}
baselines: {order_up_to_20: {order: "max(0, 20 - stock - on_order)"}}
"""


@pytest.fixture
def words_text():
    return WORDS


@pytest.fixture
def inventory_text():
    return INVENTORY


@pytest.fixture
def spec_of():
    return lambda text, source="mdp.yaml": parse_spec(textwrap.dedent(text), source)


@pytest.fixture
def env_module(tmp_path):
    def load(spec):
        path = tmp_path / "generated_env.py"
        path.write_text(generate_env_source(spec), encoding="utf-8")
        found = importlib.util.spec_from_file_location("generated_env", path)
        module = importlib.util.module_from_spec(found)
        found.loader.exec_module(module)
        return module

    return load


@pytest.fixture(scope="session")
def random_specs():
    """The strategies of random_specs.py."""
    found = importlib.util.spec_from_file_location("random_specs", Path(__file__).with_name("random_specs.py"))
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def module_of():
    """A module with the generated environment of a spec."""

    def load(spec):
        module = types.ModuleType("generated_env")
        exec(compile(generate_env_source(spec), "generated_env.py", "exec"), module.__dict__)
        return module

    return load
