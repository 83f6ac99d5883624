"""Slack exports: everything in them is read in order of time, or named with its file and record."""

import json
import shutil
import tomllib
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.imports.export import Export, open_export
from adapters.imports.slack_message import SlackChannel, SlackMessages, SlackUser
from adapters.wording import LANGUAGES, say
from bot.domain.events import MessageDeleted, MessagePosted
from bot.domain.model import Membership, Platform

DATA = Path(__file__).parents[1] / "data"
SAMPLES = Path(__file__).parents[2] / "adapters" / "samples"
USERS = [
    {"id": "UOWN", "team_id": "T1", "name": "own", "is_primary_owner": True, "profile": {"real_name": "架空 店長"}},
    {"id": "UGUEST", "team_id": "T1", "name": "guest", "is_restricted": True, "profile": {"display_name": "客"}},
    {"id": "UFAR", "team_id": "T2", "name": "far", "real_name": "遠方 架空"},
    {"id": "UBOT", "team_id": "T1", "name": "robot", "is_bot": True},
]
CHANNELS = [{"id": "C1", "name": "help"}, {"id": "C2", "name": "相談"}]


def said(text: object, ts: object, **fields: object) -> dict[str, object]:
    return {"type": "message", "user": "UGUEST", "text": text, "ts": ts, **fields}


def export(root: Path, days: Mapping[str, object], **lists: object) -> Path:
    """A Slack export as files; text and bytes stand as they are, all else becomes JSON."""
    for name, value in {**{f"{key}.json": value for key, value in lists.items()}, **days}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(value if isinstance(value, bytes) else json.dumps(value, ensure_ascii=False).encode())
    return root


def opened(path: Path) -> tuple[Export, list[MessagePosted | MessageDeleted]]:
    """The export and its events; nothing is lost, and the order is total."""
    found = open_export(path)
    events = list(found.events())
    assert found.records == found.messages + found.deletions + sum(found.ignored.values()) + found.unread
    assert len(events) == found.messages + found.deletions
    times = [event.sent_at if isinstance(event, MessagePosted) else event.deleted_at for event in events]
    assert times == sorted(times)
    for skipped in found.skipped:
        for language in LANGUAGES:
            assert say(language, f"skipped.{skipped.key}", **dict(skipped.fields))
    for reason in found.ignored:
        assert say("ja", f"ignored.{reason}") and say("en", f"ignored.{reason}")
    return found, events


def one(tmp_path: Path, record: dict[str, object]) -> MessagePosted:
    found, events = opened(export(tmp_path, {"help/2026-11-16.json": [record]}, users=USERS, channels=CHANNELS))
    assert not found.skipped
    (event,) = events
    assert isinstance(event, MessagePosted)
    return event


def test_a_real_export_of_2016_is_read_to_the_last_record() -> None:
    found, events = opened(DATA / "slack-export-real" / "export")
    assert (found.platform, found.records, found.messages) == (Platform.SLACK, 158, 146)
    assert found.ignored == {"bot_change": 3, "file_note": 1, "join_leave": 8}
    assert found.skipped == ()
    assert found.channels["slack:T0BMHLSRH:C0JGLMMNX"] == "enrique"
    speakers = [event for event in events if isinstance(event, MessagePosted)]
    assert sum(event.membership is Membership.BOT for event in speakers) == 94
    assert {event.workspace for event in speakers} == {"T0BMHLSRH"}
    assert found.people["slack:T0BMHLSRH:U0BMYT2FL"].name == "Harry Potter"
    # Three uploads: Slack's own sentence about the file is nobody's word.
    assert not any("uploaded a file" in event.text for event in speakers)


def test_an_export_of_today_keeps_threads_names_and_teams() -> None:
    found, events = opened(DATA / "slack-export-from-asdc" / "export")
    assert (found.records, found.messages, len(found.people)) == (90, 90, 26)
    first = events[0]
    assert isinstance(first, MessagePosted)
    assert first.message_id == "1759708800.000000"
    assert first.sent_at == datetime(2025, 10, 6, tzinfo=UTC)
    assert (first.workspace, first.channel, first.author) == ("TSUPPORT1", "CSUP00000", "UOPE00001")
    assert first.author_name == "青木 (サポート)"
    threads = [event for event in events if isinstance(event, MessagePosted) and event.thread]
    assert threads and all(event.thread != event.message_id for event in threads)


def test_a_zip_with_one_top_folder_says_the_same_as_the_folder(tmp_path: Path) -> None:
    folder = DATA / "slack-export-from-asdc" / "export"
    whole = Path(shutil.make_archive(str(tmp_path / "whole"), "zip", folder.parent, "export"))
    bare = Path(shutil.make_archive(str(tmp_path / "bare"), "zip", folder))
    with zipfile.ZipFile(bare, "a") as archive:
        archive.writestr("__MACOSX/._users.json", b"\0\1")
    _, events = opened(folder)
    assert opened(whole)[1] == events
    assert opened(bare)[1] == events
    assert list(open_export(bare).events()) == events


def test_a_message_carries_what_slack_knows(tmp_path: Path) -> None:
    record = said("a &lt;b&gt; &amp;lt; <@UOWN> <@UFAR|far>", "1794798000.000123", thread_ts="1794790000.000001")
    event = one(tmp_path, {**record, "user": "UFAR", "team": "T2", "edited": {"user": "UFAR", "ts": "1794798009.0"}})
    assert event.text == "a <b> &lt; <@UOWN> <@UFAR|far>"
    assert event.mentions == ("UOWN", "UFAR")
    assert event.sent_at == datetime.fromtimestamp(1794798000, UTC) + timedelta(microseconds=123)
    assert (event.message_id, event.edit, event.thread) == ("1794798000.000123", "", "1794790000.000001")
    # A shared channel belongs to the export's workspace, its strangers belong to theirs.
    assert (event.workspace, event.home, event.author_name) == ("T1", "T2", "遠方 架空")
    assert (event.membership, event.direct, event.reply_to) == (Membership.OUTSIDER, False, "")


def test_the_first_message_of_a_thread_stands_outside_as_it_does_live(tmp_path: Path) -> None:
    assert one(tmp_path, said("x", "1794798000.000100", thread_ts="1794798000.000100")).thread == ""


@pytest.mark.rule("slack-25")
def test_a_mail_into_a_channel_is_its_senders_word(tmp_path: Path) -> None:
    sender = [{"address": "Kyaku@Example.jp", "name": "架空 客", "original": "架空 客 <kyaku@example.jp>"}]
    mail = {"mode": "email", "filetype": "email", "from": sender, "subject": "件名", "plain_text": "本文 &amp; です"}
    record = said("", "1794798000.000100", user="USLACKBOT", subtype="file_share", files=[mail])
    event = one(tmp_path, record)
    assert (event.platform, event.workspace, event.author, event.mail) == (
        Platform.EMAIL,
        "",
        "kyaku@example.jp",
        "kyaku@example.jp",
    )
    assert (event.text, event.author_name, event.channel) == ("本文 &amp; です", "架空 客", "C1")
    found = open_export(tmp_path)
    assert found.people["email::kyaku@example.jp"].name == "架空 客"
    assert found.channels["email::C1"] == "help"


@pytest.mark.rule("slack-25")
def test_a_person_who_forwards_a_mail_speaks_for_himself(tmp_path: Path) -> None:
    mail = {"mode": "email", "from": [{"address": "kyaku@example.jp"}], "plain_text": "本文"}
    event = one(tmp_path, said("転送します", "1794798000.000100", subtype="file_share", files=[mail]))
    assert (event.platform, event.author, event.text, event.mail) == (Platform.SLACK, "UGUEST", "転送します", "")


@pytest.mark.parametrize(
    "fields",
    [
        {"subtype": "bot_message", "bot_id": "B1", "user": None, "username": "監視"},
        {"user": "UBOT"},
        {"user": "USLACKBOT"},
        {"user": "UNOBODY", "bot_id": "B1"},
    ],
)
def test_what_a_bot_says_is_a_bots(tmp_path: Path, fields: dict[str, object]) -> None:
    assert one(tmp_path, said("通知", "1794798000.000100", **fields)).membership is Membership.BOT


def test_a_person_who_writes_through_an_app_stays_a_person(tmp_path: Path) -> None:
    event = one(tmp_path, said("返事しろ", "1794798000.000100", bot_id="B1"))
    assert (event.membership, event.author_name) == (Membership.OUTSIDER, "客")


@pytest.mark.rule("slack-18")
def test_only_speech_is_a_message_and_the_rest_is_counted_by_reason(tmp_path: Path) -> None:
    subtypes = ["me_message", "thread_broadcast", "channel_join", "channel_topic", "huddle_thread", "tombstone", "new"]
    records = [said("x", f"179479800{n}.000100", subtype=subtype) for n, subtype in enumerate(subtypes)]
    found, events = opened(export(tmp_path, {"help/2026-11-16.json": records}))
    assert len(events) == 2
    assert found.ignored == {"call": 1, "channel_change": 1, "join_leave": 1, "other": 1, "tombstone": 1}
    assert found.skipped == ()


def test_an_edit_log_gives_the_other_wording_and_the_deletion(tmp_path: Path) -> None:
    new = {
        "type": "message",
        "user": "UGUEST",
        "text": "後",
        "ts": "1794798000.000100",
        "edited": {"ts": "1794798005.0"},
    }
    records = [
        said("前", "1794798000.000100"),
        {"type": "message", "subtype": "message_changed", "ts": "1794798005.000000", "message": new},
        {"type": "message", "subtype": "message_deleted", "ts": "1794798009.000000", "deleted_ts": "1794798000.000100"},
        {"type": "message", "subtype": "message_changed", "ts": "1794798010.000000"},
    ]
    found, events = opened(export(tmp_path, {"help/2026-11-16.json": records}))
    first, edited, deleted = events
    assert isinstance(first, MessagePosted) and isinstance(edited, MessagePosted)
    assert (first.text, first.edit, edited.text, edited.edit) == ("前", "", "後", "1794798005.0")
    assert first.sent_at == edited.sent_at
    assert isinstance(deleted, MessageDeleted) and deleted.message_id == "1794798000.000100"
    assert found.ignored == {"edit_log": 1}


def test_direct_messages_are_named_by_their_people(tmp_path: Path) -> None:
    days = {
        "D1/2026-11-16.json": [said("私信", "1794798000.0")],
        "mpdm-x--y-1/2026-11-16.json": [said("群", "1794798001.0")],
    }
    dms = [{"id": "D1", "members": ["UOWN", "UGUEST"]}]
    found, events = opened(export(tmp_path, days, users=USERS, dms=dms))
    assert [event.direct for event in events if isinstance(event, MessagePosted)] == [True, True]
    assert found.channels["slack:T1:D1"] == "架空 店長, 客"


def test_guests_bear_our_team_and_are_marked(tmp_path: Path) -> None:
    one(tmp_path, said("x", "1794798000.000100"))
    people = open_export(tmp_path).people
    assert people["slack:T1:UGUEST"].guest and not people["slack:T1:UOWN"].guest


def test_without_lists_the_ids_are_the_names(tmp_path: Path) -> None:
    found, events = opened(export(tmp_path, {"help/2026-11-16.json": [said("やあ", "1794798000.000100")]}))
    (event,) = events
    assert isinstance(event, MessagePosted)
    assert (event.channel, event.author, event.author_name) == ("help", "UGUEST", "")
    assert event.workspace.startswith("T-") and found.channels == {f"slack:{event.workspace}:help": "help"}
    assert open_export(tmp_path).channels == found.channels


def test_canvases_and_attachments_are_no_messages(tmp_path: Path) -> None:
    days: dict[str, object] = {
        "help/2026-11-16.json": [said("よい", "1794798000.000100")],
        "help/canvas_in_the_conversation.json": {"id": "F1"},
        "help/attachments/F1.json": {"any": "thing"},
    }
    found, events = opened(export(tmp_path, days, channels=CHANNELS, integration_logs=[]))
    assert (len(events), found.files, found.other_files, found.skipped) == (1, 1, 4, ())


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5) | st.sampled_from(["email", "1.5"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["ts", "address", "text"]), inner),
    max_leaves=4,
)
FIELDS = ["user", "text", "ts", "subtype", "thread_ts", "files", "file", "message", "previous_message", "user_profile"]
KINDS = st.sampled_from(["", "bot_message", "message_changed", "message_deleted", "file_share", "channel_join"])


@given(st.dictionaries(st.sampled_from(FIELDS), JSON), KINDS, st.booleans())
def test_no_record_stops_the_reading(fields: dict[str, object], kind: str, dated: bool) -> None:
    record = {"type": "message", "subtype": kind, "ts": "1794798000.1" if dated else None, **fields}
    messages = SlackMessages("T1", {"UFAR": SlackUser("UFAR", "T2", "遠方", is_bot=False, guest=False)})
    result = messages.outcome(record, SlackChannel("C1", "help", direct=False))
    repr(result).encode("utf-8")


def test_the_bundled_sample_is_whole_and_its_team_fits() -> None:
    found, events = opened(SAMPLES / "slack")
    assert found.skipped == () and 80 <= found.messages <= 100
    (team,) = tomllib.loads((SAMPLES / "team.toml").read_text("utf-8"))["team"]
    assert set(team["channels"]) == set(found.channels)
    assert {person["account"] for person in team["staff"]} <= set(found.people)
    homes = {event.author: event.home for event in events if isinstance(event, MessagePosted)}
    assert {homes[name] for name in ("UKITA1", "UMINA1", "UHOSHI1", "ULAKE1")} == {
        "TCUST1",
        "TCUST2",
        "TCUST3",
        "TCUST4",
    }
    assert {event.workspace for event in events} == {"TSAMPLE"}


def test_every_word_stands_in_both_languages() -> None:
    words = [
        tomllib.loads((SAMPLES.parent / "words" / f"{name}.imports.toml").read_text("utf-8")) for name in LANGUAGES
    ]
    assert {table: set(words[0][table]) for table in words[0]} == {table: set(words[1][table]) for table in words[1]}
    reasons = set(words[0]["ignored"])
    assert {"again", "edit_log", "join_leave", "other", "thread_start"} <= reasons
