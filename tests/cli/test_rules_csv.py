"""`scoper rules check TABLE.csv` from the command line: what it takes for granted and which forms a cell may have."""

import re
from pathlib import Path

from scoper.interfaces.cli.main import main

README = Path(__file__).parents[2] / "README.md"


def checked(tmp_path, capsys, text):
    path = tmp_path / "esc.csv"
    path.write_text(text, encoding="utf-8")
    code = main(["rules", "check", str(path)])
    told = capsys.readouterr()
    return code, told.out, told.err


def test_values_taken_from_the_cells_are_told_with_the_header_that_declares_more(tmp_path, capsys):
    _, _, said = checked(tmp_path, capsys, "amount,critical,-> who\n<= 150,no,clerk\n> 150,no,head\n-,yes,board\n")
    assert (
        "critical: only 'no' and 'yes' were seen and taken as all its values; "
        "declare others in the header as `critical {no, yes, x}`"
    ) in said
    assert "amount" not in said


def test_a_header_that_declares_its_values_leaves_nothing_to_say(tmp_path, capsys):
    _, _, said = checked(tmp_path, capsys, '"critical {no, yes, maybe}",-> who\nno,clerk\nyes,board\nmaybe,head\n')
    assert "seen" not in said


def test_of_many_values_the_first_are_told(tmp_path, capsys):
    rows = "".join(f"w{n},{n}\n" for n in range(30))
    _, _, said = checked(tmp_path, capsys, "kind,-> y\n" + rows)
    assert "'w7' and 22 more were seen" in said
    assert "{w0, w1, w2, w3, w4, w5, w6, w7, ..., x}" in said


def test_a_range_from_everyday_life_comes_with_its_spelling(tmp_path, capsys):
    code, _, said = checked(tmp_path, capsys, "amount,-> who\n< 150,clerk\n150-250,head\n> 250,board\n")
    assert code == 2
    assert "esc.csv:3:1" in said
    assert "write [150..250]" in said


def test_what_is_no_test_of_a_number_is_told_all_forms(tmp_path, capsys):
    code, _, said = checked(tmp_path, capsys, "amount,-> who\n< 150,clerk\nmuch,head\n")
    assert code == 2
    for form in (">= 5", "[150..250]", "not(5)"):
        assert form in said


def test_the_table_of_the_readme_is_sound(tmp_path, capsys):
    (text,) = re.findall(r"```csv\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    code, page, _ = checked(tmp_path, capsys, text)
    assert code == 0, page
    assert "[150..250]" in text
