"""Events, commands and interactions as Slack's signed HTTP requests."""

import hashlib
import hmac
import json
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

import aiohttp

from .delivery import COMMANDS, EVENTS, Attempt, Delivery
from .message import Json
from .workspace import App

FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Signed:
    """A request as it goes over the wire; a test may spoil it before it is sent."""

    body: bytes
    headers: dict[str, str]


@dataclass
class HttpEvents:
    """Posts to `url` (the app's request URL); `other_urls` by kind, where the manifest names three."""

    app: App
    url: str = ""
    other_urls: dict[str, str] = field(default_factory=dict)
    _session: aiohttp.ClientSession | None = None

    @property
    def reaches(self) -> bool:
        """Slack always tries; nobody listening is connection_failed."""
        return True

    def sign(self, body: bytes, *, age: float = 0.0, secret: str = "") -> dict[str, str]:
        """The two headers of a v0 signature that was made `age` seconds ago."""
        at = str(int(time.time() - age))
        base = b"v0:" + at.encode() + b":" + body
        digest = hmac.new((secret or self.app.signing_secret).encode(), base, hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": f"v0={digest}"}

    def request(self, kind: str, payload: Json, *, age: float = 0.0, secret: str = "") -> Signed:
        """The payload as a signed request: events as JSON, the others as forms."""
        if kind == EVENTS:
            body, content = json.dumps(payload, ensure_ascii=False).encode(), "application/json"
        elif kind == COMMANDS:
            body, content = urlencode(payload).encode(), FORM
        else:
            body, content = urlencode({"payload": json.dumps(payload, ensure_ascii=False)}).encode(), FORM
        return Signed(body, {"Content-Type": content} | self.sign(body, age=age, secret=secret))

    async def post(self, request: Signed, kind: str = EVENTS, patience: float = 3.0) -> tuple[int, bytes, str]:
        """Send it as it is: status, body and X-Slack-No-Retry of the answer."""
        if self._session is None:
            self._session = aiohttp.ClientSession(headers={"User-Agent": "Slackbot 1.0"})
        limit = aiohttp.ClientTimeout(total=patience)
        url = self.other_urls.get(kind, self.url)
        async with self._session.post(url, data=request.body, headers=request.headers, timeout=limit) as answer:
            return answer.status, await answer.read(), answer.headers.get("X-Slack-No-Retry", "")

    async def carry(self, delivery: Delivery, attempt: Attempt, patience: float) -> None:
        """One try; the retry headers tell the number and why the one before failed."""
        request = self.request(delivery.kind, delivery.payload)
        if attempt.number:
            request.headers["X-Slack-Retry-Num"] = str(attempt.number)
            request.headers["X-Slack-Retry-Reason"] = delivery.attempts[-2].outcome
        try:
            status, body, no_retry = await self.post(request, delivery.kind, patience)
        except TimeoutError:
            attempt.outcome = "http_timeout"
        except aiohttp.ClientError:
            attempt.outcome = "connection_failed"
        else:
            attempt.status = status
            failed = "no_retry" if no_retry == "1" else "http_error"
            attempt.outcome = "acked" if 200 <= status < 300 else failed
            if attempt.outcome == "acked" and body:
                delivery.answer = _read(body)

    async def verify(self) -> bool:
        """url_verification, as Slack does it when the request URL is saved."""
        challenge = "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P"
        payload = {"token": "verification-token", "challenge": challenge, "type": "url_verification"}
        status, body, _ = await self.post(self.request(EVENTS, payload))
        answer = _read(body)
        return status == 200 and challenge == (answer.get("challenge") if isinstance(answer, dict) else answer)

    async def stop(self) -> None:
        if self._session is not None:
            await self._session.close()


def _read(body: bytes) -> Json | str:
    try:
        found = json.loads(body)
    except ValueError:
        return body.decode()
    return found if isinstance(found, dict) else body.decode()
