"""Every fault the doctor names: how bad it is, what to do, and by which words other checkers speak of it.

The words are fragments of the messages of gymnasium 1.x and Stable-Baselines3 2.x, in lower case.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scoper.domain.findings import Severity


@dataclass(frozen=True)
class Kind:
    """severity: blocker, caution or info; words: what marks another checker's message as speaking of this fault."""

    severity: Severity
    remedy: str
    words: tuple[str, ...] = ()


ASKS_FOR_ENDS = "whether episodes end"
"""How the question begins that too few timesteps leave open."""

_WITHIN = ("not within the observation space", "match the bounds", "does not match the given observation space")
_RANDOM = ("determinis", "super().reset(seed", "np_random")

KINDS: Mapping[str, Kind] = {
    "environment_crash": Kind("blocker", "make the environment survive every action of its action_space"),
    "environment_hang": Kind("blocker", "find out why this line does not return"),
    "environment_memory": Kind("blocker", "find the leak, or raise limits.memory_mb in the spec"),
    "base_class": Kind("blocker", "inherit from gymnasium.Env", ("must inherit", "incompatible with gymnasium")),
    "space_missing": Kind(
        "blocker",
        "set observation_space and action_space to gymnasium.spaces in the constructor",
        ("must specify", "does not inherit from", "must inherit", "incompatible with gymnasium"),
    ),
    "space_bounds": Kind(
        "caution",
        "give every dimension a low below its high",
        ("greater than a high", "maximum and minimum values are equal", "must be positive", "greater than 0"),
    ),
    "space_huge": Kind("caution", "shrink the space: factor it, bin it, or crop and scale images"),
    "space_changes": Kind("caution", "build both spaces once, in the constructor", ("not within the observation",)),
    "action_unbounded": Kind(
        "caution", "give the action space finite bounds and scale inside step", ("finite", "infinity", "symmetric")
    ),
    "reset_signature": Kind(
        "blocker",
        "follow Gymnasium's interface: reset(self, *, seed=None, options=None) returns (observation, info)",
        ("`reset", "reset()", "unexpected keyword argument 'seed'", "env.reset"),
    ),
    "reset_options": Kind("info", "let reset take options=None", ("options",)),
    "method_missing": Kind("blocker", "define reset and step in the environment's class", ("not implemented",)),
    "step_signature": Kind(
        "blocker",
        "follow Gymnasium's interface: step returns (observation, reward, terminated, truncated, info)",
        ("step api", "element tuple", "five values", "`step()` must be a python dictionary", "must be a dictionary"),
    ),
    "flag_type": Kind(
        "caution", "return terminated and truncated as bool", ("`terminated`", "`truncated`", "must be a boolean")
    ),
    "reward_type": Kind("blocker", "return a Python float as reward", ("reward returned by", "reward")),
    "nan_or_inf_reward": Kind(
        "blocker",
        "find the division, logarithm or overflow behind it; a reward must be a finite number",
        ("reward is a nan", "reward is an inf", "nan value", "inf value", "found nan", "found inf", "nan or inf"),
    ),
    "reward_overflow": Kind("blocker", "bound the reward; a reward of this size is mostly an overflow or a wrong unit"),
    "reward_scale": Kind("caution", "divide the reward by a constant, or bound it"),
    "constant_reward": Kind("info", "check that some behaviour earns more than another"),
    "nan_or_inf_observation": Kind(
        "blocker",
        "find the division, logarithm or overflow behind it",
        (*_WITHIN, "nan", "inf value", "found inf"),
    ),
    "observation_type": Kind(
        "caution",
        "return the kind of value that observation_space says",
        ("expecting a", "should be an int", "must be a numpy array", "must be an int", "must be a dict", *_WITHIN),
    ),
    "observation_shape": Kind(
        "blocker", "make observation_space and the returned observation agree", ("shape", *_WITHIN)
    ),
    "observation_keys": Kind("blocker", "return the keys that observation_space has", ("keys", "length", *_WITHIN)),
    "observation_dtype": Kind(
        "caution",
        "return the dtype of observation_space, or say the other dtype there",
        ("dtype", "data type", *_WITHIN),
    ),
    "observation_outside_space": Kind("caution", "widen the bounds of observation_space, or clip", _WITHIN),
    "observation_scale": Kind("caution", "bound the state, or scale what is observed"),
    "observation_reused": Kind(
        "caution", "return a copy of the observation", ("observations returned by", "share an object")
    ),
    "info_unpicklable": Kind(
        "info", "keep locks, functions, windows and connections out of info: environments in processes send it"
    ),
    "info_reused": Kind("info", "return a new info every time", ("infos returned by",)),
    "action_mutated": Kind("caution", "copy the action before changing it"),
    "seed_not_reproducible": Kind(
        "caution", "draw all randomness from self.np_random, and none from clocks, ids or the system", _RANDOM
    ),
    "seed_ignored": Kind(
        "caution", "call super().reset(seed=seed) and draw all randomness from self.np_random", _RANDOM
    ),
    "seed_lost": Kind("info", "seed only when seed is not None, and keep the generator across episodes", _RANDOM),
    "global_rng": Kind("caution", "draw from self.np_random instead of numpy's or Python's global generator", _RANDOM),
    "process_changed": Kind(
        "caution", "leave what the whole process shares as it was, or put it back before the call returns"
    ),
    "state_leaks_over_reset": Kind("caution", "reset every part of the state in reset", ("determinis",)),
    "no_episode_end": Kind(
        "caution", "register a max_episode_steps, or let step return terminated when the task is over"
    ),
    "episode_of_one_step": Kind(
        "caution",
        "look at what sets terminated; if one step is meant, it is a contextual bandit",
        ("truncates after 1 step",),
    ),
    "step_slow": Kind("caution", "profile this line; a simulator this slow cannot be learned in by trial"),
    "reset_slow": Kind("caution", "keep what does not change between episodes"),
    "step_slows_down": Kind("caution", "keep the work of a step bounded: clear in reset what it walks through"),
    "step_stalls": Kind("caution", "find out what this line waits for now and then"),
    "memory_leak": Kind("caution", "clear what grows in reset, or keep only what is needed"),
    "handle_leak": Kind("caution", "close what reset or step opens, or open it once in the constructor"),
    "objective_not_tested": Kind("caution", "name a key that step's info holds as objective.info"),
    "process_forked": Kind(
        "caution", "start other processes with subprocess or multiprocessing, and end them in close"
    ),
    "prints": Kind("info", "log instead of printing, or print in render only"),
}
"""By id; ids are those of the probe's findings where the probe knows the same fault."""


def says(messages: tuple[str, ...], fault_id: str) -> str:
    """The first of another checker's `messages` that speaks of the fault; empty when none does."""
    words = KINDS[fault_id].words if fault_id in KINDS else ()
    return next((m for m in messages if any(word in m.lower() for word in words)), "")
