"""One session of the gateway, and one socket that may carry it."""

import asyncio
import contextlib
import json
import zlib
from dataclasses import dataclass, field

from aiohttp import web

from .guild import Json
from .network import reset


@dataclass(eq=False)
class Session:
    """What a client may RESUME: every event that was meant for it, numbered."""

    id: str
    intents: int
    events: list[Json] = field(default_factory=list)
    connection: "Connection | None" = None

    @property
    def number(self) -> int:
        return len(self.events)

    def add(self, event: str, data: Json) -> None:
        """Number the event and send it, or keep it for the next connection."""
        # Through JSON, so that what happens later does not change it.
        payload = json.loads(json.dumps({"op": 0, "s": self.number + 1, "t": event, "d": data}))
        self.events.append(payload)
        if self.connection is not None:
            self.connection.put(payload)

    def replay(self, after: int) -> None:
        """Send again what came after this number."""
        assert self.connection is not None
        for payload in self.events[after:]:
            self.connection.put(payload)


@dataclass(eq=False)
class Connection:
    """One open socket. `silent`: nothing goes out any more. `delay`: everything does so many seconds late."""

    number: int
    path: str
    socket: web.WebSocketResponse
    transport: asyncio.Transport | None
    compressed: bool = False
    session: Session | None = None
    silent: bool = False
    deaf: bool = False
    """Heartbeats are not acknowledged, events come."""
    delay: float = 0.0
    closing: bool = False
    """The gateway itself has closed it."""
    beats: int = 0
    frames: "asyncio.Queue[Json | int]" = field(default_factory=asyncio.Queue)

    def __post_init__(self) -> None:
        self._stream = zlib.compressobj()

    def put(self, payload: Json) -> None:
        self.frames.put_nowait(payload)

    def close(self, code: int) -> None:
        """Close it with this code when everything before has gone out."""
        self.frames.put_nowait(code)

    def cut(self) -> None:
        """The network breaks: no close frame."""
        if self.session is not None and self.session.connection is self:
            self.session.connection = None
        reset(self.transport)

    async def send(self, payload: Json) -> None:
        text = json.dumps(payload, ensure_ascii=False)
        with contextlib.suppress(ConnectionError):
            if self.compressed:
                data = self._stream.compress(text.encode()) + self._stream.flush(zlib.Z_SYNC_FLUSH)
                await self.socket.send_bytes(data)
            else:
                await self.socket.send_str(text)
