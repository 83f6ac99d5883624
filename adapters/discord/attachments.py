"""Attachments of Discord: what a message announces, and its bytes from Discord's own servers.

Addresses are signed and expire (discord.md 13): they stay in memory, and a message is asked for fresh ones.
"""

import asyncio
from collections import OrderedDict
from typing import Final

import discord
import yarl
from discord.http import Route

from adapters.chat.downloads import Downloads
from adapters.chat.keeper import Keeper, NotKept
from adapters.discord.client import Client
from bot.domain.events import MessagePosted
from bot.domain.model import Attachment, FileState, Platform, WantedFile
from bot.domain.notices import Received
from bot.domain.policy import Policy
from bot.intake import Intake
from bot.ports import Clock

HOSTS: Final = frozenset({"cdn.discordapp.com", "media.discordapp.net"})
REMEMBERED: Final = 1000
"""Addresses in memory; a message that was taken back is asked for in vain, its address is still good for a while."""


def attached(message: discord.Message) -> tuple[Attachment, ...]:
    """What hangs on a message; Discord tells names of other scripts as a title without the ending."""
    return tuple(
        Attachment(str(file.id), _name(file), (file.content_type or "").partition(";")[0], file.size)
        for file in message.attachments
    )


class Attachments:
    """Fetches from Discord's own hosts, and from where the interface is said to be, never by way of a redirect."""

    def __init__(self, client: Client, intake: Intake, policy: Policy, clock: Clock, held: asyncio.Event) -> None:
        self._client = client
        self._intake = intake
        self._keeper = Keeper(Platform.DISCORD, intake, self.fetch, policy.files, clock, held)
        self._addresses: OrderedDict[str, str] = OrderedDict()
        self._downloads = Downloads(trusted)

    async def mind(self) -> None:
        """Fetch what is wanted, until cancelled."""
        try:
            await self._keeper.mind()
        finally:
            await self._downloads.close()

    async def takes(self, said: MessagePosted | None, message: discord.Message) -> None:
        """Hand a message to the core; what hangs on it is fetched once it is stored."""
        if said is None:
            return
        noted = await self._intake.submit(said)
        if said.files and isinstance(noted, Received) and noted.stored:
            self._addresses.update((str(file.id), file.url) for file in message.attachments)
            while len(self._addresses) > REMEMBERED:
                self._addresses.popitem(last=False)
            self._keeper.wake()

    async def fetch(self, wanted: WantedFile, limit: int) -> bytes:
        """The bytes of one attachment; see adapters.chat.keeper."""
        if address := self._addresses.pop(wanted.file_id, ""):
            found = await self._downloads.get(address, limit)
            if isinstance(found, bytes):
                return found
        found = await self._downloads.get(await self._asked(wanted), limit)
        if isinstance(found, int):
            raise NotKept(FileState.REFUSED if found == 403 else FileState.GONE)
        return found

    async def _asked(self, wanted: WantedFile) -> str:
        """A fresh address; what was taken off the message meanwhile is gone."""
        try:
            message = await self._client.http.get_message(int(wanted.thread or wanted.channel), int(wanted.message_id))
        except discord.NotFound as error:
            raise NotKept(FileState.GONE) from error
        except discord.Forbidden as error:  # rights come back
            raise NotKept(FileState.REFUSED, final=False) from error
        for file in message["attachments"]:
            if str(file["id"]) == wanted.file_id:
                return file["url"]
        raise NotKept(FileState.GONE)


def trusted(url: yarl.URL) -> bool:
    """Whether this is one of Discord's own servers, or that which stands in for Discord here."""
    if url.scheme == "https" and url.host in HOSTS and not url.explicit_port:
        return True
    return url.is_absolute() and url.origin() == yarl.URL(Route.BASE).origin()


def _name(file: discord.Attachment) -> str:
    if not file.title:
        return file.filename
    _, dot, end = file.filename.rpartition(".")
    return f"{file.title}{dot}{end}" if dot else file.title
