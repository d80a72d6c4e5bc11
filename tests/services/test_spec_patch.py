"""Edits of a spec touch what they name and nothing else, and `patch` and `git apply` make the same of the diff."""

import subprocess

import pytest

from scoper.domain.repairs import SpecEdit
from scoper.services.spec_patch import edited, unified_diff

TEXT = """\
name: A problem  # its name
discount: 0.9
reward:
  # the first
  one: "1.0"  # pays
  two: >-
    2.0
    + x
  three: "3.0"

# the start
start: {a: 0, b: 1}
"""


def put(*path, text):
    return edited(TEXT, [SpecEdit(path=path, text=text)])


def test_a_value_is_replaced_and_its_comment_stays():
    assert put("reward", "one", text='"-1.0"') == TEXT.replace('one: "1.0"  # pays', 'one: "-1.0"  # pays')


def test_a_folded_value_is_replaced_whole():
    assert put("reward", "two", text='"x"') == TEXT.replace(">-\n    2.0\n    + x", '"x"')


def test_a_new_entry_comes_last_in_its_mapping():
    assert put("reward", "four", text='"4"') == TEXT.replace('three: "3.0"\n', 'three: "3.0"\n  four: "4"\n')


def test_a_new_entry_in_braces_comes_before_the_brace():
    assert put("start", "c", text="2") == TEXT.replace("b: 1}", "b: 1, c: 2}")


def test_a_mapping_that_is_missing_is_made():
    assert put("baselines", "always", text="{a: 1}") == TEXT + "baselines: {always: {a: 1}}\n"


@pytest.mark.parametrize(
    ("path", "gone"),
    [
        (("reward", "one"), '  one: "1.0"  # pays\n'),
        (("reward", "two"), "  two: >-\n    2.0\n    + x\n"),
        (("start", "a"), "a: 0, "),
        (("start", "b"), ", b: 1"),
    ],
)
def test_an_entry_is_taken_away_with_its_lines(path, gone):
    assert put(*path, text=None) == TEXT.replace(gone, "")


def test_what_is_not_there_cannot_be_taken_away():
    assert put("reward", "nine", text=None) == TEXT


@pytest.mark.parametrize("ends", ["\n", ""])
@pytest.mark.parametrize("tool", [["patch", "-p1", "-s", "-i", "p.patch"], ["git", "apply", "p.patch"]])
def test_the_diff_is_what_patch_and_git_apply_take(tmp_path, tool, ends):
    before = TEXT.rstrip("\n") + ends
    after = edited(before, [SpecEdit(path=("reward", "two"), text=None), SpecEdit(path=("start", "c"), text="2")])
    (tmp_path / "mdp.yaml").write_text(before)
    (tmp_path / "p.patch").write_text(unified_diff(before, after, "mdp.yaml"))

    subprocess.run(tool, cwd=tmp_path, check=True)

    assert (tmp_path / "mdp.yaml").read_text() == after
