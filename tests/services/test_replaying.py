"""Certificates come back from results, dossiers and reports as they went in, and a changed block is refused."""

import json
from pathlib import Path

import pytest

from scoper.domain.certificates import Certificate
from scoper.domain.findings import Finding
from scoper.domain.probe import ProbeResult, ReplayPlan
from scoper.errors import InputError, UsageError
from scoper.interfaces.cli.main import main
from scoper.probe.certificates_play import SpecPlayer
from scoper.services.replaying import block_of, plan_of, read_certificates, replayed, spec_for
from scoper.services.specs import parse_spec, spec_digest

SPEC = """\
scoper_mdp: 1
name: "Boat ``` <b> & @all"
discount: 0.9
horizon: 8
state: {x: {from: 0, to: 4}}
actions: {go: {from: -1, to: 1}}
next: {x: "clip(x + go, 0, 4)"}
reward: {buoy: "1.0 if next_x == 2 and x != 2 else 0"}
objective: {success: "next_x == 4"}
terminated: "x == 4"
start: {x: 0}
"""


@pytest.fixture
def result(tmp_path, monkeypatch):
    """A result with one certificate: turning at the buoy against going on to the goal."""
    from scoper.modelling.success import with_success

    monkeypatch.chdir(tmp_path)
    (tmp_path / "mdp.yaml").write_text(SPEC)
    player = SpecPlayer(with_success(parse_spec(SPEC, "m")), 8)
    traces = player.replay(1, (1, 1, -1, 1, -1, 1, -1, 1), "turning"), player.replay(1, (1, 1, 1, 1), "straight")
    made = Certificate(kind="more_reward_less_objective", claim="turning pays", traces=traces, discount=0.9)
    return ProbeResult(
        spec={"name": "Boat ``` <b> & @all", "digest": spec_digest(SPEC, tmp_path)},
        verdict="reward_defective",
        criterion="discounted",
        certificates=(made,),
    )


def briefly(certificates):
    return [(c.claim, [(t.seed, t.actions, t.total_reward, t.objective) for t in c.traces]) for c in certificates]


def written(result, kind):
    """A file of this kind that holds the result's certificates."""
    block = block_of(result)
    escaped = block.replace('"', "&quot;")
    text = {
        "result.json": result.model_dump_json(),
        "report.md": f"# Report\n\n```json\n{block}\n```\n",
        "report.html": f'<!doctype html>\n<pre><code class="language-json">{escaped}\n</code></pre>',
    }[kind]
    Path(kind).write_text(text)
    return Path(kind)


KINDS = ("result.json", "report.md", "report.html")


@pytest.mark.parametrize("kind", KINDS)
def test_what_went_in_comes_out(result, kind):
    read = read_certificates(written(result, kind))

    assert briefly(read.certificates) == briefly(result.certificates)
    assert (read.name, read.digest, read.verdict) == (result.spec["name"], result.spec["digest"], "reward_defective")


def test_nothing_in_a_block_is_alive_in_markdown_or_html(result):
    block = block_of(result)

    assert not set("`<>&~|") & set(block)
    assert "\n" not in block


@pytest.mark.parametrize(("old", "new"), [('"seed": 1', '"seed": 2'), ("turning pays", "turning is fine")])
def test_a_changed_block_is_refused(result, old, new):
    path = written(result, "report.md")
    path.write_text(path.read_text().replace(old, new))

    with pytest.raises(InputError, match="was changed"):
        read_certificates(path)


@pytest.mark.parametrize("text", ["", "hello", "{}", "[1]", '{"scoper_certificates": 1}', "scoper: 1\ntitle: x\n"])
def test_another_file_is_refused(result, tmp_path, text):
    path = tmp_path / "other.md"
    path.write_text(text)

    with pytest.raises(InputError):
        read_certificates(path)


def test_the_spec_beside_the_file_is_found_by_its_digest(result, tmp_path):
    path = written(result, "result.json")

    assert spec_for(read_certificates(path), path)[0] == SPEC
    (tmp_path / "mdp.yaml").write_text(SPEC.replace("0.9", "0.8"))
    with pytest.raises(UsageError, match="is not beside the file"):
        spec_for(read_certificates(path), path)


@pytest.mark.slow
@pytest.mark.parametrize(("change", "code"), [("", 0), ("1.0 if next_x", 1)])
def test_the_command_says_whether_they_hold(result, tmp_path, capsys, change, code):
    path = written(result, "report.md")
    (tmp_path / "now.yaml").write_text(SPEC.replace(change, "2.0 if next_x") if change else SPEC)

    assert main(["replay", str(path), "now.yaml", "--json"]) == code
    document = json.loads(capsys.readouterr().out)
    assert document["holds"] is (code == 0)
    assert document["spec"]["changed"] is (code == 1)
    assert document["certificates"][0]["kind"] == "more_reward_less_objective"


def test_a_report_without_certificates_has_none_to_run(tmp_path, capsys):
    path = tmp_path / "report.md"
    path.write_text("# Report\n\nMade with scoper.\n")

    assert main(["replay", str(path)]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert said.startswith("No certificates to run again: it has none. Only what shows a defective or infeasible")
    assert "the certificates of an exact solution are error bounds of the solver" in said


def test_why_there_are_no_certificates_is_said_as_the_probe_found_it(result, capsys):
    why = "nothing shows this verdict to others: the time was used up"
    finding = Finding(code="no_certificate", severity="info", claim=why)
    bare = result.model_copy(update={"certificates": (), "findings": (finding,)})
    Path("result.json").write_text(bare.model_dump_json())

    assert main(["replay", "result.json"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert said == f"No certificates to run again: the verdict 'reward defective' has none. N{why[1:]}."
    assert main(["replay", "result.json", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["why_none"] == why


def test_traces_of_arrays_are_told_without_a_probe(result, tmp_path):
    _, traces = replayed(plan_of((SPEC, "mdp.yaml", tmp_path), ReplayPlan(show=True)))

    # arriving at the buoy pays at timesteps 1, 3, 5, 7: 0.9 + 0.9^3 + 0.9^5 + 0.9^7
    assert traces[0].total_reward == pytest.approx(0.9 + 0.9**3 + 0.9**5 + 0.9**7)
    assert traces[0].objective == 0.0
