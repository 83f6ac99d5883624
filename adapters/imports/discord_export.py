"""Files of Tyrrrz' DiscordChatExporter in JSON: one channel or thread a file, or a part of one."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from adapters.imports.records import Broken, read_records
from adapters.imports.source import Source
from adapters.imports.survey import EARLIEST, LATEST, Ignored, Outcome, Person, Skipped, Unread, clean
from bot.domain.events import MessagePosted
from bot.domain.model import Membership, Platform

_SPEECH: Final = frozenset({"Default", "Reply", "0", "19"})
_REPLIES: Final = frozenset({"Reply", "19"})
_NOT_SPEECH: Final = {
    "join_leave": "RecipientAdd RecipientRemove GuildMemberJoin 1 2 7",
    "call": "Call 3",
    "channel_change": "ChannelNameChange ChannelIconChange 4 5",
    "pinned": "ChannelPinnedMessage 6",
    "thread_start": "ThreadCreated ThreadStarterMessage 18 21",
    "command": "ChatInputCommand ContextMenuCommand 20 23",
}
_REASONS: Final = {kind: reason for reason, kinds in _NOT_SPEECH.items() for kind in kinds.split()}
_PART: Final = re.compile(r"(?P<stem>.*) \[part (?P<part>[0-9]{1,6})\](?P<end>\.json)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Heading:
    """What a file says about itself before its messages."""

    guild: str
    channel: str
    name: str
    thread: str
    direct: bool


@dataclass(frozen=True, slots=True)
class DiscordExport:
    """Reads the files of one or many channels."""

    source: Source
    headings: Mapping[str, Heading]
    skipped: tuple[Skipped, ...]

    @property
    def platform(self) -> Platform:
        return Platform.DISCORD

    @property
    def files(self) -> tuple[str, ...]:
        return tuple(self.headings)

    @property
    def overlaps(self) -> bool:
        return True

    @property
    def people(self) -> Mapping[str, Person]:
        return {}

    @property
    def channels(self) -> Mapping[str, str]:
        # A thread's file knows its parent's name, the parent's own file knows it best.
        ranked = sorted(self.headings.values(), key=lambda heading: not heading.thread)
        return {f"discord:{heading.guild}:{heading.channel}": heading.name for heading in reversed(ranked)}

    def outcomes(self, file: str) -> Iterator[tuple[int, Outcome]]:
        heading = self.headings[file]
        for item in read_records(self.source.chunks(file), "messages"):
            if isinstance(item, Broken):
                yield 0, Unread(item.key, (("read", str(item.read)),))
            elif item.number:
                yield item.number, outcome_of(item.value, heading)
            elif item.key == "messages":
                yield 0, Unread("wrong_top")


def discord_reader(source: Source) -> DiscordExport | None:
    """A reader if at least one of these files is an export of DiscordChatExporter; the others are named."""
    headings: dict[str, Heading] = {}
    skipped: list[Skipped] = []
    for file in sorted(source.sizes, key=_part):
        if "_Files/" in file:
            continue  # attachments that were downloaded beside their channel's file
        heading = _heading(source, file)
        if isinstance(heading, Heading):
            headings[file] = heading
        else:
            skipped.append(Skipped(file, "", heading.key, heading.fields))
    return DiscordExport(source, headings, tuple(skipped)) if headings else None


def _part(file: str) -> tuple[str, int]:
    match = _PART.fullmatch(file)
    return (f"{match['stem']}{match['end']}", int(match["part"])) if match else (file, 1)


def _heading(source: Source, file: str) -> Heading | Unread:
    """Guild and channel stand before the messages, unless somebody sorted the keys."""
    found: dict[str, Mapping[str, object]] = {}
    for item in read_records(source.chunks(file), "messages"):
        if isinstance(item, Broken):
            return Unread(item.key if item.key in ("empty", "file_unreadable", "zip_damaged") else "not_discord")
        if item.key in ("guild", "channel") and isinstance(item.value, dict):
            found[item.key] = item.value
        if len(found) == 2:
            break
    guild, channel = found.get("guild", {}), found.get("channel", {})
    guild_id, channel_id = _id(guild.get("id")), _id(channel.get("id"))
    if not guild_id or not channel_id:
        return Unread("not_discord")
    kind, name = _str(channel, "type"), _str(channel, "name")
    direct = kind in ("DirectTextChat", "DirectGroupTextChat")
    parent = _id(channel.get("categoryId")) if kind.endswith("Thread") else ""
    if parent:
        # For threads the exporter's `category` is the channel above.
        return Heading(guild_id, parent, _str(channel, "category") or parent, channel_id, direct)
    thread = channel_id if kind.endswith("Thread") else ""
    return Heading(guild_id, channel_id, name or channel_id, thread, direct)


def outcome_of(record: object, heading: Heading) -> Outcome:
    """What one record means that is written as the exporter writes it."""
    if not isinstance(record, dict):
        return Unread("not_object")
    kind = str(record.get("type", "Default"))
    if kind not in _SPEECH:
        return Ignored(_REASONS.get(kind, "other"))
    if not (message_id := _id(record.get("id"))):
        return Unread("no_id")
    sent_at = _time(record.get("timestamp"))
    if isinstance(sent_at, Unread):
        return sent_at
    content = record.get("content")
    if not isinstance(content, str | None):
        return Unread("text_not_string")
    author = record.get("author")
    if not isinstance(author, dict) or not (author_id := _id(author.get("id"))):
        return Unread("no_author")
    return MessagePosted(
        platform=Platform.DISCORD,
        workspace=heading.guild,
        channel=heading.channel,
        message_id=message_id,
        author=author_id,
        author_name=_str(author, "nickname") or _str(author, "name"),
        # A webhook's messages carry isBot too; its discriminator 0000 is also that of every renamed person.
        membership=Membership.BOT if author.get("isBot") is True else Membership.OUTSIDER,
        text=clean(content or ""),
        sent_at=sent_at,
        thread=heading.thread,
        reply_to=_reply(record) if kind in _REPLIES else "",
        mentions=_mentions(record.get("mentions")),
        direct=heading.direct,
    )


def _time(value: object) -> datetime | Unread:
    """The time with its offset; the exporter writes the offset of the machine it ran on."""
    if value is None or value == "":
        return Unread("no_ts")
    if not isinstance(value, str):
        return Unread("bad_ts")
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return Unread("bad_ts")
    if at.tzinfo is None:
        return Unread("no_offset")
    if not EARLIEST <= at < LATEST:
        return Unread("absurd_date", (("date", at.date().isoformat()),))
    return at.astimezone(UTC)


def _reply(record: Mapping[str, object]) -> str:
    reference = record.get("reference")
    if not isinstance(reference, dict) or reference.get("type") == "Forward":
        return ""
    return _id(reference.get("messageId"))


def _mentions(mentions: object) -> tuple[str, ...]:
    listed = mentions if isinstance(mentions, list) else []
    ids = (_id(person.get("id")) for person in listed if isinstance(person, dict))
    return tuple(dict.fromkeys(found for found in ids if found))


def _id(value: object) -> str:
    """Ids are texts; other tools make numbers of them."""
    if isinstance(value, str):
        return clean(value)
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def _str(record: Mapping[str, object], key: str) -> str:
    value = record.get(key)
    return clean(value) if isinstance(value, str) else ""
