"""Nothing judges only what the parts of a project share: compared, gated, verified, looked up part by part."""

import json
from pathlib import Path
from typing import Any, Literal

import pytest

from scoper.errors import UsageError
from scoper.interfaces.mcp_files import Fence
from scoper.interfaces.mcp_tools import Tools
from scoper.services.cases import read_case, single
from scoper.services.diffing import diff, document
from scoper.services.due import Present, due
from scoper.services.gating import annotation, judge, read_gate
from scoper.services.gating import document as gate_document
from scoper.services.library import load_library
from scoper.services.report_data import load_report_data
from scoper.services.reporting import render
from scoper.services.scopings import Scoping, parts_of, read_scoping
from scoper.services.snapshots import keep, take
from scoper.services.verifying import verify
from scoper.services.verifying_seal import sealed_json

pytestmark = pytest.mark.slow

LIBRARY = load_library()
DATA = load_report_data(None, LIBRARY.questions)
FORMS = "  forms: {answers: {known_rules: yes, steps_fixed: yes}, hands_to: [mails]}\n"
ALONE = FORMS.replace(", hands_to: [mails]", "")
MAILS = "  mails: {answers: {language_and_tools: yes, known_rules: no, action_space: discrete_large}}\n"
HEAD = "scoper: 1\ntitle: T\nanswers: {language_and_tools: no}\nparts:\n"


def scoping(folder: Path, name: str, text: str) -> Scoping:
    path = folder / f"{name}.yaml"
    path.write_text(text)
    return read_scoping(path, LIBRARY)


def kept(folder: Path, text: str) -> Path:
    (folder / "kept.yaml").write_text(text)
    taken = take(read_case(folder / "kept.yaml", LIBRARY.questions), LIBRARY, "2027-01-31")
    return keep(taken, folder / "snapshots")[0]


def test_a_project_does_not_differ_from_itself_nor_from_its_snapshot(tmp_path: Path) -> None:
    one = scoping(tmp_path, "a", HEAD + FORMS + MAILS)
    assert diff(one, scoping(tmp_path, "b", HEAD + FORMS + MAILS), LIBRARY).empty
    snapshot = read_scoping(kept(tmp_path, HEAD + FORMS + MAILS), LIBRARY)
    found = diff(snapshot, one, LIBRARY)
    assert [part.change for part in found.parts] == ["same", "same"]
    assert found.empty


def test_parts_that_came_went_or_changed_are_told_with_their_verdicts(tmp_path: Path) -> None:
    changed = FORMS.replace("known_rules: yes", "known_rules: no").replace(", hands_to: [mails]", "")
    before = scoping(tmp_path, "a", HEAD + FORMS + MAILS)
    after = scoping(tmp_path, "b", HEAD + changed + "  rest: {}\n")
    told = document(diff(before, after, LIBRARY))
    parts = {part["part"]: part for part in told["parts"]}

    assert {name: part["change"] for name, part in parts.items()} == {
        "forms": "changed",
        "rest": "added",
        "mails": "removed",
    }
    assert parts["mails"]["verdict"]["a"]["technique"] == "llm_orchestration"
    assert parts["mails"]["verdict"]["b"] is None
    assert [each["signal"] for each in parts["forms"]["answers"]] == ["known_rules"]
    assert parts["forms"]["verdict"]["moved"]
    assert told["verdict"]["moved"]


def test_a_change_of_a_shared_answer_that_moves_no_part_moves_nothing(tmp_path: Path) -> None:
    shared = HEAD.replace("language_and_tools: no", "language_and_tools: no, audit_required: no")
    found = diff(scoping(tmp_path, "a", HEAD + ALONE), scoping(tmp_path, "b", shared + ALONE), LIBRARY)
    assert not found.empty
    assert found.verdict_moved == any(part.moved for part in found.parts)


def test_every_part_has_to_meet_the_gate_and_a_failure_names_its_part_at_its_own_line(tmp_path: Path) -> None:
    gate = tmp_path / "gate.yaml"
    gate.write_text("scoper_gate: 1\ntechnique: [plain_automation]\nanswers: {language_and_tools: [no]}\n")
    project = scoping(tmp_path, "a", HEAD + FORMS + MAILS)
    judgement = judge(read_gate(gate, LIBRARY), project, LIBRARY, "2027-01-31")

    assert not judgement.met
    assert [(each.part, each.id) for each in judgement.failed] == [
        ("mails", "technique"),
        ("mails", "answers.language_and_tools"),
    ]
    assert all(each.sentence.startswith("mails: ") for each in judgement.failed)
    assert f"file={project.path},line=6," in annotation(judgement.failed[1], judgement)
    told = gate_document(judgement, read_gate(gate, LIBRARY))
    assert [(part["part"], part["met"]) for part in told["parts"]] == [("forms", True), ("mails", False)]


def test_what_is_demanded_of_dates_is_asked_of_the_whole_case_once(tmp_path: Path) -> None:
    gate = tmp_path / "gate.yaml"
    gate.write_text("scoper_gate: 1\nreview: {stated: yes}\n")
    project = scoping(tmp_path, "a", "review_by: 2027-05-01\n" + HEAD + FORMS + MAILS)
    judgement = judge(read_gate(gate, LIBRARY), project, LIBRARY, "2027-01-31")
    assert [(each.id, each.part, each.met) for each in judgement.conditions] == [("review.stated", "", True)]


def test_an_answer_of_a_part_makes_the_case_due(tmp_path: Path) -> None:
    text = "update_when: [{answers: {known_rules: [no]}}]\n" + HEAD
    present = Present(LIBRARY.digest)
    one, other = (scoping(tmp_path, "a", text + parts).case for parts in (ALONE, FORMS + MAILS))
    assert one is not None
    assert other is not None
    assert not due(one, present).due
    found = due(other, present)
    assert found.due
    assert "in 'T: mails' known_rules = no" in found.reasons[0].sentence


@pytest.mark.parametrize("ending", ["md", "json", None])
def test_the_verdict_of_every_part_is_worked_out_again(tmp_path: Path, ending: Literal["md", "json"] | None) -> None:
    path = kept(tmp_path, HEAD + FORMS + MAILS)
    if ending is not None:
        file = read_case(tmp_path / "kept.yaml", LIBRARY.questions)
        path = tmp_path / f"r.{ending}"
        path.write_text(render(take(file, LIBRARY, "2027-01-31").dossier, ending, data=DATA))
    found = verify(path, LIBRARY)
    assert found.holds
    told = {check.what: check.sentence for check in found.checks}
    assert "plain_automation" in told["verdict of forms"]
    assert "llm_orchestration" in told["verdict of mails"]


def test_a_verdict_of_a_part_that_does_not_follow_is_named(tmp_path: Path) -> None:
    file = read_case(kept(tmp_path, HEAD + FORMS + MAILS).parent.parent / "kept.yaml", LIBRARY.questions)
    document = json.loads(render(take(file, LIBRARY, "2027-01-31").dossier, "json", data=DATA))
    document.pop("seal")
    document["project"]["parts"][1]["verdict"]["technique"] = "plain_automation"
    path = tmp_path / "r.json"
    path.write_text(sealed_json(document))
    assert "verdict of mails.technique" in [check.what for check in verify(path, LIBRARY).checks if not check.holds]


def test_what_judges_one_case_refuses_a_project_and_names_its_parts(tmp_path: Path) -> None:
    scoping(tmp_path, "a", HEAD + FORMS + MAILS)
    with pytest.raises(UsageError) as refused:
        single(read_case(tmp_path / "a.yaml", LIBRARY.questions))
    assert f"{tmp_path}/a.yaml#forms, {tmp_path}/a.yaml#mails" in refused.value.problems[0].remedy
    assert single(read_case(tmp_path / "a.yaml#forms", LIBRARY.questions)).part == "forms"


def test_assistants_ask_and_judge_part_by_part_from_a_file_and_from_text(tmp_path: Path) -> None:
    text = HEAD + FORMS + MAILS
    scoping(tmp_path, "a", text)
    tools = Tools(LIBRARY, DATA, Fence.around([tmp_path]))
    given: Any
    for given in ({"path": "a.yaml", "part": "mails"}, {"path": "a.yaml#mails"}, {"text": text, "part": "mails"}):
        assert tools.assess(**given)["verdict"]["technique"] == "llm_orchestration"
        assert tools.next_question(**given).technique == "llm_orchestration"
        assert "T: mails" in tools.report(**given).text
    with pytest.raises(UsageError, match="each is judged by itself"):
        tools.next_question(path="a.yaml")
    with pytest.raises(UsageError, match="no part 'mail'"):
        tools.assess(text=text, part="mail")


def test_a_link_out_of_the_folder_is_not_followed_for_one_of_its_parts(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    scoping(tmp_path, "secret", HEAD + FORMS + MAILS)
    (inside / "link.yaml").symlink_to(tmp_path / "secret.yaml")
    tools = Tools(LIBRARY, DATA, Fence.around([inside]))
    with pytest.raises(UsageError, match="outside of the folder"):
        tools.assess(path="link.yaml#forms")


def test_the_parts_of_what_was_recorded_have_the_recorded_verdicts(tmp_path: Path) -> None:
    snapshot = read_scoping(kept(tmp_path, HEAD + FORMS + MAILS), LIBRARY)
    assert [(name, one.headline["technique"]) for name, one in parts_of(snapshot)] == [
        ("forms", "plain_automation"),
        ("mails", "llm_orchestration"),
    ]
