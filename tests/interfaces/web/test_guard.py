"""Who is let in to the local web server: decided from headers alone."""

from __future__ import annotations

import pytest

from scoper.interfaces.web.guard import Guard, security_headers

OWN = {"Host": "127.0.0.1:8000"}
PAGE = OWN | {"Origin": "http://127.0.0.1:8000"}


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:8000", "[::1]:8000", "LOCALHOST:8000"])
def test_every_loopback_name_with_the_right_port_is_answered(host: str) -> None:
    assert Guard(8000).wrong_place({"Host": host}, socket=False) is None


@pytest.mark.parametrize(
    "host", ["", "evil.example", "evil.example:8000", "127.0.0.1", "127.0.0.1:80", "127.0.0.1.evil.example:8000"]
)
def test_a_name_that_was_pointed_to_this_machine_is_refused(host: str) -> None:
    refusal = Guard(8000).wrong_place({"Host": host}, socket=False)

    assert refusal is not None
    assert refusal.status == 421


@pytest.mark.parametrize("socket", [False, True])
@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "http://127.0.0.1:8001", "https://127.0.0.1:8000", "null", "http://localhost:8000"],
)
def test_a_page_of_another_origin_is_refused(origin: str, socket: bool) -> None:
    refusal = Guard(8000).wrong_place(OWN | {"Origin": origin}, socket=socket)

    assert refusal is not None
    assert refusal.status == 403


def test_a_socket_without_an_origin_is_refused_and_the_page_s_own_is_not() -> None:
    guard = Guard(8000)

    assert guard.wrong_place(OWN, socket=True) is not None
    assert guard.wrong_place(PAGE, socket=True) is None


def test_a_request_that_the_browser_calls_cross_site_is_refused() -> None:
    guard = Guard(8000)
    verdicts = {
        site: guard.wrong_place(OWN | {"Sec-Fetch-Site": site}, socket=False) for site in ("cross-site", "none")
    }

    assert verdicts["cross-site"] is not None
    assert verdicts["none"] is None


def test_the_link_works_once() -> None:
    guard = Guard(8000)

    assert not guard.redeem("guessed")
    assert guard.redeem(guard.token)
    assert not guard.redeem(guard.token)


def test_only_the_cookie_of_the_link_lets_in() -> None:
    guard = Guard(8000)

    assert guard.holds_ticket({guard.cookie: guard.ticket})
    assert not guard.holds_ticket({guard.cookie: guard.token})
    assert not guard.holds_ticket({"scoper_8001": guard.ticket})


def test_no_more_sessions_begin_than_are_allowed() -> None:
    guard = Guard(8000, most_sessions=2)
    guard.sessions = 1
    assert guard.full() is None
    guard.sessions = 2
    refusal = guard.full()

    assert refusal is not None
    assert refusal.status == 503


def test_the_policy_allows_nothing_from_elsewhere_and_no_inline_script() -> None:
    policy = security_headers("127.0.0.1:8000")["Content-Security-Policy"]
    directives = dict(part.strip().partition(" ")[::2] for part in policy.split(";"))

    assert directives["default-src"] == "'none'"
    assert directives["script-src"] == "'self'"
    assert directives["frame-ancestors"] == "'none'"
    assert "http" not in policy
    assert directives["connect-src"] == "'self' ws://127.0.0.1:8000"
