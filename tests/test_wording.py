"""What is posted into chats: every notice makes a small card in both languages, complete, calm and safe to read."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from string import Formatter
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

import adapters
from adapters.pack import load
from adapters.wording import LANGUAGES, Card, Field, Quote, Section, Style, Tone, card_of, posted, text_of
from adapters.wording.clean import clean
from adapters.wording.plain import columns_of
from adapters.wording.standing import end_words, habit_words, in_tenths, level_words, number, origin_words, points_words
from adapters.wording.times import Clock, duration
from adapters.wording.voice import Voice
from bot.domain.model import (
    ContractEnd,
    CountLine,
    CustomerLine,
    Digest,
    EndKnown,
    Finding,
    HabitScore,
    Hearing,
    Level,
    Outcome,
    Pace,
    PingLine,
    PingState,
    Points,
    Reach,
    ReportKind,
    RoundReason,
    Severity,
    Share,
    SignKind,
    Standing,
    WaitLine,
)
from bot.domain.notices import (
    DigestReady,
    DrillCalled,
    DrillEnded,
    HearingNoticed,
    HelpComing,
    IncidentFacts,
    IncidentNoted,
    MorningListed,
    OutageNoticed,
    OutcomeAsked,
    PhoneCalled,
    PingEscalated,
    PingExhausted,
    PingFacts,
    PingOpened,
    PingsBundled,
    PingSettled,
    Posted,
    PostLost,
    SecondWanted,
    SignFacts,
    ThresholdReached,
)
from bot.domain.policy import GroupChoice, PlainGroup

WORDS = Path(adapters.__file__).parent / "words"
ZONE = "Asia/Tokyo"
NIGHT = datetime(2026, 11, 20, 18, 3, tzinfo=UTC)
"""Saturday 03:03 in Tokyo."""
MONDAY = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
"""Monday 09:00 in Tokyo."""
QUOTES = {
    "message:12": "返事まだ?\nいつまで待たせるの",
    "message:14": "返事まだ?\nいつまで待たせるの",
    "report:3": "電話で「今からそっちへ行く」と言われました。手が震えています。",
    "quote:3": "今からそっちへ行くからな。逃げるなよ",
}
GROUPS = (
    PlainGroup("abuse", "暴言・侮辱", "insults", "insult_or_abuse"),
    PlainGroup(
        "threat",
        "脅し",
        "threats",
        "intimidation_or_violence_threat",
        asks=(
            GroupChoice("body", "身体", "bodily harm", "intimidation_or_violence_threat", "body"),
            GroupChoice("legal", "法的・公的機関", "lawsuit or authorities", "threat_of_legal_or_authority"),
        ),
    ),
)
POLICY = replace(load(None), groups=GROUPS, rights=frozenset({"threat_of_legal_or_authority"}))


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


GRAVE, JUDGED = Severity.HIGH, ("intimidation_or_violence_threat",)
REPORTED = SignFacts(
    SignKind.REPORT,
    3,
    NIGHT,
    Severity.HIGH,
    "intimidation_or_violence_threat",
    "threat.body",
    "body",
    ReportKind.REPORT,
    "",
    0,
    "slack:T1:C7",
    ("report:3", "quote:3"),
    True,
)
HELP = replace(REPORTED, ref=4, group="", category="", danger="", report_kind=ReportKind.NOW, place="", quotes=())
REPEATED = SignFacts(
    SignKind.DETECTION,
    5,
    NIGHT - minutes(12),
    Severity.MEDIUM,
    "repeated_messages",
    "",
    "",
    None,
    "10m",
    3,
    "discord:81:82",
    ("message:12", "message:13", "message:14"),
    True,
    "discord:81:82:900",
)
LEGAL = replace(REPEATED, category="threat_of_legal_or_authority", window="", count=1, quotes=("message:12",))
THREAT = IncidentFacts(
    9,
    5,
    "青葉クリニック",
    "導入サポート",
    ZONE,
    Severity.HIGH,
    ("intimidation_or_violence_threat", "repeated_messages"),
    ("body",),
    REPEATED.at,
    NIGHT,
    (REPORTED, REPEATED),
    0,
    Reach.PING,
    None,
    "",
)
REPEATS = replace(
    THREAT,
    severity=Severity.MEDIUM,
    categories=("repeated_messages",),
    dangers=(),
    last_sign_at=REPEATED.at,
    signs=(REPEATED,),
)
COURT = replace(REPEATS, incident_id=10, categories=("threat_of_legal_or_authority",), signs=(LEGAL,), reach=Reach.CARD)
MIXED = replace(
    THREAT,
    signs=(
        replace(HELP, group="abuse", place="support"),
        replace(REPORTED, group="", category="", report_kind=ReportKind.CALL, place="email:x:y"),
        replace(REPORTED, report_kind=ReportKind.CALL, place="playground:x:y"),
        replace(REPORTED, report_kind=ReportKind.NOW, place=""),
        replace(REPORTED, group="", category="", place="irc:x:y"),
        replace(REPEATED, window="of another edition"),
    ),
)
CRY = replace(
    THREAT, incident_id=11, categories=(), dangers=(), opened_at=NIGHT, signs=(HELP,), customer="Northwood Dental Group"
)
OBSCENE = replace(
    THREAT,
    incident_id=12,
    categories=("discrimination_or_sexual", "repeated_messages"),
    dangers=(),
    signs=(replace(REPORTED, category="discrimination_or_sexual", group=""), REPEATED),
)
LONG = replace(
    THREAT,
    incident_id=13,
    customer="医療法人社団 東京みなとみらい総合健康増進財団附属 第二青葉台こどもクリニック" * 2,
    signs=(REPORTED, *(replace(REPEATED, ref=n, live=n != 7) for n in range(5, 9))),
    more=31,
    outage_id=2,
)
BARE = replace(THREAT, customer="", categories=(), dangers=(), signs=())
INCIDENTS = (THREAT, REPEATS, COURT, CRY, OBSCENE, LONG, BARE, MIXED)

CALLED = PingFacts(
    7, THREAT, PingState.TRIGGERED, 1, RoundReason.FIRST, NIGHT, ("鈴木",), NIGHT + minutes(5), "", None, None, None
)
ACKED = replace(
    CALLED,
    state=PingState.ACKNOWLEDGED,
    next_at=None,
    acked_by="鈴木",
    acked_at=NIGHT + minutes(4),
    called=("鈴木", "高橋"),
)
DONE = replace(ACKED, state=PingState.RESOLVED, resolved_at=NIGHT + minutes(41), outcome=Outcome.HANDLED)


def gave(incident: int, days: float, points: float, category: str, severity: Severity, now: float) -> Share:
    at, factor = MONDAY - timedelta(days=days), POLICY.standing.factors[severity - 1]
    ledger = Points(incident, incident, at, at, points, category, points / factor, severity, factor, "2026-11", "ab")
    return Share(ledger, now)


SHARES = (
    gave(9, 3, 4, "insult_or_abuse", Severity.MEDIUM, 3.86),
    gave(7, 9, 4, "insult_or_abuse", Severity.MEDIUM, 3.60),
    gave(4, 20, 2, "repeated_messages", Severity.MEDIUM, 1.59),
    gave(3, 41, 2, "excessive_questions", Severity.MEDIUM, 1.25),
    gave(2, 70, 1, "off_hours_demand", Severity.LOW, 0.45),
)
REVIEWED = Standing(
    MONDAY,
    ZONE,
    sum(share.now for share in SHARES),
    Level.REVIEW,
    SHARES,
    (),
    HabitScore(6, 4, 90),
    False,
    True,
    Pace(0.36, 28, None, date(2027, 3, 18)),
)
NEARING = replace(
    REVIEWED,
    points=7.46,
    level=Level.CONCERN,
    shares=SHARES[:2],
    threshold=False,
    habit=HabitScore(2, 2, 90),
    pace=Pace(0.29, 28, date(2026, 12, 20), date(2027, 2, 10)),
)
CALM = replace(
    NEARING,
    points=2.1,
    level=Level.WATCH,
    shares=SHARES[4:],
    pace=Pace(0.0, 28, None, date(2026, 12, 1)),
    habit=HabitScore(1, 1, 90),
)
CRITICAL = replace(REVIEWED, critical=True, points=0.0, shares=(), level=Level.CLEAR, pace=Pace(0, 28, None, None))
KNOWN = ContractEnd(EndKnown.KNOWN, datetime(2026, 11, 30, 15, tzinfo=UTC), date(2026, 11, 30), ZONE)
STALE = ContractEnd(EndKnown.STALE, None, date(2026, 9, 30), ZONE)
NO_DATE = ContractEnd(EndKnown.NO_DATE, None, None, ZONE)
BERLIN = replace(KNOWN, zone="Europe/Berlin")

CLINIC = CustomerLine(
    5,
    "青葉クリニック",
    REVIEWED,
    7.5,
    Level.CONCERN,
    KNOWN,
    "第16条",
    date(2026, 11, 30),
    date(2027, 1, 15),
    (9, 7, 4, 3, 2),
)
DENTAL = CustomerLine(6, "Northwood Dental Group", NEARING, 7.46, Level.CONCERN, STALE, "", None, None, (9, 7))
PHARMACY = replace(
    CLINIC, customer_id=7, name="港薬局", standing=CRITICAL, before=0.4, level_before=Level.CLEAR, end=BERLIN
)
BETTER = CustomerLine(8, "みどり薬局", CALM, 3.4, Level.WATCH, NO_DATE, "第16条", None, None, (2,))
QUIET_WEEK = Digest(
    "導入サポート", "2026-W48", MONDAY - timedelta(days=7), MONDAY, ZONE, MONDAY, False,
    (), (), 0, (), (), (), (), 0, 0, 0, 0, (), None, "2026-11", "ab12",
)  # fmt: skip
WEEK = replace(
    QUIET_WEEK,
    pings=(
        PingLine(6, 6, "Northwood Dental Group", Severity.MEDIUM, PingState.RESOLVED, NIGHT, NIGHT + minutes(25), 3),
        PingLine(7, 5, "青葉クリニック", Severity.HIGH, PingState.EXHAUSTED, NIGHT, None, 3),
        PingLine(8, 8, "みどり薬局", Severity.LOW, PingState.RESOLVED, NIGHT, None, 1),
    ),
    to_judge=(CountLine(5, "青葉クリニック", 2), CountLine(6, "Northwood Dental Group", 1)),
    to_second=1,
    toward=(CLINIC, DENTAL, PHARMACY),
    improving=(BETTER,),
    complaints=(CountLine(8, "みどり薬局", 2),),
    waited=(WaitLine(9, "もみじ歯科", NIGHT - timedelta(days=2), 3, 41),),
    incidents=7,
    confirmed=3,
    detections=12,
    outages=1,
    listed=(CountLine(9, "もみじ歯科", 1),),
    pack_due=date(2026, 4, 2),
)
FULL_WEEK = replace(
    WEEK,
    late=True,
    at=MONDAY + timedelta(hours=26),
    pings=tuple(replace(WEEK.pings[1], ping_id=n) for n in range(12)),
    to_judge=tuple(CountLine(n, f"第{n}クリニック", n) for n in range(1, 61)),
    toward=tuple(replace(CLINIC, customer_id=n, name=f"第{n}クリニック") for n in range(60)),
    improving=tuple(replace(BETTER, customer_id=n) for n in range(12)),
    waited=tuple(replace(WEEK.waited[0], customer_id=n) for n in range(12)),
    listed=tuple(CountLine(n, f"第{n}クリニック", 1) for n in range(1, 61)),
)
ALONE = replace(QUIET_WEEK, detections=1, listed=(CountLine(9, "もみじ歯科", 1),))


def notices() -> Iterator[tuple[str, Posted]]:
    """Every kind of notice, in the states that change its words."""
    for n, facts in enumerate(INCIDENTS):
        yield f"opened-{n}", PingOpened(replace(CALLED, incident=facts))
        yield f"noted-{n}", IncidentNoted(facts)
    yield "opened-critical", PingOpened(replace(CALLED, incident=replace(THREAT, severity=Severity.CRITICAL)))
    yield "opened-nobody", PingOpened(replace(CALLED, called=(), recovered=True))
    yield "opened-unheard", PingOpened(replace(CALLED, unheard=CALLED.called))
    for reason in RoundReason:
        yield f"round-{reason.value}", PingOpened(replace(CALLED, round=2, reason=reason))
    unnamed = replace(THREAT, dangers=("unheard_of",), categories=("unheard_of",))
    yield "round-danger-unnamed", PingOpened(replace(CALLED, round=2, reason=RoundReason.DANGER, incident=unnamed))
    yield "escalated", PingEscalated(replace(CALLED, called=("鈴木", "高橋")), 1)
    for times in (1, 3):
        lost = replace(CALLED, state=PingState.EXHAUSTED, next_at=CALLED.next_at if times > 1 else None)
        yield f"exhausted-{times}", PingExhausted(lost, times)
    yield "settled-taken", PingSettled(ACKED)
    for outcome in Outcome:
        yield f"settled-{outcome.value}", PingSettled(replace(DONE, outcome=outcome))
    for finding in Finding:
        judged = replace(THREAT, finding=finding.value)
        yield f"settled-{finding.value}", PingSettled(replace(DONE, outcome=Outcome.JUDGED, incident=judged))
    yield "settled-unseen", PingSettled(replace(DONE, acked_by="", acked_at=None, outcome=Outcome.WITHDRAWN))
    yield "settled-nobody", PingSettled(replace(ACKED, acked_by="", acked_at=None))
    yield "phone", PhoneCalled("opened", 7, 1, 1, Severity.HIGH, NIGHT)
    drill = DrillEnded(4, "導入サポート", ZONE, NIGHT, ("鈴木",), "鈴木", 48)
    yield "drill", DrillCalled(4, "導入サポート", ZONE, NIGHT, NIGHT + minutes(5), ("鈴木",))
    yield "drill-channel", DrillCalled(4, "導入サポート", ZONE, NIGHT, NIGHT + minutes(5), ())
    yield "drill-seen", drill
    yield "drill-unseen", replace(drill, called=(), by="", seconds=300)
    yield "outcome", OutcomeAsked(ACKED, NIGHT + minutes(79))
    bundle = tuple(replace(CALLED, ping_id=20 + n, incident=replace(REPEATS, incident_id=n)) for n in range(11))
    yield "bundle", PingsBundled(3, "導入サポート", bundle)
    yield "help", HelpComing(7, "鈴木", NIGHT, ZONE)
    yield "noted-other", IncidentNoted(THREAT, other_team=True)
    yield "morning-1", MorningListed("導入サポート", ZONE, NIGHT - minutes(540), (REPEATS,))
    yield "morning-11", MorningListed("導入サポート", ZONE, NIGHT - minutes(540), (REPEATS, COURT, LONG, *[BARE] * 8))
    outage = OutageNoticed(2, "導入サポート", ZONE, NIGHT, 5, ("message:12", "message:13"))
    yield "outage", outage
    yield "outage-ended", replace(outage, ended_at=NIGHT + minutes(125))
    for provisional in (False, True):
        yield f"second-{provisional}", SecondWanted(THREAT, Finding.CONFIRMED.value, provisional, "", GRAVE, JUDGED)
    for settled in ("final", "disputed"):
        yield (
            f"second-{settled}",
            SecondWanted(THREAT, Finding.CONFIRMED.value, False, settled, GRAVE, JUDGED),
        )
    yield "second-masked", SecondWanted(OBSCENE, Finding.LEGITIMATE.value, False)
    for n, (standing, end, clause) in enumerate(
        ((REVIEWED, KNOWN, "第16条"), (CRITICAL, NO_DATE, ""), (replace(REVIEWED, critical=True), STALE, "第16条"))
    ):
        yield f"threshold-{n}", ThresholdReached(5, "青葉クリニック", "導入サポート", standing, end, clause)
    for name, week in (("", WEEK), ("-empty", QUIET_WEEK), ("-full", FULL_WEEK), ("-alone", ALONE)):
        yield f"digest{name}", DigestReady(week)
    near = replace(REVIEWED, level=Level.REVIEW, threshold=False, critical=False)
    yield "digest-lacking", DigestReady(replace(WEEK, toward=(replace(WEEK.toward[0], standing=near),)))
    yield "opened-account", PingOpened(replace(CALLED, incident=replace(CALLED.incident, customer="slack:T1:U77")))
    yield "digest-late", DigestReady(replace(QUIET_WEEK, late=True, pack_due=date(2026, 4, 2)))
    for matter, trouble in (
        (Hearing.WORDS, "discord.intent"),
        *((Hearing.DOOR, one) for one in sorted(posted.TROUBLES)),
    ):
        yield f"hearing-{matter.value}-{trouble}", HearingNoticed("discord", matter, trouble, NIGHT, ZONE)
    yield "hearing-unknown", HearingNoticed("slack", Hearing.WORDS, "never_heard_of", NIGHT, ZONE)
    yield "hearing-back", HearingNoticed("discord", Hearing.WORDS, "", NIGHT, ZONE)
    for reason in (*sorted(posted.LOST), "never_heard_of"):
        yield f"lost-{reason}", PostLost("ping:7:0", reason, "slack:T1:C7", NIGHT, ZONE)
    for what in (
        "bundle:3",
        "incident:9",
        "digest:導入サポート:2026-W48",
        "outage:2",
        "customer:5",
        "help:7",
        "second:9",
        "hook:7:0",
        "x",
    ):
        yield f"lost-{what.partition(':')[0]}", PostLost(what, "closed", "", NIGHT, ZONE)


NOTICES = dict(notices())
BOTH = pytest.mark.parametrize("language", LANGUAGES)


def card(name: str, language: str, quotes: dict[str, str] | None = None) -> Card:
    return card_of(NOTICES[name], language, POLICY, QUOTES if quotes is None else quotes)


def texts(made: Card) -> Iterable[str]:
    yield from (made.title, made.footer, *(button.label for button in made.buttons))
    for section in made.sections:
        yield from (section.heading, *section.lines)
        for field in section.fields:
            yield from (field.label, field.value)
        for quote in section.quotes:
            yield from (quote.text, quote.source)


def words(language: str) -> dict[str, str]:
    """All keys with their sentences; a key in two files would silently win."""
    found: dict[str, str] = {}

    def into(prefix: str, table: dict[str, Any]) -> None:
        for key, value in table.items():
            if isinstance(value, dict):
                into(f"{prefix}{key}.", value)
            else:
                assert prefix + key not in found, f"{prefix}{key} stands twice"
                found[prefix + key] = value

    for file in sorted(WORDS.glob(f"{language}.*toml")):
        into("", tomllib.loads(file.read_text("utf-8")))
    return found


def test_every_notice_is_shown_here() -> None:
    assert {type(notice) for notice in NOTICES.values()} == set(get_args(Posted))


@BOTH
@pytest.mark.parametrize("name", NOTICES)
def test_every_notice_makes_a_small_card(name: str, language: str) -> None:
    made = card(name, language)
    assert 0 < len(made.title) <= 60
    assert len(made.buttons) <= 5
    assert len(made.sections) <= 10
    assert all(len(button.label) <= 40 for button in made.buttons)
    assert sum(button.style is Style.PRIMARY for button in made.buttons[:1]) >= sum(
        button.style is Style.PRIMARY for button in made.buttons
    ), "the one big button stands first"
    assert sum(map(len, texts(made))) <= {"digest": 3000, "digest-full": 11_500}.get(name, 1800)
    for text in texts(made):
        assert not re.search(
            r"[{}]|\bcard\.|\bNone\b|(?:intimidation|threat|repeated|discrimination|unheard)_", text
        ), text
        assert not re.search(r"、、|, ,|\(\)|\(\)|「」|“”|  ", text), text
        assert text == text.strip()


@BOTH
def test_english_is_complete_and_no_language_leaks(language: str) -> None:
    assert words("ja").keys() == words("en").keys()
    japanese = re.compile("[ぁ-んァ-ヶ一-龠]")
    if language == "en":
        leaking = [key for key, sentence in words("en").items() if japanese.search(sentence)]
        assert leaking == []
    else:
        english = [
            key for key, sentence in words("ja").items() if key.startswith("card.") and not japanese.search(sentence)
        ]
        allowed = (
            "card.list.",
            "card.place.",
            "card.end.known",
            "card.day.weekday",
            "card.group.choice",
            "card.incident.title",
            "card.ping.title_settled",
        )
        assert [key for key in english if not key.startswith(allowed)] == []


def test_both_languages_take_the_same_facts() -> None:
    def facts(sentence: str) -> set[str]:
        return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}

    ja, en = words("ja"), words("en")
    more = {key: facts(ja[key]) ^ facts(en[key]) for key in ja if facts(ja[key]) != facts(en[key])}
    # An English sentence may leave out nothing that the Japanese one says, and the other way round.
    assert more == {}


def test_no_word_stands_unused() -> None:
    """Every key of the cards is named in the code, whole or by the beginning of a name made there."""
    code = "\n".join(path.read_text("utf-8") for path in (WORDS.parent / "wording").glob("*.py"))
    named = set(re.findall(r'"(card\.[a-z_.]+[a-z_])"', code))
    begun = set(re.findall(r'f"(card\.[a-z_.]+)\{', code))
    shown = {key for key in words("ja") if key.startswith("card.")}
    assert named <= shown
    assert [key for key in shown if key not in named and not key.startswith(tuple(begun))] == []


def test_every_word_is_read_by_somebody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names made in the code are tried out: every key of the cards is said somewhere above."""
    said = set[str]()
    told = Voice.say

    def heard(self: Voice, key: str, **fields: object) -> str:
        said.add(key)
        return told(self, key, **fields)

    monkeypatch.setattr(Voice, "say", heard)
    for notice in NOTICES.values():
        card_of(notice, "en", POLICY, QUOTES)
    for month in range(1, 13):
        for day in range(1, 8):
            Clock(Voice("en", POLICY), ZONE, date(2025, 1, 1), weekdays=True).day(date(2026, month, day))
    for length in (0, 5, 60, 61, 9000):
        duration(minutes(length), Voice("en", POLICY))
    for severity, level in zip(Severity, Level, strict=True):
        Voice("en", POLICY).severity(severity)
        level_words(level, Voice("en", POLICY))
    for ago in (0, 1, 2):
        Clock(Voice("en", POLICY), ZONE).ago(MONDAY - timedelta(days=ago), MONDAY)
    end_words(BERLIN, Voice("en", POLICY), ZONE)
    for days in (0, 1):
        habit_words(replace(NEARING, habit=replace(NEARING.habit, days=days, weeks=days)), Voice("en", POLICY))
    assert {key for key in words("en") if key.startswith("card.")} - said == set()


@BOTH
def test_a_ping_says_what_who_since_when_and_how_grave_and_then_what_to_do(language: str) -> None:
    made = card("opened-0", language)
    for part in {
        "ja": ("高", "青葉クリニック", "脅し(身体)の疑い", "02:51"),
        "en": ("High", "青葉", "suspected", "02:51"),
    }[language]:
        assert part in made.title
    assert made.buttons[0].label in made.sections[0].lines[0]
    assert (made.buttons[0].action, made.buttons[0].subject, made.buttons[0].style) == ("ack", "ping:7", Style.PRIMARY)
    assert [button.action for button in made.buttons] == ["ack", "why", "open"]


def test_each_button_goes_back_to_what_it_is_about() -> None:
    def pressed(name: str) -> list[str]:
        return [f"{button.action} {button.subject}" for button in card(name, "ja").buttons]

    assert pressed("settled-taken") == [
        "resolve ping:7", "verify incident:9", "why ping:7", "open discord:81:82:900",
    ]  # fmt: skip
    assert pressed("settled-handled") == ["verify incident:9", "why ping:7"]
    assert pressed("settled-confirmed") == ["why ping:7"]
    assert pressed("outcome") == ["resolve ping:7", "ack ping:7", "verify incident:9", "why ping:7"]
    assert pressed("noted-2") == ["verify incident:10", "why incident:10", "open discord:81:82:900"]
    assert pressed("noted-other") == ["why incident:9"]
    assert pressed("second-False") == [
        "agree incident:9", "disagree incident:9", "why incident:9", "open discord:81:82:900",
    ]  # fmt: skip
    assert pressed("threshold-0") == ["why customer:5"]
    assert pressed("outage") == ["outage_end outage:2"]
    assert pressed("digest") == ["why customer:5", "why customer:6", "why customer:7"], "first come the nearest"
    assert pressed("outage-ended") == pressed("help") == []
    assert pressed("bundle") == [f"ack ping:{20 + n}" for n in range(5)]
    assert len(pressed("morning-11")) == 5


@pytest.mark.req("S1-10")
@BOTH
@pytest.mark.parametrize("name", ["opened-4", "noted-4", "second-masked"])
def test_discriminatory_and_sexual_words_are_not_shown_to_a_channel(name: str, language: str) -> None:
    made = card(name, language)
    shown = "\n".join(texts(made))
    assert not any(section.quotes for section in made.sections)
    assert not any(line in shown for text in QUOTES.values() for line in text.splitlines())
    assert made.buttons[-1].action == "show"
    assert made.buttons[-1].label in shown


@pytest.mark.req("S1-10")
def test_the_word_that_an_agent_picked_masks_as_well() -> None:
    policy = replace(POLICY, groups=(PlainGroup("sexual", "性的・差別", "sexual", "discrimination_or_sexual"),))
    facts = replace(REPEATS, signs=(replace(REPORTED, group="sexual", category=""),))
    made = card_of(PingOpened(replace(CALLED, incident=facts)), "ja", policy, QUOTES)
    assert not any(section.quotes for section in made.sections)


@pytest.mark.req("S0-32")
@BOTH
def test_a_legal_threat_reminds_of_the_right(language: str) -> None:
    reminder = {"ja": "お客様の正当な権利", "en": "is the customer's right"}[language]
    for name in ("opened-2", "noted-2", "morning-11"):
        assert any(reminder in line for section in card(name, language).sections for line in section.lines)
    assert not any(reminder in line for section in card("opened-0", language).sections for line in section.lines)


@pytest.mark.req("S0-4")
@BOTH
@pytest.mark.parametrize(
    "name", [name for name in NOTICES if name.startswith(("opened", "noted", "round", "escalated"))]
)
def test_what_nobody_judged_is_called_a_suspicion(name: str, language: str) -> None:
    made = card(name, language)
    assert {"ja": "疑い", "en": "suspicion"}[language] in made.footer
    assert not re.search("加害|ハラスメントに当たる|harasser|offender", text_of(made))


@BOTH
def test_forgotten_words_are_told_as_forgotten(language: str) -> None:
    quotes = [quote for section in card("opened-0", language, {}).sections for quote in section.quotes]
    assert quotes
    assert all(quote.gone and quote.text == "" for quote in quotes)
    assert {"ja": "残っていません", "en": "forgotten"}[language] in quotes[0].source


@pytest.mark.req("S0-33")
def test_every_number_explains_itself() -> None:
    ja, en = Voice("ja", POLICY), Voice("en", POLICY)
    assert (
        points_words(NEARING, ja)
        == "7.4 = 3.8 (3日前の「暴言・侮辱」確定 4点、#9) + 3.6 (9日前の「暴言・侮辱」確定 4点、#7)"
    )
    assert points_words(replace(NEARING, points=3.86, shares=SHARES[:1]), en) == (
        "3.8 of 4 (insult or abuse, 3 days ago, #9)"
    )
    assert points_words(replace(NEARING, points=0, shares=()), en) == "no points are left"
    assert points_words(REVIEWED, ja).endswith("+ 1.7 (ほか 2件)")
    assert origin_words(SHARES[0].points, ja) == "#9: 4点 = 「暴言・侮辱」の重み 2 × 深刻度「中」の 2 倍"


@given(st.lists(st.floats(0, 40), max_size=6))
def test_the_printed_parts_add_up_to_the_printed_sum(parts: list[float]) -> None:
    total = sum(parts)
    rounded = in_tenths(parts, total)
    assert f"{sum(rounded):.1f}" == number(total)
    assert all(abs(whole - part) < 0.1 + 1e-6 for whole, part in zip(rounded, parts, strict=True))


@pytest.mark.req("S0-43")
@BOTH
def test_the_earliest_end_is_a_day_at_24_or_says_why_it_is_unknown(language: str) -> None:
    voice = Voice(language, POLICY)
    assert end_words(KNOWN, voice, ZONE) == {"ja": "2026年11月30日 24:00", "en": "30 Nov 2026 24:00"}[language]
    assert "Europe/Berlin" in end_words(BERLIN, voice, ZONE)
    assert "paid_through" in end_words(NO_DATE, voice)
    assert {"ja": "2026年9月30日", "en": "30 Sep 2026"}[language] in end_words(STALE, voice)
    assert "24:00" not in end_words(STALE, voice)


def test_times_stand_in_the_zone_of_the_facts_and_days_only_where_they_differ() -> None:
    ja, en = Voice("ja", POLICY), Voice("en", POLICY)
    assert Clock.on(ja, ZONE, NIGHT).time(NIGHT) == "03:03"
    assert Clock.on(ja, ZONE, NIGHT).time(NIGHT - minutes(200)) == "11月20日 23:43"
    assert Clock.on(en, "Europe/Berlin", NIGHT).time(NIGHT) == "19:03"
    assert Clock(en, ZONE, date(2027, 1, 1), weekdays=True).time(NIGHT) == "Sat 21 Nov 2026 03:03"
    assert Clock(ja, ZONE, date(2027, 1, 1), weekdays=True).time(NIGHT) == "2026年11月21日(土) 03:03"
    assert [Clock(en, ZONE).ago(MONDAY - timedelta(days=days), MONDAY) for days in (0, 1, 2)] == [
        "today",
        "yesterday",
        "2 days ago",
    ]
    lengths = [duration(minutes(count), en) for count in (0, 1, 25, 60, 125, 61, 7200)]
    assert lengths == [
        "less than a minute", "1 minute", "25 minutes", "1 hour", "2 hours 5 minutes", "1 hour 1 minute", "5 days",
    ]  # fmt: skip
    assert [duration(minutes(count), ja) for count in (25, 125)] == ["25分", "2時間5分"]


@pytest.mark.req("S0-36", "S1-1")
@BOTH
def test_the_digest_stands_in_the_order_of_the_roll_up(language: str) -> None:
    keys = ("pings", "judging", "toward", "improving", "complaints_heading", "waited_heading", "counted")
    voice, made = Voice(language, POLICY), card("digest", language)
    assert [section.heading for section in made.sections if section.heading] == [
        voice.say(f"card.digest.{key}") for key in keys
    ]
    assert made.chart
    assert {"ja": "懸念", "en": "concern"}[language] in "".join(made.sections[3].lines)


@BOTH
def test_an_empty_week_is_short_and_a_late_digest_says_so(language: str) -> None:
    calm, late = card("digest-empty", language), card("digest-late", language)
    assert len(calm.sections) == 1
    assert not calm.chart
    assert len(late.sections[0].lines) == len(calm.sections[0].lines) + 1
    full = text_of(card("digest-full", language))
    assert sum("◆" in line for line in full.splitlines()) == len(FULL_WEEK.toward)  # at the threshold: none left out
    below = tuple(replace(line, standing=replace(line.standing, threshold=False)) for line in FULL_WEEK.toward)
    cut = card_of(DigestReady(replace(FULL_WEEK, toward=below)), language, POLICY, {})
    assert str(len(below) - 40) in cut.sections[3].lines[-1]


HOSTILE = "\u202eevil\u2066\x1b[31m\r\n\u2028{0} *x* <!channel> \u200b" + "長" * 300


@BOTH
@pytest.mark.parametrize(
    "name", [name for name in NOTICES if name.startswith(("opened", "noted", "second", "settled"))]
)
def test_hostile_names_and_words_steer_nothing(name: str, language: str) -> None:
    notice = NOTICES[name]
    if isinstance(notice, PingOpened | PingSettled):
        facts = replace(notice.ping.incident, customer=HOSTILE, team=HOSTILE)
        notice = replace(notice, ping=replace(notice.ping, incident=facts, called=(HOSTILE,), acked_by=HOSTILE))
    elif isinstance(notice, IncidentNoted | SecondWanted):
        notice = replace(notice, incident=replace(notice.incident, customer=HOSTILE, team=HOSTILE))
    made = card_of(notice, language, POLICY, dict.fromkeys(QUOTES, HOSTILE))
    assert len(made.title) <= 60
    assert all(len(quote.text) <= 300 for section in made.sections for quote in section.quotes)
    ours = [text for text in texts(replace(made, sections=tuple(replace(s, quotes=()) for s in made.sections)))]
    for text in (*ours, *text_of(made).split("\n")):
        assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x1f\u2028\u200b]", text)


@given(st.text(max_size=200), st.integers(20, 120))
def test_plain_text_keeps_to_its_width_and_loses_no_words(text: str, width: int) -> None:
    made = Card("題", Tone.CALM, (Section("頭", (text,), (Field("印", text),), (Quote(text, "出"),)),), footer=text)
    lines = text_of(made, width).split("\n")
    assert all(columns_of(line) <= width for line in lines)
    solid = "".join(clean(text).split())
    assert "".join("".join(lines).split()).count(solid) >= (3 if solid else 0)
