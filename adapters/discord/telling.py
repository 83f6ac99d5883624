"""How one person on Discord is told something: where they are and they alone see it, else directly."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from typing import Any, Final, TypeVar

import discord
from aiohttp import ClientError

from adapters.chat.filled import Said
from adapters.discord.client import Client
from adapters.discord.forms import again_of, labels
from adapters.discord.layout import Message, body_of, messages_of
from adapters.wording import Card, Quote, Section
from adapters.wording.card import Button

LOG: Final = logging.getLogger("kasuhara.discord")
T = TypeVar("T")
WAITS: Final = (0.3, 1.0, 3.0, 10.0)
"""Seconds between the tries to bring an answer."""
TAKEN: Final = 40060
"""Somebody else, such as another process with our token, answered already."""
UNTOLD: Final = (discord.DiscordException, ClientError, OSError, TimeoutError)
Interaction = discord.Interaction[Any]


class Taken(Exception):
    """This interaction is somebody else's."""


class Telling:
    """Nothing here undoes what was done: an answer that does not arrive is only logged."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._running: set[asyncio.Task[None]] = set()

    def later(self, work: Coroutine[Any, Any, None]) -> None:
        """Do it after the first answer, which Discord wants within three seconds."""
        task = asyncio.get_running_loop().create_task(_quietly(work))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def finished(self) -> None:
        """Everything that was begun has been told."""
        while self._running:
            await asyncio.gather(*self._running)

    async def waits(self, interaction: Interaction) -> None:
        """Say at once that an answer for this person alone follows; Taken if somebody else said so.

        Where that comes too late, what was asked for is done all the same and told directly.
        """
        await _first(interaction.response.defer(ephemeral=True, thinking=True))

    async def nothing(self, interaction: Interaction) -> None:
        """Show nothing at all: outsiders learn nothing from a button."""
        await _first(interaction.response.defer())

    async def opens(self, interaction: Interaction, form: discord.ui.Modal) -> bool:
        """Whether the form stands open; it has to be the first answer."""
        return await _first(interaction.response.send_modal(form))

    async def answers(self, interaction: Interaction, card: Card, *, ours: bool) -> None:
        """Where the person waits for it, while that can be done; one of ours is told directly else."""
        pages = messages_of(card)
        told = 0
        try:
            if not interaction.is_expired():
                for page in pages:
                    await self._there(interaction, page, first=told == 0)
                    told += 1
                return
        except UNTOLD as error:
            LOG.info("discord.answer error=%s code=%s", type(error).__name__, getattr(error, "code", ""))
        if ours:
            await self.directly(interaction.user, pages[told:])

    async def directly(self, user: discord.abc.Snowflake, pages: tuple[Message, ...]) -> None:
        """Into the direct conversation."""
        channel = await _again(partial(self._client.create_dm, user))
        for page in pages:
            await _again(partial(channel.send, **body_of(page)))

    async def _there(self, interaction: Interaction, page: Message, *, first: bool) -> None:
        body = body_of(page)
        if not interaction.response.is_done():
            await interaction.response.send_message(ephemeral=True, **body)
        elif first:
            await _again(partial(interaction.edit_original_response, **body))
        else:
            await _again(partial(interaction.followup.send, ephemeral=True, **body))


async def _again(send: Callable[[], Awaitable[T]]) -> T:
    """The answer of a call that is tried again while Discord is busy, broken or away; its own words are final. Better
    twice than not at all."""
    for wait in WAITS:
        try:
            return await send()
        except discord.HTTPException as error:
            if error.status < 500 and error.status != 429:
                raise
            LOG.info("discord.again status=%d", error.status)
        except (ClientError, OSError, TimeoutError) as error:
            LOG.info("discord.again error=%s", type(error).__name__)
        await asyncio.sleep(wait)
    return await send()


async def _first(answer: Coroutine[Any, Any, Any]) -> bool:
    try:
        await answer
    except discord.HTTPException as error:
        if error.code == TAKEN:
            raise Taken from error
        LOG.info("discord.late code=%d", error.code)
        return False
    except UNTOLD as error:
        LOG.info("discord.late error=%s", type(error).__name__)
        return False
    return True


def typed_back(card: Card, id: str, filled: Said, language: str) -> Card:
    """A refusal with everything that was typed, and the way to the same form."""
    called = labels(language)
    quotes = tuple(Quote(value, called[key]) for key, value in filled.items() if key in called and value)
    again: Button | None = again_of(id, language)
    return Card(
        card.title, card.tone, (*card.sections, *((Section(quotes=quotes),) if quotes else ())),
        (again,) if again else (), card.footer,
    )  # fmt: skip


async def _quietly(work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except Exception as error:
        LOG.warning("discord.untold kind=%s", type(error).__name__)
