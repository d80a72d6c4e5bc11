"""A fault in one file of a pack is told once: the files that name what is in it are not at fault."""

import pytest

from scoper.errors import InputError
from scoper.services.library import data_path, load_library


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("questions/horizon.yaml", "order: ", "order: soon "),
        ("questions/labelled_targets.yaml", "kind: graded", "kind: grated"),
        ("decisions/sequence/_table.yaml", "hit_policy: first", "hit_policy: second"),
        ("decisions/technique/_table.yaml", "kind: technique", "kind: techniques"),
    ],
)
def test_one_fault_in_a_file_that_others_name_is_one_problem(name, old, new, tmp_path):
    text = (data_path("rules") / name).read_text()
    assert old in text
    (tmp_path / name).parent.mkdir(parents=True)
    (tmp_path / name).write_text(text.replace(old, new, 1))

    with pytest.raises(InputError) as refused:
        load_library(tmp_path)

    assert [name in p.sentence() for p in refused.value.problems] == [True], refused.value


def test_a_name_that_is_in_no_file_is_still_unknown_beside_it(tmp_path):
    (tmp_path / "questions").mkdir()
    (tmp_path / "questions/horizon.yaml").write_text("id: horizon\n")
    (tmp_path / "levers.yaml").write_text(
        "source: s\nlevers: {horizons: {to: [no], effort: days, how: h}, horizon: {to: [no], effort: days, how: h}}\n"
    )
    with pytest.raises(InputError) as refused:
        load_library(tmp_path)

    assert ["horizons" in p.message for p in refused.value.problems].count(True) == 1
    assert not any("'horizon'" in p.message for p in refused.value.problems)
