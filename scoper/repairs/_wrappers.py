"""The text of a small module that makes the repaired environment: plain Gymnasium, nothing of scoper in it.

The module belongs into the folder where the environment's own module is found, and its `make` stands in the spec as the
entry point; the spec's arguments reach the environment as before.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Sequence

from scoper.domain.mdp import EnvironmentSpec
from scoper.domain.repairs import SpecEdit

_HEAD = '''"""{title}

Belongs into the folder of the environment's own module (`path` of the spec); the spec names `{module}:make`.
"""

{imports}


def make(**kwargs):
    """The environment as it is, with the repair around it."""
    return Repaired({original})


class Repaired(gymnasium.Wrapper):
    """{title}"""
'''
_INIT = """
    def __init__(self, env):
        super().__init__(env)
"""
_RESET = """
    def reset(self, **kwargs):
        observation, info = self.env.reset(**kwargs)
"""
_STEP = """
    def step(self, action):
        observation, reward, terminated, truncated, info = self.env.step(action)
"""


def module_name(repair: str) -> str:
    """The module that holds a repair's wrapper."""
    return f"repair_{repair}"


def spec_edits(spec: EnvironmentSpec, repair: str) -> tuple[SpecEdit, ...]:
    """The spec's `environment` made to use the wrapper."""
    point = SpecEdit(path=("environment", "entry_point"), text=json.dumps(f"{module_name(repair)}:make"))
    return (SpecEdit(path=("environment", "id"), text=None), point) if spec.id else (point,)


def wrapper(
    spec: EnvironmentSpec,
    repair: str,
    title: str,
    *,
    init: Sequence[str] = (),
    reset: Sequence[str] = (),
    before: Sequence[str] = (),
    step: Sequence[str] = (),
) -> str:
    """The module's text. Lines of code: init, with `env`; reset, with `observation`; before and behind the step."""
    parts = [_head(spec, repair, title, any("np." in line for line in (*init, *reset, *before, *step)))]
    if init:
        parts.append(_INIT + _code(init))
    if reset:
        parts.append(_RESET + _code(reset) + _code(["return observation, info"]))
    if before or step:
        first, call = _STEP.rstrip("\n").rsplit("\n", 1)
        parts.append(first + "\n" + _code(before) + call + "\n" + _code(step))
        parts.append(_code(["return observation, reward, terminated, truncated, info"]))
    return "".join(parts)


def _head(spec: EnvironmentSpec, repair: str, title: str, needs_numpy: bool) -> str:
    imports = ["import gymnasium"] + (["import numpy as np"] if needs_numpy else [])
    if spec.entry_point:
        module, _, attribute = spec.entry_point.rpartition(":")
        imports = ["import importlib", "", *imports]
        original = f"importlib.import_module({json.dumps(module.removesuffix('.py'))}).{attribute}(**kwargs)"
    else:
        original = f"gymnasium.make({json.dumps(spec.id)}, **kwargs)"
    return _HEAD.format(title=title, module=module_name(repair), imports="\n".join(imports), original=original)


def _code(lines: Sequence[str]) -> str:
    return textwrap.indent("\n".join(lines) + "\n", " " * 8) if lines else ""
