"""What a person wants of the interface: theme, motion, live verdict, keys; read once, in one place.

Options (which the configuration fills in) win over the environment: SCOPER_THEME, SCOPER_REDUCED_MOTION,
SCOPER_LIVE_VERDICT, SCOPER_KEYMAP. A key or theme that does not exist is told in one sentence and left out: the
interface starts all the same, and Ctrl+Q always leaves it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scoper.errors import did_you_mean

THEME_NAMES = ("dark", "light", "high-contrast")
_KEY = re.compile(r"^(?:(?:ctrl|shift|alt)\+)*[a-z0-9_]+$", re.IGNORECASE)
LEAVE, _ALWAYS = "app.leave", "ctrl+q"
_NO = {"0", "no", "off", "false"}


@dataclass(frozen=True)
class Preferences:
    """`keymap` maps binding ids (`interview.undo`) to keys (`z` or `z,ctrl+z`).

    `doubts` is what was left out and why.
    """

    theme: str = "dark"
    reduced_motion: bool = False
    live_verdict: bool = True
    keymap: Mapping[str, str] | None = None
    doubts: tuple[str, ...] = ()


def preferences(
    environment: Mapping[str, str], table: Mapping[str, Any] | None = None, known_ids: frozenset[str] = frozenset()
) -> Preferences:
    """The preferences that the options in `table` and the environment state; `known_ids` are those of all bindings.

    The table may hold theme, reduced_motion, live_verdict and keymap, a mapping or `id=key;id=key`.
    """
    wish, doubts = dict(table or {}), list[str]()
    theme = str(wish.get("theme") or environment.get("SCOPER_THEME") or "dark").removeprefix("scoper-")
    if theme not in THEME_NAMES:
        doubts.append(f"there is no theme '{theme[:40]}': {did_you_mean(theme, THEME_NAMES)}")
        theme = "dark"
    keys = {**_keys(environment.get("SCOPER_KEYMAP", "")), **_keys(wish.get("keymap", ""))}
    chosen = {name: key for name, key in keys.items() if _fits(name, key, known_ids, doubts)}
    if LEAVE in chosen:
        chosen[LEAVE] += f",{_ALWAYS}"
    still = _switch(wish.get("reduced_motion"), environment.get("SCOPER_REDUCED_MOTION"), otherwise=False)
    return Preferences(
        theme=theme,
        reduced_motion=still or environment.get("TEXTUAL_ANIMATIONS", "").lower() == "none",
        live_verdict=_switch(wish.get("live_verdict"), environment.get("SCOPER_LIVE_VERDICT"), otherwise=True),
        keymap=chosen,
        doubts=tuple(doubts),
    )


def _switch(option: object, said: str | None, *, otherwise: bool) -> bool:
    if option is not None:
        return bool(option)
    return said.strip().lower() not in _NO if said and said.strip() else otherwise


def _keys(found: object) -> dict[str, str]:
    if isinstance(found, Mapping):
        return {str(name): str(key) for name, key in found.items()}
    halves = (pair.partition("=") for pair in str(found).split(";") if pair.strip())
    return {name.strip(): key.strip() for name, _, key in halves}


def _fits(name: str, key: str, known_ids: frozenset[str], doubts: list[str]) -> bool:
    if known_ids and name not in known_ids:
        doubts.append(f"keymap: there is no key '{name[:60]}': {did_you_mean(name, sorted(known_ids))}")
        return False
    if not key or not all(_KEY.match(part.strip()) for part in key.split(",")):
        doubts.append(f"keymap: '{key[:40]}' for {name} is no key; write for example ctrl+z or f8")
        return False
    if _ALWAYS in key.split(",") and name != LEAVE:
        doubts.append(f"keymap: {_ALWAYS} always leaves, so {name} cannot have it")
        return False
    return True
