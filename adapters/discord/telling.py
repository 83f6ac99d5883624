"""How one person on Discord is told something: where they are and they alone see it, else directly."""

import logging
from collections.abc import Coroutine, Sequence
from functools import partial
from typing import Any, Final

import discord
from aiohttp import ClientError

from adapters.chat.filled import Said
from adapters.chat.later import Answered, Later
from adapters.discord.client import Client
from adapters.discord.forms import again_of, labels
from adapters.discord.layout import Message, body_of, messages_of
from adapters.wording import Card, Quote, Section
from adapters.wording.card import Button

LOG: Final = logging.getLogger("kasuhara.discord")
TAKEN: Final = 40060
"""Somebody else, such as another process with our token, answered already."""
UNTOLD: Final = (discord.DiscordException, ClientError, OSError, TimeoutError)
Interaction = discord.Interaction[Any]


class Taken(Exception):
    """This interaction is somebody else's."""


class Telling(Later):
    """Nothing here undoes what was done: an answer that does not arrive is only logged."""

    def __init__(self, client: Client) -> None:
        super().__init__("discord", UNTOLD, _answered)
        self._client = client

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

        async def there(page: Message) -> None:
            await self._there(interaction, page, first=page is pages[0])

        async def directly(rest: Sequence[Message]) -> None:
            await self.directly(interaction.user, rest)

        if not interaction.is_expired():
            await self.there_else_directly(pages, there, directly if ours else None)
        elif ours:
            await directly(pages)

    async def directly(self, user: discord.abc.Snowflake, pages: Sequence[Message]) -> None:
        """Into the direct conversation."""
        channel = await self.again(partial(self._client.create_dm, user))
        for page in pages:
            await self.again(partial(channel.send, **body_of(page)))

    async def _there(self, interaction: Interaction, page: Message, *, first: bool) -> None:
        body = body_of(page)
        if not interaction.response.is_done():
            await interaction.response.send_message(ephemeral=True, **body)
        elif first:
            await self.again(partial(interaction.edit_original_response, **body))
        else:
            await self.again(partial(interaction.followup.send, ephemeral=True, **body))


def _answered(error: Exception) -> Answered | None:
    if isinstance(error, discord.HTTPException):
        return Answered(error.status)
    return Answered(400) if isinstance(error, discord.DiscordException) else None  # discord.py's own word is final


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
