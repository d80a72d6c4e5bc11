"""The interface's own colours: dark, light and high contrast.

Every character, lines and bars too, is at least 4.5:1 against every ground it is put on, 7:1 in high contrast; a test
measures it on rendered cells. Nothing is said by colour alone. The variables replace the translucent ones of Textual,
whose contrast depends on what is below.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.theme import Theme

if TYPE_CHECKING:
    from textual.app import App


def _theme(name: str, *, dark: bool, colours: dict[str, str]) -> Theme:
    """A theme in which every variable that colours text is a solid colour of the palette."""
    ink, soft, ground = colours["ink"], colours["soft"], colours["ground"]
    cursor, on_cursor, sunken = colours["cursor"], colours["on_cursor"], colours["sunken"]
    variables = {
        "text": ink,
        "text-muted": soft,
        "text-disabled": soft,
        "foreground-muted": soft,
        "foreground-disabled": soft,
        "text-primary": colours["primary"],
        "text-success": colours["success"],
        "text-warning": colours["warning"],
        "text-error": colours["error"],
        "text-accent": colours["accent"],
        "block-cursor-foreground": on_cursor,
        "block-cursor-background": cursor,
        "block-cursor-text-style": "bold",
        "block-cursor-blurred-foreground": ink,
        "block-cursor-blurred-background": sunken,
        "block-hover-background": sunken,
        "border": colours["primary"],
        "border-blurred": colours["line"],
        "input-cursor-background": ink,
        "input-cursor-foreground": ground,
        "input-selection-background": cursor,
        "input-selection-foreground": on_cursor,
        "screen-selection-background": cursor,
        "screen-selection-foreground": on_cursor,
        "footer-background": colours["panel"],
        "footer-foreground": ink,
        "footer-key-foreground": colours["accent"],
        "footer-description-foreground": ink,
        "button-foreground": ink,
        "button-color-foreground": on_cursor,
        "button-focus-text-style": "bold",
        "scrollbar": colours["line"],
        "scrollbar-hover": soft,
        "scrollbar-active": colours["primary"],
        "scrollbar-background": sunken,
        "scrollbar-background-hover": sunken,
        "scrollbar-background-active": sunken,
        "scrollbar-corner-color": sunken,
        "link-color": colours["primary"],
        "link-color-hover": on_cursor,
        "link-background-hover": cursor,
        "markdown-h6-color": soft,
        "line": colours["line"],
        "sunken": sunken,
        "band": colours["band"],
    }
    return Theme(
        name=name,
        dark=dark,
        foreground=ink,
        background=ground,
        secondary=soft,
        variables=variables,
        primary=colours["primary"],
        accent=colours["accent"],
        success=colours["success"],
        warning=colours["warning"],
        error=colours["error"],
        panel=colours["panel"],
        surface=colours["surface"],
    )


DARK = _theme(
    "scoper-dark",
    dark=True,
    colours={
        "ink": "#e8ecf2",
        "soft": "#a9b6c6",
        "ground": "#11161d",
        "surface": "#161d26",
        "panel": "#1b2430",
        "sunken": "#222d3b",
        "line": "#8494a8",
        "primary": "#7cc0ff",
        "accent": "#f5bd68",
        "success": "#86e0a9",
        "warning": "#f3cc6b",
        "error": "#ff9d94",
        "cursor": "#7cc0ff",
        "on_cursor": "#0b1119",
        "band": "#24415c",
    },
)
LIGHT = _theme(
    "scoper-light",
    dark=False,
    colours={
        "ink": "#1a222c",
        "soft": "#4a5663",
        "ground": "#fbfaf6",
        "surface": "#ffffff",
        "panel": "#efece3",
        "sunken": "#e6e2d6",
        "line": "#67614f",
        "primary": "#0a5296",
        "accent": "#834300",
        "success": "#0b5f35",
        "warning": "#6f4a00",
        "error": "#a31d15",
        "cursor": "#0a5296",
        "on_cursor": "#ffffff",
        "band": "#cfe1f3",
    },
)
HIGH_CONTRAST = _theme(
    "scoper-high-contrast",
    dark=True,
    colours={
        "ink": "#ffffff",
        "soft": "#e0e6ee",
        "ground": "#000000",
        "surface": "#000000",
        "panel": "#0d1014",
        "sunken": "#14191f",
        "line": "#c6d0dc",
        "primary": "#8fd3ff",
        "accent": "#ffd479",
        "success": "#8ff5b8",
        "warning": "#ffe08a",
        "error": "#ffb3ab",
        "cursor": "#ffe14d",
        "on_cursor": "#000000",
        "band": "#12304a",
    },
)
THEMES: tuple[Theme, ...] = (DARK, LIGHT, HIGH_CONTRAST)


def lit_grounds() -> frozenset[str]:
    """The ground colours that say something: the row under a cursor, a cursor in a text, the present step."""
    names = ("block-cursor-background", "input-cursor-background", "border")
    return frozenset(theme.variables[name].lower() for theme in THEMES for name in names)


def install(app: App[None], name: str) -> None:
    """Make these the only themes of `app`, and the one called `name` the present one."""
    for theme in THEMES:
        app.register_theme(theme)
    app.theme = f"scoper-{name}"
    for other in set(app.available_themes) - {theme.name for theme in THEMES}:
        app.unregister_theme(other)


def following(name: str) -> str:
    """The theme after this one: dark, light, high contrast, and round again."""
    names = [theme.name for theme in THEMES]
    return names[(names.index(name) + 1) % len(names)]
