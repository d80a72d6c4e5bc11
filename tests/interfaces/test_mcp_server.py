"""The MCP server, asked by the SDK's own client: the same answers as the command line, and clear errors."""

import json
import os
import sys
from pathlib import Path

import pytest

pytest.importorskip("mcp")

from jsonschema import Draft202012Validator
from mcp import Client, StdioServerParameters

from scoper.interfaces.cli.main import main
from scoper.interfaces.mcp_files import Fence
from scoper.interfaces.mcp_server import build
from scoper.interfaces.mcp_tools import Tools
from scoper.services.cases import read_case
from scoper.services.library import load_library
from scoper.services.report_data import load_report_data
from scoper.services.scoping import interview

ROOT = Path(__file__).parent.parent.parent
EXAMPLES = ROOT / "examples"
LIBRARY = load_library()
DATA = load_report_data(None, LIBRARY.questions)
SMALL = """\
scoper_mdp: 1
name: Two lamps
discount: 0.9
horizon: 5
state: {lit: {from: 0, to: 2}}
actions: {switch: {from: 0, to: 1}}
next: {lit: "min(2, lit + switch)"}
reward: {light: lit, switching: "-0.5 * switch"}
start: {lit: 0}
"""
CASES = sorted(path for path in EXAMPLES.glob("*.yaml") if ".mdp." not in path.name)


def server(*folders, **options):
    return build(Tools(LIBRARY, DATA, Fence.around(folders or (EXAMPLES,))), **options)


def told(result):
    return "\n".join(block.text for block in result.content)


async def asked(name, arguments, of=None):
    async with Client(of or server()) as client:
        return await client.call_tool(name, arguments)


async def test_only_reading_tools_are_offered_unless_probing_is_allowed():
    async with Client(server()) as client:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
    async with Client(server(allow_probe=True)) as client:
        more = {tool.name for tool in (await client.list_tools()).tools}

    assert set(tools) == {"assess", "explain", "next_question", "lint", "report"}
    assert more - set(tools) == {"probe"}
    assert all(tool.annotations.read_only_hint for tool in tools.values())
    assert all(tool.description and tool.output_schema for tool in tools.values())


@pytest.mark.slow
@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
async def test_assess_says_what_the_command_line_says(path, capsys):
    result = await asked("assess", {"path": path.name})
    assert main(["assess", str(path), "--json"]) == 0

    assert not result.is_error
    assert result.structured_content == json.loads(capsys.readouterr().out)


async def test_a_case_may_be_given_as_text():
    path = CASES[0]

    of_text = await asked("assess", {"text": path.read_text()})

    assert of_text.structured_content == (await asked("assess", {"path": path.name})).structured_content


async def test_an_interview_by_next_question_ends_where_the_services_say_it_does():
    answers, asked_for = {}, []
    async with Client(server()) as client:
        while True:
            lines = "".join(f"  {name}: {value}\n" for name, value in answers.items())
            text = f"scoper: 1\ntitle: Orders\nanswers:\n{lines or '  {}'}"
            found = (await client.call_tool("next_question", {"text": text})).structured_content
            if found["question"] is None:
                break
            signal = found["question"]["signal"]
            asked_for.append(signal)
            values = list(found["question"]["answers"])
            assert values == list(LIBRARY.questions[signal].values)
            answers[signal] = values[0]

    assert len(asked_for) == len(set(asked_for)) > 3
    assert found["answered"] == [name for name in LIBRARY.questions if name in answers]
    assert set(found["answered"]) | set(found["skipped"]) <= set(LIBRARY.questions)


async def test_the_first_question_of_every_example_is_that_of_the_interview():
    for path in CASES:
        case = read_case(path, LIBRARY.questions).case
        answer = await asked("next_question", {"path": path.name})
        if case.parts:
            assert answer.is_error, path
            assert all(part.id in answer.content[0].text for part in case.parts)
            continue
        found, stand = answer.structured_content, interview(case, LIBRARY)
        signal = found["question"]["signal"] if found["question"] else None

        assert (signal, found["certain"], found["open"]) == (stand.next_signal, stand.certain, list(stand.open))


async def test_explain_tells_a_meaning_and_its_part_in_a_case():
    found = (await asked("explain", {"name": "markov_state", "path": "cartpole.yaml"})).structured_content

    assert found["kind"] == "signal"
    assert found["answers"] == dict(LIBRARY.questions["markov_state"].meanings)
    assert found["in_this_case"]["answer"] == "yes"


async def test_lint_gives_every_problem_with_its_place_and_none_for_what_is_right():
    bad = "scoper: 1\ntitle: x\nanswers:\n  markov_stat: yes\n  horizon: forever\n"
    found = (await asked("lint", {"text": bad})).structured_content

    assert found["ok"] is False
    assert [(each["line"], each["column"]) for each in found["problems"]] == [(4, 3), (5, 12)]
    assert found["problems"][0]["remedy"] == "did you mean 'markov_state'?"

    spec = (await asked("lint", {"path": "warehouse_reorder.mdp.yaml"})).structured_content
    assert (spec["ok"], spec["kind"], spec["problems"]) == (True, "spec", [])
    assert (await asked("lint", {"text": "a: [1"})).structured_content["ok"] is False


async def test_report_gives_the_text_and_writes_nothing(tmp_path):
    case = tmp_path / "case.yaml"
    case.write_text((EXAMPLES / "invoice_approval.yaml").read_text())

    found = (await asked("report", {"path": "case.yaml"}, server(tmp_path))).structured_content

    assert found["format"] == "md"
    assert "plain automation" in found["text"]
    assert list(tmp_path.iterdir()) == [case]


@pytest.mark.parametrize(
    ("tool", "arguments", "says"),
    [
        ("assess", {}, "give either `path` or `text`"),
        ("assess", {"path": "a", "text": "b"}, "give either `path` or `text`"),
        ("assess", {"path": "cartpol.yaml"}, "did you mean 'cartpole.yaml'?"),
        ("assess", {"path": "../README.md"}, "outside of the folder"),
        ("assess", {"path": "/etc/passwd"}, "outside of the folder"),
        ("assess", {"path": "a\0b"}, "no path"),
        ("assess", {"text": "scoper: 1\ntitle: x\nanswers: {markov_stat: yes}"}, "text:3:11"),
        ("explain", {"name": "markovstate"}, "did you mean 'markov_state'?"),
        ("report", {"path": "cartpole.yaml", "format": "pdf"}, "format"),
        ("next_question", {"path": 5}, "path"),
        ("probe", {"path": "cartpole.mdp.yaml"}, "probe"),
    ],
)
async def test_bad_input_is_a_clear_tool_error(tool, arguments, says):
    result = await asked(tool, arguments)

    assert result.is_error
    assert says in told(result)
    assert "Traceback" not in told(result)


async def test_no_link_leads_out_of_the_folder(tmp_path):
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    (inside / "rules" / "questions").mkdir(parents=True)
    outside.mkdir()
    (outside / "secret.yaml").write_text("password: hunter2\n")
    (inside / "link.yaml").symlink_to(outside / "secret.yaml")
    (inside / "folder").symlink_to(outside)
    (inside / "rules" / "questions" / "q.yaml").symlink_to(outside / "secret.yaml")
    (inside / "case.yaml").write_text("scoper: 1\ntitle: x\nspec: link.yaml\n")
    of = server(inside)
    calls = [
        (tool, {"path": path}) for tool in ("assess", "lint", "report") for path in ("link.yaml", "folder/secret.yaml")
    ]
    calls += [("lint", {"path": "rules"}), ("report", {"path": "case.yaml"})]

    for tool, arguments in calls:
        result = await asked(tool, arguments, of)
        assert result.is_error, (tool, arguments)
        assert "outside" in told(result)
        assert "hunter2" not in told(result)

    allowed = await asked("lint", {"path": str(outside / "secret.yaml")}, server(inside, outside))
    assert not allowed.is_error


async def test_what_is_no_regular_file_is_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "pipe.yaml")

    result = await asked("assess", {"path": "pipe.yaml"}, server(tmp_path))

    assert result.is_error
    assert "neither a file nor a folder" in told(result)


@pytest.mark.slow
async def test_the_server_speaks_over_stdio_and_survives_every_error(tmp_path):
    (tmp_path / "case.yaml").write_text((EXAMPLES / "invoice_approval.yaml").read_text())
    parameters = StdioServerParameters(
        command=sys.executable,
        args=["-m", "scoper", "mcp", "--quiet"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "SCOPER_CONFIG": ""},
    )
    async with Client(parameters) as client:
        tools = (await client.list_tools()).tools
        for arguments in ({}, {"path": "../x"}, {"path": "none.yaml"}, {"text": "}{"}):
            assert (await client.call_tool("assess", arguments)).is_error
        result = await client.call_tool("assess", {"path": "case.yaml"})

    assert len(tools) == 5
    assert result.structured_content["verdict"]["technique"] == "plain_automation"
    for tool in tools:
        Draft202012Validator.check_schema(tool.output_schema)


@pytest.mark.slow
async def test_a_probe_measures_when_it_is_allowed_and_runs_no_code_that_nobody_agreed_to(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (tmp_path / "mdp.yaml").write_text(SMALL)
    (tmp_path / "planted.py").write_text("import pathlib\npathlib.Path('ran').touch()\n")
    (tmp_path / "code.yaml").write_text("scoper_mdp: 1\nname: a\nenvironment: {entry_point: 'planted:Env', path: .}\n")
    of = server(tmp_path, allow_probe=True)

    refused = await asked("probe", {"path": "code.yaml"}, of)
    assert refused.is_error
    assert "--trust" in told(refused)
    assert not any(tmp_path.rglob("ran"))

    found = await asked("probe", {"path": "mdp.yaml", "budget": "300"}, of)
    assert not found.is_error, told(found)
    assert found.structured_content["returns"]["optimal"] is not None
