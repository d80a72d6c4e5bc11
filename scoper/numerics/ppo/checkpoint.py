"""A policy as plain arrays: the bytes of an npz file, written and read without pickles.

The arrays are a state dict by stable-baselines3's names, and where observations were scaled, their mean and variance.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np

from scoper.numerics.ppo.layout import Layout, Singles, from_state_dict, to_state_dict
from scoper.numerics.ppo.moments import Scale

_MEAN, _VARIANCE = "observation_mean", "observation_variance"


@dataclass(frozen=True)
class Checkpoint:
    """row (P,): the parameters of one seed. scale: how it wants its observations, mean and variance (1, D)."""

    layout: Layout
    row: Singles
    scale: Scale | None = None

    def to_bytes(self) -> bytes:
        """An npz file; the same checkpoint gives the same arrays."""
        arrays = dict(to_state_dict(self.layout, self.row))
        if self.scale is not None:
            arrays |= {_MEAN: self.scale.mean[0], _VARIANCE: self.scale.variance[0]}
        buffer = io.BytesIO()
        np.savez(buffer, allow_pickle=False, **arrays)
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, layout: Layout, data: bytes) -> Checkpoint:
        """Read what `to_bytes` wrote. Raises ValueError for anything else, pickled objects included."""
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            scale = None
            if _MEAN in arrays:
                scale = Scale(arrays[_MEAN][None], arrays[_VARIANCE][None])
            return cls(layout, from_state_dict(layout, arrays), scale)
