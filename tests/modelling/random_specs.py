"""Hypothesis strategies for declarative specs that step nowhere impossible: every kind of variable, law and clause."""

from hypothesis import strategies as st

from scoper.domain.mdp import Distribution, MdpSpec, Objective, StartPoint, Table, Variable

WORDS = ("red", "green", "blue")
TABLES = {
    "cost": Table(keys=((0, 1, 2),), values=(0.5, -1.25, 3.0)),
    "gain": Table(keys=(WORDS, (0, 5)), values=(1.0, 2.0, -0.5, 0.0, 7.0, 0.1)),
    "fee": Table(values=(0.75,)),
}
LAWS = (
    Distribution(kind="values", parameters={"values": [0, 1, 2.5], "probabilities": [0.2, 0.5, 0.3]}),
    Distribution(kind="poisson", parameters={"mean": 0.7}),
    Distribution(kind="binomial", parameters={"n": 3, "p": 0.4}),
    Distribution(kind="geometric", parameters={"p": 0.8}),
    Distribution(kind="uniform", parameters={"from": -1, "to": 2}),
    Distribution(kind="normal", parameters={"mean": 0.4, "sd": 0.6}),
    Distribution(kind="empirical", parameters={"values": [3.0, 1.0, 1.0]}),
)
INTEGER = Variable(kind="integer", low=-1, high=2)
WORDED = Variable(kind="categorical", values=WORDS)
LISTED = Variable(kind="categorical", values=(0, 2.5, -1))
SINGLE = Variable(kind="integer", low=4, high=4)
REAL = Variable(kind="continuous", low=-0.5, high=1.5)
POINTS = Variable(kind="continuous", low=0.0, high=2.0, points=5)


@st.composite
def numbers(draw, names, worded, depth=3):
    """Text of an expression that is finite for every value of `names`; `worded` are names whose values are words."""
    if depth == 0 or draw(st.integers(0, 5)) == 0:
        return draw(st.sampled_from([*names, "fee", "0.5", "2", "1.75"]))
    a, b, c = (draw(numbers(names, worded, depth=depth - 1)) for _ in range(3))
    forms = [
        f"({a} + {b})", f"({a} - {b})", f"({a} * 0.3 * clip({b}, -9, 9))", f"({a} / (1 + abs({b})))", f"({a} % 3)",
        f"({a} // 2)", f"(clip({a}, -3, 3) ** 2)", f"min({a}, {b})", f"max({a}, {b}, {c})", f"abs({a})", f"sign({a})",
        f"exp(clip({a}, -2, 2))", f"log(1 + abs({a}))", f"sqrt(abs({a}))", f"floor({a})", f"ceil({a})", f"round({a})",
        f"({a} if {b} > {c} else {b})", f"({a} < {b} <= {c})", f"(not {a} > 1)", f"({a} > 0 and {b} > {c})",
        f"({a} != {b} or {c} >= 1)", f"-{a}", f"cost[clip(round({a}), 0, 2)]",
    ]  # fmt: skip
    forms += [f"({name} == red)" for name in worded] + [f"gain[{name}, 5 if {a} > 0 else 0]" for name in worded]
    return draw(st.sampled_from(forms))


def _next(draw, variable, number):
    """Text of what a variable becomes; it may leave a range, but never a list."""
    if variable.kind == "integer":
        return f"floor({number})"
    if variable.kind == "continuous":
        return number
    first, second = draw(st.tuples(*[st.sampled_from(variable.values)] * 2))
    return f"{first} if {number} > 0.5 else {second}"


def _value(draw, variable):
    if variable.kind == "integer":
        return draw(st.integers(int(variable.low), int(variable.high)))
    if variable.kind == "continuous":
        return draw(st.sampled_from([variable.low, variable.high, 0.3, 1.1]))
    return draw(st.sampled_from(variable.values))


def _start(draw, state):
    if draw(st.booleans()):
        points = [{name: _value(draw, variable) for name, variable in state.items()} for _ in range(2)]
        pairs = zip(points, (0.3, 0.7), strict=True)
        return {"joint_start": tuple(StartPoint(state=point, probability=share) for point, share in pairs)}
    start = {}
    for name, variable in state.items():
        values = {_value(draw, variable) for _ in range(draw(st.integers(1, 2)))}
        start[name] = dict.fromkeys(sorted(values, key=str), 1 / len(values)) if len(values) > 1 else values.pop()
    return {"start": start}


@st.composite
def specs(draw, *, finite=False):
    """A declarative spec; with `finite` every interval has points or none is there."""
    kinds = [INTEGER, WORDED, LISTED, SINGLE] + ([] if finite else [REAL, POINTS])
    state = {f"s{k}": v for k, v in enumerate(draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=3)))}
    actions = {f"a{k}": v for k, v in enumerate(draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=2)))}
    laws = {f"x{k}": v for k, v in enumerate(draw(st.lists(st.sampled_from(LAWS), max_size=2)))}
    variables = {**state, **actions}
    worded = [name for name, v in variables.items() if v is WORDED]
    plain = [name for name in (*variables, *laws) if name not in worded] or ["fee"]
    after = [f"next_{name}" for name, v in state.items() if v is not WORDED]
    seen = [name for name in state if name not in worded]
    own = [name for name in worded if name in state]

    def number(names, words):
        return draw(numbers(tuple(names) or ("fee",), tuple(words), depth=draw(st.integers(1, 3))))

    reward = {f"r{k}": number([*plain, *after], worded) for k in range(draw(st.integers(1, 2)))}
    first = next(iter(actions))
    safe = actions[first].values[0] if actions[first].values else actions[first].low
    available = f"{first} == {safe} or {number(seen, own)} > {number(plain[:1], ())}"
    mentions_draw = any(f"x{k}" in available for k in range(2))
    objective = Objective(expression=f"r0 + {number(after, ())}") if draw(st.booleans()) else None
    observation = {"o0": next(iter(state)), "o1": number(seen, own)} if draw(st.booleans()) else {}
    return MdpSpec(
        name="drawn at random",
        discount=0.9,
        horizon=draw(st.sampled_from([None, 7])),
        state=state,
        actions=actions,
        exogenous=laws,
        next={name: _next(draw, variable, number(plain, worded)) for name, variable in state.items()},
        reward=reward,
        objective=objective,
        terminated=f"{number(seen, own)} > 3" if draw(st.booleans()) else "false",
        available=None if mentions_draw or draw(st.booleans()) else available,
        observation=observation,
        tables=TABLES if worded else {name: table for name, table in TABLES.items() if name != "gain"},
        **_start(draw, state),
    )
