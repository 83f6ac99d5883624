"""Files of DiscordChatExporter: channels, threads and parts of them become one line of messages in time."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.imports.export import Export, open_export
from adapters.wording import LANGUAGES, say
from bot.domain.errors import BadInput
from bot.domain.events import MessagePosted
from bot.domain.model import Membership, Platform

DATA = Path(__file__).parents[1] / "data" / "discord-export-from-irc"
GUILD = {"id": "100", "name": "架空サーバー"}
HELP = {"id": "200", "type": "GuildTextChat", "categoryId": "9", "category": "Text channels", "name": "help"}


def said(number: int, text: object = "x", **fields: object) -> dict[str, object]:
    author = {"id": "700", "name": "kyaku", "discriminator": "0000", "nickname": "架空 客", "isBot": False}
    return {
        "id": str(1000 + number),
        "type": "Default",
        "timestamp": f"2026-11-16T12:00:{number:02}.1234567+09:00",
        "timestampEdited": None,
        "content": text,
        "author": author,
        "attachments": [],
        "mentions": [],
        **fields,
    }


def write(path: Path, messages: list[object], channel: Mapping[str, object] | None = None) -> Path:
    whole = {"guild": GUILD, "channel": channel or HELP, "messages": messages, "messageCount": len(messages)}
    path.write_text(json.dumps(whole, ensure_ascii=False, indent=2), "utf-8")
    return path


def opened(path: Path) -> tuple[Export, list[MessagePosted]]:
    found = open_export(path)
    events = [event for event in found.events() if isinstance(event, MessagePosted)]
    assert found.platform is Platform.DISCORD
    assert found.records == found.messages + sum(found.ignored.values()) + found.unread
    assert len(events) == found.messages
    keys = [(event.sent_at, event.channel) for event in events]
    assert keys == sorted(keys)
    for skipped in found.skipped:
        for language in LANGUAGES:
            assert say(language, f"skipped.{skipped.key}", **dict(skipped.fields))
    for reason in found.ignored:
        assert say("ja", f"ignored.{reason}") and say("en", f"ignored.{reason}")
    return found, events


def one(tmp_path: Path, record: dict[str, object], channel: Mapping[str, object] | None = None) -> MessagePosted:
    found, (event,) = opened(write(tmp_path / "help.json", [record], channel))
    assert not found.skipped
    return event


def test_an_export_is_read_to_the_last_record_as_folder_and_as_file() -> None:
    found, events = opened(DATA)
    assert (found.records, found.messages, found.skipped) == (70, 70, ())
    assert found.channels == {"discord:1000000000000000001:1000000000000000100": "help"}
    assert found.people["discord:1000000000000000001:900000883902349089"].name == "user-cdccaf"
    assert events[0].message_id == "1100001574000000000"
    assert events[0].sent_at == datetime(2011, 11, 13, 21, 29, tzinfo=UTC)
    _, alone = opened(DATA / "Support - help [2011-11-13].json")
    assert alone == events[:40]


def test_a_message_carries_what_discord_knows(tmp_path: Path) -> None:
    reference = {"messageId": "999", "channelId": "200", "guildId": "100"}
    mentions = [{"id": "701", "name": "a"}, {"id": "702", "name": "b"}, {"id": "701", "name": "a"}]
    event = one(tmp_path, said(1, "@a 返事", type="Reply", reference=reference, mentions=mentions))
    assert (event.workspace, event.channel, event.message_id, event.author) == ("100", "200", "1001", "700")
    assert (event.author_name, event.reply_to, event.mentions) == ("架空 客", "999", ("701", "702"))
    assert event.sent_at == datetime(2026, 11, 16, 3, 0, 1, 123456, tzinfo=UTC)
    assert (event.thread, event.direct, event.membership) == ("", False, Membership.OUTSIDER)


@pytest.mark.rule("discord-24")
def test_a_thread_belongs_to_the_channel_above_it(tmp_path: Path) -> None:
    write(tmp_path / "help.json", [said(1)])
    thread = {"id": "300", "type": "GuildPublicThread", "categoryId": "200", "category": "help", "name": "印刷できない"}
    write(tmp_path / "thread.json", [said(2, id="300", type="ThreadStarterMessage"), said(3)], thread)
    found, events = opened(tmp_path)
    assert [(event.channel, event.thread) for event in events] == [("200", ""), ("200", "300")]
    assert found.channels == {"discord:100:200": "help"}
    assert found.ignored == {"thread_start": 1}
    (tmp_path / "help.json").unlink()
    assert opened(tmp_path)[0].channels == {"discord:100:200": "help"}


@pytest.mark.rule("discord-26")
def test_only_speech_is_a_message_and_bots_are_bots(tmp_path: Path) -> None:
    webhook = {"id": "800", "name": "監視", "discriminator": "0000", "nickname": "監視", "isBot": True}
    kinds = ["RecipientAdd", "GuildMemberJoin", "ChannelPinnedMessage", "ThreadCreated", "20", "24", "Call"]
    records = [said(n, type=kind) for n, kind in enumerate(kinds)]
    found, events = opened(write(tmp_path / "help.json", [*records, said(20, author=webhook), said(21, "")]))
    assert [event.membership for event in events] == [Membership.BOT, Membership.OUTSIDER]
    assert events[1].text == ""
    assert found.ignored == {"call": 1, "command": 1, "join_leave": 2, "other": 1, "pinned": 1, "thread_start": 1}


def test_what_somebody_forwards_is_no_reply_and_not_his_word(tmp_path: Path) -> None:
    forward = {"reference": {"type": "Forward", "messageId": "5"}, "forwardedMessage": {"content": "他人の言葉"}}
    event = one(tmp_path, said(1, "", **forward))
    assert (event.text, event.reply_to) == ("", "")


def test_direct_messages_are_direct(tmp_path: Path) -> None:
    assert one(tmp_path, said(1), {"id": "201", "type": "DirectTextChat", "name": "客"}).direct


def test_parts_and_overlapping_exports_say_each_message_once(tmp_path: Path) -> None:
    write(tmp_path / "help.json", [said(1), said(2)])
    write(tmp_path / "help [part 2].json", [said(3), said(4)])
    write(tmp_path / "help [part 10].json", [said(6), said(5)])
    write(tmp_path / "later.json", [said(4), said(5), said(6), said(7), said(2, "ちがう")])
    found, events = opened(tmp_path)
    assert [event.message_id for event in events] == ["1001", "1002", "1003", "1004", "1005", "1006", "1007"]
    assert found.ignored == {"again": 3}
    assert [(skipped.file, skipped.record, skipped.key) for skipped in found.skipped] == [
        ("later.json", "5", "duplicate")
    ]


def test_every_broken_record_is_named_and_the_rest_is_read(tmp_path: Path) -> None:
    bad: list[object] = [
        7,
        said(2, id=None),
        said(3, timestamp=None),
        said(4, timestamp="gestern"),
        said(5, timestamp="2026-11-16T12:00:00"),
        said(6, timestamp="0001-01-01T00:00:00+00:00"),
        said(7, timestamp=1794798000),
        said(8, ["文字でない"]),
        said(9, author={"name": "誰か"}),
        said(1),
        said(10, timestamp="0001-01-01T00:00:00+14:00"),
        said(11, timestamp="9999-12-31T23:59:59-14:00"),
    ]
    found, events = opened(write(tmp_path / "help.json", [said(1), *bad]))
    keys = ["not_object", "no_id", "no_ts", "bad_ts", "no_offset", "absurd_date", "bad_ts", "text_not_string"]
    keys += ["no_author", "duplicate", "absurd_date", "absurd_date"]
    assert [(skipped.record, skipped.key) for skipped in found.skipped] == [
        (str(number), key) for number, key in enumerate(keys, start=2)
    ]
    assert (len(events), found.unread) == (1, 12)


def test_broken_files_are_named_and_the_rest_is_read(tmp_path: Path) -> None:
    whole = write(tmp_path / "whole.json", [said(1), said(2)]).read_text("utf-8")
    (tmp_path / "cut.json").write_text(
        whole.replace('"id": "200"', '"id": "201"')[: whole.index('"id": "1002"')], "utf-8"
    )
    (tmp_path / "empty.json").write_text("")
    (tmp_path / "list.json").write_text("[]")
    (tmp_path / "sjis.json").write_bytes(whole.replace('"id": "200"', '"id": "202"').encode("cp932"))
    (tmp_path / "odd.json").write_text(json.dumps({"guild": GUILD, "channel": HELP, "messages": {}}))
    found, events = opened(tmp_path)
    assert sorted((skipped.file, skipped.key) for skipped in found.skipped) == [
        ("cut.json", "truncated"),
        ("empty.json", "empty"),
        ("list.json", "not_discord"),
        ("odd.json", "wrong_top"),
        ("sjis.json", "not_discord"),
    ]
    assert [event.channel for event in events] == ["200", "201", "200"]


def test_the_heading_is_found_behind_the_messages_too(tmp_path: Path) -> None:
    path = tmp_path / "sorted.json"
    path.write_text(json.dumps({"messages": [said(1)], "channel": HELP, "guild": GUILD}))
    _, (event,) = opened(path)
    assert (event.workspace, event.channel) == ("100", "200")


def test_a_folder_without_a_single_good_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{}")
    (tmp_path / "b.json").write_text("{")
    with pytest.raises(BadInput, match="export_unknown_folder"):
        open_export(tmp_path)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["id", "messageId", "name"]), inner),
    max_leaves=4,
)
FIELDS = ["id", "type", "timestamp", "content", "author", "mentions", "reference"]


@given(st.dictionaries(st.sampled_from(FIELDS), JSON))
def test_no_record_stops_the_reading(fields: dict[str, object]) -> None:
    with TemporaryDirectory() as folder:
        record = {**said(1), **{key: value for key, value in fields.items() if value == value}}
        found, _ = opened(write(Path(folder) / "help.json", [record, said(2)]))
        assert found.records == 2
