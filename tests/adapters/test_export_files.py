"""Broken, hostile and odd files of exports: each mistake is named with its place, the rest is read in order."""

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.imports.export import Export, Skipped, open_export
from adapters.imports.records import Broken, read_records
from adapters.wording import LANGUAGES, fault, say
from bot.domain.errors import BadInput
from bot.domain.events import MessagePosted

NOON = 1794798000


def said(text: object, ts: object, **fields: object) -> dict[str, object]:
    return {"type": "message", "user": "UGUEST", "text": text, "ts": ts, **fields}


def export(root: Path, files: Mapping[str, object]) -> Path:
    """A Slack export as files; bytes stand as they are, all else becomes JSON."""
    for name, value in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(value if isinstance(value, bytes) else json.dumps(value, ensure_ascii=False).encode())
    return root


def opened(path: Path) -> tuple[Export, list[MessagePosted]]:
    """The export and its messages; nothing is lost, and every mistake has its words."""
    found = open_export(path)
    events = [event for event in found.events() if isinstance(event, MessagePosted)]
    assert found.records == found.messages + found.deletions + sum(found.ignored.values()) + found.unread
    assert len(events) == found.messages
    for skipped in found.skipped:
        for language in LANGUAGES:
            assert say(language, f"skipped.{skipped.key}", **dict(skipped.fields))
    return found, events


def test_order_is_total_even_with_a_stray_record_and_a_shuffled_file(tmp_path: Path) -> None:
    def day(number: int, *seconds: int) -> list[dict[str, object]]:
        return [said("x", f"{NOON + number * 86400 + second}.000100") for second in seconds]

    days = {
        "help/2026-11-16.json": [*day(0, 1, 5), *day(3, 7), *day(0, 9)],
        "help/2026-11-17.json": day(1, 9, 3, 1),
        "相談/2026-11-16.json": day(0, 1, 3, 5),
        "相談/2026-11-19.json": day(3, 7, 8),
    }
    _, events = opened(export(tmp_path, days))
    keys = [(event.sent_at, event.channel) for event in events]
    assert len(keys) == 12 and keys == sorted(keys)


def test_every_broken_record_is_named_and_the_rest_is_read(tmp_path: Path) -> None:
    good = said("よい", "1794798000.000100")
    bad: list[object] = [
        "x",
        said("時刻なし", None),
        said("数でない", "いつか"),
        said("昔", "1.5"),
        said(["文字でない"], "1794798001.000100"),
        said("誰か", "1794798002.000100", user=None),
        good,
        said("遠い未来", "99999999999.000000"),
    ]
    found, events = opened(export(tmp_path, {"help/2026-11-16.json": [good, *bad]}))
    keys = ["not_object", "no_ts", "bad_ts", "absurd_date", "text_not_string", "no_author", "duplicate", "absurd_date"]
    assert [(skipped.record, skipped.key) for skipped in found.skipped] == [
        (str(number), key) for number, key in enumerate(keys, start=2)
    ]
    assert (len(events), found.unread) == (1, 8)
    assert "よい" not in repr(found.skipped)


@pytest.mark.parametrize(
    ("content", "key", "read"),
    [
        (b"", "empty", 0),
        (b" \n", "empty", 0),
        (b'{"messages": []}', "wrong_top", 0),
        (b"null", "wrong_top", 0),
        (b'[{"type":"message","user":"U","text":"a","ts":"1794798000.1"},{"type":"mess', "truncated", 1),
        (b'[{"type":"message","user":"U","text":"a","ts":"1794798000.1"}', "truncated", 1),
        (b'[{"type":"message","user":"U","text":"a","ts":"1794798000.1"} {"a":1}]', "broken_json", 1),
        (b'[{"type":"message","user":"U","text":"a","ts":"1794798000.1"}] []', "broken_json", 1),
        ('[{"type":"message","user":"U","text":"返事","ts":"1794798000.1"}]'.encode("cp932"), "not_utf8", 0),
        ('[{"type":"message","user":"U","text":"返事'.encode()[:-1], "truncated", 0),
        (b"[" * 100_000, "broken_json", 0),
        (b'[{"type":"message","ts":' + b"9" * 5000 + b"}]", "broken_json", 0),
    ],
)
def test_every_broken_file_is_named_and_the_rest_is_read(tmp_path: Path, content: bytes, key: str, read: int) -> None:
    days = {"help/2026-11-16.json": content, "help/2026-11-17.json": [said("よい", "1794884400.000100")]}
    found, events = opened(export(tmp_path, days))
    assert found.skipped == (Skipped("help/2026-11-16.json", "", key, (("read", str(read)),)),)
    assert len(events) == read + 1


def test_broken_lists_are_named_and_the_messages_are_read(tmp_path: Path) -> None:
    days = {
        "help/2026-11-16.json": [said("よい", "1794798000.000100")],
        "users.json": b'[{"id":"UGUEST","name":"g"},7,',
        "channels.json": {"id": "C1"},
    }
    found, events = opened(export(tmp_path, days))
    assert {(skipped.file, skipped.record, skipped.key) for skipped in found.skipped} == {
        ("channels.json", "", "wrong_top"),
        ("users.json", "2", "list_entry"),
        ("users.json", "", "truncated"),
    }
    assert len(events) == 1


def test_lone_surrogates_and_nul_can_be_stored(tmp_path: Path) -> None:
    raw = b'[{"type":"message","user":"U\\u0000","text":"\\ud83d a \\ud83d\\ude00 \\u0000","ts":"1794798000.1"}]'
    _, (event,) = opened(export(tmp_path, {"help/2026-11-16.json": raw}))
    assert (event.text, event.author) == ("\ufffd a 😀 \ufffd", "U\ufffd")


def _zip(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_a_zip_may_not_point_outside_or_explode(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    day = json.dumps([said("よい", "1794798000.000100")]).encode()
    members = {"help/2026-11-16.json": day, "../help/2026-11-17.json": day, "/help/2026-11-18.json": day}
    path = _zip(tmp_path / "x.zip", {**members, "help/2026-11-19.json": b"[" + b" " * 2_000_000 + b"]"})
    monkeypatch.setattr("adapters.imports.source.MEMBER_LIMIT", 1_000_000)
    found, events = opened(path)
    assert {(skipped.file, skipped.key) for skipped in found.skipped} == {
        ("../help/2026-11-17.json", "bad_path"),
        ("/help/2026-11-18.json", "bad_path"),
        ("help/2026-11-19.json", "too_big"),
    }
    assert len(events) == 1
    monkeypatch.setattr("adapters.imports.source.COUNT_LIMIT", 2)
    with pytest.raises(BadInput, match="export_too_much"):
        open_export(path)


def test_a_damaged_member_of_a_zip_is_named(tmp_path: Path) -> None:
    good = json.dumps([said("よい", "1794798000.000100")]).encode()
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("help/2026-11-16.json", good)
        archive.writestr("help/2026-11-17.json", b'[{"mark": "here"}]')
    path.write_bytes(path.read_bytes().replace(b"here", b"gone"))
    found, events = opened(path)
    assert [(skipped.file, skipped.key) for skipped in found.skipped] == [("help/2026-11-17.json", "zip_damaged")]
    assert len(events) == 1


def test_links_are_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.json"
    secret.write_text(json.dumps([said("外", "1794798000.000100")]))
    root = export(tmp_path / "export", {"help/2026-11-16.json": [said("内", "1794798000.000100")]})
    (root / "help" / "2026-11-17.json").symlink_to(secret)
    found, events = opened(root)
    assert [(skipped.file, skipped.key) for skipped in found.skipped] == [("help/2026-11-17.json", "link")]
    assert len(events) == 1


def test_what_is_no_export_is_refused_with_what_is_expected(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "page.html").write_text("<html>")
    (tmp_path / "some.json").write_text("[]")
    (tmp_path / "broken.zip").write_bytes(_zip(tmp_path / "x.zip", {"a/b.json": b"[]"}).read_bytes()[:-30])
    cases = {"nowhere": "missing", "empty": "unknown_folder", "page.html": "unknown_file", "some.json": "unknown_file"}
    for name, key in {**cases, "broken.zip": "unreadable", "x.zip": "unknown_folder"}.items():
        with pytest.raises(BadInput) as caught:
            open_export(tmp_path / name)
        (mistake,) = caught.value.faults
        assert mistake.key == f"export_{key}"
        for language in LANGUAGES:
            assert "zip" in fault(language, mistake) or "Slack" in fault(language, mistake)


def test_the_first_of_two_members_with_one_name_is_read(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("help/2026-11-16.json", json.dumps([said("先", "1794798000.000100")]))
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("help/2026-11-16.json", json.dumps([said("後", "1794798000.000100")]))
    found, (event,) = opened(path)
    assert event.text == "先"
    assert [skipped.key for skipped in found.skipped] == ["twice"]


VALUES = st.dictionaries(st.text(max_size=3), st.text(max_size=20) | st.integers() | st.none(), max_size=3)


@given(st.lists(VALUES | st.integers()), st.integers(1, 40), st.booleans())
def test_records_come_out_whole_however_the_file_is_cut_up(values: list[object], size: int, ascii_only: bool) -> None:
    def chunks(text: str) -> Iterator[bytes]:
        stream = io.BytesIO(text.encode("utf-8"))
        return iter(lambda: stream.read(size), b"")

    text = json.dumps(values, ensure_ascii=ascii_only, indent=1)
    assert [item.value for item in read_records(chunks(text)) if not isinstance(item, Broken)] == values
    wrapped = json.dumps({"a": values, "messages": values, "z": 12}, ensure_ascii=ascii_only)
    items = list(read_records(chunks(wrapped), "messages"))
    assert [item.value for item in items if not isinstance(item, Broken) and item.number] == values
    cut = list(read_records(chunks(text[:-1])))
    assert isinstance(cut[-1], Broken) and len(cut) - 1 == cut[-1].read
