"""What the reader of cases takes or refuses by shape, the schema of a case takes or refuses too."""

import json
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from scoper.errors import InputError
from scoper.services.case_format import allowed_values, parse_case
from scoper.services.case_review import PROBE_VERDICTS
from scoper.services.library import load_library
from scoper.services.schema_case import case_schema

LIBRARY = load_library()
SCHEMA = Draft7Validator(case_schema(LIBRARY.questions))
SIGNALS, FOLLOW_UPS = dict(LIBRARY.questions), dict(LIBRARY.questions.follow_ups)  # type: ignore[attr-defined]
KNOWN = {**SIGNALS, **FOLLOW_UPS}
PARTS = ("router", "planner", "stock_2")

ODD: st.SearchStrategy[Any] = st.sampled_from(
    [None, "", "  ", "maybe", 7, 0.5, True, [], {}, [[]], ["maybe"], [None], {"maybe": 1}, {"answer": []}]
)
TEXTS = st.sampled_from(["a text", "yes", "2027", 12, 1.5, True, "x: y"])


def often(right: st.SearchStrategy[Any], wrong: st.SearchStrategy[Any] = ODD) -> st.SearchStrategy[Any]:
    """Mostly what is right, so that whole documents are accepted now and then."""
    return st.integers(0, 15).flatmap(lambda drawn: wrong if drawn == 0 else right)


def some(keys: dict[str, st.SearchStrategy[Any]], needed: tuple[str, ...] = ()) -> st.SearchStrategy[dict[str, Any]]:
    """A mapping with some of the keys, now and then without one that is needed, or with one that is none."""
    rest = {key: each for key, each in keys.items() if key not in needed}
    whole = st.fixed_dictionaries({key: keys[key] for key in needed}, optional=rest)
    odd = st.sampled_from([*needed, "", "nokey"])
    return st.tuples(whole, often(st.just(""), odd)).map(lambda pair: _spoiled(*pair))


def _spoiled(document: dict[str, Any], key: str) -> dict[str, Any]:
    if not key:
        return document
    return {name: value for name, value in document.items() if name != key} if key in document else {**document, key: 1}


def value(signal: str) -> st.SearchStrategy[Any]:
    graded = [True, False] if KNOWN[signal].kind == "graded" else []
    return often(st.sampled_from([*allowed_values(KNOWN[signal]), *graded]))


def answer(signal: str) -> st.SearchStrategy[Any]:
    confidence = often(st.sampled_from(["low", "medium", "high", None]))
    maybe = often(st.one_of(st.none(), TEXTS))
    parts = {"answer": value(signal), "confidence": confidence, "evidence": maybe, "by": maybe}
    long = some(parts, ("answer",))
    return often(st.one_of(value(signal), long, st.lists(often(long), min_size=1, max_size=2)))


def by_signal(names: list[str], one: Any, least: int) -> st.SearchStrategy[dict[str, Any]]:
    drawn = st.lists(st.sampled_from(names), min_size=least, max_size=3, unique=True)
    return drawn.flatmap(lambda some_names: st.fixed_dictionaries({name: one(name) for name in some_names}))


ANSWERS = often(st.one_of(st.none(), by_signal(list(KNOWN), answer, 0)))
DIGEST = often(st.sampled_from(["00d4293afbdc35e7", "ABCDEFABCDEFABCD"]), st.sampled_from(["00d4", "g" * 16, None, []]))
FACTS = some(
    {
        "note": often(st.one_of(st.none(), TEXTS)),
        "answers": often(by_signal(list(SIGNALS), lambda s: st.one_of(value(s), st.lists(value(s), max_size=2)), 1)),
        "rules_other_than": DIGEST,
        "spec_other_than": DIGEST,
        "probe": often(st.one_of(st.sampled_from(PROBE_VERDICTS), st.lists(st.sampled_from(PROBE_VERDICTS)))),
    }
)
TRIGGER = often(st.one_of(TEXTS, FACTS))


def part(name: str) -> st.SearchStrategy[dict[str, Any]]:
    """Hand-overs lead to the other parts: whether there is such a part is no question of shape."""
    others = [other for other in PARTS if other != name]
    named = st.lists(st.sampled_from(others), unique=True, max_size=2)
    what = often(st.one_of(st.none(), TEXTS), st.sampled_from([[], {}, ["a"]]))
    told = named.flatmap(lambda to: st.fixed_dictionaries({each: what for each in to}))
    hands = often(st.one_of(st.sampled_from(others), named, told, st.none()), st.sampled_from([[[]], [{}], ""]))
    maybe = often(st.one_of(st.none(), TEXTS))
    return some({"title": often(TEXTS), "summary": maybe, "spec": maybe, "answers": ANSWERS, "hands_to": hands})


WHOLE = st.fixed_dictionaries({name: often(part(name)) for name in PARTS})
NAMED: st.SearchStrategy[Any] = st.sampled_from(["Router", "1st", "a b", "", "_x", "x" * 41]).map(
    lambda name: {name: {}}
)
DATES = ["2027-01-31", " 2028-02-29 ", None]
NO_DATES = ["soon", "2027-13-01", "2027-04-31", "2027-1-1", [], 2027]
CASES = some(
    {
        "scoper": often(st.just(1)),
        "title": often(TEXTS),
        "summary": often(st.one_of(st.none(), TEXTS)),
        "domain": often(st.one_of(st.none(), TEXTS)),
        "spec": often(st.one_of(st.none(), TEXTS)),
        "review_by": often(st.sampled_from(DATES), st.sampled_from(NO_DATES)),
        "update_when": often(st.one_of(st.none(), TRIGGER, st.lists(TRIGGER, max_size=2))),
        "answers": ANSWERS,
        "parts": often(st.one_of(st.none(), WHOLE), st.one_of(ODD, NAMED)),
    },
    ("scoper", "title"),
)


def taken(document: dict[str, Any]) -> bool:
    try:
        parse_case(json.dumps(document), "case.yaml", LIBRARY.questions)
    except InputError:
        return False
    return True


def whole(**keys: Any) -> dict[str, Any]:
    return {"scoper": 1, "title": "x", **keys}


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(CASES)
@example(whole(parts={f"p{number}": {} for number in range(31)}))
@example(whole(parts={f"p{number}": {} for number in range(30)}))
@example(whole(parts={"a": {"answers": {"run_steps": "few"}}}))
@example(whole(parts={"a": None}))
@example(whole(update_when={}))
@example(whole(update_when=[None]))
@example(whole(update_when={"answers": {"run_steps": "few"}}))
@example(whole(update_when={"answers": {"known_rules": []}}))
@example(whole(update_when={"note": None}))
@example(whole(review_by="2027-02-30"))
def test_reader_and_schema_agree(document: dict[str, Any]) -> None:
    assert taken(document) == SCHEMA.is_valid(document), [error.message for error in SCHEMA.iter_errors(document)]


def test_the_documents_drawn_are_of_both_kinds() -> None:
    seen: set[bool] = set()

    @settings(max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(CASES)
    def draw(document: dict[str, Any]) -> None:
        seen.add(taken(document))

    draw()
    assert seen == {True, False}
