"""How one person on Discord is told something: where they are and they alone see it, else directly."""

import logging
from collections.abc import Coroutine
from functools import partial
from typing import Any, Final

import discord
from aiohttp import ClientError

from adapters.chat.filled import Said
from adapters.chat.later import Later, again
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
        super().__init__("discord")
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
        channel = await again(partial(self._client.create_dm, user), _pause)
        for page in pages:
            await again(partial(channel.send, **body_of(page)), _pause)

    async def _there(self, interaction: Interaction, page: Message, *, first: bool) -> None:
        body = body_of(page)
        if not interaction.response.is_done():
            await interaction.response.send_message(ephemeral=True, **body)
        elif first:
            await again(partial(interaction.edit_original_response, **body), _pause)
        else:
            await again(partial(interaction.followup.send, ephemeral=True, **body), _pause)


def _pause(error: Exception, wait: float) -> float | None:
    if isinstance(error, discord.HTTPException):
        return wait if error.status >= 500 or error.status == 429 else None
    return wait if isinstance(error, ClientError | OSError | TimeoutError) else None


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
