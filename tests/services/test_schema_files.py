"""A file that scoper writes names its schema, which lies beside it; nothing that others wrote is touched."""

import json
import re

import pytest
from jsonschema import Draft7Validator

from scoper.domain.questionnaire import Answer
from scoper.interfaces.cli.main import main
from scoper.services.cases import create_case, read_case, set_answer, set_spec
from scoper.services.library import load_library
from scoper.services.schemas import SCHEMAS, lay_schema, schema_line, with_schema_line
from scoper.services.strict_yaml import parse, to_python

QUESTIONS = load_library().questions
NAMED = re.compile(r"\A# yaml-language-server: \$schema=(\S+)\n")


def schema_of(path):
    """What an editor does: the schema that the first line names, seen from the file."""
    return json.loads((path.parent / NAMED.match(path.read_text())[1]).read_text())


def test_a_new_case_names_a_schema_beside_it_that_it_is_right_by(tmp_path):
    file = create_case(tmp_path / "case.yaml", title="Orders")

    Draft7Validator(schema_of(file.path)).validate(to_python(parse(file.text, "case")))


def test_every_save_keeps_the_line(tmp_path):
    file = create_case(tmp_path / "case.yaml", title="Orders")
    for answer in ("yes", "no"):
        file = set_answer(file, "markov_state", (Answer(answer=answer, by="Ana"),), QUESTIONS)
    file = set_spec(file, "mdp.yaml", QUESTIONS)
    file = set_answer(file, "markov_state", None, QUESTIONS)

    assert read_case(file.path, QUESTIONS).text.startswith(schema_line("case"))


@pytest.mark.slow
def test_a_drafted_spec_names_a_schema_beside_it_and_keeps_it_when_drafted_again(tmp_path, capsys):
    case = create_case(tmp_path / "case.yaml", title="Reorder stock of one product from the supplier")
    argv = ["scaffold", str(case.path), "-o", str(tmp_path / "work"), "--template", "inventory"]
    assert main(argv) == 0
    assert main([*argv, "--force"]) == 0

    schema = schema_of(tmp_path / "work" / "mdp.yaml")
    found = list(Draft7Validator(schema).iter_errors(to_python(parse((tmp_path / "work/mdp.yaml").read_text(), "s"))))

    assert found
    assert {error.instance for error in found} == {"TODO"}


def test_the_line_is_put_once_and_a_line_of_ones_own_stays():
    once = with_schema_line("a: 1\n", "case")

    assert once == schema_line("case") + "a: 1\n"
    assert with_schema_line(once, "case") == once
    own = "# yaml-language-server: $schema=mine.json\na: 1\n"
    assert with_schema_line(own, "case") == own


def test_an_older_schema_of_scopers_is_replaced_and_one_of_the_users_stays(tmp_path):
    place = tmp_path / ".scoper" / "spec.schema.json"
    assert lay_schema(tmp_path, "spec") == place
    current = place.read_text()
    assert lay_schema(tmp_path, "spec") is None

    place.write_text(current.replace("MDP spec", "older spec", 1))
    assert lay_schema(tmp_path, "spec") == place
    assert place.read_text() == current

    place.write_text('{"title": "mine"}\n')
    assert lay_schema(tmp_path, "spec") is None
    assert place.read_text() == '{"title": "mine"}\n'


def test_no_schema_is_written_through_a_link(tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    (first / ".scoper").symlink_to(outside)
    (second / ".scoper").mkdir(parents=True)
    target = tmp_path / "precious"
    target.write_text('{"$comment": "Written by scoper, which may replace this file."}')
    (second / ".scoper" / "spec.schema.json").symlink_to(target)

    assert lay_schema(first, "spec") is None
    assert lay_schema(second, "spec") is None

    assert list(outside.iterdir()) == []
    assert "title" not in target.read_text()


def test_a_case_is_made_where_no_schema_can_be(tmp_path):
    (tmp_path / ".scoper").write_text("a file of somebody's")

    assert create_case(tmp_path / "case.yaml", title="Orders").path.is_file()
    assert (tmp_path / ".scoper").read_text() == "a file of somebody's"


@pytest.mark.slow
@pytest.mark.parametrize("kind", SCHEMAS)
def test_the_command_prints_a_schema_and_writes_it_without_overwriting(tmp_path, capsys, kind):
    assert main(["schema", kind]) == 0
    text = capsys.readouterr().out
    Draft7Validator.check_schema(json.loads(text))

    argv = ["schema", kind, "-o", str(tmp_path / "new" / "s.json")]
    assert main(argv) == 0
    assert (tmp_path / "new" / "s.json").read_text() == text
    assert main(argv) == 4
    assert main([*argv, "--force"]) == 0


def test_one_kind_of_rule_file_and_a_kind_that_there_is_not(capsys):
    assert main(["schema", "rules", "--kind", "risk"]) == 0
    assert "applies_to" in json.loads(capsys.readouterr().out)["properties"]

    assert main(["schema", "rules", "--kind", "rsk"]) == 2
    assert "did you mean 'risk'?" in capsys.readouterr().err
    assert main(["schema", "case", "--kind", "risk"]) == 2
