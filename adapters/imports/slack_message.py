"""What one record of a Slack export means: a message, a deletion, something that is not speech, or a mistake."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from adapters.imports.survey import EARLIEST, LATEST, Ignored, Outcome, Unread, clean
from bot.domain.events import MessageDeleted, MessagePosted
from bot.domain.model import Membership, Platform

_SPEECH: Final = frozenset({"", "file_share", "thread_broadcast", "me_message", "bot_message"})
_NOT_SPEECH: Final = {
    "join_leave": "channel_join channel_leave group_join group_leave",
    "channel_change": "channel_topic channel_purpose channel_name channel_archive channel_unarchive group_topic "
    "group_purpose group_name group_archive group_unarchive channel_posting_permissions channel_convert_to_private "
    "channel_convert_to_public",
    "pinned": "pinned_item unpinned_item",
    "bot_change": "bot_add bot_remove bot_enable bot_disable",
    "file_note": "file_comment file_mention",
    "call": "huddle_thread sh_room_created sh_room_shared sh_room_ended",
    "tombstone": "tombstone",
    "pointer": "reply_broadcast message_replied",
    "reminder": "reminder_add reminder_delete slackbot_response",
}
_REASONS: Final = {subtype: reason for reason, subtypes in _NOT_SPEECH.items() for subtype in subtypes.split()}
_TS: Final = re.compile(r"([0-9]{1,11})(?:\.([0-9]{1,6})[0-9]*)?")
_MENTION: Final = re.compile(r"<@([A-Z0-9]+)(?:\|[^>]*)?>")
_UPLOADED: Final = re.compile(r"<@[A-Z0-9]+(?:\|[^>]*)?> (?:uploaded|shared) a file: <.*", re.DOTALL)
_ADDRESS: Final = re.compile(r"[^\s<>\"]+@[^\s<>\"]+")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
SLACKBOT: Final = "USLACKBOT"


@dataclass(frozen=True, slots=True)
class SlackUser:
    """One entry of users.json; `team` is "" in exports that do not say it."""

    id: str
    team: str
    name: str
    is_bot: bool
    guest: bool


@dataclass(frozen=True, slots=True)
class SlackChannel:
    """One channel, group, direct message or group of direct messages."""

    id: str
    name: str
    direct: bool


@dataclass(frozen=True, slots=True)
class _Author:
    id: str
    home: str
    name: str
    membership: Membership


@dataclass(frozen=True, slots=True)
class SlackMessages:
    """Reads records with the export's people and workspace at hand."""

    workspace: str
    users: Mapping[str, SlackUser]

    def outcome(self, record: object, channel: SlackChannel) -> Outcome:
        """What this record means; an edit log's records carry the message inside."""
        if not isinstance(record, dict):
            return Unread("not_object")
        if record.get("type", "message") != "message":
            return Ignored("other")
        subtype = record.get("subtype") or ""
        if subtype == "message_deleted":
            return self._deletion(record, channel)
        if subtype == "message_changed":
            return self._edit(record, channel)
        if not isinstance(subtype, str) or subtype not in _SPEECH:
            return Ignored(_REASONS.get(str(subtype), "other"))
        return self._message(record, channel, edit="")

    def _message(self, record: Mapping[str, object], channel: SlackChannel, edit: str) -> Outcome:
        ts, sent_at = record.get("ts"), _time(record.get("ts"))
        if isinstance(sent_at, Unread):
            return sent_at
        if (text := _text(record)) is None:
            return Unread("text_not_string")
        if (mail := _mail(record)) is not None:
            return self._letter(record, channel, mail, sent_at)
        if (author := self._author(record)) is None:
            return Unread("no_author")
        return MessagePosted(
            platform=Platform.SLACK,
            workspace=self.workspace,
            channel=channel.id,
            message_id=_id(ts),
            edit=edit,
            author=author.id,
            home=author.home,
            author_name=author.name,
            membership=author.membership,
            text=unescape(text),
            sent_at=sent_at,
            thread=_thread(record),
            mentions=tuple(dict.fromkeys(_MENTION.findall(text))),
            direct=channel.direct,
        )

    def _letter(
        self, record: Mapping[str, object], channel: SlackChannel, mail: Mapping[str, object], sent_at: datetime
    ) -> MessagePosted:
        """A mail sent to the channel's address is the word of its sender; `user` only carries it (slack.md 25)."""
        address, name = _sender(mail)
        body = next((text for key in ("plain_text", "preview_plain_text", "subject") if (text := _str(mail, key))), "")
        return MessagePosted(
            platform=Platform.EMAIL,
            workspace="",
            channel=channel.id,
            message_id=_id(record.get("ts")),
            author=address,
            author_name=name,
            mail=address,
            text=body,
            sent_at=sent_at,
            thread=_thread(record),
            direct=channel.direct,
        )

    def _author(self, record: Mapping[str, object]) -> _Author | None:
        user, bot = _str(record, "user"), _str(record, "bot_id")
        known = self.users.get(user)
        profile = record.get("user_profile")
        profile = profile if isinstance(profile, dict) else {}
        is_bot = record.get("subtype") == "bot_message" or user == SLACKBOT or bool(known and known.is_bot)
        # An app may write in the name of a person; only where nobody knows the user does the app decide.
        is_bot = is_bot or (known is None and bool(bot))
        name = known.name if known else ""
        name = name or _str(profile, "real_name") or _str(profile, "display_name") or _str(record, "username")
        if not (author := user or bot or _str(record, "username")):
            return None
        home = _str(record, "user_team") or (known.team if known else "") or _str(profile, "team")
        home = home or _str(record, "team")
        return _Author(author, home, name, Membership.BOT if is_bot else Membership.OUTSIDER)

    def _edit(self, record: Mapping[str, object], channel: SlackChannel) -> Outcome:
        message = record.get("message")
        if not isinstance(message, dict) or str(message.get("subtype") or "") not in _SPEECH:
            return Ignored("edit_log")
        edited = message.get("edited")
        mark = _id(edited.get("ts")) if isinstance(edited, dict) else ""
        return self._message(message, channel, edit=mark or _id(record.get("ts")))

    def _deletion(self, record: Mapping[str, object], channel: SlackChannel) -> Outcome:
        previous = record.get("previous_message")
        inner = previous.get("ts") if isinstance(previous, dict) else None
        message_id = _id(record.get("deleted_ts") or inner)
        deleted_at = _time(record.get("ts"))
        if isinstance(deleted_at, Unread):
            return deleted_at
        if not message_id:
            return Ignored("edit_log")
        return MessageDeleted(
            platform=Platform.SLACK,
            workspace=self.workspace,
            channel=channel.id,
            message_id=message_id,
            deleted_at=deleted_at,
        )


def unescape(text: str) -> str:
    """Slack escapes exactly these three; markup such as <@U1> stays for the analysis of the text."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") if "&" in text else text


def _time(ts: object) -> datetime | Unread:
    if ts is None or ts == "":
        return Unread("no_ts")
    match = _TS.fullmatch(_id(ts))
    if match is None:
        return Unread("bad_ts")
    at = _EPOCH + timedelta(seconds=int(match[1]), microseconds=int((match[2] or "").ljust(6, "0")))
    return at if EARLIEST <= at < LATEST else Unread("absurd_date", (("date", at.date().isoformat()),))


def _id(ts: object) -> str:
    """A ts as Slack writes it; other tools make a number of it."""
    if isinstance(ts, float):
        return f"{ts:.6f}"
    return clean(str(ts)) if isinstance(ts, str | int) and not isinstance(ts, bool) else ""


def _text(record: Mapping[str, object]) -> str | None:
    """The person's own words; None if the field holds something else."""
    text = record.get("text")
    if text is None:
        return ""
    if not isinstance(text, str):
        return None
    file = record.get("file")
    if isinstance(file, dict) and _UPLOADED.fullmatch(text):
        # Until 2018 Slack wrote a sentence of its own there, and what the person said into the file.
        comment = file.get("initial_comment")
        return _str(comment, "comment") if isinstance(comment, dict) else ""
    return clean(text)


def _thread(record: Mapping[str, object]) -> str:
    """As it is live: a first message learns only later that a thread hangs on it, so it stands outside."""
    thread = _id(record.get("thread_ts"))
    return "" if thread == _id(record.get("ts")) else thread


def _mail(record: Mapping[str, object]) -> Mapping[str, object] | None:
    """The mail that Slack itself posted; a person who forwards a mail speaks for himself."""
    files = record.get("files") or [record.get("file")]
    if _str(record, "user") not in ("", SLACKBOT) or not isinstance(files, list):
        return None
    for file in files:
        if isinstance(file, dict) and "email" in (file.get("mode"), file.get("filetype")) and _sender(file)[0]:
            return file
    return None


def _sender(mail: Mapping[str, object]) -> tuple[str, str]:
    """(address, name) of the first sender; "" if the export does not hold it."""
    senders = mail.get("from")
    first = senders[0] if isinstance(senders, list) and senders and isinstance(senders[0], dict) else {}
    found = _ADDRESS.search(_str(first, "address") or _str(first, "original"))
    return (found[0].lower() if found else "", _str(first, "name"))


def _str(record: Mapping[str, object], key: str) -> str:
    value = record.get(key)
    return clean(value) if isinstance(value, str) else ""
