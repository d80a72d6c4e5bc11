"""The one page that the web server shows: the terminal, and what is said before and after it. No inline script."""

from __future__ import annotations

from html import escape

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/static/css/xterm.css">
<link rel="stylesheet" href="/page.css">
<script src="/static/js/textual.js"></script>
<script src="/page.js" defer></script>
</head>
<body>
<main>
<h1 class="away">{title}</h1>
<p id="starting" role="status">Starting ...</p>
<div id="ended" role="alertdialog" aria-labelledby="ended-words" hidden>
<p id="ended-words">The session has ended. Every answer that was acknowledged is saved.</p>
<button type="button" id="again">Start again</button>
</div>
<div id="terminal" class="textual-terminal" data-session-websocket-url="ws://{host}/ws" data-font-size="{size}"></div>
</main>
</body>
</html>
"""

STYLE = """\
@font-face { font-family: "Roboto Mono"; src: url("/static/fonts/RobotoMono-VariableFont_wght.ttf"); }
@font-face { font-family: "Roboto Mono"; font-style: italic;
  src: url("/static/fonts/RobotoMono-Italic-VariableFont_wght.ttf"); }
html, body, main { height: 100%; margin: 0; }
body { background: #11161d; color: #e8ecf2; font: 16px "Roboto Mono", monospace; overflow: hidden; }
.away { position: absolute; left: -100vw; }
#starting { position: absolute; inset: 0; margin: auto; height: 2em; text-align: center; }
body.-first-byte #starting { display: none; }
#ended { position: absolute; inset: 0; z-index: 10; background: #11161d; text-align: center; padding-top: 30vh; }
#ended[hidden] { display: none; }
#ended button { font: inherit; padding: .6em 1.6em; color: #0b1119; background: #7cc0ff; border: 0; cursor: pointer; }
#ended button:focus-visible { outline: 3px solid #e8ecf2; }
.textual-terminal { width: 100vw; height: 100vh; }
"""

SCRIPT = """\
"use strict";
const ended = document.getElementById("ended");
document.getElementById("again").addEventListener("click", () => window.location.reload());
new MutationObserver(() => {
  if (document.body.classList.contains("-closed") && ended.hidden) {
    ended.hidden = false;
    document.getElementById("again").focus();
  }
}).observe(document.body, { attributes: true, attributeFilter: ["class"] });
"""


def page(title: str, host: str, font_size: int) -> str:
    """The page of a server that is addressed as `host`."""
    return _PAGE.format(title=escape(title), host=escape(host), size=font_size)
