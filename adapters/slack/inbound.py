"""One event of Slack becomes an event of the core, or nothing; the export's reader knows what a record means."""

import asyncio
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Final

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.chat.asking import PATIENCE
from adapters.imports.slack_message import SLACKBOT, SlackChannel, SlackMessages
from adapters.slack.calls import word_of
from adapters.slack.people import UNANSWERED, People
from adapters.slack.shares import GONE, shared
from bot.domain.events import AuthorLookedUp, MessageDeleted, MessagePosted
from bot.domain.model import Membership, Platform

_TS: Final = re.compile(r"\d{1,10}(\.\d{1,9})?")
Said = MessagePosted | MessageDeleted
DIRECT: Final = frozenset({"im", "mpim"})
TYPED: Final = frozenset({"", "file_share", "me_message", "thread_broadcast"})
MORE: Final = "files.info"
"""The edit under which a mail's body comes that its event did not bring."""


@dataclass(frozen=True, slots=True)
class Bodiless:
    """A mail of which Slack told the sender and not yet the body."""

    channel: str
    ts: str
    record: dict[str, Any] = field(compare=False)


class Inbound:
    """Reads messages of channels; what is typed to the bot directly is a command, not a message (`is_for_bot`).

    `unknown` is told of an author of whom Slack does not say who it is: their messages wait as unattributed until they
    are `looked_up`; `known` of every other, `bodiless` of a mail that is to be `completed`.
    """

    def __init__(
        self, client: AsyncWebClient, people: People, *, unknown: Callable[[str], None], known: Callable[[str], None],
        bodiless: Callable[[Bodiless], None],
    ) -> None:  # fmt: skip
        self._client = client
        self._people = people
        self._messages = SlackMessages(people.me.team, {})
        self._unknown = unknown
        self._known = known
        self._bodiless = bodiless

    def is_for_bot(self, event: Mapping[str, Any]) -> bool:
        """A person wrote to the bot directly."""
        plain = (event.get("subtype") or "") in TYPED and not event.get("bot_id")
        user = event.get("user")
        return (
            plain and event.get("channel_type") == "im" and bool(user) and user not in (self._people.me.user, SLACKBOT)
        )

    async def of(self, event: Mapping[str, Any]) -> Said | None:
        """What a message event means; None for what is not speech, or changes nothing (slack.md 17, 18). Raises if it
        is not even known whose word it is, so that it comes again."""
        # The direct conversation with the bot holds commands and answers, nobody's word to a customer.
        if _unchanged(event) or event.get("channel_type") == "im":
            return None
        record = await self._whole(_as_deletion(event))
        channel = SlackChannel(str(event.get("channel", "")), "", event.get("channel_type") in DIRECT)
        found = self._messages.outcome(record, channel)
        if isinstance(found, MessageDeleted):
            return _of_mail(found) if _mail(record.get("previous_message")) else found
        if not isinstance(found, MessagePosted):
            return None
        files = shared(record) if found.platform is Platform.SLACK else ()
        return await self._attributed(replace(found, files=files), record)

    async def recovered(self, record: Mapping[str, Any], channel: str, now: datetime) -> Said | None:
        """What a record of a channel's history means: it shows the last wording only, and that a message is gone."""
        base = {"type": "message", "channel": channel, "channel_type": "channel"}
        if record.get("subtype") == "tombstone":
            gone = {"subtype": "message_deleted", "deleted_ts": record.get("ts"), "ts": f"{now.timestamp():.6f}"}
            return await self.of(base | gone)
        edited = {"subtype": "message_changed", "ts": record.get("ts"), "message": dict(record)}
        said = await self.of(base | edited if record.get("edited") else {**record, **base})
        return replace(said, recovered=True) if isinstance(said, MessagePosted) else said

    async def looked_up(self, author: str) -> AuthorLookedUp:
        """What Slack did not say at first of an author; raises while it does not: who is not to be found is never
        counted, and looked up again (rules.md 1)."""
        person = await self._people.person(author)
        if person.membership is Membership.UNKNOWN:
            raise LookupError("author")
        return AuthorLookedUp(
            platform=Platform.SLACK, workspace=self._people.me.team, author=author, membership=person.membership,
            home=person.team, author_name=person.name,
        )  # fmt: skip

    async def completed(self, mail: Bodiless) -> MessagePosted | None:
        """A mail with its body, which could not be had at first; raises while it cannot."""
        found = self._messages.outcome(await self._bodied(mail.record), SlackChannel(mail.channel, "", direct=False))
        return replace(found, edit=MORE) if isinstance(found, MessagePosted) else None

    async def _attributed(self, said: MessagePosted, record: Mapping[str, Any]) -> MessagePosted | None:
        me = self._people.me
        if said.author in (me.user, me.bot):
            return None
        if said.platform is not Platform.SLACK or (said.membership is Membership.BOT and not _by_user(record)):
            return said
        membership, person = await self._people.membership(said.author)
        if person is None:
            self._unknown(said.author)
            return replace(said, membership=membership, home=me.team)
        self._known(said.author)
        return replace(
            said, membership=membership, home=person.team or said.home, author_name=person.name or said.author_name
        )

    async def _whole(self, record: dict[str, Any]) -> dict[str, Any]:
        """A mail to the channel with its sender and body, which the event may lack (slack.md 25)."""
        mail = _mail(record)
        if mail is None or (mail.get("plain_text") and mail.get("from")):
            return record
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._bodied(record)
        except UNANSWERED as error:
            if not mail.get("from"):
                if isinstance(error, SlackApiError) and word_of(error) in GONE:
                    return record  # nobody will ever know whose it was
                raise
            self._bodiless(Bodiless(str(record.get("channel")), str(record.get("ts")), record))
            return record

    async def _bodied(self, record: dict[str, Any]) -> dict[str, Any]:
        mail = _mail(record) or {}
        answer = await self._client.files_info(file=str(mail.get("id")))
        return {**record, "files": [answer["file"]]}


def written(event: Mapping[str, Any], usual: datetime) -> datetime:
    """When the message was written that this event tells of, be it changed or taken back; else `usual`."""
    inner = event.get("message")
    changed = inner.get("ts") if isinstance(inner, Mapping) else None
    text = str(changed or event.get("deleted_ts") or event.get("ts") or "")
    return datetime.fromtimestamp(float(text), UTC) if _TS.fullmatch(text) else usual


def _unchanged(event: Mapping[str, Any]) -> bool:
    """An unfurl or a pin announces itself as a change of the same text."""
    if event.get("subtype") != "message_changed":
        return False
    now, before = event.get("message"), event.get("previous_message")
    if not isinstance(now, Mapping) or not isinstance(before, Mapping) or now.get("subtype") == "tombstone":
        return False
    return now.get("text") == before.get("text")


def _as_deletion(event: Mapping[str, Any]) -> dict[str, Any]:
    """The first message of a thread is taken back by a change into a tombstone."""
    message = event.get("message")
    if event.get("subtype") != "message_changed" or not isinstance(message, Mapping):
        return dict(event)
    if message.get("subtype") != "tombstone":
        return dict(event)
    return {**event, "subtype": "message_deleted", "deleted_ts": message.get("ts")}


def _mail(record: object) -> Mapping[str, Any] | None:
    """The mail that Slack itself posted into a channel."""
    if not isinstance(record, Mapping) or record.get("user") not in (None, "", SLACKBOT):
        return None
    files = record.get("files")
    mails = (f for f in files if isinstance(f, Mapping)) if isinstance(files, list) else ()
    return next((f for f in mails if "email" in (f.get("mode"), f.get("filetype"))), None)


def _of_mail(gone: MessageDeleted) -> MessageDeleted:
    return replace(gone, platform=Platform.EMAIL, workspace="")


def _by_user(record: Mapping[str, Any]) -> bool:
    """An app wrote with a user's account: that may be a bot's, or a person's."""
    inner = record.get("message")
    said = inner if record.get("subtype") == "message_changed" and isinstance(inner, Mapping) else record
    return bool(said.get("user")) and said.get("user") != SLACKBOT and said.get("subtype") != "bot_message"
