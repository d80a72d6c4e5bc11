"""Is what `reset` and `step` returned what Gymnasium and the spaces promise? One call's answer at a time."""

from __future__ import annotations

import math
import numbers
import pickle
from collections.abc import Mapping
from typing import Any

import numpy as np

from scoper.domain.text import shown
from scoper.probe.doctor.ledger import Ledger, Unfit
from scoper.probe.places import Place

OVERFLOW = 1e15
LARGE_REWARD = 1e7
LARGE_OBSERVATION = 1e8
_HARDLY = 1e-4
_CANNOT_BE_SENT = ("cannot pickle", "<locals>", "<lambda>")


def check_reset(answer: Any, ledger: Ledger, place: Place | None) -> tuple[Any, Any]:
    """(observation, info) of a well-formed answer; raises Unfit for another one."""
    if isinstance(answer, tuple) and len(answer) == 2 and isinstance(answer[1], Mapping):
        return answer
    ledger.add("reset_signature", f"reset returned {shown(repr(answer))} instead of a pair (observation, info)", place)
    raise Unfit


def check_step(answer: Any, ledger: Ledger, place: Place | None) -> tuple[Any, Any, Any, Any, Any]:
    """The five values of a well-formed answer; raises Unfit for another one."""
    if not (isinstance(answer, tuple) and len(answer) == 5):
        expected = "(observation, reward, terminated, truncated, info)"
        ledger.add("step_signature", f"step returned {shown(repr(answer))} instead of {expected}", place)
        raise Unfit
    if not isinstance(answer[4], Mapping):
        ledger.add("step_signature", f"step returned {shown(repr(answer[4]))} instead of a mapping as info", place)
        raise Unfit
    return answer


def check_flags(terminated: Any, truncated: Any, ledger: Ledger, place: Place | None) -> None:
    """`terminated` and `truncated` are truth values."""
    for name, flag in (("terminated", terminated), ("truncated", truncated)):
        if not isinstance(flag, bool | np.bool_):
            claim = f"{name} is {shown(repr(flag))}, a {type(flag).__name__}, not a bool"
            ledger.add("flag_type", claim, place, flag=name, type=type(flag).__name__)


def check_reward(reward: Any, ledger: Ledger, place: Place | None, **when: Any) -> float | None:
    """The reward as a float where it is a finite number, else None."""
    if isinstance(reward, np.ndarray) and reward.size == 1 and reward.dtype.kind in "fiub":
        claim = f"the reward is an array of shape {reward.shape}, not a number"
        ledger.add("reward_type", claim, place, severity="info", **when)
        reward = reward.item()
    if not isinstance(reward, numbers.Real | np.bool_):
        claim = f"step returned the reward {shown(repr(reward))}, which is not a number"
        ledger.add("reward_type", claim, place, type=type(reward).__name__, **when)
        return None
    value = float(reward)
    if not math.isfinite(value):
        ledger.add("nan_or_inf_reward", f"the reward was {value} in {_words(when)}", place, reward=str(value), **when)
        return None
    if abs(value) >= OVERFLOW:
        claim = f"the reward was {value:.3g} in {_words(when)}: it drowns every other one in the sum"
        ledger.add("reward_overflow", claim, place, largest=value, **when)
    elif abs(value) >= LARGE_REWARD:
        claim = f"the reward was {value:.3g} in {_words(when)}: rewards this large break most learners"
        ledger.add("reward_scale", claim, place, largest=value, **when)
    return value


def check_info(info: Any, ledger: Ledger, place: Place | None) -> None:
    """The info can be sent to another process, as environments that run beside each other do with it."""
    for key, value in info.items():
        if ledger.knows("info_unpicklable"):
            return
        if value is None or isinstance(value, bool | numbers.Number | str | np.generic | np.ndarray):
            continue
        try:
            pickle.dumps(value)
        except Exception as error:
            if any(word in str(error) for word in _CANNOT_BE_SENT):
                claim = f"info[{key!r}] is a {type(value).__name__}, which cannot be sent to another process"
                ledger.add("info_unpicklable", claim, place, key=str(key), type=type(value).__name__)


def check_observation(space: Any, observation: Any, ledger: Ledger, place: Place | None, **when: Any) -> None:
    """The observation is of its space: kind, keys, shape, dtype, finite, in bounds; one fault per leaf at most."""
    before = len(ledger.faults())
    _check_leaf(space, observation, "the observation", ledger, place, when)
    if len(ledger.faults()) == before and not _contained(space, observation) and not _explained(ledger):
        claim = f"in {_words(when)} the observation {shown(repr(observation))} lies outside observation_space"
        ledger.add("observation_outside_space", claim, place, **when)


def _explained(ledger: Ledger) -> bool:
    """Whether a fault is known that puts observations outside their space."""
    return ledger.knows(
        "observation_type",
        "observation_shape",
        "observation_keys",
        "observation_dtype",
        "nan_or_inf_observation",
        "observation_outside_space",
        "space_bounds",
        "space_changes",
    )


def _check_leaf(space: Any, value: Any, name: str, ledger: Ledger, place: Place | None, when: dict[str, Any]) -> None:
    from gymnasium import spaces

    if isinstance(space, spaces.Dict):
        if not isinstance(value, Mapping):
            _wrong_type(name, value, "a dict", ledger, place, when)
        elif value.keys() != space.spaces.keys():
            claim = f"{name} has the keys {shown(str(sorted(map(str, value))))}, its space has "
            ledger.add("observation_keys", claim + shown(str(sorted(map(str, space.spaces)))), place, **when)
        else:
            for key, inner in space.spaces.items():
                _check_leaf(inner, value[key], f"{name}[{key!r}]", ledger, place, when)
    elif isinstance(space, spaces.Tuple):
        _check_tuple(space, value, name, ledger, place, when)
    elif isinstance(space, spaces.Box | spaces.MultiBinary | spaces.MultiDiscrete):
        _check_array(space, value, name, ledger, place, when)
    elif isinstance(space, spaces.Discrete) and not _is_integer(value):
        _wrong_type(name, value, "an integer", ledger, place, when)


def _check_tuple(space: Any, value: Any, name: str, ledger: Ledger, place: Place | None, when: dict[str, Any]) -> None:
    if not isinstance(value, tuple | list):
        _wrong_type(name, value, "a tuple", ledger, place, when)
    elif len(value) != len(space.spaces):
        claim = f"{name} has {len(value)} parts, its space has {len(space.spaces)}"
        ledger.add("observation_keys", claim, place, **when)
    else:
        for index, inner in enumerate(space.spaces):
            _check_leaf(inner, value[index], f"{name}[{index}]", ledger, place, when)


def _check_array(space: Any, value: Any, name: str, ledger: Ledger, place: Place | None, when: dict[str, Any]) -> None:
    if not isinstance(value, np.ndarray | np.generic):
        _wrong_type(name, value, "a numpy array", ledger, place, when)
        return
    array = np.asarray(value)
    if array.dtype.kind not in "fiub":
        _wrong_dtype(space, array, name, ledger, place, when)
        return
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        claim = f"{name} holds NaN or infinity in {_words(when)}"
        ledger.add("nan_or_inf_observation", claim, place, **when)
    elif array.shape != tuple(space.shape):
        claim = f"{name} has the shape {array.shape} in {_words(when)}, its space says {tuple(space.shape)}"
        ledger.add("observation_shape", claim, place, shape=list(array.shape), **when)
    elif not np.can_cast(array.dtype, space.dtype):
        _wrong_dtype(space, array, name, ledger, place, when)
    elif hasattr(space, "low") and ((array < space.low) | (array > space.high)).any():
        worst = int(np.argmax(np.maximum(space.low - array, array - space.high)))
        number, bounds = array.flat[worst], (np.asarray(space.low).flat[worst], np.asarray(space.high).flat[worst])
        claim = f"{name} holds {number:.6g} in {_words(when)}, outside its bounds {bounds[0]:.6g} to {bounds[1]:.6g}"
        if (beyond := float(max(bounds[0] - number, number - bounds[1]))) < _HARDLY * abs(float(number)):
            claim += f", by {beyond:.2g}"
        ledger.add("observation_outside_space", claim, place, value=float(number), **when)
    elif array.dtype.kind == "f" and array.size and float(np.abs(array).max()) >= LARGE_OBSERVATION:
        largest = float(np.abs(array).max())
        claim = f"{name} holds {largest:.3g} in {_words(when)}: no network learns from numbers this large"
        ledger.add("observation_scale", claim, place, largest=largest, **when)


def _wrong_dtype(space: Any, array: Any, name: str, ledger: Ledger, place: Place | None, when: dict[str, Any]) -> None:
    claim = f"{name} is of dtype {array.dtype} in {_words(when)}, its space says {space.dtype}"
    ledger.add("observation_dtype", claim, place, dtype=str(array.dtype), expected=str(space.dtype), **when)


def _wrong_type(
    name: str, value: Any, expected: str, ledger: Ledger, place: Place | None, when: dict[str, Any]
) -> None:
    claim = f"{name} is {shown(repr(value))}, a {type(value).__name__}, where its space says {expected}"
    ledger.add("observation_type", claim, place, type=type(value).__name__, **when)


def _is_integer(value: Any) -> bool:
    if isinstance(value, np.ndarray):
        return value.shape == () and value.dtype.kind in "iu"
    return isinstance(value, numbers.Integral) and not isinstance(value, bool)


def _contained(space: Any, observation: Any) -> bool:
    try:
        return bool(space.contains(observation))
    except Exception:
        return False


def _words(when: Mapping[str, Any]) -> str:
    return f"step {when['step']} of episode {when['episode']}" if when.get("step") else "reset"
