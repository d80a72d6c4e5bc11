"""Observed numbers from a CSV column beside a spec: strictly read, never from elsewhere, part of the digest."""

import pytest

from scoper.domain.mdp import MdpSpec
from scoper.errors import InputError
from scoper.services.scaffolding import draft_from_spec, write_draft
from scoper.services.specs import parse_spec, read_spec, spec_digest

SPEC = """\
scoper_mdp: 1
name: Shop
discount: 0.9
state: {stock: {from: 0, to: 9}}
actions: {order: {from: 0, to: 3}}
exogenous: {demand: {empirical: {csv: demand.csv, column: units}}}
next: {stock: "min(9, max(0, stock + order - demand))"}
reward: "min(stock, demand)"
start: {stock: 0}
"""


@pytest.fixture
def folder(tmp_path):
    """A folder with the spec in it."""
    (tmp_path / "mdp.yaml").write_text(SPEC, encoding="utf-8")
    return tmp_path


@pytest.fixture
def law(folder):
    """The law that the spec has with this CSV file beside it."""

    def go(data):
        (folder / "demand.csv").write_bytes(data.encode() if isinstance(data, str) else data)
        spec = read_spec(folder / "mdp.yaml")
        assert isinstance(spec, MdpSpec)
        return spec.exogenous["demand"].parameters

    return go


@pytest.fixture
def refusals(law):
    """The problems with this CSV file, without the folder's name."""

    def go(data):
        with pytest.raises(InputError) as caught:
            law(data)
        return [(p.source.rpartition("/")[2], p.line, p.column, p.message) for p in caught.value.problems]

    return go


@pytest.mark.parametrize(
    "data",
    [
        "units\n3\n4\n4\n5\n",
        "day,units\nMonday,3\nTuesday,4\nWednesday,4\nThursday,5\n",
        "day;units\r\n1;3\r\n2;4.0\r\n3; 4\r\n4;+5\r\n",
        "units\tday\n3\t1\n\n4\t2\n4e0\t3\n5\t4",
        '\ufeff"day","units"\n"a, b",3\n"say ""4""",4\nx,"4"\ny, "5"\n',
    ],
)
def test_a_column_becomes_values_with_their_shares(law, data):
    found = law(data)

    assert (found["values"], found["probabilities"], found["rows"]) == ([3.0, 4.0, 5.0], [0.25, 0.5, 0.25], 4)


@pytest.mark.parametrize(
    ("data", "line", "column", "message"),
    [
        ("day,units\n1,3\n2,four\n", 3, 3, "'four' is not a number"),
        ("day,units\n1,  x\n", 2, 5, "'x' is not a number"),
        ('day,units\n"a, b",four\n', 2, 8, "'four' is not a number"),
        ("units,day\n,1\n", 2, 1, "the cell is empty"),
        ("day;units\n1;3,5\n", 2, 3, "'3,5' is not a number"),
        ("units\n1e999\n", 2, 1, "'1e999' is not a number"),
        ("units\nnan\n", 2, 1, "'nan' is not a number"),
        ("units\n\u0663\n", 2, 1, "'\u0663' is not a number"),
        ("units\n1_000\n", 2, 1, "'1_000' is not a number"),
        ("day,units\n1,3,4\n", 2, 1, "3 cells, the header has 2"),
        ('day,units\n"1,3\n', 2, 1, "a quotation mark is never closed"),
        ("day,unit\n1,3\n", 1, 1, "the header has no column 'units'"),
        ("units,units\n1,3\n", 1, 1, "the header has the column 'units' twice"),
        ("units\n", 1, 1, "there is no row below the header"),
        ("", 0, 0, "the file is empty"),
        (b"units\n3\n\xff\n", 3, 1, "the byte 0xff is not valid UTF-8"),
    ],
)
def test_a_bad_cell_is_named_with_its_line_and_column(refusals, data, line, column, message):
    assert ("demand.csv", line, column, message) in refusals(data)


def test_all_bad_cells_come_at_once_and_the_spec_names_the_file(refusals):
    found = refusals("units\na\n2\nb\n")

    assert [(name, line) for name, line, _, _ in found] == [("demand.csv", 2), ("demand.csv", 4), ("mdp.yaml", 6)]


def test_a_missing_file_is_named_with_its_nearest_neighbour(folder):
    (folder / "demands.csv").write_text("units\n3\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_spec(folder / "mdp.yaml")

    assert "did you mean 'demands.csv'?" in str(caught.value)


@pytest.mark.parametrize("name", ["../demand.csv", "/etc/passwd", "a/../../demand.csv", "C:\\\\x.csv", "link.csv", "."])
def test_nothing_outside_the_folder_of_the_spec_is_read(folder, name):
    inner = folder / "inner"
    inner.mkdir()
    (folder / "demand.csv").write_text("units\n3\n", encoding="utf-8")
    (inner / "link.csv").symlink_to(folder / "demand.csv")

    with pytest.raises(InputError) as caught:
        parse_spec(SPEC.replace("demand.csv", f'"{name}"'), "mdp.yaml", inner)
    (problem,) = caught.value.problems
    assert (problem.code, problem.line) == ("spec-csv", 6)


def test_without_a_folder_no_file_is_read():
    with pytest.raises(InputError, match="lies beside the spec's file, and there is none"):
        parse_spec(SPEC, "mdp.yaml")


def test_an_outline_needs_no_file():
    spec = parse_spec(SPEC, "mdp.yaml", outline=True)

    assert spec.exogenous["demand"].parameters["csv"] == "demand.csv"


def test_a_file_too_large_is_refused_with_advice(law):
    with pytest.raises(InputError, match="write the shares of its values under 'values:'"):
        law("units\n" + "1234567\n" * 600_000)


def test_a_scaffold_takes_the_file_along_and_runs_on_its_numbers(folder):
    (folder / "data").mkdir()
    (folder / "data" / "demand.csv").write_text("units\n3\n4\n", encoding="utf-8")
    text = SPEC.replace("csv: demand.csv", "csv: data/demand.csv")
    made = draft_from_spec(text, "mdp.yaml", folder=folder)
    write_draft(made, folder / "out")

    assert (folder / "out" / "data" / "demand.csv").read_text(encoding="utf-8") == "units\n3\n4\n"
    assert read_spec(folder / "out" / "mdp.yaml").exogenous["demand"].parameters["values"] == [3.0, 4.0]
    assert {"env.py", "test_env.py"} <= set(made.files)


def test_the_content_of_the_file_is_part_of_the_digest(folder):
    data = folder / "demand.csv"
    data.write_text("units\n3\n", encoding="utf-8")
    before = spec_digest(SPEC, folder)
    data.write_text("units\n4\n", encoding="utf-8")

    assert spec_digest(SPEC, folder) != before
    data.write_text("units\n3\n", encoding="utf-8")
    assert spec_digest(SPEC, folder) == before
