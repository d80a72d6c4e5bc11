"""A user's decision table in CSV: what cells mean, what is refused and where, and what the checks say of it."""

import contextlib
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoper.errors import InputError
from scoper.reasoning.outcome import first_hit
from scoper.reasoning.rule_table import Spans
from scoper.reasoning.verification import verify_table
from scoper.services.csv_table import read_csv_table
from scoper.services.library import load_library
from scoper.services.table_export import csv_table

EXAMPLES = settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture
def write(tmp_path):
    def write(text, name="table.csv"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def found(table):
    return {(f.check, *f.rules) for f in verify_table(table).findings}


def number_holds(cell, x):
    """What a numeric cell means, said in Python."""
    kind, low, high = cell
    return {
        "=": x == low,
        "<": x < low,
        "<=": x <= low,
        ">": x > low,
        ">=": x >= low,
        "[]": low <= x <= high,
        "()": low < x < high,
        "[)": low <= x < high,
        "(]": low < x <= high,
        "-": True,
    }[kind]


def number_text(cell):
    kind, low, high = cell
    if kind in ("[]", "()", "[)", "(]"):
        return f"{kind[0]}{low}..{high}{kind[1]}"
    return {"-": "-", "=": str(low)}.get(kind, f"{kind} {low}")


CELLS = st.tuples(
    st.sampled_from(["=", "<", "<=", ">", ">=", "[]", "()", "[)", "(]", "-"]), st.integers(0, 6), st.integers(7, 12)
)


@given(rows=st.lists(st.tuples(CELLS, st.sampled_from(["a", "b", "a, b", "-"])), min_size=1, max_size=5))
@EXAMPLES
def test_a_numeric_table_covers_exactly_the_numbers_that_its_cells_allow(rows, tmp_path_factory):
    lines = [f'"{number_text(cell)}","{word}",out' for cell, word in rows]
    path = tmp_path_factory.mktemp("csv") / "t.csv"
    path.write_text("\n".join(['x {number},"k {a, b}",-> y', *lines]))
    table = read_csv_table(path)
    gaps = [gap for gap in table.coverage.gaps]
    numbers, _ = table.variables

    assert isinstance(numbers, Spans)
    for x in [n / 4 for n in range(-8, 60)]:
        inside = next(
            value
            for value, (low, low_in, high, high_in) in zip(numbers.values, numbers.bounds, strict=True)
            if (low < x or (low == x and low_in)) and (x < high or (x == high and high_in))
        )
        for k in ("a", "b"):
            held = [n for n, (cell, word) in enumerate(rows) if number_holds(cell, x) and (word == "-" or k in word)]
            said = [
                n
                for n, line in enumerate(table.lines)
                if all({"x": inside, "k": k}[v] in s for v, s in line.when.items())
            ]
            assert said == held
            uncovered = any(all({"x": inside, "k": k}[v] in s for v, s in gap.items()) for gap in gaps)
            assert held or uncovered or len(gaps) == 10


@pytest.mark.parametrize(
    ("cell", "allowed"),
    [
        ("a", {"a"}),
        ("a, c", {"a", "c"}),
        ("a | c", {"a", "c"}),
        ("not(a)", {"b", "c"}),
        ('""a""', {"a"}),
        ("-", None),
        ("", None),
    ],
)
def test_a_cell_of_words_allows(cell, allowed, write):
    table = read_csv_table(write(f'"k {{a, b, c}}",-> y\n"{cell}",1\n'))

    assert table.lines[0].when.get("k") == (None if allowed is None else frozenset(allowed))


def test_outputs_may_be_several_and_without_a_mark_the_last_column_is_the_output(write):
    marked = read_csv_table(write("k,-> price,out: colour\na,1,red\n"))
    plain = read_csv_table(write("k,m,price\na,b,1\n"))

    assert (marked.lines[0].then, [v.name for v in marked.variables]) == ("price = 1, colour = red", ["k"])
    assert (plain.lines[0].then, [v.name for v in plain.variables]) == ("1", ["k", "m"])


def test_whole_numbers_leave_no_gap_between_four_and_five(write):
    body = "-> y\n<= 4,a\n>= 5,b\n"

    assert ("gap",) in found(read_csv_table(write("n," + body)))
    assert found(read_csv_table(write("n {integer}," + body))) == set()


def test_a_declared_range_bounds_what_must_be_covered(write):
    table = read_csv_table(write("n {0..10},-> y\n[0..4],a\n(4..10],b\n"))

    assert found(table) == set()


def test_faults_of_a_table_are_found_under_each_hit_policy(write):
    path = write('k {a, b, c},n {0..9},-> y\na,-,1\n"a, b",< 5,1\nb,>= 5,2\na,< 5,2\na,-,1\n')

    unique = found(read_csv_table(path, "unique"))
    assert {
        ("gap",),
        ("overlap", "line 2", "line 3"),
        ("conflict", "line 2", "line 5"),
        ("duplicate", "line 6", "line 2"),
    } <= unique
    assert ("masked", "line 5", "line 2") in found(read_csv_table(path, "first"))
    assert ("gap",) not in found(read_csv_table(path, "first", default="0"))
    assert ("conflict", "line 3", "line 5") in found(read_csv_table(path, "any"))
    assert ("overlap", "line 2", "line 3") not in found(read_csv_table(path, "any"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("k {a, b},-> y\nc,1\n", ":2:1: 'c' is no value of k"),
        ("k {alpha, beta},-> y\nbetta,1\n", "did you mean 'beta'?"),
        ("n,-> y\n> 5,1\nabc,2\n", ":3:1: 'abc' is no test of a number"),
        ("n,-> y\n[5..3],1\n", ":2:1: the range [5..3] holds no number"),
        ("n,-> y\n> 5,1\n<= 1e400,2\n", ":3:1: '<= 1e400' is no test of a number"),
        ("n,-> y\n<= 1e400,2\n", ":2:1: '<= 1e400' is no test of a number"),
        ("n {0..1e400},-> y\n5,1\n", ":1:1: '1e400' is no finite number"),
        ("n {0..nan},-> y\n5,1\n", ":1:1: 'nan' is no finite number"),
        ("n,-> y\n<NaN,1\n", ":2:1: '<NaN' is no test of a number"),
        ("n,-> y\n!= 5,1\n", "not(5)"),
        ("n,-> y\n1,a\n1.0,b\n", ":3:1: '1.0' and '1' of line 2 look like one value"),
        ("n,-> y\n1e400,a\n10e399,b\n", ":3:1: '10e399' and '1e400' of line 2 look like one value"),
        ("k,-> y\nTrue,a\nfalse,b\ntrue,c\n", ":4:1: 'true' and 'True' of line 2 look like one value"),
        ("k,-> y\nNew York,a\nnew  york,b\n", "list what k can be: {New York, new  york}"),
        ("n {9..1},-> y\n3,1\n", ":1:1: the range 9..1 is empty"),
        ("k,-> y\na,\n", ":2:3: no output in the column 'y'"),
        ("k,k,-> y\na,b,1\n", ":1:3: the column 'k' stands twice"),
        ("k,-> y\na,b,1\n", ":2:5: 3 cells, the header has 2"),
        ('k,-> y\n"a,1\n', ":2:1: this quote is never closed"),
        ('k,-> y\n"a"b,1\n', ":2:4: text after a closing quote"),
        ("-> y\n1\n", ":1:1: no input column"),
        ("k,-> y\n", ":1:1: a header without a single line"),
        ("", "the file is empty"),
        ("k,-> y\n\x00,1\n", ":2:1: a control character"),
        (b"k,-> y\n\xff,1\n", "UTF-8"),
    ],
)
def test_what_cannot_be_meant_is_refused_at_its_place(text, said, write):
    with pytest.raises(InputError) as caught:
        read_csv_table(write(text))

    assert any(said in problem.sentence() for problem in caught.value.problems), caught.value


def test_values_that_look_alike_are_told_apart_where_the_header_lists_both(write):
    table = read_csv_table(write('"k {1, 1.0, m, M}",-> y\n1,a\n1.0,b\nm,c\nM,d\n'))

    assert table.variables[0].values == ("1", "1.0", "m", "M")
    assert found(table) == set()


def test_codes_that_are_different_numbers_stay_the_values_of_their_column(write):
    table = read_csv_table(write("code,-> y\n1,a\n2,b\n1e400,c\n1e9999999999999999999,d\n<none>,e\n"))

    assert table.variables[0].values == ("1", "2", "1e400", "1e9999999999999999999", "<none>")


def test_all_faults_of_a_file_are_reported_at_once_in_their_order(write):
    text = 'k {a, b},n,-> y\nc,> 5,1\na,abc,\na,1\nb,"3,4\n'

    with pytest.raises(InputError) as caught:
        read_csv_table(write(text))

    lines = [problem.line for problem in caught.value.problems]
    assert lines == sorted(lines)
    assert set(lines) == {2, 3, 4, 5}


def test_a_huge_file_and_a_table_of_too_many_lines_are_refused(write):
    with pytest.raises(InputError, match="10000 lines"):
        read_csv_table(write("k,-> y\n" + "a,1\n" * 10_001))
    with pytest.raises(InputError):
        read_csv_table(write("k,-> y\n" + "a" * 2_000_000 + ",1\n"))


def test_semicolons_tabs_line_ends_of_windows_and_a_byte_order_mark_are_read(write):
    plain = read_csv_table(write("k,n,-> y\na,1,x\n"))
    for text in ("k;n;-> y\na;1;x\n", "k\tn\t-> y\na\t1\tx\n", "\ufeffk,n,-> y\r\na,1,x\r\n"):
        assert read_csv_table(write(text)) == plain


def test_a_quoted_cell_over_two_lines_counts_lines_right(write):
    with pytest.raises(InputError) as caught:
        read_csv_table(write('k {a, b},-> y\n"a,\nb",1\nc,2\n'))

    assert [(p.line, p.column) for p in caught.value.problems] == [(4, 1)]


@given(text=st.text(alphabet='ab,;"\n\r\t []()<>=.-{}0123456789', max_size=60))
@EXAMPLES
def test_no_text_whatever_does_more_than_be_refused(text, tmp_path_factory):
    path = tmp_path_factory.mktemp("csv") / "t.csv"
    path.write_text(text, newline="")
    with contextlib.suppress(InputError):
        assert verify_table(read_csv_table(path)).lines()


@pytest.mark.parametrize("name", ["technique", "family", "sequence", "trial", "written-rules"])
def test_an_exported_table_is_read_back_and_says_the_same(name, write):
    pack = load_library().pack
    (wanted,) = [table for table in pack.tables if table.id == name]

    table = read_csv_table(write(csv_table(pack, name)), "first")

    assert verify_table(table).sound
    rng = random.Random(3)
    for _ in range(200):
        case = {v.name: rng.choice(v.values) for v in table.variables}
        said = next(line.then for line in table.lines if all(case[n] in v for n, v in line.when.items()))
        assert said == first_hit(wanted, case, wanted.default)
