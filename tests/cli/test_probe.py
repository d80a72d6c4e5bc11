"""`scoper probe` as people and programs use it."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.in_process import scoper

ENVIRONMENTS = Path(__file__).parents[1] / "probe" / "environments"
EXAMPLES = Path(__file__).parents[2] / "examples"
CODE = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
    "from scoper.interfaces.cli.main import run; run()"
)


def start(*argv, **options):
    return subprocess.Popen(
        [sys.executable, "-c", CODE, "probe", *map(str, argv)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
        **options,
    )


def probe(*argv):
    return scoper("probe", *argv)


@pytest.fixture
def faulty(tmp_path):
    def write(fault, extra=""):
        file = tmp_path / "mdp.yaml"
        file.write_text(
            f"scoper_mdp: 1\nname: faulty\nenvironment: {{entry_point: 'faulty.py:Fine', path: '{ENVIRONMENTS}',"
            f" kwargs: {{fault: {fault}}}}}\n{extra}"
        )
        return file

    return write


@pytest.mark.slow
def test_an_environment_id_with_arguments_gives_a_verdict_and_its_reasons():
    run = probe("FrozenLake-v1", "--env-arg", "map_name=8x8", "--env-arg", "is_slippery=false", "--steps", 200000)

    assert run.returncode == 0
    assert run.stdout.startswith("FrozenLake-v1: feasible\n")
    assert "registered time limit of 100 timesteps" in run.stdout.replace("\n", " ")
    for word in ("random", "constant", "myopic", "optimal", "q_learning", "Gap share"):
        assert word in run.stdout
    for stage in ("contract", "solve", "floors", "learn", "diagnose"):
        assert stage in run.stderr
    assert "\x1b" not in run.stdout + run.stderr


@pytest.mark.slow
def test_json_is_one_document_on_stdout():
    run = probe("FrozenLake-v1", "--steps", 400_000, "--json", "--quiet")
    document = json.loads(run.stdout)

    assert (run.returncode, run.stderr) == (0, "")
    assert document["verdict"] == "feasible"
    assert document["returns"]["optimal"]["mean"] == pytest.approx(0.74419, abs=1e-5)
    assert len(run.stdout.splitlines()) == 1


@pytest.fixture(scope="module")
def recording(tmp_path_factory):
    """A probe, its file of events, and what it said."""
    file = tmp_path_factory.mktemp("recording") / "events.jsonl"
    return file, probe("FrozenLake-v1", "--steps", 20000, "--events", file)


@pytest.mark.slow
@pytest.mark.parametrize("argv", [["--replay", None], [None, "--replay"], ["FrozenLake-v1", "--replay", None]])
def test_events_can_be_shown_again_without_running_anything(recording, argv):
    file, first = recording
    again = probe(*(part or file for part in argv))

    assert again.returncode == 0
    assert again.stdout == first.stdout
    assert again.stderr == first.stderr
    assert "stops when" in again.stderr


@pytest.mark.slow
def test_a_recording_takes_the_time_that_its_speed_says(recording):
    file, _ = recording
    times = [json.loads(line).get("t_s") for line in file.read_text().splitlines()]
    told = [t_s for t_s in times if t_s is not None]
    began = time.monotonic()
    probe("--replay", file, "--speed", 0.5, "--quiet")

    assert time.monotonic() - began >= 2 * (told[-1] - told[0])


@pytest.mark.slow
def test_a_recording_of_another_spec_says_so_and_keeps_stdout_as_it_is(recording):
    file, first = recording
    again = probe("CartPole-v1", "--replay", file)

    said = [line for line in again.stderr.splitlines() if "the recording is of another spec" in line]
    assert len(said) == 2
    assert again.stderr.splitlines()[0] == again.stderr.splitlines()[-1] == said[0]
    assert again.stdout == first.stdout


def test_a_recording_that_was_cut_short_is_shown_as_far_as_it_goes(recording, tmp_path):
    torn = tmp_path / "torn.jsonl"
    torn.write_bytes(recording[0].read_bytes()[:-100])
    again = probe("--replay", torn)

    assert again.returncode == 3
    assert "learn" in again.stderr
    assert "ended without a result" in again.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    ("content", "words"), [("", "holds no event"), ('{"kind": "stage"}\n', ":1:1: the line is"), ("words\n", ":1:")]
)
def test_a_file_that_is_no_recording_is_named_with_its_line(tmp_path, content, words):
    file = tmp_path / "events.jsonl"
    file.write_text(content)
    run = probe("--replay", file)

    assert run.returncode == 2
    assert words in run.stderr
    assert str(file) in run.stderr


@pytest.mark.slow
@pytest.mark.parametrize(("level", "code"), [("not_shown", 1), ("infeasible", 0)])
def test_a_gate_fails_with_exit_1(level, code):
    assert probe("Blackjack-v1", "--steps", 200, "--fail-on", level, "--quiet").returncode == code


@pytest.mark.slow
@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["CartPole-v9"], "did you mean 'CartPole-v1'?"),
        (["nothing.yaml"], "nothing.yaml"),
        (["frozenlake"], "neither such a file nor such an environment id (did you mean 'FrozenLake-v1'?)"),
        (["absent"], "neither such a file nor such an environment id (give a spec file"),
        ([EXAMPLES / "warehouse_reorder.yaml"], "this is a case, not an MDP spec"),
        (["FrozenLake-v1", "--env-arg", "map_name=9x9"], "does not take map_name=9x9"),
        (["FrozenLake-v1", "--budget", "quik"], "did you mean 'quick'?"),
        (["FrozenLake-v1", "--env-arg", "slippery"], "key=value"),
        (["FrozenLake-v1", "--env-arg", "colour=red"], "no argument 'colour'"),
        (["FrozenLake-v1", "--seed", "-1"], "--seed"),
        ([], "SPEC"),
        (["FrozenLake-v1", "--speed", "2"], "--replay"),
        (["FrozenLake-v1", "--track", "tensorbord"], "did you mean 'tensorboard'?"),
        (["nothing.yaml", "--track", "none"], "allowed: mlflow, tensorboard, wandb"),
    ],
)
def test_a_call_that_cannot_be_meant_says_so_and_exits_2(argv, words):
    run = probe(*argv)

    assert run.returncode == 2
    assert words in run.stderr
    assert "Traceback" not in run.stderr
    assert run.stdout == ""


def test_a_spec_with_several_faults_reports_them_all(tmp_path):
    file = tmp_path / "mdp.yaml"
    file.write_text("scoper_mdp: 1\nname: x\ndiscount: 3\nenvironment: {id: FrozenLake-v1, colour: red}\n")
    run = probe(file)

    assert run.returncode == 2
    assert f"{file}:3:" in run.stderr
    assert f"{file}:4:" in run.stderr


@pytest.mark.slow
@pytest.mark.parametrize(("fault", "words"), [("segfault", "SIGSEGV"), ("raise_in_step", "IndexError")])
def test_a_crash_is_one_line_and_exit_3(faulty, fault, words):
    run = probe(faulty(fault), "--trust", "--quiet")

    assert run.returncode == 3
    assert run.stdout == ""
    assert words in run.stderr
    assert "faulty.py:" in run.stderr
    assert len(run.stderr.splitlines()) == 1


@pytest.mark.slow
def test_a_crash_with_json_still_gives_a_document(faulty):
    run = probe(faulty("segfault"), "--trust", "--json")
    document = json.loads(run.stdout)

    assert run.returncode == 3
    assert document["verdict"] == "not_shown"
    assert document["findings"][0]["severity"] == "blocker"


def test_code_that_a_spec_names_does_not_run_unasked(faulty):
    run = probe(faulty("segfault"))

    assert run.returncode == 3
    assert "--trust" in run.stderr
    assert "faulty.py:Fine" in run.stderr


def test_a_refused_probe_leaves_the_name_of_its_events_free(faulty, tmp_path):
    file = tmp_path / "probe.events"

    assert probe(faulty("segfault"), "--events", file).returncode == 3
    assert not file.exists()
    assert probe("FrozenLake-v1", "--env-arg", "map_name=9x9", "--events", file).returncode == 2
    assert not file.exists()


@pytest.mark.parametrize("option", ["--events", "--repairs", "-o"])
def test_what_exists_already_is_refused_before_consent_is_asked(faulty, tmp_path, monkeypatch, capsys, option):
    from scoper.interfaces.cli.commands import probe as room
    from scoper.interfaces.cli.main import main

    asked = []
    monkeypatch.setattr(room, "consent", lambda *_: bool(asked.append("consent")))
    there = tmp_path / "there"
    if option == "--repairs":
        there.mkdir()
    (there / "mine" if there.is_dir() else there).write_text("precious")

    assert main(["probe", str(faulty("segfault")), option, str(there)]) == 4
    assert "exists" in capsys.readouterr().err
    assert not asked


@pytest.mark.slow
def test_a_reward_that_is_no_number_is_a_verdict_not_a_failure(faulty):
    run = probe(faulty("nan_reward"), "--trust", "--json", "--quiet")
    document = json.loads(run.stdout)

    assert run.returncode == 0
    assert document["verdict"] == "reward_defective"
    (named,) = [finding for finding in document["findings"] if finding["code"] == "nan_or_inf_reward"]
    assert (named["defect"], named["severity"]) == ("nan_or_inf_reward", "blocker")


@pytest.mark.slow
def test_interrupting_ends_the_child_and_exits_130(faulty):
    process = start(faulty("hang_in_c"), "--trust")
    assert any("contract" in process.stderr.readline() for _ in range(2))
    time.sleep(0.5)
    children = _children(process.pid)
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=20)[1]

    assert process.returncode == 130
    assert "interrupted; nothing of the probe is kept" in said
    assert children
    assert not any(Path(f"/proc/{pid}").exists() for pid in children)


def test_an_interrupted_probe_names_the_file_that_its_events_are_in(faulty, tmp_path, monkeypatch, capsys):
    from scoper.interfaces.cli.main import main
    from scoper.services import probing

    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(probing, "probe", interrupted)

    assert main(["probe", str(faulty("segfault")), "--trust", "--events", str(tmp_path / "x.events")]) == 130
    assert f"interrupted; its events so far are in {tmp_path / 'x.events'}\n" in capsys.readouterr().err


def _children(pid):
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if (entry / "stat").read_text().rpartition(")")[2].split()[1] == str(pid):
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def test_a_file_named_for_the_events_is_never_overwritten(tmp_path):
    mine = tmp_path / "mine.yaml"
    mine.write_text("precious")

    run = probe("FrozenLake-v1", "--steps", 2000, "--events", mine, "--quiet")

    assert run.returncode == 4
    assert mine.read_text() == "precious"


def test_without_consent_the_result_that_was_kept_stays(faulty, tmp_path):
    kept = tmp_path / "result.json"
    kept.write_text("precious")

    assert probe(faulty("none"), "--no-input", "-o", kept, "--force").returncode == 3
    assert kept.read_text() == "precious"


@pytest.mark.slow
def test_a_recorded_probe_can_be_kept_without_running_it_again(recording, tmp_path):
    file, _ = recording
    kept = tmp_path / "result.json"

    assert probe(file, "--replay", "-o", kept).returncode == 0
    assert json.loads(kept.read_text())["spec"]["name"] == "FrozenLake-v1"
