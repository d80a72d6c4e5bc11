import json
import math
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from scoper.domain.text import clean
from scoper.errors import InputError, StorageError
from scoper.services import yaml_reader
from scoper.services.strict_yaml import Node, parse, read_text, to_python

SAMPLE = """# A case
scoper: 1
title: 'Größe über 😀 alles'   # with a comment
summary: |
  Two lines
  of text: with a colon
answers:
  reward_measurable: yes
  cheap_simulation: {answer: partly, by: "Ana \\u00e9"}
  known_rules:
    - answer: no
      evidence: >-
        folded
        text
    - {answer: unknown}
list: [1, 2.5, -3e-4, ~, true]
"""


@pytest.fixture(params=["CLoader", "Loader"])
def loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both parsers of PyYAML, since a platform may lack the C one."""
    if not hasattr(yaml, request.param):
        pytest.skip("PyYAML was built without libyaml")
    monkeypatch.setattr(yaml_reader, "LOADER", getattr(yaml, request.param))
    return str(request.param)


def complaints(text: str) -> list[tuple[str, int, int]]:
    with pytest.raises(InputError) as caught:
        parse(text, "f.yaml")
    return [(problem.code, problem.line, problem.column) for problem in caught.value.problems]


def walk(node: Node) -> list[Node]:
    members = [part for pair in node.items for part in pair] + list(node.children)
    return [node] + [below for member in members for below in walk(member)]


def test_the_plain_values_are_those_of_yaml_1_2(loader: str) -> None:
    text = "a: [yes, no, on, off, 012, 1:30, 2001-01-01, 1_000, 0o14, 0x1F, 1., .5, 1e3, +7, .inf, '1', null, ~, TRUE]"
    expected = ["yes", "no", "on", "off", "012", "1:30", "2001-01-01", "1_000"]
    expected += [12, 31, 1.0, 0.5, 1000.0, 7, math.inf, "1", None, None, True]
    assert to_python(parse(text, "f")) == {"a": expected}


def test_keys_are_always_text() -> None:
    assert to_python(parse("{1: a, true: b, ~: c}", "f")) == {"1": "a", "true": "b", "~": "c"}


def test_a_number_too_large_to_hold_stays_text() -> None:
    digits = "9" * 5000
    assert to_python(parse(f"a: {digits}\nb: 1e999\n", "f")) == {"a": digits, "b": "1e999"}


def test_every_scalar_stands_where_its_mark_says_also_after_non_ascii_text(loader: str) -> None:
    for text in (SAMPLE, "\ufeff" + SAMPLE, SAMPLE.replace("\n", "\r\n")):
        lines = text.replace("\r\n", "\n").removeprefix("\ufeff").split("\n")
        for node in walk(parse(text, "f")):
            if node.kind == "scalar" and not node.quoted and "\n" not in node.text:
                assert text[node.start_index : node.end_index] == node.text
                begin = node.column - 1
                assert lines[node.line - 1][begin : begin + len(node.text)] == node.text
            if node.style in ("'", '"'):
                assert text[node.start_index] == text[node.end_index - 1] == node.style


def test_a_collection_ends_with_its_last_member_not_after_the_comments_below_it(loader: str) -> None:
    text = "a:\n  b: 1\n  c: 2   # note\n\n# about d\nd: 3\n"
    inner = parse(text, "f").get("a")
    assert inner is not None
    assert text[inner.start_index : inner.end_index] == "b: 1\n  c: 2"


def test_both_parsers_build_the_same_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    trees = []
    for name in ("CLoader", "Loader"):
        monkeypatch.setattr(yaml_reader, "LOADER", getattr(yaml, name))
        trees.append([(n.kind, n.text, n.style, n.flow, n.start, n.end) for n in walk(parse(SAMPLE, "f"))])
    assert trees[0] == trees[1]


def test_problems_that_do_not_stop_the_parser_are_reported_together_in_file_order(loader: str) -> None:
    text = "a: 1\na: 2\nb: &x 3\nc: *x\nd: !!int 3\n? [e]\n: f\n"
    assert complaints(text) == [
        ("yaml-duplicate-key", 2, 1),
        ("yaml-anchor", 3, 4),
        ("yaml-alias", 4, 4),
        ("yaml-tag", 5, 4),
        ("yaml-key", 6, 3),
    ]


def test_a_duplicate_key_is_named_with_both_lines() -> None:
    with pytest.raises(InputError, match=r"f.yaml:3:3: the key 'b' stands here a second time, first on line 2"):
        parse('a:\n  b: 1\n  "b": 2\n', "f.yaml")


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("a:\n\tb: 1\n", (2, 1), "tab"),
        ("a: 1\nfoo\n", (2, 1), "not 'key: value'"),
        ("é: 'x\nb: 1\n", (1, 4), "never closed"),
        ("a: [1, 2\nb: 3\n", (1, 4), "not closed"),
        ("a:\n  - 1\n - 2\n", (3, 2), "indentation"),
        ("a: @x\n", (1, 4), "'@' needs quotes"),
        ("a: **b**\n", (1, 5), "needs quotes"),
        ("a: b: c\n", (1, 5), "quote a text"),
        ("a: 'b' c\n", (1, 8), "'c' cannot stand here"),
        (": x\n", (1, 1), "key before ':' is missing"),
        ("a: 1\n---\nb: 2\n", (2, 1), "second document"),
        ("%YAML 1.1\n---\na: 1\n", (1, 1), "directives"),
        ("[" * 3000, (1, 25), "24 levels"),
    ],
)
def test_a_syntax_error_is_one_sentence_at_the_right_place(
    loader: str, text: str, place: tuple[int, int], words: str
) -> None:
    with pytest.raises(InputError) as caught:
        parse(text, "f.yaml")
    (problem,) = caught.value.problems
    assert (problem.line, problem.column) == place
    assert words in problem.sentence()


@pytest.mark.parametrize("text", ["", "\ufeff", "# nothing\n", "\n\n", "---\n", "~"])
def test_an_empty_file_is_a_problem(loader: str, text: str) -> None:
    assert [code for code, *_ in complaints(text)] == ["yaml-empty"]


def test_merge_conflict_markers_are_named(loader: str) -> None:
    text = "a: 1\n<<<<<<< ours\nb: 1\n=======\nb: 2\n>>>>>>> theirs\n"
    assert complaints(text) == [("yaml-merge-conflict", 2, 1), ("yaml-merge-conflict", 6, 1)]


def test_control_characters_are_all_named_with_their_places() -> None:
    text = "a: \x00b\r\nc: \x1b[0m\rd: \u2028\ud800\n"
    assert [place for _, *place in complaints(text)] == [[1, 4], [2, 4], [3, 4], [3, 5]]


@pytest.mark.parametrize("escape", ["\\U00110000", "\\ud800", "\\xzz", "\\q"])
def test_an_escape_that_names_no_character_is_a_problem(loader: str, escape: str) -> None:
    assert complaints(f'a: "{escape}"\n')[0][0] == "yaml-syntax"


def test_a_text_over_the_limits_is_refused() -> None:
    assert complaints("a: " + "x" * 1_100_000)[0][0] == "yaml-too-large"
    assert complaints("- 1\n" * 60_000)[0][0] == "yaml-too-many"
    assert len(complaints("a: 1\n" * 5_000)) == yaml_reader.MAX_PROBLEMS + 1


def test_exactly_the_allowed_depth_and_count_are_read() -> None:
    depth, count = yaml_reader.MAX_DEPTH, yaml_reader.MAX_NODES
    assert parse("[" * depth + "]" * depth, "f").kind == "sequence"
    assert len(parse("- 1\n" * (count - 1), "f").children) == count - 1


WRITABLE = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp", "Cn"], exclude_characters="\ufeff"))
PLAIN = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | WRITABLE
JSON = st.recursive(PLAIN, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WRITABLE, inner, max_size=4))


@pytest.mark.slow
@given(st.dictionaries(WRITABLE, JSON, min_size=1), st.sampled_from([None, 2]))
def test_json_is_read_as_json_reads_it(document: dict[str, Any], indent: int | None) -> None:
    assert to_python(parse(json.dumps(document, ensure_ascii=False, indent=indent), "f")) == document


TRAPS = ["!!int zz", "!!binary x", "&a", "*a", "<<: *a", "---\n", "...\n", "0x", "2001-99-99", "\\U00110000", '"\\x"']
TRAPS += ["? ", "%YAML 9.9\n", "[" * 40, "{" * 40, "9" * 6000, "<<<<<<< x\n", "- - - ", "|9\n", ">+\n", "a: a: "]


def mutated(seed: int) -> str:
    """The sample, damaged in one to six places."""
    rng = random.Random(seed)
    text = SAMPLE if rng.random() < 0.8 else SAMPLE.replace("\n", "\r\n")
    scraps = [*":-#&*!|>'\"%@`{}[],? \t\n\r~=\0\x1b\x85\u2028\ud800\ufeff😀é", *TRAPS]
    damage: list[Callable[[int, int], str]] = [
        lambda i, j: text[:i] + text[j:],
        lambda i, j: text[:i] + rng.choice(scraps) + text[i:],
        lambda i, j: text[:i] + text[j : j + 40] + text[i:],
        lambda i, j: text[:i] + chr(rng.choice([rng.randrange(256), rng.randrange(0x110000)])) + text[i + 1 :],
        lambda i, j: text[:i],
    ]
    for _ in range(rng.randint(1, 6)):
        i = rng.randrange(len(text) + 1)
        text = rng.choice(damage)(i, min(len(text), i + rng.randrange(60)))
    return text


def read(text: str) -> Node | InputError:
    try:
        return parse(text, "f.yaml")
    except InputError as error:
        return error


def test_damaged_text_is_read_or_refused_with_places_and_nothing_else_happens(loader: str) -> None:
    texts = [mutated(seed) for seed in range(3_000 if loader == "CLoader" else 600)]
    refused = 0
    for text in texts:
        outcome = read(text)
        if isinstance(outcome, InputError):
            refused += 1
            places = [(problem.line, problem.column) for problem in outcome.problems]
            last_line = 1 + len(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
            assert places == sorted(places)
            assert all(0 <= line <= last_line for line, _ in places)
            assert all(clean(problem.sentence()) == problem.sentence() for problem in outcome.problems)
        else:
            to_python(outcome)
            assert all(0 <= node.start_index <= node.end_index <= len(text) for node in walk(outcome))
    assert 0.2 < refused / len(texts) < 0.98


@pytest.mark.slow
@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    outcome = read(text)
    assert outcome.problems if isinstance(outcome, InputError) else to_python(outcome) is not NotImplemented


def test_a_file_is_read_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes("\ufeffä: 1\r\nb: 2".encode())
    assert read_text(path) == "\ufeffä: 1\r\nb: 2"


def test_bytes_that_are_not_utf8_are_placed(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes("ä: 1\r\nöb: ".encode() + b"\xff\n")
    with pytest.raises(InputError) as caught:
        read_text(path)
    assert (caught.value.problems[0].line, caught.value.problems[0].column) == (2, 5)


def test_utf16_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes("a: 1".encode("utf-16"))
    with pytest.raises(InputError, match="UTF-16"):
        read_text(path)


def test_a_missing_file_names_the_nearest_one(tmp_path: Path) -> None:
    (tmp_path / "warehouse.yaml").write_text("a: 1")
    with pytest.raises(InputError, match=r"did you mean 'warehouse\.yaml'"):
        read_text(tmp_path / "warehose.yaml")


def test_a_folder_a_huge_file_and_an_odd_name_are_refused(tmp_path: Path) -> None:
    (tmp_path / "big").write_bytes(b"#" * 2_000_000)
    for path in (tmp_path, tmp_path / "big"):
        with pytest.raises(InputError):
            read_text(path)
    with pytest.raises(StorageError):
        read_text(tmp_path / "a\0b")


def test_a_file_that_only_ends_alike_is_not_offered_for_a_missing_one(tmp_path: Path) -> None:
    for name in ("conf.yaml", "m.yaml"):
        (tmp_path / name).write_text("a: 1")
    for missing in ("nofile.yaml", "missing.yaml"):
        with pytest.raises(InputError) as caught:
            read_text(tmp_path / missing)
        assert "did you mean" not in str(caught.value)
