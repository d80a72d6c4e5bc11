"""Choosing among options is exact: every statement agrees with trying all completions one by one."""

import random
from itertools import product

from scoper.reasoning.methods import MethodRule, Need, ranked_methods
from scoper.reasoning.options import NONE, Option, firsts, judged, standing, telling
from scoper.reasoning.world import Capability, Line, World

VALUES = {"a": ("x", "y", "z"), "b": ("x", "y"), "c": ("x", "y", "z"), "d": ("x", "y")}


def line(rng: random.Random) -> Line:
    facts = rng.sample(sorted(VALUES), rng.randint(1, 2))
    return Line({f: frozenset(rng.sample(VALUES[f], rng.randint(1, len(VALUES[f]) - 1))) for f in facts}, "because")


def option(rng: random.Random, k: int) -> Option:
    why = tuple(line(rng) for _ in range(rng.randint(1, 2)))
    why_not = tuple(line(rng) for _ in range(rng.randint(0, 3)))
    return Option(f"o{k}", "g", "n", "s", k, "src", "cited", needs_reason=rng.random() < 0.5, why=why, why_not=why_not)


def world(rng: random.Random) -> World:
    allowed = {f: frozenset(v if rng.random() < 0.5 else (rng.choice(v),)) for f, v in VALUES.items()}
    return World(VALUES, allowed)


def completions(known: World):
    names = sorted(VALUES)
    for values in product(*(sorted(known.allowed[name]) for name in names)):
        yield dict(zip(names, values, strict=True))


def holds(condition: Line, case: dict[str, str]) -> bool:
    return all(case[fact] in values for fact, values in condition.when.items())


def fits(each: Option, case: dict[str, str]) -> bool:
    if any(holds(condition, case) for condition in each.why_not):
        return False
    return not each.needs_reason or any(holds(condition, case) for condition in each.why)


def first(options: list[Option], case: dict[str, str]) -> str:
    return next((each.id for each in options if fits(each, case)), NONE)


def test_what_comes_first_in_some_completion_agrees_with_trying_all_of_them() -> None:
    rng = random.Random(7)
    seen = set()
    for _ in range(150):
        options, known = [option(rng, k) for k in range(4)], world(rng)
        expected = {first(options, case) for case in completions(known)}
        assert firsts(options, known) == expected
        seen.add(len(expected))
    assert {1, 2, 3} <= seen


def test_whether_one_option_fits_agrees_with_trying_all_completions() -> None:
    rng = random.Random(8)
    for _ in range(150):
        one, known = option(rng, 0), world(rng)
        found = {fits(one, case) for case in completions(known)}
        assert standing(one, known) == ("open" if len(found) == 2 else "fits" if found == {True} else "excluded")


def test_a_fact_is_asked_for_exactly_when_two_completions_that_differ_in_it_alone_choose_differently() -> None:
    rng = random.Random(9)
    for _ in range(60):
        options, known = [option(rng, k) for k in range(3)], world(rng)
        expected = set()
        for case in completions(known):
            for fact in VALUES:
                for value in known.allowed[fact]:
                    if first(options, case) != first(options, {**case, fact: value}):
                        expected.add(fact)
        assert set(telling(options, known)) == expected


def test_reasons_are_told_as_certain_only_where_they_hold_in_every_completion() -> None:
    rng = random.Random(10)
    for _ in range(100):
        one, known = option(rng, 0), world(rng)
        certain = sum(all(holds(c, case) for case in completions(known)) for c in one.why_not)
        possible = sum(any(holds(c, case) for case in completions(known)) for c in one.why_not)
        choice = judged(one, known)
        assert (len(choice.why_not), len(choice.why_not) + len(choice.open)) == (certain, possible)


def test_the_levels_that_a_capability_can_have_agree_with_trying_all_completions() -> None:
    rng = random.Random(11)
    levels = ("low", "middle", "high")
    for _ in range(150):
        lines, known = tuple(line(rng) for _ in range(3)), world(rng)
        thens = tuple(rng.choice(levels) for _ in lines)
        capability = Capability("c", 1, "q", levels, {}, True, lines, thens, "low", "s")

        def level(case: dict[str, str], lines=lines, thens=thens) -> str:
            return next((then for c, then in zip(lines, thens, strict=True) if holds(c, case)), "low")

        assert capability.reached(known) == {level(case) for case in completions(known)}


def method(name: str, levels: set[str], points: int, family: str | None = None, order: int = 1) -> MethodRule:
    liked = (Line({"b": frozenset("x")}, "liked", points=points),) if points else ()
    need = Need("level", frozenset(levels), "that", "because", {"low": "little", "high": "much"})
    return MethodRule(name, name, ("t",), family, order, "s", (need,), liked, "src", "cited")


def test_methods_rank_by_what_is_met_then_by_the_familys_name_then_by_points_then_by_order() -> None:
    values = {"level": ("low", "high"), "b": ("x", "y")}
    known = World(values, {"level": frozenset(("high",)), "b": frozenset(("x",))})
    listed = [
        method("excluded", {"low"}, 5),
        method("many_points", {"high"}, 4),
        method("of_the_family", {"high"}, 1, "f"),
        method("later", {"high"}, 0, order=2),
        method("earlier", {"high"}, 0),
    ]
    ranked = ranked_methods(listed, known, "f")
    assert [choice.id for choice in ranked] == ["of_the_family", "many_points", "earlier", "later", "excluded"]
    assert ranked[-1].why_not[0].text == "needs that: because"
    assert ranked[-1].why_not[0].facts == {"level": "much"}


def test_a_need_that_open_answers_decide_leaves_a_method_open() -> None:
    values = {"level": ("low", "high"), "b": ("x", "y")}
    known = World(values, {name: frozenset(v) for name, v in values.items()})
    (choice,) = ranked_methods([method("m", {"high"}, 3)], known, None)
    assert (choice.standing, choice.points) == ("open", 0)
    assert choice.open[0].facts == {"level": "unknown"}
