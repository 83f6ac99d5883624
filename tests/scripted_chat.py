"""A chat that fails in every way a script tells it to, and remembers what "the platform" has."""

import asyncio
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from random import Random

from bot.domain.errors import DeliveryFailed
from bot.domain.model import MessageRef
from bot.domain.notices import Letter


class How(StrEnum):
    """What happens to one call; the platform has it only after those of the first three lines."""

    OK = "ok"
    SLOW = "slow"
    LOST = "accepted, reply lost"
    STUCK = "accepted, reply never comes"
    CRASHED = "accepted, then the chat's own code fails"
    TIMEOUT = "not accepted, nothing comes"
    BUSY = "429"
    DOWN = "5xx"
    UNSURE = "connection cut, not accepted"
    CLOSED = "permanent"
    GARBAGE = "the chat's own code fails before it sends"
    CANCELLED = "a cancelled call of the chat's own escapes"


class Look(StrEnum):
    """What comes of looking for an earlier try."""

    TELLS = "tells"
    CANNOT = "cannot tell"
    HANGS = "hangs"
    FAILS = "fails"


RETRY_AFTER = 7.0
ACCEPTED = frozenset({How.OK, How.SLOW, How.LOST, How.STUCK, How.CRASHED})


def rolled(seed: int, *hows: How, worse: float = 0.5) -> Iterator[How]:
    """A seeded script without end: one of `hows` in `worse` of the calls, else it goes well."""
    random = Random(seed)
    while True:
        yield random.choice(hows) if random.random() < worse else How.OK


@dataclass
class Shown:
    """A message as the platform has it; `edits` are the keys that changed it, in order."""

    key: str
    labelled: bool
    ref: MessageRef
    letter: Letter | None = None
    edits: list[str] = field(default_factory=list)


class ScriptedChat:
    """ports.Chat; after the script everything goes well. A `file` outlives the process that writes it."""

    def __init__(
        self,
        script: Iterable[How] = (),
        look: Look = Look.TELLS,
        file: Path | None = None,
        moment: Callable[[], None] = lambda: None,
    ) -> None:
        self.script = iter(script)
        self.look = look
        self.moment = moment
        """Called just before and after the platform takes something."""
        self.shown: list[Shown] = []
        self.calls: list[tuple[str, How]] = []
        self.looks: list[str] = []
        self.at_once = self.most_at_once = 0
        self._file = file
        for line in file.read_text("utf-8").splitlines() if file and file.exists() else ():
            known = json.loads(line)
            self._take(known["key"], labelled=known["labelled"])

    @property
    def keys(self) -> list[str]:
        return [shown.key for shown in self.shown]

    async def post(self, letter: Letter) -> MessageRef:
        def accept() -> MessageRef:
            shown = self._take(letter.post.key, labelled=letter.doubtful, letter=letter)
            self._write(shown)
            return shown.ref

        return await self._answer(letter, accept)

    async def edit(self, letter: Letter) -> MessageRef:
        def accept() -> MessageRef:
            shown = next(shown for shown in self.shown if shown.ref == letter.ref)
            shown.edits.append(letter.post.key)
            return shown.ref

        return await self._answer(letter, accept)

    async def find(self, letter: Letter) -> MessageRef | None:
        self.looks.append(letter.post.key)
        match self.look:
            case Look.CANNOT:
                raise DeliveryFailed("cannot_tell")
            case Look.HANGS:
                await asyncio.sleep(3600)
            case Look.FAILS:
                raise ValueError(letter.post.key)
        return next((shown.ref for shown in self.shown if shown.key == letter.post.key), None)

    def _take(self, key: str, *, labelled: bool, letter: Letter | None = None) -> Shown:
        channel = letter.post.to.channel or "direct" if letter else ""
        shown = Shown(key, labelled, MessageRef(channel, str(len(self.shown) + 1)), letter)
        self.shown.append(shown)
        return shown

    def _write(self, shown: Shown) -> None:
        if self._file is None:
            return
        with self._file.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"key": shown.key, "labelled": shown.labelled}) + "\n")

    async def _answer(self, letter: Letter, accept: Callable[[], MessageRef]) -> MessageRef:
        how = next(self.script, How.OK)
        self.calls.append((letter.post.key, how))
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await asyncio.sleep(0.02 if how is How.SLOW else 0)
            self.moment()
            ref = accept() if how in ACCEPTED else MessageRef("", "")
            self.moment()
            await _end(how)
        finally:
            self.at_once -= 1
        return ref


async def _end(how: How) -> None:
    match how:
        case How.STUCK | How.TIMEOUT:
            await asyncio.sleep(3600)
        case How.LOST | How.UNSURE:
            raise DeliveryFailed("connection", doubtful=True)
        case How.BUSY:
            raise DeliveryFailed("rate_limited", retry_after=RETRY_AFTER)
        case How.DOWN:
            raise DeliveryFailed("server_error")
        case How.CLOSED:
            raise DeliveryFailed("channel_archived", permanent=True)
        case How.CRASHED | How.GARBAGE:
            raise ValueError("架空太郎")  # what a log must never show
        case How.CANCELLED:
            raise asyncio.CancelledError
