"""What a probe says of a bad spec: every problem by itself, at its place."""

import asyncio

import pytest

from scoper.domain.probe import Failed, ReturnMeasured, ReturnSummary, StageChanged, Started
from scoper.errors import InputError
from scoper.services import probing
from scoper.services.probing import result_of


def failed(message):
    return Failed(seq=1, t_s=0.1, code="bad_spec", message=message)


@pytest.mark.parametrize("source", ["mdp.yaml", "/tmp/a b (1)/mdp.yaml"])
def test_problems_that_only_the_child_can_see_keep_their_places(source):
    message = f"{source}:7:54: next.age: is 0.5; no; {source}:8:9: reward.r: is inf; {source}: too large"
    with pytest.raises(InputError) as caught:
        result_of(failed(message), source)

    assert [(p.source, p.line, p.column, p.message) for p in caught.value.problems] == [
        (source, 7, 54, "next.age: is 0.5; no"),
        (source, 8, 9, "reward.r: is inf"),
        (source, 0, 0, "too large"),
    ]


def test_without_a_source_the_sentence_stands_alone():
    with pytest.raises(InputError, match="something"):
        result_of(failed("something"))


@pytest.mark.parametrize(("measured", "kept"), [(False, False), (True, True)])
def test_events_of_a_probe_that_measured_something_stay(tmp_path, monkeypatch, measured, kept):
    async def told(plan):
        yield Started(name="x")
        yield StageChanged(stage="contract")
        if measured:
            yield ReturnMeasured(
                policy="random", summary=ReturnSummary(mean=1.0, low=0.0, high=2.0, n=3, basis="measured")
            )
        yield failed("mdp.yaml: no")

    async def run():
        return [event async for event in probing.run_probe(plan, events_path=tmp_path / "x.events")]

    plan = probing.make_plan(probing.environment_spec_text("FrozenLake-v1"), "lake", ".")
    monkeypatch.setattr(probing, "_with_repairs", told)

    assert isinstance(asyncio.run(run())[-1], Failed)
    assert (tmp_path / "x.events").exists() == kept
