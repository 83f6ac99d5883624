"""An export of a chat, whichever platform wrote it: opened here, read in order of time, complete in its counts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from adapters.imports.discord_export import discord_reader
from adapters.imports.slack_export import slack_reader
from adapters.imports.source import Source, ZipSource, open_source
from adapters.imports.survey import Person, Reader, Skipped, Survey, in_order, take_survey
from bot.domain.errors import BadInput, Fault
from bot.domain.events import MessageDeleted, MessagePosted
from bot.domain.model import Platform

__all__ = ["Export", "Person", "Skipped", "open_export"]


@dataclass(frozen=True, slots=True)
class Export:
    """Everything is known when it is open: records = messages + deletions + ignored + unread."""

    platform: Platform
    people: Mapping[str, Person]
    """By account; those who are listed and those who only speak."""
    channels: Mapping[str, str]
    """`platform:workspace:channel id` → readable name."""
    files: int
    """Files with messages; `other_files` hold none (lists, canvases, attachments)."""
    other_files: int
    total_bytes: int
    records: int
    messages: int
    """MessagePosted that `events` will give."""
    deletions: int
    ignored: Mapping[str, int]
    """Records that are in order and not speech, by reason."""
    unread: int
    """Records among `skipped`; the rest of `skipped` are files and entries of lists."""
    skipped: tuple[Skipped, ...]
    _reader: Reader
    _survey: Survey

    def events(self) -> Iterator[MessagePosted | MessageDeleted]:
        """All of it by time; ties by channel, then as recorded. May be asked again, the answer is the same."""
        return in_order(self._reader, self._survey)


def open_export(path: Path) -> Export:
    """Open a Slack export (folder or zip) or DiscordChatExporter JSON (file, folder or zip); BadInput otherwise."""
    source = open_source(path)
    slack = slack_reader(source)
    # Lists alone may also be somebody's users.json beside files of Discord.
    reader: Reader | None = slack if slack and slack.files else discord_reader(source) or slack
    if reader is None:
        raise BadInput((_unknown(path, source),))
    survey = take_survey(reader)
    refused = tuple(Skipped(name, "", key) for name, key in source.refused)
    return Export(
        platform=reader.platform,
        people=survey.people,
        channels=_with_mail(reader, survey),
        files=len(reader.files),
        other_files=len(source.sizes) - len(reader.files) + source.others,
        total_bytes=sum(source.sizes[file] for file in reader.files),
        records=survey.records,
        messages=survey.messages,
        deletions=survey.deletions,
        ignored=survey.ignored,
        unread=survey.unread,
        skipped=refused + survey.skipped,
        _reader=reader,
        _survey=replace(survey, people={}, skipped=()),
    )


def _with_mail(reader: Reader, survey: Survey) -> Mapping[str, str]:
    """Mail that was sent into a channel names the channel without a workspace."""
    channels = dict(reader.channels)
    if any(account.startswith(f"{Platform.EMAIL}:") for account in survey.people):
        for key, name in reader.channels.items():
            channels.setdefault(f"{Platform.EMAIL}::{key.split(':', 2)[2]}", name)
    return channels


def _unknown(path: Path, source: Source) -> Fault:
    if path.is_dir() or isinstance(source, ZipSource):
        found = (("json", str(len(source.sizes))), ("others", str(source.others)))
        return Fault(str(path), 0, "export_unknown_folder", found)
    return Fault(str(path), 0, "export_unknown_file")
