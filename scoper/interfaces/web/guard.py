"""Who may talk to the local web server. Pure: headers in, a refusal or nothing out.

Against a page of another site (Origin, Sec-Fetch-Site), a name that was rebound to this machine (Host), whoever does
not hold the link that was printed (one-time token, then a cookie), and too many sessions at once.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

LOOPBACK = ("127.0.0.1", "localhost", "::1")
_OWN_FETCHES = ("", "none", "same-origin")


@dataclass(frozen=True)
class Refusal:
    """An HTTP status and one sentence."""

    status: int
    because: str


@dataclass
class Guard:
    """The state of one server: the link's token until it is used, the cookie's value, the sessions that run."""

    port: int
    most_sessions: int = 4
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    ticket: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    sessions: int = 0
    _used: bool = False

    @property
    def hosts(self) -> frozenset[str]:
        """The names under which this server may be addressed."""
        ending = "" if self.port == 80 else f":{self.port}"
        return frozenset(f"[{name}]{ending}" if ":" in name else f"{name}{ending}" for name in LOOPBACK)

    @property
    def cookie(self) -> str:
        """The cookie's name; browsers share cookies between the ports of a host."""
        return f"scoper_{self.port}"

    def wrong_place(self, headers: Mapping[str, str], *, socket: bool) -> Refusal | None:
        """Why a request does not come from a page of this server; a `socket` has to say where it comes from."""
        host, origin = headers.get("Host", "").lower(), headers.get("Origin")
        if host not in self.hosts:
            return Refusal(421, "This server answers under its loopback address only.")
        if origin is None and socket:
            return Refusal(403, "The request does not say where it comes from.")
        if origin is not None and origin.lower() != f"http://{host}":
            return Refusal(403, "The request comes from another site.")
        if headers.get("Sec-Fetch-Site", "") not in _OWN_FETCHES:
            return Refusal(403, "The request comes from another site.")
        return None

    def redeem(self, token: str) -> bool:
        """Whether this is the link's token, used for the first time; it is used up by that."""
        right = not self._used and hmac.compare_digest(token.encode(), self.token.encode())
        self._used = self._used or right
        return right

    def holds_ticket(self, cookies: Mapping[str, str]) -> bool:
        """Whether the browser is the one that opened the link."""
        return hmac.compare_digest(cookies.get(self.cookie, "").encode(), self.ticket.encode())

    def without_ticket(self) -> Refusal:
        """What a browser without the cookie is told."""
        return Refusal(403, "Open the link that `scoper serve` printed; it works once. Start it again for another one.")

    def full(self) -> Refusal | None:
        """Why no further session begins."""
        if self.sessions < self.most_sessions:
            return None
        return Refusal(503, f"{self.most_sessions} sessions are open; close one first.")


def security_headers(host: str) -> dict[str, str]:
    """What every answer carries: nothing from elsewhere, in no frame, kept nowhere; `host` is empty for a refusal."""
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        f"font-src 'self'; connect-src 'self'{f' ws://{host}' if host else ''}; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    }
