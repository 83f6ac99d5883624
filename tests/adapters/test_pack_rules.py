"""A company's own groups, reports, pings, standing and digest: what holds, and every mistake with file and line."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import adapters
from adapters import wording
from adapters.pack import check, load
from adapters.pack.rules import read_pings, read_standing
from adapters.places import Table, parse
from bot.domain.errors import Fault
from bot.domain.model import Severity
from bot.domain.policy import (
    DigestRule,
    EscalationStep,
    GroupChoice,
    PingRule,
    ReportRule,
    StandingRule,
    StepTarget,
)

STANDARD = load(None)
CATEGORIES = (Path(adapters.__file__).parent / "packs" / "standard" / "categories.toml").read_text("utf-8")

Own = Callable[[str, str], Path]
"""Writes one file into a folder that has nothing else."""


@pytest.fixture
def own(tmp_path: Path) -> Own:
    def write(name: str, text: str) -> Path:
        (tmp_path / name).write_text(text, "utf-8")
        return tmp_path

    return write


def found(folder: Path) -> list[tuple[int, str]]:
    return [(fault.line, fault.key) for fault in check(folder)]


@pytest.mark.req("S3-21")
def test_a_folder_with_pings_only_changes_pings_only(own: Own) -> None:
    folder = own(
        "pings.toml",
        'again_minutes = 0\nper_hour = 3\n[[steps]]\nto = "supervisors"\nwait_minutes = 3\n'
        '[[steps]]\nto = "legal"\nwait_minutes = 20\n',
    )
    policy = load(folder)
    assert policy.ping == PingRule(
        steps=(
            EscalationStep(StepTarget.SUPERVISORS, timedelta(minutes=3)),
            EscalationStep(StepTarget.LEGAL, timedelta(minutes=20)),
        ),
        again=None,
        per_hour=3,
    )
    assert policy.edition == STANDARD.edition + "+own"
    assert replace(policy, edition=STANDARD.edition, hash=STANDARD.hash, ping=STANDARD.ping) == STANDARD


@pytest.mark.parametrize("name", ["reports.toml", "pings.toml", "standing.toml", "digest.toml"])
def test_an_empty_file_has_the_defaults(own: Own, name: str) -> None:
    policy = load(own(name, ""))
    assert replace(policy, edition=STANDARD.edition, hash=STANDARD.hash) == STANDARD
    assert policy.hash != STANDARD.hash


def test_reports_of_a_company_that_calls_later(own: Own) -> None:
    folder = own("reports.toml", 'detection_high_times = 2.5\n[severity]\nnow = "critical"\ndetection = "low"\n')
    assert load(folder).report == ReportRule(now=Severity.CRITICAL, detection=Severity.LOW, detection_high=2.5)


def test_a_patient_standing(own: Own) -> None:
    rule = load(own("standing.toml", "review = 20\nhalf_life_days = 30\n[factors]\nlow = 0\nhigh = 2\n")).standing
    assert rule == StandingRule(factors=(0, 2, 2, 8), review=20, half_life=timedelta(days=30))


def test_a_digest_on_friday(own: Own) -> None:
    rule = load(own("digest.toml", 'weekday = "friday"\nat = "16:30"\n')).digest
    assert rule == DigestRule(weekday=4, at=time(16, 30))


def test_groups_of_a_company_may_name_its_own_categories(own: Own, tmp_path: Path) -> None:
    own(
        "categories.toml", CATEGORIES + '[late]\nja = "遅れ"\nen = "late"\nweight = 2\nseverity = "low"\nright = true\n'
    )
    own(
        "groups.toml",
        '[late]\nja = "返却の遅れ"\nen = "late return"\ncategory = "late"\n'
        'asks = [{ key = "car", ja = "車", en = "car", category = "late" }]\n',
    )
    policy = load(tmp_path)
    [group] = policy.groups
    assert (group.key, group.danger) == ("late", "")
    assert policy.group("late.car") == GroupChoice("car", "車", "car", "late")
    assert policy.rights == {"threat_of_legal_or_authority", "late"}


GROUP = '[g]\nja = "そ"\nen = "o"\ncategory = "other"\n'
ASKED = 'asks = [\n  { key = "a", ja = "あ", en = "a", category = "other" },\n  %s,\n]\n'
STEP = '[[steps]]\nto = "leads"\nwait_minutes = 5\n'


@pytest.mark.parametrize(
    ("name", "text", "line", "key"),
    [
        ("groups.toml", "", 0, "no_group"),
        ("groups.toml", GROUP.replace("[g]", "[G]"), 1, "bad_key"),
        ("groups.toml", GROUP.replace('en = "o"\n', ""), 1, "missing_key"),
        ("groups.toml", GROUP.replace("other", "others"), 4, "unknown_category_near"),
        ("groups.toml", GROUP.replace("other", "x"), 4, "unknown_category"),
        ("groups.toml", GROUP + 'danger = "boddy"\n', 5, "not_one_of_near"),
        ("groups.toml", GROUP + ASKED % '{ key = "a", ja = "い", en = "b", category = "other" }', 7, "twice"),
        ("groups.toml", GROUP + ASKED % '{ key = "b", ja = "あ", en = "b", category = "other" }', 7, "twice"),
        ("groups.toml", GROUP + ASKED % '{ key = "b c", ja = "い", en = "b", category = "other" }', 7, "bad_key"),
        ("groups.toml", GROUP + ASKED % '{ key = "b", ja = "い", en = "b", category = "x" }', 7, "unknown_category"),
        ("groups.toml", GROUP + GROUP.replace("[g]", "[h]").replace('"そ"', '"ほ"'), 7, "twice"),
        ("reports.toml", "withdraw_minutes = 0\n", 1, "out_of_range"),
        ("reports.toml", "join_hour = 24\n", 1, "unknown_key_near"),
        ("reports.toml", "detection_high_times = 0.5\n", 1, "out_of_range"),
        ("reports.toml", 'severity = "high"\n', 1, "not_table"),
        ("reports.toml", '[severity]\nreport = "urgent"\n', 2, "not_one_of"),
        ("reports.toml", '[severity]\ndetection = "critical"\n', 2, "not_one_of"),
        ("reports.toml", '[severity]\nphone = "high"\n', 2, "unknown_key"),
        ("pings.toml", "steps = []\n", 1, "empty_list"),
        ("pings.toml", STEP.replace("leads", "boss"), 2, "not_one_of"),
        ("pings.toml", STEP.replace("leads", "lead"), 2, "not_one_of_near"),
        ("pings.toml", STEP.replace("5", "0"), 3, "out_of_range"),
        ("pings.toml", STEP.replace("wait_minutes = 5\n", ""), 1, "missing_key"),
        ("pings.toml", STEP + "wait_minute = 5\n", 4, "unknown_key_near"),
        ("pings.toml", "again_minutes = -1\n", 1, "out_of_range"),
        ("pings.toml", "per_hour = 6.5\n", 1, "not_whole"),
        ("standing.toml", "watch = 6\n", 1, "not_above"),
        ("standing.toml", "\nconcern = 12\nhabit_days = 90\n", 2, "not_above"),
        ("standing.toml", "watch = 0\n", 1, "out_of_range"),
        ("standing.toml", "review = true\n", 1, "not_number"),
        ("standing.toml", "leave_below = 1.1\n", 1, "out_of_range"),
        ("standing.toml", "[factors]\nhigh = 1.5\n", 2, "below_other"),
        ("standing.toml", "[factors]\nlow = 3\n", 2, "below_other"),
        ("standing.toml", "[factors]\nworst = 3\n", 2, "unknown_key"),
        ("standing.toml", "factors = [1, 2, 4, 8]\n", 1, "not_table"),
        ("standing.toml", "threshold_days = 91\n", 1, "above_other"),
        ("standing.toml", "habit_days = 7\nthreshold_days = 8\nthreshold_weeks = 1\n", 2, "above_other"),
        ("standing.toml", "threshold_weeks = 4\n", 1, "above_other"),
        ("standing.toml", "threshold_days = 1\n", 1, "above_other"),
        ("standing.toml", "habit_days = 13\n", 1, "weeks_beyond_habit"),
        ("digest.toml", 'weekday = "munday"\n', 1, "not_one_of_near"),
        ("digest.toml", "weekday = 1\n", 1, "not_text"),
        ("digest.toml", 'at = "9:00"\n', 1, "bad_time"),
        ("digest.toml", "at = 09:00:00\n", 1, "bad_time"),
        ("digest.toml", "review_after_days = 0\n", 1, "out_of_range"),
    ],
)
def test_one_mistake_is_said_once_with_its_line(own: Own, name: str, text: str, line: int, key: str) -> None:
    folder = own(name, text)
    assert found(folder) == [(line, key)]
    for language in wording.LANGUAGES:
        assert wording.fault(language, check(folder)[0]).startswith(str(folder / name))


def test_right_is_true_or_false(own: Own) -> None:
    folder = own("categories.toml", CATEGORIES.replace("right = true", 'right = "yes"'))
    assert [key for _, key in found(folder)] == ["not_flag"]
    [fault] = check(folder)
    assert wording.fault("en", fault).endswith('"right" is true or false, without quotes (now: yes).')


def test_a_ninth_group_is_one_too_many(own: Own) -> None:
    nine = "".join(f'[g{n}]\nja = "分類{n}"\nen = "group {n}"\ncategory = "other"\n' for n in range(1, 10))
    [fault] = check(own("groups.toml", nine))
    assert (fault.line, fault.key) == (33, "too_many_groups")
    assert "「g9」は9個目です" in wording.fault("ja", fault)


def test_a_category_taken_away_is_missed_by_the_standard_groups(own: Own) -> None:
    faults = check(own("categories.toml", CATEGORIES.replace("[restraint_long_hours]", "[restraint]")))
    assert [(Path(fault.path).name, fault.key) for fault in faults] == [
        ("categories.toml", "missing_category"),
        ("groups.toml", "unknown_category_near"),
    ]


def test_a_mistake_between_two_keys_names_both(own: Own) -> None:
    [fault] = check(own("standing.toml", "\nreview = 5\n"))
    assert wording.fault("ja", fault).endswith(":2: 「review」（5）は「concern」（6）より大きくしてください。")
    assert wording.fault("en", fault).endswith(':2: "review" (5) has to be more than "concern" (6).')


@given(st.integers(1, 200), st.integers(1, 40), st.integers(1, 30))
def test_a_threshold_that_is_let_in_can_be_reached(habit: int, days: int, weeks: int) -> None:
    text = f"habit_days = {habit}\nthreshold_days = {days}\nthreshold_weeks = {weeks}\n"
    faults: list[Fault] = []
    read_standing(Table(parse("standing.toml", text.encode()), faults))
    first = date(2026, 11, 23)
    span = [first + timedelta(days=n) for n in range(habit)]
    reachable = days <= habit and weeks <= len({day.isocalendar()[:2] for day in span})
    if not faults:
        assert reachable
        assert weeks <= days
    assert all(fault.line for fault in faults)


@given(
    st.lists(st.tuples(st.sampled_from(list(StepTarget)), st.integers(1, 240)), min_size=1, max_size=8),
    st.integers(0, 1440),
)
def test_steps_are_read_as_they_are_written(steps: list[tuple[StepTarget, int]], again: int) -> None:
    written = "".join(f'[[steps]]\nto = "{to}"\nwait_minutes = {wait}\n' for to, wait in steps)
    faults: list[Fault] = []
    rule = read_pings(Table(parse("pings.toml", f"again_minutes = {again}\n{written}".encode()), faults))
    assert not faults
    assert rule.steps == tuple(EscalationStep(to, timedelta(minutes=wait)) for to, wait in steps)
    assert rule.again == (timedelta(minutes=again) if again else None)
