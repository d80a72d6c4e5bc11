"""Repairs from the probe to the files: tried on copies, told with before and after, written over nothing."""

import pytest

from scoper.domain.findings import Finding
from scoper.domain.probe import ProbeResult
from scoper.domain.repairs import AuditedState, RepairSummary
from scoper.errors import StorageError
from scoper.interfaces.cli.repair_text import repairs_text
from scoper.services.probing import make_plan, probe
from scoper.services.repairing import RESTORED, require_new, why_none, written
from tests.repairs.cases import CHOICE

COUNTING = """
import gymnasium


class Lazy(gymnasium.Env):
    \"\"\"Action 1 fetches one thing, which the owner wants, and is charged more than it is paid.\"\"\"

    observation_space = gymnasium.spaces.Discrete(2)
    action_space = gymnasium.spaces.Discrete(2)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.t = 0
        return 0, {}

    def step(self, action):
        self.t += 1
        return self.t % 2, -1.0 * (action == 1), False, self.t >= 12, {"fetched": float(action == 1)}
"""
LAZY = """\
scoper_mdp: 1
name: lazy
environment:
  entry_point: "lazy:Lazy"  # its own module
  path: code
discount: 0.95
objective: {info: fetched}
"""


def audited(text, folder):
    """What a probe without learning says, at most two repairs being tried."""
    plan = make_plan(text, "mdp.yaml", folder, budget="quick", trust=True)
    return probe(plan.model_copy(update={"repairs": 2, "audit_only": True}))


@pytest.mark.slow
def test_a_declared_reward_is_mended_on_a_copy_and_told_with_before_and_after(tmp_path):
    result = audited(CHOICE, tmp_path)

    assert result.verdict == "reward_defective"
    assert result.diagnosis is None
    assert 1 <= len(result.repairs) <= 2
    for repair in result.repairs:
        # always bad for ten timesteps, with the discount 0.9: -(1 - 0.9^10) / 0.1
        assert repair.before.objective == pytest.approx(-(1 - 0.9**10) / 0.1)
        assert repair.after.objective == pytest.approx((1 - 0.9**10) / 0.1)
        assert repair.after.share >= RESTORED
        assert repair.status == "passed"
        assert "# what is not" in repair.patch
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_an_environment_is_mended_by_a_wrapper_that_nobody_but_the_copy_sees(tmp_path):
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "lazy.py").write_text(COUNTING)
    result = audited(LAZY, tmp_path)
    wrapped = [repair for repair in result.repairs if repair.wrapper]

    assert wrapped
    assert wrapped[0].after.share == pytest.approx(1.0, abs=0.05)
    assert f'+  entry_point: "{wrapped[0].wrapper_file.removesuffix(".py")}:make"  # its own module' in wrapped[0].patch
    assert [path.name for path in (tmp_path / "code").iterdir() if path.name != "__pycache__"] == ["lazy.py"]


SUMMARY = RepairSummary(
    id="sign_sign_flip",
    repair="sign",
    defect="sign_flip",
    words="the whole reward counts with the other sign",
    status="passed",
    patch="--- a/mdp.yaml\n",
    wrapper="import gymnasium\n",
    wrapper_file="repair_sign.py",
    before=AuditedState(verdict="reward_defective", objective=-3.0, share=-0.5),
    after=AuditedState(verdict="no blocker is left", objective=9.0, share=0.9),
)


def test_a_patch_and_its_wrapper_are_written_and_never_over_anything(tmp_path):
    folder = tmp_path / "new"
    paths = written([SUMMARY], folder)

    assert [path.name for path in paths] == ["sign_sign_flip.patch", "repair_sign.py"]
    assert paths[1].read_text() == "import gymnasium\n"
    with pytest.raises(StorageError):
        written([SUMMARY], folder)
    with pytest.raises(StorageError):
        require_new(folder)


def test_no_repair_makes_no_folder(tmp_path):
    assert written([], tmp_path / "new") == []
    assert not (tmp_path / "new").exists()


def test_the_page_tells_a_repair_with_both_sides_and_a_candidate_as_one():
    shown = " ".join("\n".join(repairs_text([SUMMARY])).split())
    candidate = " ".join(repairs_text([SUMMARY.model_copy(update={"status": "candidate"})]))

    assert "before: reward defective, objective −3, −50.0 % of what can be had" in shown
    assert "after: no blocker is left, objective 9, 90.0 % of what can be had" in shown
    assert "candidate, if sign_flip is a defect" in candidate


def test_where_nothing_is_written_it_is_said_whether_anything_was_to_be_repaired():
    result = ProbeResult.model_construct(verdict="feasible", findings=())
    cut = Finding(code="distribution_cut", severity="info", claim="")
    scaled = Finding(code="reward_scale", defect="reward_scale", severity="caution", claim="")

    assert why_none(result).startswith("nothing to repair")
    assert why_none(result.model_copy(update={"findings": (cut,)})).startswith("nothing to repair")
    assert why_none(result.model_copy(update={"findings": (cut, scaled)})).startswith("no repair written")
