"""Where every parameter stands in one flat row per seed, under which names it is known elsewhere, and how it begins.

A row per seed lets the optimiser and the clipping of gradients work on one array. Names and shapes of a state dict are
those of stable-baselines3's MlpPolicy, so a checkpoint can be taken over there and here.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Singles = NDArray[np.float32]
Law = Literal["categorical", "multi", "gaussian", "sde"]
StateDict = Mapping[str, Singles]
_NETS = ("policy", "value")


@dataclass(frozen=True)
class Layout:
    """Shape of the two networks: `n_inputs` numbers in, `n_outputs` logits or mean actions out.

    parts: of several actions drawn at once (law `multi`), how many of the logits belong to each.
    """

    n_inputs: int
    n_outputs: int
    law: Law
    hidden: tuple[int, ...] = (64, 64)
    parts: tuple[int, ...] = ()

    @property
    def n_numbers(self) -> int:
        """Length of an action as a learner gives it."""
        return {"categorical": 1, "multi": len(self.parts)}.get(self.law, self.n_outputs)

    @property
    def has_deviation(self) -> bool:
        """Whether the law has a standard deviation that is learned."""
        return self.law in ("gaussian", "sde")

    @property
    def widths(self) -> tuple[tuple[int, int], ...]:
        """(inputs, outputs) of every hidden layer."""
        return tuple(zip((self.n_inputs, *self.hidden[:-1]), self.hidden, strict=True))

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Shape of every block of a row; hidden layers hold the policy's and the value's one, in this order."""
        found: dict[str, tuple[int, ...]] = {}
        for depth, (inputs, outputs) in enumerate(self.widths):
            found[f"weight{depth}"], found[f"bias{depth}"] = (2, inputs, outputs), (2, 1, outputs)
        last = self.hidden[-1]
        found["policy_weight"], found["policy_bias"] = (last, self.n_outputs), (1, self.n_outputs)
        found["value_weight"], found["value_bias"] = (last, 1), (1, 1)
        if self.has_deviation:
            found["log_std"] = (last if self.law == "sde" else 1, self.n_outputs)
        return found

    @property
    def size(self) -> int:
        """Parameters of one seed."""
        return sum(math.prod(shape) for shape in self.shapes().values())


@dataclass(frozen=True)
class Blocks:
    """Views into `flat` (S, P), block by block.

    weights (S, 2, inputs, outputs) and biases (S, 2, 1, outputs) are those of the hidden layers, policy before value;
    log_std, the log of the actions' standard deviation, is empty for logits.
    """

    flat: Singles
    weights: tuple[Singles, ...] = field(repr=False)
    biases: tuple[Singles, ...] = field(repr=False)
    policy_weight: Singles = field(repr=False)
    policy_bias: Singles = field(repr=False)
    value_weight: Singles = field(repr=False)
    value_bias: Singles = field(repr=False)
    log_std: Singles = field(repr=False)


def blocks(layout: Layout, flat: Singles) -> Blocks:
    """Views of the rows `flat` (S, P)."""
    named: dict[str, Singles] = {}
    begin = 0
    for name, shape in layout.shapes().items():
        end = begin + math.prod(shape)
        named[name] = flat[:, begin:end].reshape(len(flat), *shape)
        begin = end
    depth = len(layout.hidden)
    return Blocks(
        flat,
        tuple(named[f"weight{i}"] for i in range(depth)),
        tuple(named[f"bias{i}"] for i in range(depth)),
        named["policy_weight"],
        named["policy_bias"],
        named["value_weight"],
        named["value_bias"],
        named.get("log_std", flat[:, :0].reshape(len(flat), 0, 1)),
    )


def first_rows(
    layout: Layout, generators: Sequence[np.random.Generator], log_std_init: float, *, orthogonal: bool = True
) -> Singles:
    """(S, P) rows to begin with, one per generator: orthogonal weights (Saxe et al. 2014), biases of zero.

    The gains are those of stable-baselines3: root 2 in hidden layers, 0.01 for the policy's head, 1 for the value's.
    Not `orthogonal`: weights and biases uniform within one over the root of a layer's inputs, as torch's layers begin.
    """
    flat = np.zeros((len(generators), layout.size), dtype=np.float32)
    parts = blocks(layout, flat)
    for seed, generator in enumerate(generators):
        if not orthogonal:
            _uniform(generator, parts, seed)
            continue
        for net in range(2):
            for weight in parts.weights:
                weight[seed, net] = _orthogonal(generator, weight.shape[2:], math.sqrt(2.0))
        parts.policy_weight[seed] = _orthogonal(generator, parts.policy_weight.shape[1:], 0.01)
        parts.value_weight[seed] = _orthogonal(generator, parts.value_weight.shape[1:], 1.0)
    parts.log_std[:] = log_std_init
    return flat


def _uniform(generator: np.random.Generator, parts: Blocks, seed: int) -> None:
    """Weights and biases of one seed, uniform within one over the root of the layer's inputs."""
    heads = ((parts.policy_weight, parts.policy_bias), (parts.value_weight, parts.value_bias))
    for weight, bias in (*zip(parts.weights, parts.biases, strict=True), *heads):
        bound = 1.0 / math.sqrt(weight.shape[-2])
        for array in (weight, bias):
            array[seed] = generator.uniform(-bound, bound, array.shape[1:])


def _orthogonal(generator: np.random.Generator, shape: tuple[int, ...], gain: float) -> Singles:
    """A matrix with orthonormal rows or columns, uniform among them, times `gain`."""
    rows, columns = shape
    normal = generator.standard_normal((max(rows, columns), min(rows, columns)))
    q, r = np.linalg.qr(normal)
    q *= np.sign(np.diag(r))
    matrix: Singles = (gain * (q if rows >= columns else q.T)).astype(np.float32)
    return matrix


def to_state_dict(layout: Layout, row: Singles) -> dict[str, Singles]:
    """Copies of the parameters of one row (P,), by the names and in the shapes of stable-baselines3's MlpPolicy."""
    parts = blocks(layout, row[None])
    found: dict[str, Singles] = {}
    if layout.has_deviation:
        found["log_std"] = parts.log_std[0].copy() if layout.law == "sde" else parts.log_std[0, 0].copy()
    for net, name in enumerate(_NETS):
        for depth, (weight, bias) in enumerate(zip(parts.weights, parts.biases, strict=True)):
            stem = f"mlp_extractor.{name}_net.{2 * depth}"
            found[f"{stem}.weight"], found[f"{stem}.bias"] = weight[0, net].T.copy(), bias[0, net, 0].copy()
    for name, weight, bias in (
        ("action_net", parts.policy_weight, parts.policy_bias),
        ("value_net", parts.value_weight, parts.value_bias),
    ):
        found[f"{name}.weight"], found[f"{name}.bias"] = weight[0].T.copy(), bias[0, 0].copy()
    return found


def from_state_dict(layout: Layout, state: StateDict) -> Singles:
    """The row (P,) of a state dict. Raises KeyError for a missing name and ValueError for a wrong shape."""
    row = np.zeros(layout.size, dtype=np.float32)
    expected = to_state_dict(layout, row)
    for name, array in expected.items():
        if state[name].shape != array.shape:
            raise ValueError(f"'{name}' has the shape {state[name].shape} instead of {array.shape}")
    parts = blocks(layout, row[None])
    for net, name in enumerate(_NETS):
        for depth in range(len(layout.hidden)):
            stem = f"mlp_extractor.{name}_net.{2 * depth}"
            parts.weights[depth][0, net] = state[f"{stem}.weight"].T
            parts.biases[depth][0, net, 0] = state[f"{stem}.bias"]
    parts.policy_weight[0], parts.policy_bias[0, 0] = state["action_net.weight"].T, state["action_net.bias"]
    parts.value_weight[0], parts.value_bias[0, 0] = state["value_net.weight"].T, state["value_net.bias"]
    if layout.has_deviation:
        parts.log_std[0] = state["log_std"]
    return row
