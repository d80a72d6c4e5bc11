"""What a sweep says of the finished cells in its folder, before it measures any."""

from __future__ import annotations

import pytest

from scoper.interfaces.cli._sweep_text import opening_line, stale_line, unfit_line
from scoper.services.probing import make_plan
from scoper.services.sweep_opening import Stale
from scoper.services.sweeping import Opening, Wishes, sweep
from tests.line_world import LINE
from tests.services.test_sweeping import Engine

SPEC = "scoper_mdp: 1\nname: coins\nenvironment: {entry_point: 'coins:Env', path: code}\n"
WISHES = Wishes(("a", "b"), (0, 1))


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "coins.py").write_text("class Env: ...\n")
    return tmp_path


def swept(folder, text=SPEC, wishes=WISHES, most=10**6, **more):
    """How the sweep began, and how many cells it measured."""
    plan = make_plan(text, "mdp.yaml", str(folder), **{"budget": "quick", **more})
    engine, heard = Engine(most=most), []
    try:
        sweep([plan], wishes, folder / "out", engine, on_open=heard.append)
    except KeyboardInterrupt:
        assert len(engine.ran) == most
    return heard[0], len(engine.ran)


def test_a_new_sweep_says_how_much_it_is_and_the_same_again_that_all_is_kept(folder):
    assert swept(folder) == (Opening(1, 5, 0), 5)
    assert swept(folder) == (Opening(1, 5, 5), 0)


def test_without_learners_it_is_known_after_floors_and_optimum_how_much_it_is(folder):
    every = Wishes(None, (0, 1))

    assert swept(folder, wishes=every)[0] == Opening(1, None, 0)
    assert swept(folder, wishes=every)[0] == Opening(1, 5, 5)


def test_a_note_in_the_folder_of_the_code_costs_no_cell(folder):
    swept(folder)
    for name in ("notes.txt", "run.log", "other.yaml"):
        (folder / "code" / name).write_text("name: other\n")

    assert swept(folder) == (Opening(1, 5, 5), 0)


def test_cells_of_other_code_are_counted_and_the_files_named_until_all_are_measured_anew(folder):
    swept(folder)
    (folder / "code" / "hello.py").write_text("")

    assert swept(folder, most=2) == (Opening(1, 5, 0, (Stale(5, "code", "hello.py is new"),)), 2)
    assert swept(folder) == (Opening(1, 5, 2, (Stale(3, "code", "hello.py is new"),)), 3)
    assert swept(folder) == (Opening(1, 5, 5), 0)

    (folder / "code" / "coins.py").write_text("class Env: pass\n")
    (folder / "code" / "hello.py").unlink()
    assert swept(folder)[0].stale == (Stale(5, "code", "coins.py differs, hello.py is gone"),)


def test_cells_of_another_spec_and_of_other_options_are_told_apart(folder):
    swept(folder)

    assert swept(folder, SPEC.replace("coins\n", "coin\n"))[0].stale == (Stale(5, "spec"),)
    told = swept(folder, budget="30", learning_steps=10)[0].stale
    assert told == (Stale(5, "plan", "--budget, --steps"), Stale(5, "spec"))


def test_code_that_is_too_much_to_look_at_is_named(folder, monkeypatch):
    monkeypatch.setattr("scoper.services.sweep_code._MOST_COUNTED", 0)

    assert swept(folder)[0].unseen == ("coins",)


def test_what_was_not_asked_for_now_is_not_stale(folder):
    swept(folder)

    assert swept(folder, wishes=Wishes(("c",), (5,)))[0] == Opening(1, 2, 1)


def test_learners_that_cannot_fit_are_told_at_once_where_the_spec_tells(folder):
    asked = Wishes(("sac", "q_learning", "ppo"), (0,))
    (unfit,) = swept(folder, LINE.format(length=5), asked)[0].unfit

    assert (unfit.learners, unfit.fitting[0]) == (("sac", "ppo"), "q_learning")
    assert unfit_line(unfit).startswith("line 5: sac, ppo do not fit; what fits: q_learning, ")
    assert swept(folder, LINE.format(length=5), Wishes(("sarsa",), (0,)))[0].unfit == ()
    assert swept(folder, SPEC, asked)[0].unfit == ()


def test_both_are_one_line():
    found = opening_line(Opening(2, 34, 3), 8, "2 workers")

    assert found == "sweep of 2 specs: 34 cells, 3 finished before are kept; on 2 workers"
    assert opening_line(Opening(1, None, 0), 8, "1 worker").startswith("sweep of 1 spec: 8 seeds of every learner")
    assert stale_line((Stale(9, "code", "hello.py is new"), Stale(1, "spec"))) == (
        "10 finished cells are not reused: 9 of other code (hello.py is new), 1 of another spec"
    )
    assert stale_line(()) == ""


def test_the_name_of_a_file_stays_on_its_line(folder):
    swept(folder)
    (folder / "code" / "two\nlines \x1b[31m.py").write_text("x = 1\n")

    (stale,) = swept(folder)[0].stale

    assert stale.differs.isprintable()
    assert stale.differs.endswith("is new")
