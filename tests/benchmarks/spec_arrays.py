"""Spec to arrays: transitions, seconds, peak memory. Run: python tests/benchmarks/spec_arrays.py

Every family is compiled in a process of its own, whose peak memory (resource.getrusage) is printed beside the bytes of
the arrays themselves. Seconds are the child's CPU time for reading the spec's text and making the arrays. Asserts
nothing on time; `--small` runs a tenth of everything.
"""

import argparse
import json
import resource
import subprocess
import sys
import time

INVENTORY = """
scoper_mdp: 1
name: inventory with an order on its way
discount: 0.99
horizon: infinite
state: {{stock: {{from: 0, to: {stock}}}, on_order: {{from: 0, to: {order}}}}}
actions: {{order: {{from: 0, to: {order}}}}}
exogenous: {{demand: {{poisson: 12.0}}}}
next: {{stock: "min({stock}, max(0, stock + on_order - demand))", on_order: order}}
reward: {{revenue: "9.0 * min(stock + on_order, demand)", holding: "-0.4 * stock", purchase: "-5.0 * order"}}
start: {{stock: 10, on_order: 0}}
"""
QUEUES = """
scoper_mdp: 1
name: two queues, one server each, arrivals routed
discount: 0.999
horizon: infinite
state: {{short: {{from: 0, to: {size}}}, long: {{from: 0, to: {size}}}}}
actions: {{route: {{values: [short_one, long_one]}}, speed: {{from: 1, to: 2}}}}
exogenous:
  arrivals: {{values: {{0: 0.5, 1: 0.3, 2: 0.2}}}}
  done_short: {{values: {{0: 0.4, 1: 0.6}}}}
  done_long: {{values: {{0: 0.7, 1: 0.3}}}}
next:
  short: "clip(short + (arrivals if route == short_one else 0) - done_short * speed, 0, {size})"
  long: "clip(long + (arrivals if route == long_one else 0) - done_long, 0, {size})"
reward: {{waiting: "-short - 2 * long", power: "-3 * speed"}}
start: {{short: 0, long: 0}}
"""
WALK = """
scoper_mdp: 1
name: grid with wind
discount: 0.99
horizon: infinite
state: {{x: {{from: 0, to: {size}}}, y: {{from: 0, to: {size}}}}}
actions: {{move: {{values: [north, east, south, west]}}}}
exogenous: {{slip: {{values: {{0: 0.8, 1: 0.1, 2: 0.1}}}}}}
next:
  x: "clip(x + ((move == east) - (move == west) if slip == 0 else
    ((move == north) - (move == south)) * (1 if slip == 1 else -1)), 0, {size})"
  y: "clip(y + ((move == north) - (move == south) if slip == 0 else
    ((move == west) - (move == east)) * (1 if slip == 1 else -1)), 0, {size})"
reward: {{step: "-1", goal: "100 * (next_x == {size} and next_y == {size})"}}
terminated: "x == {size} and y == {size}"
start: {{x: 0, y: 0}}
"""
FLEET = """
scoper_mdp: 1
name: four ageing machines, one mechanic
discount: 0.99
horizon: infinite
state:
  a: {{from: 0, to: {size}}}
  b: {{from: 0, to: {size}}}
  c: {{from: 0, to: {size}}}
  d: {{from: 0, to: {size}}}
actions: {{repair: {{values: [nobody, first, second, third, fourth]}}}}
exogenous:
  wear_a: {{values: {{0: 0.7, 1: 0.3}}}}
  wear_b: {{values: {{0: 0.6, 1: 0.4}}}}
  wear_c: {{values: {{0: 0.8, 1: 0.2}}}}
  wear_d: {{values: {{0: 0.5, 1: 0.5}}}}
next:
  a: "0 if repair == first else min({size}, a + wear_a)"
  b: "0 if repair == second else min({size}, b + wear_b)"
  c: "0 if repair == third else min({size}, c + wear_c)"
  d: "0 if repair == fourth else min({size}, d + wear_d)"
reward: {{output: "(a < {size}) + (b < {size}) + (c < {size}) + (d < {size})", work: "-0.3 * (repair != nobody)"}}
start: {{a: 0, b: 0, c: 0, d: 0}}
"""
SMALL = {
    "inventory": INVENTORY.format(stock=110, order=40),
    "queues": QUEUES.format(size=150),
    "grid": WALK.format(size=290),
    "fleet": FLEET.format(size=10),
    "10,000 states": INVENTORY.format(stock=475, order=20),
}
LARGE = {
    "inventory": INVENTORY.format(stock=200, order=30),
    "queues": QUEUES.format(size=480),
    "grid": WALK.format(size=930),
    "fleet": FLEET.format(size=20),
    "10,000 states": INVENTORY.format(stock=475, order=20),
}


def measure(text: str) -> dict[str, float]:
    """What one spec takes; run in a child of its own."""
    from scoper.modelling.arrays import compile_spec
    from scoper.services.specs import parse_spec

    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    compiled = compile_spec(parse_spec(text, "benchmark"))
    spent = time.process_time() - began
    mdp = compiled.mdp
    arrays = (mdp.offsets, mdp.successor, mdp.probability, mdp.reward, mdp.terminates, mdp.initial, mdp.available)
    return {
        "states": mdp.n_states,
        "transitions": int(mdp.successor.size),
        "seconds": spent,
        "arrays_mb": sum(array.nbytes for array in arrays) / 2**20,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10,
        "start_mb": before / 2**10,
    }


def main() -> None:
    """Print one line per family."""
    parser = argparse.ArgumentParser(description="Spec to arrays: transitions, seconds, peak memory.")
    parser.add_argument("--small", action="store_true", help="a tenth of everything")
    parser.add_argument("--rounds", type=int, default=3, help="processes per family; the median time is printed")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    families = SMALL if arguments.small else LARGE
    if arguments.child:
        print(json.dumps(measure(families[arguments.child])))
        return
    heads = f"{'states':>9} {'transitions':>12} {'CPU s':>7} {'ns each':>8} {'arrays MB':>10} {'peak MB':>8}"
    print(f"{'family':14} {heads}")
    for family in families:
        command = [sys.executable, __file__, "--child", family, *(["--small"] if arguments.small else [])]
        runs = [json.loads(subprocess.check_output(command)) for _ in range(arguments.rounds)]
        row = sorted(runs, key=lambda run: run["seconds"])[len(runs) // 2]
        print(
            f"{family:14} {row['states']:9,.0f} {row['transitions']:12,.0f} {row['seconds']:7.2f} "
            f"{1e9 * row['seconds'] / row['transitions']:8.0f} {row['arrays_mb']:10,.0f} {row['peak_mb']:8,.0f}"
        )


if __name__ == "__main__":
    main()
