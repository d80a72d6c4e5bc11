"""`scoper feedback` as people and programs use it."""

import json
import os
import pty
import subprocess
import sys

import pytest

from scoper.domain.probe import Cost, ProbeResult
from scoper.interfaces.cli.main import main
from scoper.services.specs import spec_digest

SPEC = "scoper_mdp: 1\nname: x\nenvironment: {id: FrozenLake-v1}\ndiscount: 0.9\n"
CASE = "scoper: 1\ntitle: Reorder  # weekly\nspec: mdp.yaml\nanswers: {interaction_cost: cheap_real}\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A case, its spec and a result that speaks for four answers, one of them against the case."""
    monkeypatch.chdir(tmp_path)
    result = ProbeResult(
        spec={"name": "x", "digest": spec_digest(SPEC, tmp_path)},
        verdict="feasible",
        criterion="mean return",
        cost=Cost(steps_per_s=41_000.0),
    )
    (tmp_path / "case.yaml").write_text(CASE)
    (tmp_path / "mdp.yaml").write_text(SPEC)
    (tmp_path / "result.json").write_text(result.model_dump_json())
    return tmp_path


def test_offers_are_listed_with_their_numbers_and_nothing_is_written(folder, capsys):
    assert main(["feedback", "case.yaml"]) == 0
    out = capsys.readouterr().out

    assert "cheap_simulation = yes   [not answered yet]" in out
    assert "! interaction_cost = simulated   [the case says cheap_real]" in out
    assert "measured: 41,000 timesteps/s" in out
    assert "nothing was written" in out
    assert (folder / "case.yaml").read_text() == CASE


@pytest.mark.slow
def test_accepting_all_leaves_a_contradiction_and_shows_the_verdict_before_and_after(folder, capsys):
    assert main(["feedback", "case.yaml", "result.json", "--accept", "all"]) == 0
    out = capsys.readouterr().out
    text = (folder / "case.yaml").read_text()

    assert "Accepted: cheap_simulation, interaction_at_scale, exploration_safe" in out
    assert "Left: interaction_cost" in out
    assert out.index("Verdict before") < out.index("Verdict after")
    assert "interaction_cost: cheap_real" in text
    assert text.startswith("scoper: 1\ntitle: Reorder  # weekly\nspec: mdp.yaml\n")


def test_json_is_one_document_with_offers_and_both_verdicts(folder, capsys):
    assert main(["feedback", "case.yaml", "--accept", "cheap_simulation,interaction_cost", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    (offer,) = [offer for offer in document["offers"] if offer["signal"] == "interaction_cost"]

    assert (offer["relation"], offer["basis"], offer["answer"]) == ("contradicts", "measured", "simulated")
    assert offer["present"] == [{"answer": "cheap_real"}]
    assert document["accepted"] == ["cheap_simulation", "interaction_cost"]
    assert document["before"] != document["after"]


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["case.yaml", "--accept", "cheap_simulaton"], "did you mean 'cheap_simulation'?"),
        (["case.yaml", "none.json"], "none.json"),
        (["case.yaml", "case.yaml"], "this is a case, not a probe's result"),
        (["mdp.yaml"], "mdp.yaml: this is an MDP spec, not a case"),
    ],
)
def test_a_call_that_cannot_be_meant_exits_with_a_sentence_and_writes_nothing(folder, capsys, argv, words):
    assert main(["feedback", *argv]) in (2, 4)

    assert words in capsys.readouterr().err
    assert (folder / "case.yaml").read_text() == CASE


@pytest.mark.slow
def test_on_a_terminal_every_offer_is_asked_about(folder):
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "scoper", "feedback", "case.yaml", "--color", "never"]
    process = subprocess.Popen(command, stdin=slave, stdout=subprocess.PIPE, stderr=slave, cwd=folder)
    os.close(slave)
    os.write(master, b"n\ny\nn\nn\n")
    out, _ = process.communicate(timeout=60)
    os.close(master)

    accepted = [line for line in out.decode().splitlines() if line.startswith("Accepted: ")]
    assert accepted == ["Accepted: interaction_cost"]
    assert "interaction_cost: {answer: simulated" in (folder / "case.yaml").read_text()
