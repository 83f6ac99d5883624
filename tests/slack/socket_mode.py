"""Socket Mode: tickets, connections, envelopes and everything that befalls a connection."""

import asyncio
import contextlib
import json
import uuid
from dataclasses import dataclass, field
from random import Random

from aiohttp import WSMsgType, web

from .delivery import EVENTS, Attempt, Delivery
from .message import Json
from .workspace import App

MOST = 10
HOST = "applink-local-1"
LASTS = 18_060


@dataclass(eq=False)
class Connection:
    """One open socket.

    `mute`: it answers pings but brings nothing. `frozen`: not even pings are answered. `delay`: seconds late.
    """

    number: int
    socket: web.WebSocketResponse
    transport: asyncio.Transport | None
    mute: bool = False
    frozen: bool = False
    delay: float = 0.0
    leaving: bool = False
    """Slack has asked the client to reconnect."""
    brought: int = 0

    async def send(self, message: Json) -> None:
        if self.delay:
            await asyncio.sleep(self.delay)
        if not (self.mute or self.frozen or self.socket.closed):
            with contextlib.suppress(ConnectionError):
                await self.socket.send_str(json.dumps(message, ensure_ascii=False))

    def cut(self) -> None:
        """The network breaks: no close frame."""
        if self.transport is not None:
            self.transport.abort()


@dataclass
class SocketMode:
    """The connections of the app; payloads go to any one of them, chosen by a seed."""

    app: App
    base: str = ""
    seed: int = 0
    connections: list[Connection] = field(default_factory=list)
    ever: int = 0
    refusing: bool = False
    """The network is gone: no new connection can be made."""
    acks: list[str] = field(default_factory=list)
    """Envelope ids acknowledged, in order, late ones among them."""
    _tickets: set[str] = field(default_factory=set)
    _waiting: dict[str, "asyncio.Future[Json | None]"] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _random: Random = field(default_factory=lambda: Random(0))

    def ticket(self) -> str:
        """An address that is good for one connection."""
        ticket = uuid.uuid4().hex
        self._tickets.add(ticket)
        return f"{self.base.replace('http', 'ws', 1)}/link/?ticket={ticket}&app_id={self.app.id}"

    @property
    def open(self) -> list[Connection]:
        return [one for one in self.connections if not one.socket.closed]

    @property
    def reaches(self) -> bool:
        return bool(self.open)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """A client comes with its ticket; stays until the socket ends."""
        ticket = request.query.get("ticket", "")
        if self.refusing or ticket not in self._tickets:
            return web.Response(status=503 if self.refusing else 408)
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse(autoping=False, max_msg_size=0)
        await socket.prepare(request)
        self.ever += 1
        connection = Connection(self.ever, socket, request.transport)
        if len(self.open) >= MOST:
            await connection.send(_disconnect("too_many_websockets"))
            await socket.close()
            return socket
        self.connections.append(connection)
        try:
            await connection.send(self._hello())
            await self._read(connection)
        finally:
            self.connections.remove(connection)
        return socket

    def _hello(self) -> Json:
        debug = {"host": HOST, "build_number": 54, "approximate_connection_time": LASTS}
        info = {"app_id": self.app.id}
        return {"type": "hello", "num_connections": len(self.open), "debug_info": debug, "connection_info": info}

    async def _read(self, connection: Connection) -> None:
        async for message in connection.socket:
            if connection.frozen:
                continue
            if message.type is WSMsgType.PING:
                with contextlib.suppress(ConnectionError):
                    await connection.socket.pong(message.data)
            elif message.type is WSMsgType.TEXT:
                answer = json.loads(message.data)
                id = answer.get("envelope_id", "")
                self.acks.append(id)
                # An acknowledgement counts on whichever connection it comes (seen with Bolt after a refresh).
                waiting = self._waiting.get(id)
                if waiting is not None and not waiting.done():
                    waiting.set_result(answer.get("payload"))

    async def carry(self, delivery: Delivery, attempt: Attempt, patience: float) -> None:
        """One try on any one connection. Each try has an envelope id of its own (not documented)."""
        staying = [one for one in self.open if not one.leaving] or self.open
        if not staying:
            attempt.outcome = "no_connection"
            return
        connection = self._random.choice(staying)
        connection.brought += 1
        envelope: Json = {"envelope_id": str(uuid.uuid4()), "payload": delivery.payload, "type": delivery.kind}
        envelope["accepts_response_payload"] = delivery.kind != EVENTS
        if delivery.kind == EVENTS:
            reason = delivery.attempts[-2].outcome if attempt.number else ""
            envelope |= {"retry_attempt": attempt.number, "retry_reason": reason}
        waiting = self._waiting[envelope["envelope_id"]] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(patience):
                await connection.send(envelope)
                delivery.answer = await waiting
            attempt.outcome = "acked"
        except TimeoutError:
            attempt.outcome = "timeout"
        finally:
            del self._waiting[envelope["envelope_id"]]

    async def warn(self, *connections: Connection) -> None:
        """disconnect: warning, about ten seconds before the refresh."""
        for one in connections or self.open:
            await one.send(_disconnect("warning"))

    async def refresh(self, *connections: Connection, grace: float = 10.0) -> None:
        """disconnect: refresh_requested; closed by the server after the grace."""
        for one in connections or self.open:
            one.leaving = True
            await one.send(_disconnect("refresh_requested"))
            task = asyncio.get_running_loop().create_task(self._close_later(one, grace))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _close_later(self, connection: Connection, grace: float) -> None:
        await asyncio.sleep(grace)
        await connection.socket.close()

    async def disable(self) -> None:
        """disconnect: link_disabled: Socket Mode was switched off for the app."""
        self.refusing = True
        for one in self.open:
            await one.send(_disconnect("link_disabled"))
            await one.socket.close()

    def cut(self, *connections: Connection) -> None:
        """Break the network of these (of all): no close frame."""
        for one in connections or self.open:
            one.cut()

    async def stop(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for one in self.open:
            one.cut()


def _disconnect(reason: str) -> Json:
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": HOST}}
