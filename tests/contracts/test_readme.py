"""What the README shows is what the commands print."""

import re
import subprocess
import sys
from pathlib import Path

from tests.in_process import scoper

ROOT = Path(__file__).parent.parent.parent
README = (ROOT / "README.md").read_text()


def test_the_verdict_block_is_the_output_of_its_command():
    shown = re.search(r"```console\n\$ scoper (assess \S+)\n```.*?```text\n(.*?)```", README, re.DOTALL)
    command, block = shown.groups()

    run = subprocess.run(
        [sys.executable, "-m", "scoper", *command.split()], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert block.strip() == run.stdout.strip()


def test_every_link_of_the_readme_leads_somewhere():
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", README)

    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_the_first_screen_has_both_commands_and_a_picture():
    first = "\n".join(README.splitlines()[:60])

    assert "make demo" in first
    assert "make test" in first
    assert ".svg)" in first


def test_every_make_target_named_exists():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))

    assert set(re.findall(r"\bmake ([a-z]+)", README)) <= targets


def test_the_readme_turns_completion_on_by_the_lines_that_its_help_gives():
    told = " ".join(scoper("completion", "--help").stdout.split())
    lines = re.findall(r"^(eval.*?|scoper completion fish.*?) +# (?:a line for )?(\S+?)[,:]? ", README, re.MULTILINE)

    assert [where for _, where in lines] == ["~/.bashrc", "~/.zshrc", "fish"]
    for line, where in lines:
        assert where in told
        assert line in told or line.replace("zsh", "bash") in told
