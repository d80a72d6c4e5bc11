"""Completion, tried in a real bash, and by the protocol of zsh and fish."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scoper.interfaces.cli.main import main
from scoper.services.library import load_library

ROOT = Path(__file__).parent.parent.parent
FOLDER = str(Path(sys.executable).parent)
BASH = shutil.which("bash")
QUESTIONS = list(load_library().questions)


def candidates(words, shell="zsh", variable="_SCOPER_COMPLETE"):
    """What scoper answers a shell: the words that it would offer for the last of `words`."""
    environment = {**os.environ, variable: f"{shell}_complete", "COMP_WORDS": " ".join(words)}
    environment["COMP_CWORD"] = words[-1] if shell == "fish" else str(len(words) - 1)
    run = subprocess.run(
        [f"{FOLDER}/scoper"], env=environment, capture_output=True, text=True, check=False, timeout=300, cwd=ROOT
    )
    lines = run.stdout.splitlines()
    if shell == "zsh":
        return [word for kind, word in zip(lines[::3], lines[1::3], strict=False) if kind == "plain"]
    return [line.split(",")[1].split("\t")[0] for line in lines if line.startswith("plain")]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_each_shell_calls_scoper_back(shell, capsys):
    assert main(["completion", shell]) == 0
    script = capsys.readouterr().out
    assert f"_SCOPER_COMPLETE={shell}_complete" in script
    assert "scoper" in script

    assert main(["completion", shell, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["script"] == script


def test_another_shell_is_refused_with_the_allowed_ones(capsys):
    assert main(["completion", "tcsh"]) == 2
    assert "'bash', 'zsh', 'fish'" in capsys.readouterr().err


def test_a_faulty_configuration_does_not_stop_a_shell_that_starts(tmp_path, monkeypatch, capsys):
    (tmp_path / "scoper.toml").write_text("nonsense = [")
    monkeypatch.chdir(tmp_path)

    assert main(["completion", "bash"]) == 0


@pytest.mark.slow
@pytest.mark.skipif(BASH is None, reason="there is no bash here")
@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("scoper ass", ["assess"]),
        ("scoper rules ch", ["check"]),
        ("scoper probe --bud", ["--budget"]),
        ("scoper probe --fail-on inf", ["infeasible"]),
        ("scoper report --format ", ["md", "html", "json"]),
        ("scoper completion f", ["fish"]),
        ("scoper explain markov", ["markov_state"]),
        ("scoper explain ", QUESTIONS),
        ("scoper rules show ready-rl-a", ["ready-rl-audit"]),
        ("scoper diagnostics rarity", []),
        ("scoper diagnostics reward_sc", ["reward_scale"]),
        ("scoper scaffold --template inv", ["inventory"]),
        ("scoper init --example inv", ["invoice_approval"]),
        ("scoper config show probe.bu", ["probe.budget"]),
        ("scoper schema ", ["case", "spec", "gate", "rules"]),
    ],
)
def test_a_real_bash_completes_commands_flags_choices_and_signal_ids(line, offered):
    words = line.split(" ")
    script = f"""
        eval "$(scoper completion bash)"
        COMP_WORDS=({" ".join(f"'{word}'" for word in words)}) COMP_CWORD={len(words) - 1}
        $(complete -p scoper | sed 's/.*-F \\([^ ]*\\) .*/\\1/') scoper
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    environment = {**os.environ, "PATH": f"{FOLDER}:{os.environ['PATH']}"}
    run = subprocess.run(
        [BASH, "--norc", "-c", script],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
        timeout=300,
        cwd=ROOT,
    )

    assert set(offered) <= set(run.stdout.split())
    assert all(word.startswith(words[-1]) for word in run.stdout.split())


@pytest.mark.slow
@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_zsh_and_fish_are_answered_in_their_own_form(shell):
    assert candidates(["scoper", "ass"], shell) == ["assess"]
    assert candidates(["scoper", "explain", "markov"], shell) == ["markov_state"]
