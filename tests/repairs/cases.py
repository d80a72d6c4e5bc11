"""Small planted problems as cases: the spec's own arrays as evidence, and the finding that a test assumes."""

from dataclasses import replace

from scoper.diagnostics import Evidence
from scoper.domain.findings import Finding
from scoper.domain.mdp import EnvironmentSpec
from scoper.probe.declared import declared_task
from scoper.repairs import Case
from scoper.services.specs import parse_spec

CHOICE = """\
scoper_mdp: 1
name: Two choices
discount: 0.9
horizon: 10
state: {n: {from: 0, to: 0}}
actions: {go: {values: [good, bad]}}
next: {n: "0"}
reward:
  right: "1.0 * (go == good)"  # what is wanted
  # what is not
  wrong: "3.0 * (go == bad)"
objective: {expression: "(go == good) - (go == bad)"}
start: {n: 0}
"""
QUIT = """\
scoper_mdp: 1
name: Quitting
discount: 0.9
horizon: 10
state: {left: {from: 0, to: 1}}
actions: {do: {values: [stay, quit]}}
next: {left: "1 if do == quit else 0"}
terminated: "left == 1"
reward: {cost: "-1.0"}
objective: {expression: "1.0 * (do == stay)"}
start: {left: 0}
"""


def finding(defect: str, **evidence: object) -> Finding:
    return Finding(code=defect, defect=defect, severity="caution", claim="planted", evidence=evidence)


def declared(text: str, *defects: str) -> Case:
    """The case of a declarative spec with findings that name these defects."""
    spec = parse_spec(text, "mdp.yaml")
    task, *_ = declared_task(spec)
    evidence = Evidence(
        table=task.table,
        horizon=task.horizon,
        discount=task.discount,
        evaluation_discount=task.evaluation_discount,
        objective_declared=task.objective is not None,
        objective_reward=task.objective_reward,
        terms=task.terms() if task.terms else {},
    )
    return Case(spec, evidence, [finding(defect) for defect in defects])


def foreign(defect: str, **evidence: object) -> Case:
    """The case of an environment that was not stepped, with a finding that names the defect."""
    spec = EnvironmentSpec(name="Counter", entry_point="counter:Counter", discount=0.98)
    return Case(spec, replace(Evidence(), horizon=20), [finding(defect, **evidence)])
