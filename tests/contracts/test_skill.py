"""Every example of SKILL.md runs as it stands, in the order in which it is read."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
SKILL = (ROOT / "SKILL.md").read_text()
BLOCK = re.compile(r"```(console|yaml file=(\S+))\n(.*?)```", re.DOTALL)
COMMAND = re.compile(r"\$ (scoper [^#>]+?)(?: > (\S+))?(?:  # exit (\d): (.+))?")


def test_it_has_a_name_and_says_when_to_use_it():
    head = re.match(r"---\nname: scoper\ndescription: >-\n(.+?)\n---\n", SKILL, re.DOTALL)

    assert head
    assert "Use it when" in head[1]
    assert len(head[1]) <= 1024


@pytest.mark.slow
def test_its_examples_run(tmp_path):
    ran = 0
    for kind, name, body in BLOCK.findall(SKILL):
        if kind != "console":
            (tmp_path / name).write_text(body)
            continue
        for line in body.splitlines():
            command, target, code, says = COMMAND.fullmatch(line).groups()
            run = subprocess.run(
                [sys.executable, "-m", *shlex.split(command)],
                cwd=tmp_path,
                capture_output=True,
                text=True,
                check=False,
                timeout=500,
            )
            assert run.returncode == int(code or 0), (line, run.stderr)
            assert (says or "") in run.stderr
            if target:
                (tmp_path / target).write_text(run.stdout)
            ran += 1

    assert ran >= 9
    assert "result.json" in {path.name for path in tmp_path.iterdir()}


def test_every_command_and_flag_it_names_exists():
    from scoper.interfaces.cli.main import cli

    for command in re.findall(r"scoper ([a-z]+)(?= [a-z`A-Z-])", SKILL):
        if command not in ("asks", "prints"):
            assert cli.get_command(None, command) is not None, command
