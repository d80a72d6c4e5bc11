"""What a page must have for everybody, looked up in its HTML: landmarks, headings, names, ids, contrast.

The rules are those that accessibility checkers run over a page; each function returns what is wrong in words.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise

_VOID = {"meta", "br", "img", "link", "hr", "input"}


class Page(HTMLParser):
    """The elements of a page in order: tag, attributes, path of open tags, text inside."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str], tuple[str, ...]]] = []
        self.texts: list[str] = []
        self._open: list[int] = []
        self.unclosed: list[str] = []
        self.feed(text)
        self.unclosed += [self.elements[place][0] for place in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        path = tuple(self.elements[place][0] for place in self._open)
        self.elements.append((tag, {name: value or "" for name, value in attrs}, path))
        self.texts.append("")
        if tag not in _VOID:
            self._open.append(len(self.elements) - 1)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        name = "clippath" if tag == "clippath" else tag
        if self._open and self.elements[self._open[-1]][0] == name:
            self._open.pop()
        else:
            self.unclosed.append(tag)

    def handle_data(self, data: str) -> None:
        for place in self._open:
            self.texts[place] += data

    def all(self, *tags: str) -> list[tuple[dict[str, str], str]]:
        """Attributes and text of every element with one of the tags."""
        pairs = zip(self.elements, self.texts, strict=True)
        return [(attrs, " ".join(text.split())) for (tag, attrs, _), text in pairs if tag in tags]


def faults(text: str) -> list[str]:
    """Everything that is wrong with a page."""
    page = Page(text)
    found = [f"not closed or not opened: {tag}" for tag in page.unclosed]
    return found + _landmarks(page) + _headings(page) + _names(page) + _references(page) + _tables(page)


def _landmarks(page: Page) -> list[str]:
    found = [f"{len(page.all(tag))} elements {tag}" for tag in ("main", "nav", "h1") if len(page.all(tag)) != 1]
    outside = {"html", "head", "body", "main", "nav", "footer", "meta", "title", "style", "a"}
    found += [
        f"{tag} outside every landmark"
        for tag, _, path in page.elements
        if path == ("html", "body") and tag not in outside
    ]
    found += ["the page has no language"] if not page.all("html")[0][0].get("lang") else []
    titles = [tag for tag, _, path in page.elements if tag == "title" and path == ("html", "head")]
    found += [] if len(titles) == 1 else ["the page has no title, or several"]
    names = [attrs.get("aria-label", "") for attrs, _ in page.all("nav")]
    return found + (["a nav without a name"] if "" in names else [])


def _headings(page: Page) -> list[str]:
    levels = [
        (int(tag[1]), text)
        for (tag, _, _), text in zip(page.elements, page.texts, strict=True)
        if re.fullmatch("h[1-6]", tag)
    ]
    found = [f"a heading without words at level {level}" for level, text in levels if not text.strip()]
    found += [] if levels and levels[0][0] == 1 else ["the first heading is not of level 1"]
    return found + [
        f"heading {text!r} jumps from level {before} to {level}"
        for (before, _), (level, text) in pairwise(levels)
        if level > before + 1
    ]


def _names(page: Page) -> list[str]:
    found = [f"an image without words: {attrs}" for attrs, _ in page.all("img") if not attrs.get("alt")]
    svgs = [attrs for attrs, _ in page.all("svg")]
    ids = {attrs["id"]: text for (_, attrs, _), text in zip(page.elements, page.texts, strict=True) if "id" in attrs}
    for attrs in svgs:
        words = [ids.get(name, "") for name in attrs.get("aria-labelledby", "").split()]
        if attrs.get("role") != "img" or len(words) != 2 or not all(words):
            found.append(f"a drawing without role and words: {attrs}")
    found += ["a link without words" for _, text in page.all("a") if not text]
    found += ["a fold-out without words" for _, text in page.all("summary") if not text]
    focusable = [(attrs, tag) for tag, attrs, _ in page.elements if attrs.get("tabindex") == "0"]
    found += [f"{tag} takes the focus without a name" for attrs, tag in focusable if not attrs.get("aria-label")]
    return found + (["nothing to skip to"] if not page.all("a")[0][0]["href"].startswith("#") else [])


def _references(page: Page) -> list[str]:
    ids = [attrs["id"] for _, attrs, _ in page.elements if "id" in attrs]
    found = [f"id {name} stands twice" for name in sorted({name for name in ids if ids.count(name) > 1})]
    wanted = [attrs["href"][1:] for attrs, _ in page.all("a") if attrs.get("href", "").startswith("#")]
    wanted += [name for _, attrs, _ in page.elements for name in attrs.get("aria-labelledby", "").split()]
    return found + [f"nothing has the id {name}" for name in wanted if name not in ids]


def _tables(page: Page) -> list[str]:
    found = ["a column without a heading" for _, text in page.all("th") if not text]
    return found + ["a heading of a column without scope" for attrs, _ in page.all("th") if attrs.get("scope") != "col"]


def contrast(one: str, other: str) -> float:
    """Ratio of the relative luminances of two colours #rgb or #rrggbb (WCAG 2.2)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(char * 2 for char in digits) if len(digits) == 3 else digits
    parts = [int(digits[k : k + 2], 16) / 255 for k in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
