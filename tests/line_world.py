"""A short line to walk along with a slippery grip: the spec that sweeps are tried on, for any length."""

LINE = """\
scoper_mdp: 1
name: line {length}
discount: 0.9
horizon: 40
state: {{place: {{from: 0, to: {length}}}}}
actions: {{right: {{from: 0, to: 1}}}}
exogenous: {{grip: {{values: {{0: 0.3, 1: 0.7}}}}}}
next: {{place: "max(0, place + (2 * right - 1) * grip)"}}
reward: {{goal: "place == {length} - 1 and right == 1 and grip == 1"}}
terminated: "place == {length}"
start: {{place: 0}}
"""
