"""A policy of stable-baselines3 as plain arrays: its state dict, and the scale of its observations.

Written as the bytes of an npz file and read without pickles; nothing of torch's own file format is used.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
_SCALE = "observation_scale"


@dataclass(frozen=True)
class PolicyState:
    """parameters: arrays by the names of the policy's state dict. scale: mean, variance and count, by key of a mixture.

    The key of observations that are no mixture is the empty text.
    """

    parameters: Mapping[str, Array]
    scale: Mapping[str, tuple[Array, Array, float]]

    @classmethod
    def of(cls, model: Any, envs: Any) -> PolicyState:
        """Copies of a learner's policy and of how its environments scale observations."""
        parameters = {name: tensor.detach().cpu().numpy().copy() for name, tensor in model.policy.state_dict().items()}
        return cls(parameters, {key: (m.mean.copy(), m.var.copy(), float(m.count)) for key, m in _moments(envs)})

    def restore(self, model: Any, envs: Any) -> None:
        """Give them back. Raises what torch raises when names or shapes differ."""
        import torch

        model.policy.load_state_dict({name: torch.from_numpy(np.array(a)) for name, a in self.parameters.items()})
        for key, moments in _moments(envs):
            moments.mean, moments.var, moments.count = (np.copy(part) for part in self.scale[key])
            moments.count = float(moments.count)

    def to_bytes(self) -> bytes:
        """An npz file."""
        arrays = {f"policy/{name}": array for name, array in self.parameters.items()}
        for key, (mean, variance, count) in self.scale.items():
            arrays |= {
                f"{_SCALE}/{key}/mean": mean,
                f"{_SCALE}/{key}/variance": variance,
                f"{_SCALE}/{key}/count": np.asarray(count),
            }
        buffer = io.BytesIO()
        np.savez(buffer, allow_pickle=False, **arrays)
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> PolicyState:
        """Read what `to_bytes` wrote. Raises ValueError for anything else, pickled objects included."""
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            found = {name: arrays[name] for name in arrays.files}
        parameters = {
            name.removeprefix("policy/"): array for name, array in found.items() if name.startswith("policy/")
        }
        keys = [name.split("/", 1)[1].removesuffix("/mean") for name in found if _is_mean(name)]
        scale = {
            key: (
                found[f"{_SCALE}/{key}/mean"],
                found[f"{_SCALE}/{key}/variance"],
                float(found[f"{_SCALE}/{key}/count"]),
            )
            for key in keys
        }
        return cls(parameters, scale)


def _is_mean(name: str) -> bool:
    return name.startswith(f"{_SCALE}/") and name.endswith("/mean")


def _moments(envs: Any) -> list[tuple[str, Any]]:
    """The running moments of observations, by key."""
    if not getattr(envs, "norm_obs", False):
        return []
    moments = getattr(envs, "obs_rms", None)
    if moments is None:
        return []
    return sorted(moments.items()) if isinstance(moments, dict) else [("", moments)]
