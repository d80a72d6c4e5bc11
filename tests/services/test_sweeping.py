"""Which cells a sweep measures, keeps and does again; the engine here makes results up, in any order wanted."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from scoper.domain.cell import Bounds, Fault, SeedReturn
from scoper.domain.probe import ProbePlan
from scoper.domain.returns import ReturnSummary
from scoper.domain.sweep import CellKey, CellRecord, Job, SweepTable
from scoper.errors import StorageError, UsageError
from scoper.services.probing import environment_spec_text, make_plan
from scoper.services.sweeping import Progress, Wishes, read_learners, read_seeds, sweep


def floor(mean: float) -> ReturnSummary:
    return ReturnSummary(mean=mean, low=mean, high=mean, n=1, basis="proved")


def made_up(job: Job) -> CellRecord:
    """Floors of 0, an optimum of 10, and a return that tells the seed."""
    if job.key.learner is None:
        bounds = Bounds(returns={"random": floor(0.0)}, floors=("random",), optimal=10.0, learners=("a", "b"))
        return CellRecord(key=job.key, measurement=bounds, versions={"numpy": "2"})
    return CellRecord(key=job.key, measurement=SeedReturn(mean=float(job.key.number)), versions={"numpy": "2"})


class Engine:
    """Answers every job at once, in an order of its own; cells named in `failing` fail, after `most` it is killed."""

    def __init__(self, order: int = 0, failing: frozenset[int] = frozenset(), most: int = 10**6) -> None:
        self.order, self.failing, self.most = random.Random(order), failing, most
        self.ran: list[CellKey] = []

    def __call__(self, jobs, done) -> None:
        waiting = list(jobs)
        while waiting:
            job = waiting.pop(self.order.randrange(len(waiting)))
            if len(self.ran) == self.most:
                raise KeyboardInterrupt
            self.ran.append(job.key)
            record = made_up(job)
            if job.key.learner == "a" and job.key.number in self.failing:
                record = CellRecord(key=job.key, measurement=Fault(code="crash", claim="killed by SIGKILL"))
            waiting += done(job, record, "")


@pytest.fixture
def plans() -> list[ProbePlan]:
    return [make_plan(environment_spec_text(name), name, ".", budget="quick") for name in ("One-v1", "Two-v1")]


WISHES = Wishes(None, (0, 1, 2, 3, 4))


def files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.mark.slow
def test_any_order_gives_the_same_files(plans, tmp_path):
    for order in range(4):
        sweep(plans, WISHES, tmp_path / str(order), Engine(order))

    first = files(tmp_path / "0")
    assert len([name for name in first if name.startswith("cells")]) == 2 * (1 + 2 * 5)
    assert all(files(tmp_path / str(order)) == first for order in range(1, 4))


def test_what_is_measured_is_kept(plans, tmp_path):
    sweep(plans, WISHES, tmp_path, Engine())
    before, again, heard = files(tmp_path), Engine(), list[Progress]()

    sweep(plans, WISHES, tmp_path, again, heard.append)

    assert again.ran == []
    assert files(tmp_path) == before
    assert len(heard) == 22
    assert all(progress.kept for progress in heard)


def test_more_seeds_and_another_learner_add_cells_and_keep_the_others(plans, tmp_path):
    sweep(plans, WISHES, tmp_path, Engine())
    engine = Engine()

    table = sweep(plans[:1], Wishes(("a", "c"), (3, 4, 5)), tmp_path, engine)

    assert {(key.learner, key.number) for key in engine.ran} == {("a", 5), ("c", 3), ("c", 4), ("c", 5)}
    assert [(row.learner, row.seeds) for row in table.rows] == [("a", 3), ("c", 3)]


@pytest.mark.slow
@pytest.mark.parametrize("most", [0, 1, 7, 21])
def test_an_interrupted_sweep_goes_on_and_comes_to_the_same(plans, tmp_path, most):
    sweep(plans, WISHES, tmp_path / "whole", Engine())
    first, second = Engine(3, most=most), Engine(4)

    with pytest.raises(KeyboardInterrupt):
        sweep(plans, WISHES, tmp_path / "parts", first)
    sweep(plans, WISHES, tmp_path / "parts", second)

    assert len(first.ran) == most
    assert len(second.ran) == 22 - most
    assert files(tmp_path / "parts") == files(tmp_path / "whole")


@pytest.mark.slow
@pytest.mark.parametrize(
    "damage", [lambda text: text[:-40], lambda text: b"", lambda text: b"{}", lambda text: b"\xff"]
)
def test_a_torn_file_is_done_again(plans, tmp_path, damage):
    sweep(plans, WISHES, tmp_path, Engine())
    whole, engine = files(tmp_path), Engine()
    torn = tmp_path / sorted(name for name in whole if "-b-3-" in name)[0]
    torn.write_bytes(damage(torn.read_bytes()))

    sweep(plans, WISHES, tmp_path, engine)

    assert [(key.learner, key.number) for key in engine.ran] == [("b", 3)]
    assert files(tmp_path) == whole


def test_a_record_under_the_name_of_another_cell_is_done_again(plans, tmp_path):
    sweep(plans, WISHES, tmp_path, Engine())
    whole, engine = files(tmp_path), Engine()
    one, other = (next(name for name in sorted(whole) if f"-b-{number}-" in name) for number in (3, 4))
    (tmp_path / one).write_bytes(whole[other])

    sweep(plans, WISHES, tmp_path, engine)

    assert [(key.learner, key.number) for key in engine.ran] == [("b", 3)]
    assert files(tmp_path) == whole


@pytest.mark.slow
def test_a_failed_cell_costs_itself_only_and_is_tried_again(plans, tmp_path):
    sweep(plans, WISHES, tmp_path / "whole", Engine())

    table = sweep(plans, WISHES, tmp_path / "hurt", Engine(failing=frozenset({2})))
    rows = {(row.spec, row.learner): (row.seeds, row.failed) for row in table.rows}
    assert rows[("One-v1", "a")] == (4, 1)
    assert rows[("One-v1", "b")] == (5, 0)
    assert table.failed == 2
    assert "crash" in (tmp_path / "hurt" / "sweep.md").read_text()

    kept, again = Engine(), Engine()
    sweep(plans, Wishes(None, WISHES.seeds, retry=False), tmp_path / "hurt", kept)
    assert kept.ran == []
    sweep(plans, WISHES, tmp_path / "hurt", again)
    assert {(key.learner, key.number) for key in again.ran} == {("a", 2)}
    assert files(tmp_path / "hurt") == files(tmp_path / "whole")


def test_a_spec_whose_bounds_fail_leaves_the_others_alone(plans, tmp_path):
    class Half(Engine):
        def __call__(self, jobs, done):
            fault = Fault(code="bad_spec", claim="no such id")
            for job in jobs:
                if job.plan.spec.name == "One-v1":
                    assert list(done(job, CellRecord(key=job.key, measurement=fault), "")) == []
            super().__call__([job for job in jobs if job.plan.spec.name != "One-v1"], done)

    table = sweep(plans, WISHES, tmp_path, Half())

    assert {row.spec for row in table.rows} == {"Two-v1"}
    assert [cell.code for cell in table.cells if cell.state == "failed"] == ["bad_spec"]


def test_the_same_spec_twice_is_measured_once(plans, tmp_path):
    table = sweep([plans[0], plans[0]], WISHES, tmp_path, Engine())

    assert len(table.specs) == 1


def test_the_table_is_the_files_content(plans, tmp_path):
    table = sweep(plans, WISHES, tmp_path, Engine())

    assert json.loads((tmp_path / "sweep.json").read_text()) == table.document()
    assert SweepTable.model_validate(table.document()) == table


def test_what_somebody_else_keeps_under_our_names_is_not_overwritten(plans, tmp_path):
    for name, text in (("sweep.json", "{}"), ("sweep.md", "# my notes\n")):
        folder = tmp_path / name
        folder.mkdir()
        (folder / name).write_text(text)
        with pytest.raises(StorageError):
            sweep(plans, WISHES, folder, Engine())
        assert (folder / name).read_text() == text

    (tmp_path / "file").write_text("x")
    with pytest.raises(StorageError):
        sweep(plans, WISHES, tmp_path / "file", Engine())


def test_every_part_of_a_key_is_part_of_the_name():
    key = CellKey(spec="0" * 16, learner="a", budget="quick", budget_s=60.0)
    changes = {"spec": "1" * 16, "code": "x", "learner": "b", "number": 1, "seed": 1, "budget": "60 s"}
    changes |= {"budget_s": 61.0, "learning_steps": 5}

    names = {key.model_copy(update={name: value}).file_name for name, value in changes.items()}

    assert changes.keys() == CellKey.model_fields.keys()
    assert len(names | {key.file_name}) == len(changes) + 1
    assert key.model_copy(update={"learner": "../../x"}).file_name.count("/") == 0


@pytest.mark.parametrize(
    ("text", "numbers"), [("3", (0, 1, 2)), ("0,7,3", (0, 3, 7)), ("2-4,9", (2, 3, 4, 9)), ("5,", (5,)), ("4,4", (4,))]
)
def test_seeds_are_a_number_of_them_a_list_or_ranges(text, numbers):
    assert read_seeds(text) == numbers


@pytest.mark.parametrize("text", ["0", "", "x", "3-1", "-2", "1.5", "0-99999999", "1,,x"])
def test_what_names_no_seeds_is_refused(text):
    with pytest.raises(UsageError):
        read_seeds(text)


def test_learners_are_known_ids_and_every_wrong_one_is_told():
    assert read_learners(None) is None
    assert read_learners("q_learning, ppo,ppo") == ("q_learning", "ppo")
    with pytest.raises(UsageError) as caught:
        read_learners("q_learning,sarsaa,random")
    assert [problem.message for problem in caught.value.problems] == [
        "'sarsaa' is no learner",
        "'random' is no learner",
    ]
    assert "did you mean 'sarsa'?" in caught.value.problems[0].remedy
