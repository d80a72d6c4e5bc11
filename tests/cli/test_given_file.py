"""A file in the place of a command's name is answered with the command that takes it."""

from pathlib import Path

import pytest

from scoper.interfaces.cli.main import main


@pytest.mark.parametrize(
    ("argv", "wanted"),
    [
        (["past.csv"], "`scoper check automation past.csv --case past.yaml`"),
        (["check", "past.csv"], "`scoper check automation past.csv`"),
        (["check", "spec.yaml"], "`scoper probe spec.yaml`"),
        (["nothing.yaml"], "There is no such file either: `scoper ask nothing.yaml` makes it"),
        (["check", "nothing"], "A technique comes first: llm, automation"),
    ],
)
def test_a_file_without_its_command_is_told_the_command(
    argv: list[str], wanted: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("past.csv").write_text("day,amount,paid\n" + "".join(f"{i},{i * 7 % 5},no\n" for i in range(30)))
    Path("spec.yaml").write_text("scoper_mdp: 1\nname: A\n")
    assert main(argv) == 2
    assert wanted in capsys.readouterr().err
