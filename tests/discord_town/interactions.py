"""One interaction: what a person did with the app, until when it may be answered, and how it was."""

import asyncio
from collections.abc import Generator
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from .channel import Channel
from .guild import Json, User
from .message import Message, parts

if TYPE_CHECKING:
    from .server import LocalDiscord

FIRST_ANSWER = 3.0
TOKEN_LASTS = 15 * 60.0


class Asked(IntEnum):
    """Interaction types."""

    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    FORM = 5


class Answer(IntEnum):
    """Callback types."""

    MESSAGE = 4
    DEFERRED = 5
    DEFERRED_UPDATE = 6
    UPDATE = 7
    CHOICES = 8
    FORM = 9


@dataclass(eq=False)
class Form:
    """A modal that stands open on somebody's screen; `on` is the message whose button opened it."""

    custom_id: str
    title: str
    components: list[Json]
    channel: Channel
    on: Message | None = None

    @property
    def words(self) -> str:
        """Everything that can be read in it."""
        lines = [self.title]
        for part in parts(self.components):
            lines += [str(part[name]) for name in ("label", "description", "placeholder", "content") if part.get(name)]
        return "\n".join(lines)

    @property
    def fields(self) -> dict[str, str]:
        """Label by custom id, in order."""
        found: dict[str, str] = {}
        for part in self.components:
            inner = [part["component"]] if part.get("type") == 18 else part.get("components", [])
            found |= {one["custom_id"]: part.get("label") or one.get("label") or "" for one in inner}
        return found

    @property
    def prefilled(self) -> dict[str, str]:
        """What stands in the text inputs already, by custom id."""
        return {part["custom_id"]: part["value"] for part in parts(self.components) if part.get("value")}


@dataclass(eq=False)
class Interaction:
    """Await it to wait for the first answer, or for the three seconds after which Discord gives up."""

    discord: "LocalDiscord"
    id: int
    token: str
    asked: Asked
    user: User
    channel: Channel
    data: Json
    at: float
    on: Message | None = None
    """The message whose component was used."""
    answered: Answer | None = None
    ephemeral: bool = False
    response: Message | None = None
    followups: list[Message] = field(default_factory=list)
    choices: list[Json] = field(default_factory=list)
    form: Form | None = None
    failed: bool = False
    """The person was shown "The application did not respond"."""
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def waiting(self) -> bool:
        """Deferred, and nothing has come yet."""
        return self.response is not None and self.response.loading

    @property
    def expired(self) -> bool:
        return self.discord.clock.now() - self.at > TOKEN_LASTS

    @property
    def late(self) -> bool:
        return self.discord.clock.now() - self.at > FIRST_ANSWER

    @property
    def answers(self) -> list[Message]:
        """The messages that answer it and still stand, the first answer first."""
        first = [self.response] if self.response and self.response is not self.on else []
        return [message for message in (*first, *self.followups) if not message.deleted]

    @property
    def words(self) -> str:
        """Everything that its answers say."""
        return "\n".join(message.words for message in self.answers)

    def metadata(self) -> Json:
        """What a message tells of the interaction it answers."""
        found: Json = {"id": str(self.id), "type": int(self.asked), "user": self.user.shown()}
        found["authorizing_integration_owners"] = {}
        if self.on is not None:
            found["interacted_message_id"] = str(self.on.id)
        if self.asked is Asked.FORM:
            found["triggering_interaction_metadata"] = {**found, "type": 3 if self.on else 2}
        return found

    async def _first(self) -> "Interaction":
        if self.answered is None and not self.failed:
            try:
                async with asyncio.timeout(self.discord.patience):
                    await self.ended.wait()
            except TimeoutError:
                self.failed = True
                self.discord.troubles.append((self.user.name, "The application did not respond"))
        return self

    def __await__(self) -> Generator[Any, None, "Interaction"]:
        return self._first().__await__()

    async def settled(self, seconds: float = 20.0) -> "Interaction":
        """Wait until it is answered and is not "thinking" any more; TimeoutError after `seconds`."""
        await self
        await self.discord.until(lambda: self.failed or not self.waiting, seconds)
        return self
