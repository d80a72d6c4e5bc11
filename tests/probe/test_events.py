"""The stream of events: same plan, same stream; a file of it can be shown again."""

import json

import pytest

from scoper.domain.mdp import EnvironmentSpec
from scoper.domain.probe import STAGES, Heartbeat, ProbePlan
from scoper.probe.protocol import LineReader, LogTail, OutputFault, decode, encode

pytestmark = pytest.mark.slow

TIMED = ("t_s", "steps_per_s", "hours_to_target", "hours")


def timeless(event):
    def strip(value):
        if isinstance(value, dict):
            return {key: strip(entry) for key, entry in value.items() if key not in TIMED}
        return [strip(entry) for entry in value] if isinstance(value, list) else value

    return strip(event.model_dump(mode="json"))


@pytest.fixture
def stream(events_of):
    def go(identifier, **plan):
        spec = EnvironmentSpec(name=identifier, id=identifier)
        return events_of(ProbePlan(spec_text="", spec=spec, **{"learning_steps": 20_000, **plan}))

    return go


@pytest.mark.parametrize("identifier", ["FrozenLake-v1", "Blackjack-v1"])
def test_the_same_plan_gives_the_same_events_but_for_times(stream, identifier):
    first, second = stream(identifier), stream(identifier)

    assert [timeless(event) for event in first] == [timeless(event) for event in second]


@pytest.mark.deep
@pytest.mark.slow
def test_deep_learning_too_gives_the_same_events_but_for_times(stream):
    first, second = stream("CartPole-v1", learning_steps=4000), stream("CartPole-v1", learning_steps=4000)

    assert [timeless(event) for event in first] == [timeless(event) for event in second]


def test_another_seed_gives_other_events(stream):
    first, second = stream("Blackjack-v1", learning_steps=500), stream("Blackjack-v1", learning_steps=500, seed=1)

    assert [timeless(event) for event in first] != [timeless(event) for event in second]


def test_every_stage_is_announced_once_in_order(stream):
    events = stream("FrozenLake-v1")

    assert [event.stage for event in events if event.kind == "stage"] == list(STAGES)
    assert events[0].kind == "started"
    assert events[-1].kind == "finished"


def test_every_return_and_finding_of_the_result_was_an_event_before(stream):
    events = stream("FrozenLake-v1")
    result = events[-1].result

    assert {event.policy: event.summary for event in events if event.kind == "return"} == dict(result.returns)
    assert tuple(event.finding for event in events if event.kind == "finding") == result.findings


def test_an_event_survives_its_line():
    event = Heartbeat(seq=3, t_s=0.5, progress=7)

    assert decode(encode(event).strip()) == event


@pytest.mark.parametrize(
    "line", [b"", b"{}", b'{"kind":"hello"}', b'{"kind":"stage"}', b"\xff", b'{"kind":"heartbeat","extra":1}']
)
def test_a_line_that_is_no_event_is_refused(line):
    with pytest.raises(OutputFault):
        decode(line)


def test_lines_are_cut_whatever_the_pieces():
    text = b'{"a": 1}\n{"b": 2}\n\n{"c": 3}\n'
    for size in range(1, len(text)):
        reader = LineReader()
        pieces = [text[i : i + size] for i in range(0, len(text), size)]
        assert [json.loads(line) for piece in pieces for line in reader.feed(piece)] == [{"a": 1}, {"b": 2}, {"c": 3}]


def test_a_line_without_end_is_refused_and_not_kept():
    reader = LineReader(limit=10)
    with pytest.raises(OutputFault, match="more than 10 bytes"):
        reader.feed(b"x" * 11)


def test_the_log_keeps_its_end_and_counts_the_rest():
    log = LogTail(limit=8)
    log.feed(b"a" * 100)
    log.feed(b"the end!")

    assert log.text() == "[100 bytes before this are not kept]\nthe end!"
