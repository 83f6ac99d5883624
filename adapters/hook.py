"""Calls go out to a phone service as well: signed HTTPS requests with ids and not a word of anybody's (issue 4).

How a receiver checks them stands in docs/pings.md.
"""

import hashlib
import hmac
import ipaddress
import json
from typing import Final
from urllib.parse import urlsplit

import aiohttp

from bot.domain.errors import DeliveryFailed
from bot.domain.model import MessageRef
from bot.domain.notices import Letter, PhoneCalled
from bot.ports import Clock

PLATFORM: Final = "hook"
"""What the core calls a phone service in destinations (bot.handlers.calls)."""
TIMEOUT: Final = 8.0
"""Seconds; less than the Courier's own patience."""
VERSION: Final = "v1"
LINES: Final = 4
"""Requests at once: however long a receiver is silent, the chats' posts find the rest of the Courier's hands free."""
LATER: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
"""What a receiver says that may take it later; 5xx of other kinds too."""


class HookChat:
    """ports.Chat for one address. The key in Idempotency-Key makes a request single, however often it is sent; what
    finds no free line is tried again like anything that failed."""

    def __init__(self, url: str, secret: str, clock: Clock, timeout: float = TIMEOUT) -> None:
        self._url = url
        self._secret = secret.encode()
        self._clock = clock
        self._open = 0
        self._timeout = aiohttp.ClientTimeout(total=timeout)

    async def post(self, letter: Letter) -> MessageRef:
        """The receiver has it once it answers 2xx; a redirect is no answer, for it could lead anywhere."""
        if self._open >= LINES:
            raise DeliveryFailed("busy")
        self._open += 1
        try:
            return await self._called(letter)
        finally:
            self._open -= 1

    async def _called(self, letter: Letter) -> MessageRef:
        body = body_of(letter)
        timestamp = str(int(self._clock().timestamp()))
        headers = {
            "Content-Type": "application/json", "Idempotency-Key": letter.post.key,
            "X-Kasuhara-Timestamp": timestamp, "X-Kasuhara-Signature": signature(self._secret, timestamp, body),
        }  # fmt: skip
        try:
            async with (
                aiohttp.ClientSession(timeout=self._timeout) as session,
                session.post(self._url, data=body, headers=headers, allow_redirects=False) as answer,
            ):
                status, after = answer.status, answer.headers.get("Retry-After", "")
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise DeliveryFailed("unreachable", doubtful=True) from error
        if 200 <= status < 300:
            return MessageRef(letter.post.to.channel, letter.post.key)
        if status in LATER or status >= 500:
            raise DeliveryFailed("refused", retry_after=_seconds(after))
        raise DeliveryFailed("hook_refused", permanent=True)

    async def edit(self, letter: Letter) -> MessageRef:
        """Nothing that was called is changed later."""
        raise DeliveryFailed("broken", permanent=True)

    async def find(self, letter: Letter) -> MessageRef | None:
        """There is nothing to look it up in: it is sent again under its own key, which the receiver knows."""
        return None


def _seconds(after: str) -> float | None:
    """What a receiver asks for; "at once" is nobody's wish, for then it is asked ever more slowly as by default."""
    return float(after) if after.isdecimal() and float(after) > 0 else None


def body_of(letter: Letter) -> bytes:
    """Numbers, accounts and an instant; DeliveryFailed for anything that is no call of a phone service."""
    called = letter.post.notice
    if not isinstance(called, PhoneCalled):
        raise DeliveryFailed("broken", permanent=True)
    facts = {
        "kind": called.kind, "ping": called.ping_id, "step": called.step, "round": called.round,
        "severity": called.severity.key, "people": list(letter.post.to.people), "at": called.at.isoformat(),
    }  # fmt: skip
    return json.dumps(facts, separators=(",", ":")).encode()


def signature(secret: bytes, timestamp: str, body: bytes) -> str:
    """The value of X-Kasuhara-Signature: `v1=` and the hex HMAC-SHA256 of `v1:timestamp:body`."""
    said = f"{VERSION}:{timestamp}:".encode() + body
    return f"{VERSION}={hmac.new(secret, said, hashlib.sha256).hexdigest()}"


def fault(url: str, secret: str) -> str:
    """What is wrong with an address and its secret, "" if nothing: not_https, no_secret. Plain HTTP only to this very
    machine, where nobody listens in between."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return "not_https"
    if not host or not (parts.scheme == "https" or (parts.scheme == "http" and _loopback(host))):
        return "not_https"
    return "" if secret else "no_secret"


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
