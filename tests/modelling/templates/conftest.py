"""Filled templates with what is computed from them."""

from functools import cached_property

import numpy as np
import pytest

from scoper.modelling.arrays import compile_spec
from scoper.modelling.model import SpecModel
from scoper.numerics.solve import backward_induction, policy_iteration, start_value
from scoper.services.library import load_library
from scoper.services.mdp_templates import load_templates
from scoper.services.specs import parse_spec

TEMPLATES = load_templates(load_library())


class FilledTemplate:
    """A template filled with its example, or with other values and other lines, and what is computed from it."""

    def __init__(self, name, values=None, edits=()):
        text = TEMPLATES[name].filled(values)
        for old, new in edits:
            assert old in text, old
            text = text.replace(old, new)
        self.spec = parse_spec(text, f"{name}.yaml")
        self.model = SpecModel(self.spec)
        self.compiled = compile_spec(self.spec)
        self.mdp = self.compiled.mdp

    @cached_property
    def solution(self):
        """The discounted solution without time limit."""
        return policy_iteration(self.mdp)

    def table(self, policy):
        """The value of the only action variable per state, one axis per state variable."""
        labels = np.array(self.model.actions.axes[0].labels)
        return labels[policy].reshape(self.model.states.shape)

    def numbers(self, policy):
        """The same for an action that is a number."""
        return self.table(policy).astype(np.int64)

    def values(self, value):
        """Values per state, one axis per state variable."""
        return value.reshape(self.model.states.shape)

    def start(self, horizon=None):
        """The best return from the start, discounted as the spec says."""
        value = backward_induction(self.mdp, horizon).value[0] if horizon else self.solution.optimum()
        return start_value(self.mdp, value)


@pytest.fixture(scope="session")
def template():
    return FilledTemplate
