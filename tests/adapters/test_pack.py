"""A company's policy pack: what stands for what, and every mistake with file and line."""

import re
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

import adapters
from adapters import wording
from adapters.pack import check, load
from bot.domain.calendar import SupportCalendar
from bot.domain.errors import BadInput
from bot.domain.policy import Policy

STANDARD = Path(adapters.__file__).parent / "packs" / "standard"


@pytest.fixture(scope="module")
def standard() -> Policy:
    return load(None)


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    folder = tmp_path / "pack"
    shutil.copytree(STANDARD, folder)
    return folder


Edit = Callable[[str, str, str], int]
"""Replaces the first such text of a file and says on which line."""


@pytest.fixture
def edit(pack: Path) -> Edit:
    def replace_once(name: str, old: str, new: str) -> int:
        before, found, after = (pack / name).read_text("utf-8").partition(old)
        assert found
        (pack / name).write_text(before + new + after, "utf-8")
        return before.count("\n") + new.count("\n") + 1

    return replace_once


def found(folder: Path) -> list[tuple[str, int, str]]:
    faults = check(folder)
    for fault in faults:
        assert all(wording.fault(language, fault) for language in wording.LANGUAGES)
    return [(Path(fault.path).name, fault.line, fault.key) for fault in faults]


def line_of(folder: Path, name: str, text: str) -> int:
    return (folder / name).read_text("utf-8").partition(text)[0].count("\n") + 1


def test_the_hash_is_of_the_content_only(standard: Policy, pack: Path, edit: Edit) -> None:
    assert load(pack).hash == standard.hash
    edit("windows.toml", "max_contents = 2000", "max_contents = 2_000 # as ever")
    text = (pack / "mail.toml").read_text("utf-8")
    (pack / "mail.toml").write_text("\n# a note\n" + text, "utf-8")
    edit("retention.toml", "text_days = 7\n", "")
    (pack / "retention.toml").write_text((pack / "retention.toml").read_text("utf-8") + "\ntext_days = 7\n", "utf-8")
    edit("categories.toml", "weight = 1 ", "weight = 1.0 ")
    assert load(pack).hash == standard.hash
    edit("windows.toml", "max_contents = 2_000", "max_contents = 2001")
    assert load(pack).hash != standard.hash


def test_a_file_in_the_folder_stands_for_the_whole_standard_file(standard: Policy, tmp_path: Path) -> None:
    (tmp_path / "windows.toml").write_text(
        "[[windows]]\nminutes = 90\ncount = 4\n[[windows]]\nminutes = 120\ncount = 4\n"
    )
    (tmp_path / "README.md").write_text("ours")
    policy = load(tmp_path)
    assert [window.name for window in policy.windows] == ["90m", "2h"]
    assert policy.response_target == standard.response_target
    assert policy.edition == standard.edition + "+own"
    assert policy.hash != standard.hash
    assert policy.categories == standard.categories


@pytest.mark.req("S1-17")
def test_a_company_may_add_categories_and_name_its_edition(standard: Policy, pack: Path, edit: Edit) -> None:
    edit("pack.toml", "standard-2026-11-21", "minato-1")
    with (pack / "categories.toml").open("a", encoding="utf-8") as file:
        file.write('[late_return]\nja = "返却の遅れ"\nen = "late return"\nweight = 2\nseverity = "low"\n')
    policy = load(pack)
    assert policy.edition == "minato-1"
    assert policy.categories[:18] == standard.categories
    assert (policy.categories[18].key, policy.categories[18].clauses) == ("late_return", ())


def test_no_holidays_and_other_hours(tmp_path: Path) -> None:
    (tmp_path / "calendar.toml").write_text(
        'zone = "Europe/Berlin"\nholidays = ""\nclosed_days = ["02-28..03-01"]\nextra_closed_dates = [2027-06-11]\n'
        '[week]\nmonday = ["13:00-24:00", "00:00-12:30"]\n'
    )
    calendar = load(tmp_path).calendar
    assert (calendar.zone, calendar.holidays) == ("Europe/Berlin", frozenset({date(2027, 6, 11)}))
    assert calendar.closed_days == {(2, 28), (2, 29), (3, 1)}
    assert [span.opens.hour for span in calendar.week[0]] == [0, 13]
    assert calendar.week[1:] == ((),) * 6
    assert isinstance(calendar, SupportCalendar)


@pytest.mark.parametrize(
    ("name", "old", "new", "key"),
    [
        ("windows.toml", "max_contents = 2000", "max_content = 2000", "unknown_key_near"),
        ("windows.toml", "max_contents = 2000", "max_contents = 2_000_000", "out_of_range"),
        ("windows.toml", "max_contents = 2000", 'max_contents = "2000"', "not_whole"),
        ("windows.toml", "max_contents = 2000", "max_contents = ", "bad_value"),
        ("windows.toml", "max_contents = 2000", "max_contents = 2000\nmax_contents = 1", "duplicate_key"),
        ("windows.toml", "minutes = 1440", "minutes = 1441", "out_of_range"),
        ("windows.toml", "\nminutes = 60", "\nminutes = 10", "window_twice"),
        ("windows.toml", "\nminutes = 60", "\nminutes = 9", "windows_not_ascending"),
        ("windows.toml", "count = 6", "count = 3", "window_count_falls"),
        ("windows.toml", "habit_days = [7, 30]", "habit_days = [30, 7]", "not_ascending"),
        ("windows.toml", "customers = 5", "customers = 1", "out_of_range"),
        ("retention.toml", "trace_days = 31", "trace_days = 29", "trace_below_habit"),
        ("retention.toml", "text_days = 7", "text_days = 32", "text_outlives_trace"),
        ("retention.toml", "file_mib = 10", "file_mib = 26", "file_above_message"),
        ("retention.toml", "files_message_mib = 25", "files_message_mib = 251", "message_above_day"),
        ("retention.toml", "deleted_text_hours = 24", "deleted_text_hours = 169", "deleted_outlives_text"),
        ("calendar.toml", "Asia/Tokyo", "Asia/Tokio", "unknown_zone_near"),
        ("calendar.toml", 'holidays = "JP"', 'holidays = "jp"', "unknown_country_near"),
        ("calendar.toml", 'holidays = "JP"', 'holidays = "Japan"', "unknown_country"),
        ("calendar.toml", '"12-29..01-03"', '"12-32"', "bad_month_day"),
        ("calendar.toml", "extra_closed_dates = []", 'extra_closed_dates = ["11/21"]', "bad_date"),
        ("calendar.toml", '"09:00-18:00"', '"18:00-09:00"', "closes_before_opens"),
        ("calendar.toml", '"09:00-18:00"', '"9-18"', "bad_hours"),
        ("calendar.toml", '"09:00-18:00"', '"09:00-24:30"', "bad_hours"),
        ("calendar.toml", '"09:00-18:00"', '"09:00-12:00", "11:00-18:00"', "hours_overlap"),
        ("calendar.toml", "monday =", "munday =", "unknown_key_near"),
        ("categories.toml", 'severity = "low"', 'severity = "hgih"', "not_one_of_near"),
        ("categories.toml", "weight = 1", "weight = -1", "out_of_range"),
        ("categories.toml", "weight = 1", 'weight = "1"', "not_number"),
        ("categories.toml", '"position.off_hours"', '"position.of_hours"', "unknown_clause_near"),
        ("categories.toml", '"immediate_screen_support"', '"saturday_is_our_workday"', "twice"),
        ("categories.toml", '"immediate_screen_support"', '"Immediate"', "bad_key"),
        ("law.toml", 'certainty = "confirmed"', 'certainty = "sure"', "not_one_of"),
        ("law.toml", "since = 2026-10-01", 'since = "soon"', "bad_date"),
        ("mail.toml", '"gmail.com"', '"@gmail.com"', "bad_domain"),
        ("pack.toml", "as_of = 2026-11-21", "as_of = 2026-11-31", "bad_value"),
        ("pack.toml", 'issuer = "kasuhara project"', 'issuer = " "', "empty_text"),
    ],
)
def test_one_mistake_is_said_with_file_and_line(
    pack: Path, edit: Edit, name: str, old: str, new: str, key: str
) -> None:
    line = edit(name, old, new)
    assert (name, line, key) in found(pack)


def test_a_missing_category_and_a_missing_key(pack: Path, edit: Edit) -> None:
    edit("categories.toml", "[careless_communication]", "[careless]")
    edit("categories.toml", 'ja = "暴言・侮辱"\n', "")
    line = line_of(pack, "categories.toml", "[insult_or_abuse]")
    assert found(pack) == [("categories.toml", 0, "missing_category"), ("categories.toml", line, "missing_key")]


def test_every_mistake_is_said_at_once(pack: Path, edit: Edit) -> None:
    edit("windows.toml", "count = 3", "count = three")
    edit("windows.toml", "fresh_minutes = 60", "fresh_minute = 60")
    edit("calendar.toml", "Asia/Tokyo", "Tokyo")
    edit("categories.toml", 'severity = "high"', 'severity = "highest"')
    (pack / "law.toml").write_bytes('[L1]\nja = "法"\n'.encode("cp932"))
    (pack / "retension.toml").write_text("")
    assert sorted(key for _, _, key in found(pack)) == [
        "bad_value",
        "not_one_of_near",
        "not_utf8",
        "unknown_file_near",
        "unknown_key_near",
        "unknown_zone_near",
    ]


def test_a_broken_line_is_not_called_missing_as_well(pack: Path, edit: Edit) -> None:
    edit("pack.toml", 'edition = "standard-2026-11-21"', "edition = standard")
    assert found(pack) == [("pack.toml", line_of(pack, "pack.toml", "edition ="), "bad_value")]


def test_a_desk_that_never_opens(tmp_path: Path) -> None:
    (tmp_path / "calendar.toml").write_text('zone = "Asia/Tokyo"\n[week]\nmonday = []\n')
    assert found(tmp_path) == [("calendar.toml", 2, "never_open")]


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "empty").mkdir()
    assert found(tmp_path / "nowhere") == [("nowhere", 0, "no_folder")]
    assert found(tmp_path / "file") == [("file", 0, "not_folder")]
    assert found(tmp_path / "empty") == [("empty", 0, "empty_pack")]
    with pytest.raises(BadInput, match="no_folder"):
        load(tmp_path / "nowhere")


def test_clauses_taken_away_from_under_the_standard_categories(pack: Path, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    text = (pack / "clauses.toml").read_text("utf-8")
    (own / "clauses.toml").write_text(re.sub(r"  \{ key = \"filming\".*\n", "", text), "utf-8")
    [fault] = check(own)
    assert (fault.path, fault.key) == ("packs/standard/categories.toml", "unknown_clause_near")


def test_the_sentence_says_what_is_allowed(pack: Path, edit: Edit) -> None:
    line = edit("categories.toml", 'severity = "low"', 'severity = "hgih"')
    [fault] = check(pack)
    where = f"{pack / 'categories.toml'}:{line}: "
    assert wording.fault("ja", fault) == (
        where + "「hgih」は使えません。「high」ではありませんか。使える値\uff1alow, medium, high, critical"
    )
    assert wording.fault("en", fault) == (
        where + '"hgih" is not allowed. Did you mean "high"? Allowed: low, medium, high, critical'
    )
