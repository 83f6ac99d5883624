"""The standard pack: it says what the rules and the sources say, each number with its reason."""

import re
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import adapters
from adapters.pack import load
from adapters.pack.categories import KEYS
from adapters.pack.loading import FILES
from bot.domain.calendar import is_open
from bot.domain.policy import OutageRule, Policy, Retention, Window

STANDARD = Path(adapters.__file__).parent / "packs" / "standard"
HOLIDAYS = Path(__file__).parents[1] / "data" / "holidays-jp" / "holidays.2023-2030.yml"


@pytest.fixture(scope="module")
def standard() -> Policy:
    return load(None)


def test_the_standard_pack_is_what_the_rules_say(standard: Policy) -> None:
    assert standard.windows == (
        Window("10m", timedelta(minutes=10), 3),
        Window("60m", timedelta(minutes=60), 4),
        Window("24h", timedelta(hours=24), 6),
    )
    assert standard.as_of == date(2026, 11, 21)
    assert standard.retention == Retention()
    assert standard.outage == OutageRule()
    assert re.fullmatch("[0-9a-f]{64}", standard.hash)


def test_the_defaults_in_code_are_those_of_the_standard_pack(standard: Policy) -> None:
    bare = Policy("", date.min, "", "", standard.calendar, ())
    limits = ("habit_days", "max_contents", "response_target", "fresh", "outage", "retention", "files")
    for name in (*limits, "standing", "ping", "report", "digest"):
        assert getattr(standard, name) == getattr(bare, name), name


def test_every_category_is_there_in_two_languages(standard: Policy) -> None:
    assert tuple(category.key for category in standard.categories) == KEYS
    assert len(KEYS) == 18
    clauses = {clause.key for clause in standard.clauses}
    for category in standard.categories:
        assert category.ja != category.en
        assert set(category.clauses) <= clauses
        assert all(ja and en for _, ja, en in category.subtypes)
        assert [key for key, _ in category.origins] == [key for key, _, _ in category.subtypes]


def test_every_item_of_the_sources_leads_to_a_category(standard: Policy) -> None:
    used = {clause for category in standard.categories for clause in category.clauses}
    circumstances = {f"S0-{number}" for number in (37, 38, 42, 43, 44, 45, 46)}
    assert [c.key for c in standard.clauses if c.key not in used and c.requirement not in circumstances] == []
    assert len([clause for clause in standard.clauses if clause.key.startswith("mhlw9.")]) == 9


@pytest.mark.parametrize(
    ("requirement", "count"),
    [("S0-32", 4), ("S1-7", 6), ("S1-8", 4), ("S1-9", 4), ("S1-10", 4), ("S1-13", 2), ("S1-16", 2)]
    + [(f"S0-{number}", 1) for number in (9, 10, 11, 13, 14, 15, 16, *range(18, 25), 25, 26, 27, 28, 29, 30, 31)],
)
def test_sub_types_keep_the_number_under_which_they_were_named(standard: Policy, requirement: str, count: int) -> None:
    origins = [origin for category in standard.categories for _, origin in category.origins]
    assert origins.count(requirement) >= count


@pytest.mark.req("S1-5", "S4-11")
def test_the_law_stands_with_its_day_and_its_certainty(standard: Policy) -> None:
    law = {basis.key: basis for basis in standard.legal_basis}
    assert {"L1", "L2", "L4", "L7", "L9"} <= law.keys()
    assert law["L1"].since == date(2026, 10, 1)
    assert law["L4"].certainty == "secondary"
    assert all(basis.basis and basis.as_of == date(2026, 11, 21) for basis in law.values())


@pytest.mark.req("S0-32")
def test_the_eight_words_of_a_report_and_what_they_stand_for(standard: Policy) -> None:
    assert [(group.ja, group.category, group.danger) for group in standard.groups] == [
        ("暴言・侮辱", "insult_or_abuse", ""),
        ("脅し", "intimidation_or_violence_threat", "body"),
        ("同じ連絡のくり返し", "repeated_messages", ""),
        ("時間外・範囲外", "off_hours_demand", ""),
        ("長時間", "restraint_long_hours", ""),
        ("性的・差別", "discrimination_or_sexual", "sexual"),
        ("金銭・謝罪", "unreasonable_compensation_or_apology", ""),
        ("その他", "other", ""),
    ]
    assert [
        (group.key, asked.ja, asked.category, asked.danger) for group in standard.groups for asked in group.asks
    ] == [
        ("threat", "身体への危害", "intimidation_or_violence_threat", "body"),
        ("threat", "法的・公的機関", "threat_of_legal_or_authority", "authority"),
    ]
    assert standard.rights == {"threat_of_legal_or_authority"}


def test_every_number_of_the_standard_pack_has_its_reason() -> None:
    numbers = dict.fromkeys(("windows", "retention", "categories"), r"(?!minutes )\w+ = ([\d\[]*\d|true)")
    all_keys = dict.fromkeys(("reports", "pings", "standing", "digest"), r"(?!to )\w+ = ")
    for name, reasoned in {**numbers, **all_keys}.items():
        above = ""
        for line in (STANDARD / f"{name}.toml").read_text("utf-8").split("\n"):
            if re.match(reasoned, line):
                assert "Reason:" in above + line, f"{name}: {line}"
            above = above + line if line.startswith("#") else ""


def test_holidays_are_those_of_the_holiday_jp_data(standard: Policy) -> None:
    listed = {
        date.fromisoformat(day) for day in re.findall(r"^(\d{4}-\d{2}-\d{2}):", HOLIDAYS.read_text("utf-8"), re.M)
    }
    assert {day for day in standard.calendar.holidays if 2023 <= day.year <= 2030} == listed
    assert len(listed) > 120


def test_the_desk_is_closed_on_holidays_and_over_new_year(standard: Policy) -> None:
    def noon(day: date) -> bool:
        return is_open(standard.calendar, datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo("Asia/Tokyo")))

    assert noon(date(2026, 11, 20))
    assert not noon(date(2026, 11, 21))
    assert not noon(date(2026, 11, 23))
    assert not noon(date(2026, 12, 29))
    assert not noon(date(2027, 1, 3))
    assert noon(date(2027, 1, 4))


def test_free_mail_is_known(standard: Policy) -> None:
    assert {"gmail.com", "yahoo.co.jp", "docomo.ne.jp"} <= standard.free_mail_domains
    assert "example.co.jp" not in standard.free_mail_domains


def test_both_languages_have_the_same_sentences() -> None:
    words = Path(adapters.__file__).parent / "words"
    texts = {language: words / f"{language}.faults.toml" for language in ("ja", "en")}
    keys = {lang: re.findall(r"^(\w+) = ", path.read_text("utf-8"), re.M) for lang, path in texts.items()}
    fields = {
        lang: [sorted(set(re.findall(r"(?<!\{)\{(\w+)\}", line))) for line in path.read_text("utf-8").split("\n")]
        for lang, path in texts.items()
    }
    assert keys["ja"] == keys["en"]
    assert len(fields["ja"]) == len(fields["en"])


def test_every_file_of_the_pack_is_read() -> None:
    assert sorted(path.name for path in STANDARD.iterdir()) == sorted(FILES)
