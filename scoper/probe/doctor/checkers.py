"""gymnasium's checker and Stable-Baselines3's, asked of a fresh environment; only in a child of their own."""

from __future__ import annotations

import importlib
import importlib.util
import re
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from scoper.domain.doctor import Checker
from scoper.domain.text import shown
from scoper.probe.places import place_of_error, said_by

_MODULES = {"gymnasium": "gymnasium.utils.env_checker", "stable_baselines3": "stable_baselines3.common.env_checker"}
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_ADDRESSES = re.compile(r" at 0x[0-9a-f]+")
_LENGTH = 300


def ask(name: str, make: Callable[[], Any], spec_dir: Path, tick: Callable[[], None]) -> Checker:
    """What the checker `name` says: its warnings, and its refusal where it raises."""
    if importlib.util.find_spec(name) is None:
        return Checker(name=name, verdict="absent")
    check_env = importlib.import_module(_MODULES[name]).check_env
    if name == "stable_baselines3":
        import torch

        torch.set_num_threads(1)
    tick()
    messages: list[str] = []
    refused = False
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            env = make()
            tick()
            check_env(getattr(env, "unwrapped", env), skip_render_check=True)
        except BaseException as error:
            refused = True
            place = place_of_error(error, spec_dir)
            words = _words(said_by(error, _LENGTH))
            messages.append(f"{words}, at {place}" if place and not isinstance(error, AssertionError) else words)
    kept = [_words(str(w.message)) for w in caught if not issubclass(w.category, DeprecationWarning)]
    told = (*dict.fromkeys(kept), *messages)
    return Checker(name=name, verdict="refused" if refused else "warned" if told else "passed", messages=told)


def _words(text: str) -> str:
    return shown(_ADDRESSES.sub("", _COLOURS.sub("", text)).removeprefix("WARN: "), _LENGTH)
