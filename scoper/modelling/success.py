"""A success predicate as the owner's number: 1 for an episode that succeeds, 0 for one that does not.

In a declarative spec the state remembers the success so far, in one more variable, and the objective is what that
variable gains in a step; over an episode the gains add up to 0 or 1. Of an environment a wrapper tells the success so
far in step's info. Where the owner names a number of their own, that stays the objective.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

from scoper.domain.mdp import EnvironmentSpec, MdpSpec, Objective, Spec, StartPoint, Variable
from scoper.domain.wanted import Success

PREFIX = "success of "
_MOST_TEXT = 1000
"""Longer expressions are refused by the grammar, so a success that grows beyond it stays out of the state."""


def with_success(spec: Spec) -> Spec:
    """`spec` with its success predicate as objective; the same spec where there is none, or a number beside it."""
    success = spec.wanted.success
    if success is None or spec.objective is not None:
        return spec
    if isinstance(spec, MdpSpec):
        return _declared(spec, success)
    return spec.model_copy(update={"objective": Objective(info=f"{PREFIX}{success.info}", at="end")})


def _declared(spec: MdpSpec, success: Success) -> MdpSpec:
    """The spec with one more state variable: 0 before anything, 1 while the episode counts, 2 once it cannot."""
    flag = "succeeded"
    taken = {*spec.state, *spec.actions, *spec.exogenous, *spec.reward, *spec.tables}
    while flag in taken:
        flag += "_"
    holds = _before_the_step(spec, _of_where_it_leads(spec, success.expression or "false"))
    text = {
        "any": f"1 if {flag} == 1 or ({holds}) else 0",
        "end": f"1 if ({holds}) else 0",
        "all": f"1 if {flag} != 2 and ({holds}) else 2",
    }[success.at]
    if len(text) > _MOST_TEXT:
        return spec
    high = 2 if success.at == "all" else 1
    gained = f"(1 if next_{flag} == 1 else 0) - (1 if {flag} == 1 else 0)"
    update: dict[str, Any] = {
        "state": {**spec.state, flag: Variable(kind="integer", low=0, high=high)},
        "next": {**spec.next, flag: text},
        "objective": Objective(expression=gained),
    }
    if spec.observation:
        update["observation"] = {**spec.observation, flag: flag}
    if spec.joint_start:
        points = [StartPoint(state={**p.state, flag: 0}, probability=p.probability) for p in spec.joint_start]
        update["joint_start"] = tuple(points)
    else:
        update["start"] = {**spec.start, flag: 0}
    return spec.model_copy(update=update)


def _of_where_it_leads(spec: MdpSpec, text: str) -> str:
    """A condition on the state alone means the state that a step leads to: one that ends the episode has no other.

    Functions, tables and the words that variables take as values say nothing of which state is meant.
    """
    named = {node.id for node in ast.walk(ast.parse(text.strip(), mode="eval")) if isinstance(node, ast.Name)}
    later = {name: f"next_{name}" for name in spec.state}
    of_the_step = {*spec.actions, *spec.exogenous, *spec.reward, *later.values()}
    return text if named & of_the_step else _written_out(text, later)


def _before_the_step(spec: MdpSpec, text: str) -> str:
    """`text` over states, actions and draws alone: what comes after the step, and reward terms, are written out."""
    known = {f"next_{name}": _held(spec, name) for name in spec.state}
    terms = {name: _written_out(expression, known) for name, expression in spec.reward.items()}
    return _written_out(text, known | terms)


def _held(spec: MdpSpec, name: str) -> str:
    """The expression of a state variable after a step, held within its range as the step holds it."""
    variable, text = spec.state[name], spec.next[name]
    if variable.low is None or variable.high is None:
        return text
    return f"clip({text}, {variable.low:g}, {variable.high:g})"


def _written_out(text: str, known: Mapping[str, str]) -> str:
    class Names(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.expr:
            return ast.parse(known[node.id].strip(), mode="eval").body if node.id in known else node

    return ast.unparse(Names().visit(ast.parse(text.strip(), mode="eval").body))


def holds(value: Any) -> bool:
    """Whether what stands at a key of info counts as yes: every number but 0, and a text that says something else."""
    if isinstance(value, str):
        return True
    if getattr(value, "size", 1) != 1:
        return False
    return bool(value == value) and bool(value)


def succeeding(env: Any, spec: EnvironmentSpec) -> Any:
    """`env`, telling the success so far in step's info once the key was seen; `env` itself where none is declared."""
    success = spec.wanted.success
    if success is None or success.info is None:
        return env
    import gymnasium  # only who wants an environment pays for it

    kind = type("Succeeding", (_Telling, gymnasium.Wrapper), {})
    return kind(env, success)


class _Telling:
    """The other base is gymnasium.Wrapper."""

    env: Any

    def __init__(self, env: Any, success: Success) -> None:
        super().__init__(env)  # type: ignore[call-arg]
        self._success, self._key = success, success.info or ""
        self._known, self._so_far, self._began = False, False, False

    def reset(self, **given: Any) -> Any:
        """As the environment's."""
        self._so_far, self._began = False, False
        return self.env.reset(**given)

    def step(self, action: Any) -> Any:
        """As the environment's, with one more key of info."""
        answer = self.env.step(action)
        if not (isinstance(answer, tuple) and len(answer) == 5 and isinstance(answer[4], Mapping)):
            return answer
        info = answer[4]
        self._known = self._known or self._key in info
        now = self._key in info and holds(info[self._key])
        if self._success.at == "any":
            self._so_far = self._so_far or now
        elif self._success.at == "end":
            self._so_far = now
        else:
            self._so_far = now and (self._so_far or not self._began)
        self._began = True
        return (*answer[:4], {**info, f"{PREFIX}{self._key}": float(self._so_far)} if self._known else info)
