"""Traces are told on a page, what repeats once; the answer reaches spec and case, and its result stays found."""

import json

import pytest

from scoper.domain.certificates import EpisodeTrace, TraceStep
from scoper.interfaces.cli.main import main
from scoper.services.reviewing import lines_of, traces_of
from scoper.services.specs import parse_spec

SPEC = """\
scoper_mdp: 1
name: Shop
discount: 0.5
horizon: 4
state: {x: {from: 0, to: 2}}
actions: {a: {from: 0, to: 1}}
next: {x: "min(x + a, 2)"}
reward: {r: next_x}  # pays
terminated: "false"
start: {x: 0}
"""


def trace_of(word):
    steps = tuple(TraceStep(state=f"s{letter}", action=letter, reward=1.0) for letter in word)
    return EpisodeTrace(
        policy="p", seed=0, actions=tuple(word), steps=steps, length=len(word), total_reward=float(len(word)),
        terminated=True, truncated=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("word", "loops", "shown"),
    [
        ("abc", 0, 3),
        ("aaaaaaaa", 1, 1),
        ("abababab", 1, 2),
        ("xabcabcabcy", 1, 5),
        ("aabbaabb", 1, 4),
        ("aaabbb", 2, 2),
    ],
)
def test_what_repeats_is_told_once(word, loops, shown):
    lines = lines_of(trace_of(word))

    assert sum("repeated" in line for line in lines) == loops
    assert len(lines) == shown + loops + 1
    assert lines[-1].endswith(f"terminated after {len(word)} timesteps: reward {len(word)}")


def test_a_long_trace_ends_with_how_much_is_left_out():
    trace = trace_of([str(n) for n in range(40)])

    assert lines_of(trace, 10)[-2].strip() == "... 30 more timesteps"


@pytest.fixture
def shop(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mdp.yaml").write_text(SPEC)
    (tmp_path / "case.yaml").write_text("scoper: 1\ntitle: Shop  # ours\nspec: mdp.yaml\nanswers: {}\n")
    return tmp_path


def test_the_best_behaviour_is_shown_and_nothing_is_written_unasked(shop, capsys):
    assert main(["review", "mdp.yaml"]) == 0
    out = capsys.readouterr().out

    # 1 + 2/2 + 2/4 + 2/8 discounted
    assert "x=0: a=1; reward 1, 1 so far" in out
    assert "truncated by the time limit after 4 timesteps: reward 2.75" in out
    assert (shop / "mdp.yaml").read_text() == SPEC


@pytest.mark.slow
def test_an_answer_goes_into_the_spec_and_the_case(shop, capsys):
    assert main(["review", "case.yaml", "--answer", "no", "--by", "Ana", "--note", "too greedy", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    said = parse_spec((shop / "mdp.yaml").read_text(), "m").wanted.verified
    case = (shop / "case.yaml").read_text()

    assert (said.answer, said.by, said.note, said.shown) == (False, "Ana", "too greedy", document["shown"])
    assert document["recorded"] is True
    assert "reward: {r: next_x}  # pays" in (shop / "mdp.yaml").read_text()
    assert "title: Shop  # ours" in case
    assert "reward_measurable" in case
    assert "answer: partly" in case
    assert "Ana looked at what earns the most reward" in case


@pytest.mark.slow
def test_the_same_traces_are_shown_after_the_answer(shop, capsys):
    main(["review", "mdp.yaml", "--answer", "yes", "--json"])
    first = json.loads(capsys.readouterr().out)
    main(["review", "mdp.yaml", "--json"])
    second = json.loads(capsys.readouterr().out)

    assert second["shown"] == first["shown"] == second["verified"]["shown"]
    assert second["recorded"] is False


def test_an_environment_needs_a_result_with_traces(shop, capsys):
    (shop / "env.yaml").write_text("scoper_mdp: 1\nname: e\nenvironment: {id: CartPole-v1}\n")

    assert main(["review", "env.yaml"]) == 2
    assert "scoper probe env.yaml" in capsys.readouterr().err


def test_a_result_of_the_spec_before_it_was_answered_is_still_of_it(shop):
    from scoper.domain.probe import ProbeResult
    from scoper.services.reviewing import Shown, answered
    from scoper.services.specs import spec_digest

    spec = shop / "mdp.yaml"
    result = ProbeResult(
        spec={"name": "Shop", "digest": spec_digest(SPEC, shop)},
        verdict="feasible",
        criterion="discounted",
        traces=(trace_of("ab"),),
    )
    (shop / "result.json").write_text(result.model_dump_json())
    before = traces_of(spec)
    assert isinstance(before, Shown)
    answered(before, True, "Ana")
    after = traces_of(spec)

    assert isinstance(after, Shown)
    assert (after.digest, after.present.by) == (before.digest, "Ana")
