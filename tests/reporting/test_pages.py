"""The HTML page: for everybody, in light and dark, alone and strict."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from scoper.domain.dossier import Dossier
from scoper.services.library import data_path
from scoper.services.report_data import ReportData
from scoper.services.reporting import render
from scoper.services.svg import COLOURS, INK, MUTED, PAPER
from tests.reporting.pages import contrast, faults

TECHNIQUES = ("reinforcement_learning", "llm_orchestration", "plain_automation")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.mark.parametrize("technique", TECHNIQUES)
def test_a_page_has_landmarks_headings_in_order_names_and_unique_ids(
    technique: str, dossiers: Mapping[str, Dossier], data: ReportData
) -> None:
    assert faults(render(dossiers[technique], "html", data=data)) == []


def test_the_check_itself_notices_what_is_wrong() -> None:
    head = '<html lang="en"><head><title>t</title></head><body><nav aria-label="n"><a href="#m">s</a></nav>'
    good = f'{head}<main id="m"><h1>a</h1><h2>b</h2></main></body></html>'
    assert faults(good) == []
    for bad, told in (
        (good.replace("h2>", "h3>"), "jumps from level 1 to 3"),
        (good.replace('id="m"', 'id="x"'), "nothing has the id m"),
        (good.replace("<h2>", '<img src="x"><h2>'), "an image without words"),
        (good.replace("<h2>", '<svg role="img"></svg><h2>'), "a drawing without role and words"),
        (good.replace("<h2>", "<table><tr><th></th></tr></table><h2>"), "a column without a heading"),
        (good.replace("<main", "<p>x</p><main"), "outside every landmark"),
    ):
        assert any(told in fault for fault in faults(bad)), told


def test_the_policy_allows_the_one_style_sheet_and_nothing_else(
    dossiers: Mapping[str, Dossier], data: ReportData
) -> None:
    text = render(dossiers["reinforcement_learning"], "html", data=data)
    sheet = re.findall(r"(?s)<style>(.*?)</style>", text)
    assert len(sheet) == 1
    digest = base64.b64encode(hashlib.sha256(sheet[0].encode()).digest()).decode()
    expected = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert f'<meta http-equiv="Content-Security-Policy" content="{expected}">' in text
    assert not re.search(r'<[^>]*\sstyle="', text)
    assert "url(" not in sheet[0]
    assert "@import" not in sheet[0]


def colours(scheme: str) -> dict[str, str]:
    """The page's colours by name in `light` or `dark`."""
    style = data_path("reports", "templates", "report.css").read_text(encoding="utf-8")
    light, dark = re.findall(r":root \{([^}]*)\}", style)[:2]
    known = dict(re.findall(r"--(\w+): (#[0-9a-f]{3,6})", light))
    return known if scheme == "light" else known | dict(re.findall(r"--(\w+): (#[0-9a-f]{3,6})", dark))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_has_a_contrast_of_four_and_a_half_at_least(scheme: str) -> None:
    known = colours(scheme)
    for ground in ("paper", "soft", "mark"):
        for ink in ("ink", "muted", "accent"):
            assert contrast(known[ink], known[ground]) >= 4.5, (scheme, ink, ground)


def test_the_figures_texts_have_it_too_in_light_and_in_dark() -> None:
    style = data_path("reports", "templates", "report.css").read_text(encoding="utf-8")
    dark = dict(
        re.findall(r'\.chart (?:rect)?\[fill="(#[0-9a-f]{6})"\](?::not\(\.on\))?[^{}]*\{ fill: (#[0-9a-f]{6})', style)
    )
    for colour in (INK, MUTED, *COLOURS):
        assert contrast(colour, PAPER) >= 4.5, colour
        assert contrast(dark[colour], dark[PAPER]) >= 4.5, colour
    for fill in COLOURS[:2]:  # white words on the cells that spoke
        assert contrast("#ffffff", fill) >= 4.5


@pytest.mark.slow
@pytest.mark.parametrize("technique", TECHNIQUES)
def test_chromium_opens_the_page_without_a_word_on_its_console(
    technique: str, dossiers: Mapping[str, Dossier], data: ReportData, tmp_path: Path
) -> None:
    if CHROMIUM is None:
        pytest.skip("there is no Chromium here")
    page, spoiled = tmp_path / "page.html", tmp_path / "spoiled.html"
    text = render(dossiers[technique], "html", data=data)
    page.write_text(text, encoding="utf-8")
    spoiled.write_text(text.replace("<h1>", '<h1 style="color:red">', 1), encoding="utf-8")
    told, dom = console(page, tmp_path)
    assert told == []
    assert faults(dom) == []
    assert any("Content Security Policy" in line for line in console(spoiled, tmp_path)[0])


def console(page: Path, folder: Path) -> tuple[list[str], str]:
    """What Chromium says on the console of `page`, and the DOM it made of it."""
    flags = "--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-quic"
    flags += " --disable-component-update --disable-sync --enable-logging=stderr --dump-dom"
    place = f"--user-data-dir={folder / 'profile'}"
    command = [str(CHROMIUM), *flags.split(), place, page.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True)
    return [line for line in done.stderr.splitlines() if "CONSOLE" in line], done.stdout
