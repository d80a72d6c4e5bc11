"""Every key of a TOML text is found where it stands."""

import tomllib

from hypothesis import given, settings
from hypothesis import strategies as st

from scoper.services.toml_places import key_places

TEXT = '''\
# a comment with [brackets] and key = value
rules = "our # rules"  # and more
"quoted key" = """
budget = 1
"""
[probe]
  budget = 'quick'
steps.deep = [1, [2, "]"], # inside
  3]
inline = {a = 1, "b.c" = {d = 2}}
[ run . "x" ]
seed=3
[[list]]
seed = 4
'''


def test_keys_tables_dotted_keys_and_inline_tables_are_placed_and_strings_are_not_searched():
    assert key_places(TEXT) == {
        ("rules",): (2, 1),
        ("quoted key",): (3, 1),
        ("probe",): (6, 2),
        ("probe", "budget"): (7, 3),
        ("probe", "steps"): (8, 1),
        ("probe", "steps", "deep"): (8, 7),
        ("probe", "inline"): (10, 1),
        ("probe", "inline", "a"): (10, 11),
        ("probe", "inline", "b.c"): (10, 18),
        ("probe", "inline", "b.c", "d"): (10, 27),
        ("run",): (11, 3),
        ("run", "x"): (11, 9),
        ("run", "x", "seed"): (12, 1),
        ("list",): (13, 3),
        ("list", "seed"): (14, 1),
    }


def paths_of(document, path=()):
    for key, value in document.items():
        yield (*path, key)
        if isinstance(value, dict):
            yield from paths_of(value, (*path, key))


WORDS = st.text(st.sampled_from('ab-_.#"[]{}=, é'), min_size=1, max_size=6)
VALUES = st.recursive(
    st.one_of(st.integers(-9, 9), st.booleans(), WORDS), lambda inner: st.lists(inner, max_size=3), max_leaves=4
)


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def written(value):
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    return quoted(value) if isinstance(value, str) else str(value)


@settings(deadline=None, max_examples=60)
@given(st.dictionaries(WORDS, st.one_of(VALUES, st.dictionaries(WORDS, VALUES, max_size=3)), max_size=4))
def test_whatever_the_standard_library_reads_every_key_of_it_has_a_place_where_it_is_written(document):
    plain = {key: value for key, value in document.items() if not isinstance(value, dict)}
    tables = {key: value for key, value in document.items() if isinstance(value, dict)}
    lines = [f"{quoted(key)} = {written(value)}" for key, value in plain.items()]
    for name, table in tables.items():
        lines += [f"[{quoted(name)}]", *(f"  {quoted(key)} = {written(value)}" for key, value in table.items())]
    text = "\n".join(lines)

    places = key_places(text)

    assert set(places) == set(paths_of(tomllib.loads(text)))
    for path, (line, column) in places.items():
        assert lines[line - 1][column - 1 :].startswith(quoted(path[-1]))


@settings(deadline=None, max_examples=60)
@given(st.text(st.sampled_from("a=[]{}\"'#.,\n 1"), max_size=40))
def test_what_is_no_toml_ends_all_the_same(text):
    assert isinstance(key_places(text), dict)
