"""The two tanh networks, policy and value, of all seeds at once: forward, and backward by hand.

Both networks of a layer stand in one array, so that one batched product serves all. Work arrays are kept between
calls: at these sizes fetching fresh memory costs about as much as computing. Sums over the observations are products
with ones, which cost a fifth of numpy's sum.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoper.numerics.ppo.layout import Blocks, Layout, Singles


@dataclass(frozen=True)
class Outputs:
    """outputs (S, B, A): logits or mean actions. values (S, B). features (S, B, H): the policy's last hidden layer."""

    outputs: Singles
    values: Singles
    features: Singles


class Network:
    """Passes for S seeds and B observations a seed; what `forward` returns is overwritten by the next call."""

    def __init__(self, layout: Layout, n_seeds: int, n_rows: int) -> None:
        def empty(*shape: int) -> Singles:
            return np.empty((n_seeds, *shape), dtype=np.float32)

        self._hidden = [empty(2, n_rows, width) for width in layout.hidden]
        self._error = [empty(2, n_rows, width) for width in layout.hidden]
        self._slope = [empty(2, n_rows, width) for width in layout.hidden]
        self._outputs = empty(n_rows, layout.n_outputs)
        self._values = empty(n_rows, 1)
        self._ones = np.ones((1, n_rows), dtype=np.float32)

    def forward(self, parameters: Blocks, observations: Singles) -> Outputs:
        """Outputs for the observations (S, B, n_inputs)."""
        layer = observations[:, None]
        for weight, bias, hidden in zip(parameters.weights, parameters.biases, self._hidden, strict=True):
            np.matmul(layer, weight, out=hidden)
            hidden += bias
            np.tanh(hidden, out=hidden)
            layer = hidden
        np.matmul(layer[:, 0], parameters.policy_weight, out=self._outputs)
        self._outputs += parameters.policy_bias
        np.matmul(layer[:, 1], parameters.value_weight, out=self._values)
        self._values += parameters.value_bias
        return Outputs(self._outputs, self._values[:, :, 0], layer[:, 0])

    def values(self, parameters: Blocks, observations: Singles) -> Singles:
        """(S, B) values alone, in an array of their own."""
        layer = observations
        for weight, bias in zip(parameters.weights, parameters.biases, strict=True):
            layer = np.tanh(np.matmul(layer, weight[:, 1]) + bias[:, 1])
        found: Singles = (np.matmul(layer, parameters.value_weight) + parameters.value_bias)[:, :, 0]
        return found

    def backward(
        self, parameters: Blocks, gradient: Blocks, observations: Singles, of_outputs: Singles, of_values: Singles
    ) -> None:
        """Write into `gradient` what the loss changes with every weight and bias, after `forward` of `observations`.

        of_outputs (S, B, A) and of_values (S, B): the loss's derivatives with respect to what `forward` returned.
        """
        last, error = self._hidden[-1], self._error[-1]
        columns = of_values[:, :, None]
        np.matmul(_turned(last[:, 0]), of_outputs, out=gradient.policy_weight)
        np.matmul(self._ones, of_outputs, out=gradient.policy_bias)
        np.matmul(_turned(last[:, 1]), columns, out=gradient.value_weight)
        np.matmul(self._ones, columns, out=gradient.value_bias)
        np.matmul(of_outputs, _turned(parameters.policy_weight), out=error[:, 0])
        np.multiply(columns, _turned(parameters.value_weight), out=error[:, 1])
        for depth in range(len(self._hidden) - 1, -1, -1):
            hidden, error, slope = self._hidden[depth], self._error[depth], self._slope[depth]
            np.multiply(hidden, hidden, out=slope)
            np.subtract(np.float32(1.0), slope, out=slope)
            error *= slope
            below = self._hidden[depth - 1] if depth else observations[:, None]
            np.matmul(_turned(below), error, out=gradient.weights[depth])
            np.matmul(self._ones, error, out=gradient.biases[depth])
            if depth:
                np.matmul(error, _turned(parameters.weights[depth]), out=self._error[depth - 1])


def _turned(matrices: Singles) -> Singles:
    """The last two axes swapped, as a view."""
    return np.swapaxes(matrices, -1, -2)
