"""A Slack workspace export: its lists of people and channels, its day files, the workspace that it comes from."""

import hashlib
import posixpath
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from adapters.imports.records import Broken, read_records
from adapters.imports.slack_message import SLACKBOT, SlackChannel, SlackMessages, SlackUser
from adapters.imports.source import DAY_FILE, Source
from adapters.imports.survey import Outcome, Person, Skipped, Unread, clean
from bot.domain.model import Platform

_USERS: Final = ("users.json", "org_users.json")
_CHANNELS: Final = ("channels.json", "groups.json", "mpims.json", "dms.json")
_DIRECT: Final = ("mpims.json", "dms.json")


@dataclass(frozen=True, slots=True)
class SlackExport:
    """Reads the day files of one export."""

    source: Source
    places: Mapping[str, SlackChannel]
    """By day file."""
    listed: tuple[SlackChannel, ...]
    """Channels of the lists, the silent ones too."""
    messages: SlackMessages
    skipped: tuple[Skipped, ...]

    @property
    def platform(self) -> Platform:
        return Platform.SLACK

    @property
    def files(self) -> tuple[str, ...]:
        return tuple(self.places)

    @property
    def overlaps(self) -> bool:
        return False

    @property
    def people(self) -> Mapping[str, Person]:
        own = self.messages.workspace
        users = self.messages.users.values()
        listed = (Person(f"slack:{user.team or own}:{user.id}", user.name, user.is_bot, user.guest) for user in users)
        return {person.account: person for person in listed}

    @property
    def channels(self) -> Mapping[str, str]:
        everywhere = (*self.listed, *self.places.values())
        return {f"slack:{self.messages.workspace}:{channel.id}": channel.name for channel in everywhere}

    def outcomes(self, file: str) -> Iterator[tuple[int, Outcome]]:
        place = self.places[file]
        for item in read_records(self.source.chunks(file)):
            if isinstance(item, Broken):
                yield 0, Unread(item.key, (("read", str(item.read)),))
            else:
                yield item.number, self.messages.outcome(item.value, place)


def slack_reader(source: Source) -> SlackExport | None:
    """A reader if these files are a Slack export: its lists, or folders with day files, or both."""
    days = [name for name in source.sizes if DAY_FILE.fullmatch(posixpath.basename(name)) and "/" in name]
    lists = [name for name in source.sizes if posixpath.basename(name) in _USERS + _CHANNELS]
    if not days and not lists:
        return None
    skipped: list[Skipped] = []
    users: dict[str, SlackUser] = {}
    hints: tuple[Counter[str], ...] = (Counter(), Counter(), Counter(), Counter())
    for file in lists:
        if posixpath.basename(file) in _USERS:
            for entry in _entries(source, file, skipped):
                user = _user(entry)
                users.setdefault(user.id, user)
                _hint(entry, user, hints)
    channels: dict[tuple[str, str], SlackChannel] = {}
    for file in lists:
        if posixpath.basename(file) in _CHANNELS:
            for entry in _entries(source, file, skipped):
                _list_channel(entry, file, users, channels)
    places = {day: _place(day, channels) for day in days}
    workspace = _workspace(source, days, hints, places)
    return SlackExport(source, places, tuple(channels.values()), SlackMessages(workspace, users), tuple(skipped))


def _entries(source: Source, file: str, skipped: list[Skipped]) -> Iterator[Mapping[str, object]]:
    """The entries of a list that name somebody or something; what is broken is noted."""
    for item in read_records(source.chunks(file)):
        if isinstance(item, Broken):
            skipped.append(Skipped(file, "", item.key, (("read", str(item.read)),)))
        elif isinstance(item.value, dict) and _str(item.value, "id"):
            yield item.value
        else:
            skipped.append(Skipped(file, str(item.number), "list_entry"))


def _user(entry: Mapping[str, object]) -> SlackUser:
    profile = entry.get("profile")
    profile = profile if isinstance(profile, dict) else {}
    names = (_str(profile, "real_name"), _str(entry, "real_name"), _str(profile, "display_name"), _str(entry, "name"))
    team = _str(entry, "team_id") or _str(profile, "team")
    is_bot = entry.get("is_bot") is True or entry["id"] == SLACKBOT
    guest = entry.get("is_restricted") is True or entry.get("is_ultra_restricted") is True
    return SlackUser(_str(entry, "id"), team, next(filter(None, names), ""), is_bot, guest)


def _hint(entry: Mapping[str, object], user: SlackUser, hints: tuple[Counter[str], ...]) -> None:
    """What a person tells about whose export this is: customers of shared channels are listed in it as well."""
    if not user.team:
        return
    if user.id == SLACKBOT or entry.get("is_primary_owner") is True:
        hints[0][user.team] += 1
    if entry.get("is_owner") is True or entry.get("is_admin") is True:
        hints[1][user.team] += 1
    if entry.get("is_stranger") is not True:
        hints[3][user.team] += 1


def _workspace(
    source: Source, days: list[str], hints: tuple[Counter[str], ...], places: Mapping[str, SlackChannel]
) -> str:
    """The team that the export belongs to: by its owner, its admins, its messages, its people; else made up.

    One export has one workspace, whatever team single messages of shared channels name: their channel is ours.
    """
    if not hints[0] and not hints[1]:
        hints[2].update(team for day in days for team in _teams(source, day))
    for votes in hints:
        if votes:
            return min(votes, key=lambda team: (-votes[team], team))
    channels = "\n".join(sorted({place.id for place in places.values()}))
    return f"T-{hashlib.sha256(channels.encode()).hexdigest()[:10]}"


def _teams(source: Source, day: str) -> Iterator[str]:
    for item in read_records(source.chunks(day)):
        if not isinstance(item, Broken) and isinstance(item.value, dict) and (team := _str(item.value, "team")):
            yield team


def _list_channel(
    entry: Mapping[str, object],
    file: str,
    users: Mapping[str, SlackUser],
    channels: dict[tuple[str, str], SlackChannel],
) -> None:
    """A channel's folder bears its name, a direct message's its id."""
    folder, kind = posixpath.split(file)
    found, name = _str(entry, "id"), _str(entry, "name")
    direct = kind in _DIRECT
    title = name or found
    members = entry.get("members")
    if direct and isinstance(members, list):
        title = ", ".join(users[who].name or who if who in users else str(who) for who in map(str, members)) or title
    channel = SlackChannel(found, clean(title), direct)
    for key in (name, found):
        if key:
            channels.setdefault((folder, unicodedata.normalize("NFC", key)), channel)


def _place(day: str, channels: Mapping[tuple[str, str], SlackChannel]) -> SlackChannel:
    above, folder = posixpath.split(posixpath.dirname(day))
    name = unicodedata.normalize("NFC", folder)
    direct = name.startswith("mpdm-") or (name.startswith("D") and name.isalnum() and name.isupper())
    unknown = SlackChannel(clean(folder), clean(folder), direct)
    return channels.get((above, name)) or channels.get(("", name)) or unknown


def _str(entry: Mapping[str, object], key: str) -> str:
    value = entry.get(key)
    return clean(value) if isinstance(value, str) else ""
