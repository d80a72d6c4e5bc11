"""What ids are called and what they mean, for reports and screens alike; from `reports/templates/words.yaml`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_ID = re.compile(r"[a-z0-9_]+")


@dataclass(frozen=True)
class Names:
    """Words for ids by kind (`techniques`, `signals`, ...): a `name` each, and where it helps a `meaning`."""

    words: Mapping[str, Mapping[str, Mapping[str, str]]]

    def name(self, kind: str, key: str) -> str:
        """What `key` is called; an id without an entry is spelled with spaces, a sentence stays."""
        spelled = key.replace("_", " ") if _ID.fullmatch(key) else key
        return self.words.get(kind, {}).get(key, {}).get("name", spelled)

    def meaning(self, kind: str, key: str) -> str:
        """What `key` means, or an empty text."""
        return self.words.get(kind, {}).get(key, {}).get("meaning", "")


def load_names() -> Names:
    """The shipped words, read from their file."""
    from scoper.services import strict_yaml
    from scoper.services.library import data_path

    path = data_path("reports", "templates", "words.yaml")
    words: Mapping[str, Mapping[str, Mapping[str, str]]] = strict_yaml.to_python(
        strict_yaml.parse(strict_yaml.read_text(path), path.name)
    )
    return Names(words)
