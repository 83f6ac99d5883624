"""One event of Slack becomes an event of the core, or nothing; the export's reader knows what a record means."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from adapters.imports.slack_message import SlackChannel, SlackMessages
from adapters.slack.people import People
from bot.domain.events import MessageDeleted, MessagePosted
from bot.domain.model import Membership, Platform

DIRECT: Final = frozenset({"im", "mpim"})


class Inbound:
    """Reads messages of channels; what is typed to the bot directly is a command, not a message (`is_for_bot`)."""

    def __init__(self, people: People) -> None:
        self._people = people
        self._messages = SlackMessages(people.me.team, {})

    def is_for_bot(self, event: Mapping[str, Any]) -> bool:
        """A person wrote to the bot directly."""
        plain = not event.get("subtype") and not event.get("bot_id")
        return plain and event.get("channel_type") == "im" and event.get("user") != self._people.me.user

    async def of(self, event: Mapping[str, Any]) -> MessagePosted | MessageDeleted | None:
        """What a message event means; None for what is not speech, or changes nothing (slack.md 17, 18)."""
        if _unchanged(event):
            return None
        record = dict(event)
        channel = SlackChannel(str(event.get("channel", "")), "", event.get("channel_type") in DIRECT)
        found = self._messages.outcome(record, channel)
        if isinstance(found, MessageDeleted):
            return found
        if not isinstance(found, MessagePosted):
            return None
        return await self._attributed(found)

    async def _attributed(self, said: MessagePosted) -> MessagePosted | None:
        if said.author == self._people.me.user or said.author == self._people.me.bot:
            return None
        if said.platform is not Platform.SLACK or said.membership is Membership.BOT:
            return said
        membership, person = await self._people.membership(said.author)
        if person is None:
            return replace(said, membership=membership)
        return replace(
            said, membership=membership, home=person.team or said.home, author_name=person.name or said.author_name
        )


def _unchanged(event: Mapping[str, Any]) -> bool:
    """An unfurl or a pin announces itself as a change of the same text."""
    if event.get("subtype") != "message_changed":
        return False
    now, before = event.get("message") or {}, event.get("previous_message") or {}
    return bool(before) and now.get("text") == before.get("text")
