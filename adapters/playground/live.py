"""The page's line: what it asks for over its WebSocket, and what it is sent; a connection is one persona."""

import asyncio
import contextlib
import json
import logging
from collections.abc import Mapping
from typing import Any, Final

from aiohttp import WSMsgType, web

from adapters.commands import TABLE, example
from adapters.playground import drawn
from adapters.playground.board import Said
from adapters.playground.clock import target
from adapters.playground.desk import Errors, Who
from adapters.playground.forms import Form
from adapters.playground.hall import UPLOAD, Hall
from adapters.playground.room import Room
from adapters.playground.tour import scenarios
from adapters.playground.town import CHANNELS, FIRST, PERSONAS, sees
from adapters.playground.typed import command, misspelt
from adapters.wording import LANGUAGES, Card, say
from adapters.wording.say import all_of

LOG: Final = logging.getLogger("kasuhara.playground")
WAITING: Final = 20_000
"""Messages that may wait for a page; one that does not read them is let go."""
TYPED: Final = 4_000
FORMS: Final = 20
"""Forms of one page that stand open."""


class Unclear(Exception):
    """The page sent what this version does not understand."""


class Line:
    """One open page."""

    def __init__(self, hall: Hall, socket: web.WebSocketResponse, language: str, touring: str = "") -> None:
        self._hall = hall
        self._socket = socket
        self._waiting: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue(WAITING)
        self._forms: dict[str, tuple[Form, str]] = {}
        """Open forms, with the channel they were opened in."""
        self._number = 0
        self.persona = FIRST
        self.language = language
        self.follows = bool(touring) and hall.tour == touring
        """Whether this page is on the tour; one that comes anew is only told of it."""

    @property
    def room(self) -> Room:
        """Where this page is."""
        return self._hall.room_of(self)

    async def talks(self) -> None:
        """Until the page goes away."""
        self._hall.lines.add(self)
        sending = asyncio.create_task(self._sends())
        try:
            self._hello()
            await self._hall.greets(self)
            self.enters()
            if self._hall.tour:
                self._hall.tells(self)
            async for message in self._socket:
                if message.type is not WSMsgType.TEXT:
                    break
                await self._hears(message.data)
        finally:
            self._hall.leaves(self)
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)

    def tell(self, message: dict[str, Any]) -> None:
        """Send it in its turn."""
        try:
            self._waiting.put_nowait(message)
        except asyncio.QueueFull:
            self._hall.lines.discard(self)
            with contextlib.suppress(asyncio.QueueFull):
                self._waiting.get_nowait()
                self._waiting.put_nowait(None)

    def shows(self, said: Said) -> None:
        """A message is new or changed: told to whoever may see it."""
        if said.shown_to(self.persona.id):
            self.tell({"t": "message", "message": self._json(said)})

    def _json(self, said: Said) -> dict[str, Any]:
        """As this persona reads it, in the language of this page."""
        room = self.room
        return drawn.message_json(room.chat.told(said, self.language), self.persona, self.language, room.zone)

    def enters(self) -> None:
        """The room as this persona sees it, and what time it is there."""
        room = self.room
        found = room.board.newest(self.persona.id)
        self.tell({
            "t": "room", "persona": self.persona.id, "lang": self.language, "tour": self._hall.touring(self),
            "begun": room.language, "renewable": not self._hall.kept,
            "channels": drawn.channels_json(self.persona, self.language),
            "messages": [self._json(said) for said in found],
        })  # fmt: skip
        self.ticks()

    def ticks(self) -> None:
        room = self.room
        self.tell(drawn.clock_json(room.clock(), self.language, room.zone, moving=room.moving))

    def troubled(self, key: str) -> None:
        self.tell({"t": "trouble", "text": say(self.language, f"playground.trouble.{key}")})

    async def _sends(self) -> None:
        while (message := await self._waiting.get()) is not None:
            try:
                await self._socket.send_str(json.dumps(message, ensure_ascii=False))
            except ConnectionError:
                return
        await self._socket.close()

    def _hello(self) -> None:
        language = self.language
        self.tell({
            "t": "hello", "lang": language, "words": all_of(language, "playground.page."),
            "personas": drawn.personas_json(language), "languages": list(LANGUAGES), "limit": UPLOAD,
            "scenarios": [{"id": one.id, "title": one.title.said(language), "about": one.about.said(language),
                           "steps": len(one.steps)} for one in scenarios()],
            "commands": [{"word": word.shown(language), "names": list(word.names),
                          "about": say(language, f"commands.summary.{word.key}"),
                          "example": example(word.key, language)} for word in TABLE],
        })  # fmt: skip

    async def _hears(self, data: str) -> None:
        """One message of the page; whatever is wrong with it is said, and the line stays open."""
        try:
            found = json.loads(data)
            if not isinstance(found, dict):
                raise Unclear
            await self._does(found)
        except (Unclear, ValueError, KeyError, TypeError, RecursionError):
            self.troubled("unclear")
        except Exception as error:
            LOG.warning("playground.trouble kind=%s", type(error).__name__)
            self.troubled("failed")

    async def _does(self, said: Mapping[str, Any]) -> None:
        match said.get("t"):
            case "be":
                await self._becomes(_text(said, "persona"), str(said.get("lang") or self.language))
            case "say":
                await self._says(self._place(said), _text(said, "text"))
            case "line":
                place = self._place(said)
                await self._asks(_text(said, "text"), place)
            case "press":
                await self._presses(said)
            case "report":
                message = self._seen(_text(said, "message"))
                await self.room.known(message.id)
                who = self._who(message.channel)
                await self._answers(await self.room.desk.about(message, who), message.channel)
            case "form":
                await self._answers(await self.room.desk.blank(_text(said, "kind"), self._who("")), "")
            case "submit":
                await self._submits(_text(said, "id"), said.get("values"))
            case "older":
                self._older(self._place(said), _text(said, "before"))
            case "clock":
                await self._moves(_text(said, "to"))
            case "tour":
                await self._hall.tours(said.get("scenario"), self)
            case "join":
                self._hall.joins(self)
            case "anew":
                await self._hall.anew(self.language)
            case "staff":
                self._hall.replaying.answers(said.get("accounts"))
            case "sample":
                self._samples()
            case "next":
                await self._hall.steps(self)
            case _:
                raise Unclear

    async def _becomes(self, persona: str, language: str) -> None:
        if persona not in PERSONAS or language not in LANGUAGES:
            raise Unclear
        changed = language != self.language
        self.persona, self.language = PERSONAS[persona], language
        self._forms.clear()
        if changed:
            self._hello()
            await self._hall.greets(self)
        self.enters()
        if changed and self._hall.tour:
            self._hall.tells(self)

    async def _says(self, place: str, text: str) -> None:
        if not text.strip() or len(text) > TYPED:
            raise Unclear
        room = self.room
        if CHANNELS[place].kind == "direct":
            room.types(self.persona, place, text)
            await self._asks(text, place)
        elif (asked := misspelt(text, self.persona, self.language)) is not None:
            await self._answers(asked, place)
        elif (line := command(text, self.persona)) is not None:
            await self._asks(line, place)
        else:
            await room.says(self.persona, place, text)

    async def _asks(self, text: str, place: str) -> None:
        await self._answers(await self.room.desk.line(text, self._who(place)), place)

    async def _presses(self, said: Mapping[str, Any]) -> None:
        id = said.get("message")
        place = self._seen(str(id)).channel if id else ""
        action, subject = _text(said, "action"), _text(said, "subject")
        await self._answers(await self.room.desk.press(action, subject, self._who(place)), place)

    async def _submits(self, id: str, values: object) -> None:
        opened = self._forms.get(id)
        if opened is None or not isinstance(values, dict):
            raise Unclear
        form, place = opened
        filled = {str(key): str(value) for key, value in values.items() if value is not None}
        done = await self.room.desk.submit(form, filled, self._who(place))
        if isinstance(done, Errors):
            self.tell({"t": "form_errors", "id": id, "errors": dict(done.at)})
        else:
            self._forms.pop(id, None)
            self.tell({"t": "form_done", "id": id, "card": drawn.card_json(done)})

    async def _answers(self, outcome: Card | Form, place: str) -> None:
        """Where the persona is, for them alone; a form opens, and what has no place is a dialog."""
        if isinstance(outcome, Form):
            self._number += 1
            id = f"f{self._number}"
            self._forms[id] = (outcome, place)
            while len(self._forms) > FORMS:
                del self._forms[next(iter(self._forms))]
            self.tell(drawn.form_json(outcome, id))
        elif place:
            await self.room.whispers(outcome, self._who(place))
        else:
            self.tell({"t": "answer", "card": drawn.card_json(outcome)})

    def _older(self, place: str, before: str) -> None:
        room = self.room
        found, more = room.board.before(self.persona.id, place, before)
        shown = [self._json(said) for said in found]
        self.tell({"t": "older", "channel": place, "messages": shown, "more": more})

    async def _moves(self, to: str) -> None:
        room = self.room
        until = target(to, room.clock(), room.zone)
        if until is None:
            raise Unclear
        await self._hall.moves(room, until)

    def _samples(self) -> None:
        if not self.persona.inside:
            raise Unclear
        if not self._hall.replaying.samples(self.language):
            self.troubled("busy")

    def _who(self, place: str) -> Who:
        return Who(self.persona, self.language, place)

    def _place(self, said: Mapping[str, Any]) -> str:
        """A channel that this persona reads: of any other one it is not even said whether it is there."""
        place = _text(said, "channel")
        if not sees(self.persona.id, place):
            raise Unclear
        return place

    def _seen(self, id: str) -> Said:
        said = self.room.board.get(id)
        if said is None or not said.shown_to(self.persona.id):
            raise Unclear
        return said


def _text(said: Mapping[str, Any], key: str) -> str:
    value = said[key]
    if not isinstance(value, str):
        raise Unclear
    return value
