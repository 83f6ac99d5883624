"""What one person is answered: comfort first, refusals with a way on, numbers explained, nobody given away."""

import ast
import inspect
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest

import adapters
import bot
import storage
from adapters.pack import load
from adapters.wording import LANGUAGES, Card, Style, answer_card, text_of
from adapters.wording.refusals import REASONS
from adapters.wording.say import say
from adapters.wording.voice import Voice
from bot.domain import access
from bot.domain.model import (
    ASKED,
    Contract,
    ContractEnd,
    Customer,
    CustomerKind,
    Detection,
    DetectionState,
    Digest,
    EndKnown,
    FileState,
    Finding,
    HabitScore,
    Incident,
    IncidentState,
    KeptFile,
    Kind,
    Level,
    Medium,
    Mode,
    Notification,
    Opinion,
    Outage,
    Outcome,
    Override,
    Pace,
    Ping,
    PingState,
    Points,
    Reach,
    ReportKind,
    Review,
    ReviewState,
    RoundReason,
    Severity,
    Share,
    SignKind,
    Spoken,
    Standing,
    Suggestion,
    Turn,
)
from bot.domain.notices import (
    Applied,
    Denied,
    DigestWritten,
    DrillAnswered,
    DrillBegun,
    Forgot,
    IncidentFacts,
    ModeChanged,
    OverrideRecorded,
    PingAnswered,
    PingFacts,
    Received,
    Recorded,
    ReportRecorded,
    ReportTakenBack,
    SignFacts,
    StepsTaken,
    VerdictRecorded,
)
from bot.domain.policy import GroupChoice, PlainGroup
from bot.domain.questions import (
    DetectionStory,
    DigestShown,
    DueShown,
    DutyAnswer,
    Habit,
    NextShown,
    OnCallShown,
    RecordShown,
    ReviewShown,
    StandingShown,
    StatusShown,
    WhyShown,
)

WORDS = Path(adapters.__file__).parent / "words"
ZONE = "Asia/Tokyo"
NIGHT = datetime.fromisoformat("2026-11-21T03:03+09:00")
DAY = timedelta(days=1)
POLICY = replace(
    load(None),
    groups=(
        PlainGroup("abuse", "暴言・侮辱", "insults", "insult_or_abuse"),
        PlainGroup(
            "threat",
            "脅し",
            "threats",
            "intimidation_or_violence_threat",
            asks=(GroupChoice("body", "身体", "bodily harm", "intimidation_or_violence_threat", "body"),),
        ),
    ),
    rights=frozenset({"threat_of_legal_or_authority"}),
)
NAMES = {"slack:T1:U9": "@伊藤", "slack:T1:U1": "@鈴木", "slack:T1:C7": "#support"}


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


SAID = SignFacts(
    SignKind.REPORT, 3, NIGHT, Severity.HIGH, "intimidation_or_violence_threat", "threat.body", "body",
    ReportKind.REPORT, "", 0, "slack:T1:C7", ("report:3", "quote:3"), True,
)  # fmt: skip
REPEATED = SignFacts(
    SignKind.DETECTION, 5, NIGHT - minutes(12), Severity.MEDIUM, "repeated_messages", "", "", None, "10m", 3,
    "slack:T1:C7", ("message:12", "message:14"), True,
)  # fmt: skip
THREAT = IncidentFacts(
    9, 5, "青葉クリニック", "導入サポート", ZONE, Severity.HIGH,
    ("intimidation_or_violence_threat", "repeated_messages"), ("body",), REPEATED.at, NIGHT, (SAID, REPEATED), 0,
    Reach.PING, None, "",
)  # fmt: skip
REPEATS = replace(
    THREAT, incident_id=10, customer_id=6, customer="Northwood Dental Group", severity=Severity.MEDIUM,
    categories=("repeated_messages",), dangers=(), last_sign_at=REPEATED.at, signs=(REPEATED,),
)  # fmt: skip
COURT = replace(REPEATS, incident_id=11, categories=("threat_of_legal_or_authority",), reach=Reach.CARD)
OBSCENE = replace(THREAT, categories=("discrimination_or_sexual",))
CALLED = PingFacts(
    7, THREAT, PingState.TRIGGERED, 1, RoundReason.FIRST, NIGHT, ("鈴木",), NIGHT + minutes(5), "", None, None, None
)
ACKED = replace(
    CALLED, ping_id=8, incident=REPEATS, state=PingState.ACKNOWLEDGED, next_at=None, acked_by="鈴木",
    acked_at=NIGHT + minutes(4),
)  # fmt: skip

REPORT = ReportRecorded(
    3, 9, 5, "青葉クリニック", ReportKind.REPORT, Severity.MEDIUM, "abuse", Medium.PHONE, False, False, 7, ("鈴木",),
    False, NIGHT + minutes(10), ("burden", "quote"),
)  # fmt: skip
NOW = replace(
    REPORT, kind=ReportKind.NOW, severity=Severity.HIGH, group="", medium=None, customer="customer:12", customer_id=12,
    missing=("customer", "group", "burden", "quote"),
)  # fmt: skip
TAKEN = PingAnswered(
    7, PingState.ACKNOWLEDGED, True, "鈴木", NIGHT + minutes(4), "青葉クリニック", None, ("slack:T1:U9",), 9
)
VERDICT = VerdictRecorded(
    9, 2, "青葉クリニック", Finding.CONFIRMED, ReviewState.FINAL, Suggestion.LIKELY, Severity.MEDIUM, "insult_or_abuse",
    4, 2, 2, 0, False, 3.5, 7.5, Level.WATCH, Level.CONCERN, False,
)  # fmt: skip
NOTHING = replace(
    VERDICT, category="", points=0, weight=0, factor=0, points_after=3.5, level_after=Level.WATCH
)  # fmt: skip


def gave(incident: int, days: float, points: float, severity: Severity, now: float) -> Share:
    at, factor = NIGHT - days * DAY, POLICY.standing.factors[severity - 1]
    given = Points(
        incident, incident, at, at, points, "insult_or_abuse", points / factor, severity, factor, "2026-11", ""
    )
    return Share(given, now)


SHARES = (
    gave(9, 3, 4, Severity.MEDIUM, 3.86),
    gave(7, 9, 4, Severity.MEDIUM, 3.6),
    *(gave(n, 60, 1, Severity.LOW, 0.5) for n in (6, 5, 4, 3)),
)
NEARING = Standing(
    NIGHT, ZONE, 7.46, Level.CONCERN, SHARES[:2], (), HabitScore(2, 2, 90), False, False,
    Pace(0.29, 28, date(2026, 12, 20), date(2027, 2, 10)),
)  # fmt: skip
REVIEWED = replace(
    NEARING, points=9.46, level=Level.REVIEW, shares=SHARES, threshold=True, habit=HabitScore(6, 4, 90),
    pace=Pace(0.36, 28, None, date(2027, 3, 18)),
)  # fmt: skip
CLEAR = Standing(
    NIGHT, ZONE, 0.0, Level.CLEAR, (), (), HabitScore(0, 0, 90), False, False, Pace(0, 28, None, None)
)  # fmt: skip
KNOWN = ContractEnd(EndKnown.KNOWN, NIGHT, date(2026, 11, 30), ZONE)
UNKNOWN = ContractEnd(EndKnown.NO_DATE, None, None, ZONE)
CLINIC = Customer(
    5, "青葉クリニック", CustomerKind.CUSTOMER, ZONE, (), contract=Contract(
        clause="第16条", paid_through=date(2026, 11, 30), renewal_on=date(2027, 1, 15)
    ),
)  # fmt: skip
NOBODY = Customer(12, "", CustomerKind.UNKNOWN, "", ())
INCIDENT = Incident(
    9, 5, "導入サポート", NIGHT, NIGHT, Severity.HIGH, ("insult_or_abuse",), (), IncidentState.JUDGED, Reach.PING, None,
    "2026-11", "", ZONE,
)  # fmt: skip
REVIEW = Review(
    2, 9, NIGHT + minutes(70), "slack:T1:U1", Finding.CONFIRMED, "「今からそっちへ行く」と三度言われたため。",
    Opinion.NO, Opinion.NO, Opinion.YES, Severity.HIGH, ("insult_or_abuse",), ReviewState.FINAL, "", None, "2026-11",
    "",
)  # fmt: skip
WORDS_SAID = (
    ("message:12", "返事まだ?"),
    ("message:14", "返事まだ?"),
    ("report:3", "電話で「今からそっちへ行く」と言われました。"),
)
UNCLEAR = (Opinion.UNCLEAR,) * 3
TO_JUDGE = ReviewShown(THREAT, UNCLEAR, Suggestion.OPEN, (), False, WORDS_SAID)
JUDGED = replace(
    TO_JUDGE, answers=(Opinion.NO, Opinion.NO, Opinion.YES), suggestion=Suggestion.LIKELY, history=(REVIEW,)
)

FOUND = Detection(
    5, 6, NIGHT, NIGHT + minutes(3), "10m", 4, Kind.NEAR, False, 13, None, NIGHT, False, 0, None, DetectionState.OPEN,
    "2026-11", "", ZONE,
)  # fmt: skip
HEARD = tuple(
    Spoken(11 + n, "slack", "T1", "C7", f"m{n}", "slack:T1:U77", NIGHT + minutes(n), None if n == 3 else "返事まだ?")
    for n in range(4)
)
STORY = DetectionStory(
    FOUND, Customer(6, "Northwood Dental Group", CustomerKind.CUSTOMER, ZONE, ()), HEARD, (Habit(7, 1, 1),)
)
WHY = WhyShown(
    "detection:5", FOUND.at, ZONE, POLICY.edition, POLICY.hash, POLICY.edition, detection=STORY, needed=3, minutes=10
)
RINGING = Ping(
    7, 5, "導入サポート", 9, PingState.TRIGGERED, Severity.HIGH, (), (), False, NIGHT, NIGHT, 1, RoundReason.FIRST, 1,
    NIGHT + minutes(5), "", None, None, None, None, 1, 1,
)  # fmt: skip


HASHED = (FileState.KEPT, FileState.REDACTED)


def call(n: int, round: int, step: int, target: str, after: float) -> Notification:
    return Notification(7, n, round, step, f"slack:T1:{target}", NIGHT + minutes(after), False, f"ping:7:{n}")


FIRST = ("鈴木", call(0, 1, 0, "U1", 0))
CALLS = (FIRST, ("高橋", call(1, 1, 1, "U2", 5)), ("佐藤", call(2, 1, 2, "U3", 15)))
WHY_PING = WhyShown(
    "ping:7", NIGHT, ZONE, POLICY.edition, POLICY.hash, POLICY.edition, detection=STORY, needed=3, minutes=10,
    incident=THREAT, ping=RINGING, calls=CALLS[:1],
)  # fmt: skip
ATTACHED = tuple(
    KeptFile(n, 11, name, "", size, state, "3f2a9c01d4e8b7" if state in HASHED else "", NIGHT)
    for n, (name, size, state) in enumerate(
        [
            ("画面の写し.png", 1_310_720, FileState.KEPT), ("録音.m4a", 52_428_800, FileState.TOO_LARGE),
            ("請求書.pdf", 2048, FileState.WANTED), ("動画.mp4", 9_000_000, FileState.TOO_MUCH),
            ("メモ.txt", 12, FileState.GONE), ("", 700, FileState.REFUSED), (None, 2_000_000, FileState.REDACTED),
            ("@everyone <b>長い名前" + "あ" * 300 + ".png", 1, FileState.KEPT), ("9.png", 1, FileState.KEPT),
        ]
    )
)  # fmt: skip
WHY_INCIDENT = WhyShown(
    "incident:9", NIGHT, ZONE, POLICY.edition, POLICY.hash, POLICY.edition, detection=STORY, needed=3, minutes=10,
    incident=THREAT,
)  # fmt: skip
WHY_CUSTOMER = WhyShown(
    "customer:5", NIGHT, ZONE, POLICY.edition, POLICY.hash, POLICY.edition, customer=CLINIC, standing=NEARING,
    end=KNOWN, points=tuple(share.points for share in SHARES[:2]),
)  # fmt: skip
TURN = Turn("slack:T1:U1", NIGHT - DAY, NIGHT + 6 * DAY)
ONCALL = OnCallShown(
    "導入サポート", ZONE, NIGHT, TURN, "鈴木", "高橋",
    tuple((name, Turn("x", NIGHT + n * 7 * DAY, NIGHT + (n + 1) * 7 * DAY)) for n, name in enumerate("甲乙丙丁")),
    (("佐藤", Override(1, "導入サポート", "slack:T1:U3", NIGHT, NIGHT + DAY, "slack:T1:U1", NIGHT)),), (),
)  # fmt: skip
STATUS = StatusShown(
    "導入サポート", ZONE, Mode.LIVE, (CALLED, ACKED), (THREAT, COURT), (Outage(1, NIGHT, NIGHT, None, 6),),
    takes=frozenset(range(100)),
)  # fmt: skip
WEEK = Digest(
    "導入サポート", "2026-W48", NIGHT - 7 * DAY, NIGHT, ZONE, NIGHT, False,
    (), (), 0, (), (), (), (), 0, 0, 0, 0, (), None, "2026-11", "ab12",
)  # fmt: skip


def reports() -> Iterator[tuple[str, Recorded]]:
    yield "report", REPORT
    yield "report-now", NOW
    yield "report-call", replace(REPORT, kind=ReportKind.CALL)
    yield "report-critical", replace(REPORT, severity=Severity.CRITICAL, group="threat.body")
    yield "report-nobody", replace(NOW, nobody_on_call=True, called=("高橋", "佐藤"))
    yield "report-many", replace(NOW, called=("高橋", "佐藤", "田中", "小林", "渡辺", "山本", "中村"))
    yield "report-channel", replace(NOW, nobody_on_call=True, called=())
    yield "report-bundle", replace(REPORT, called=())
    yield "report-not-called", replace(REPORT, ping_id=None, called=())
    yield "report-unreached", replace(REPORT, called=(), reached=False)
    yield "report-joined", replace(REPORT, joined=True)
    yield "report-again", replace(REPORT, joined=True, again=True)
    yield "report-detailed", replace(REPORT, detailed=True, missing=("severity",))
    yield "report-joined-nobody", replace(NOW, joined=True, nobody_on_call=True)
    yield "withdrawn", ReportTakenBack(3, 9, True)
    yield "withdrawn-goes-on", ReportTakenBack(3, 9, False)
    for medium in Medium:
        yield f"report-{medium.value}", replace(REPORT, medium=medium)


def deeds() -> Iterator[tuple[str, Recorded]]:
    for reason in (*sorted(REASONS), "never_heard_of"):
        yield f"denied-{reason}", Denied(reason, (("name", "鈴木"),))
    drill = DrillBegun(4, "導入サポート", ZONE, ("鈴木",), False, NIGHT + minutes(5))
    yield "drill-begun", drill
    yield "drill-instead", replace(drill, called=(), nobody_on_call=True)
    for key, answer in (("first", (True, "鈴木", 48)), ("other", (False, "鈴木", 1)), ("over", (False, "", 300))):
        yield f"drill-{key}", DrillAnswered(4, *answer)
    yield "applied", Applied("customer:5", ("contacts",), 2)
    yield "applied-nothing", Applied("message:5")
    yield "applied-outage", Applied("outage", ("2",))
    yield "applied-no-outage", Applied("outage")
    for done in (Received(True), Forgot(1, 2, 3), StepsTaken(0, None)):
        yield f"done-{type(done).__name__}", done
    yield "taken", TAKEN
    yield "taken-alone", replace(TAKEN, helped=())
    yield "taken-unknown", replace(TAKEN, helped=("discord:81:4711",))
    yield "has", replace(TAKEN, first=False, helped=())
    yield "has-unnamed", replace(TAKEN, first=False, helped=(), by="", at=None)
    yield "still-open", replace(TAKEN, first=False, helped=(), by="", at=None, state=PingState.TRIGGERED)
    over = replace(TAKEN, state=PingState.RESOLVED, helped=(), outcome=Outcome.HANDLED)
    yield "resolved-noted", replace(over, note="電話を代わり、納得された")
    yield "resolved", over
    yield "resolved-judged", replace(over, outcome=Outcome.JUDGED)
    for outcome in Outcome:
        yield f"over-{outcome.value}", replace(over, first=False, outcome=outcome)
    yield "stand-in", OverrideRecorded("導入サポート", "佐藤", NIGHT, NIGHT + DAY, ZONE)
    for mode in Mode:
        yield f"mode-{mode.value}", ModeChanged("導入サポート", mode, mode is Mode.LIVE)
    yield "digest-written", DigestWritten(("導入サポート:2026-W48",))
    yield "digest-none", DigestWritten(())


def verdicts() -> Iterator[tuple[str, Recorded]]:
    yield "verdict", VERDICT
    for finding in Finding:
        yield f"verdict-{finding.value}", replace(NOTHING, finding=finding, suggestion=Suggestion.OPEN)
    for state in ReviewState:
        yield f"verdict-state-{state.value}", replace(NOTHING, state=state, suggestion=Suggestion.POSSIBLE)
    yield "verdict-rights", replace(NOTHING, rights_only=True, category="threat_of_legal_or_authority")
    yield (
        "verdict-changed",
        replace(NOTHING, finding=Finding.LEGITIMATE, taken_back=4, points_before=7.5, suggestion=Suggestion.LEGITIMATE),
    )
    yield "verdict-threshold", replace(
        VERDICT, points_after=11.2, points_before=10.8, level_before=Level.REVIEW, level_after=Level.REVIEW,
        threshold=True,
    )  # fmt: skip


def duties() -> Iterator[tuple[str, DutyAnswer]]:
    yield "oncall", ONCALL
    yield "oncall-override", replace(ONCALL, turn=replace(TURN, override=True), second="", overrides=())
    yield (
        "oncall-many",
        replace(ONCALL, overrides=ONCALL.overrides * 12, following=((("佐藤", replace(TURN, override=True))),)),
    )
    nobody = replace(ONCALL, turn=None, name="", second="", following=(), overrides=(), zone="")
    yield "oncall-nobody", nobody
    yield "oncall-instead", replace(nobody, instead=("高橋", "佐藤"))
    yield "standing", StandingShown(CLINIC, NEARING, KNOWN, ((INCIDENT, REVIEW),), 2, 3)
    waits = replace(REVIEW, state=ReviewState.AWAITING_SECOND)
    more = ((INCIDENT, waits), (replace(INCIDENT, state=IncidentState.LAPSED), None), *[(INCIDENT, None)] * 6)
    yield "standing-threshold", StandingShown(CLINIC, REVIEWED, UNKNOWN, more, 0, 0)
    yield "standing-clear", StandingShown(NOBODY, CLEAR, UNKNOWN, (), 0, 0)
    yield "status", STATUS
    yield "status-calm", StatusShown("導入サポート", ZONE, Mode.MONITOR, (), (), ())
    many = tuple(replace(CALLED, ping_id=n, incident=replace(THREAT, incident_id=n)) for n in range(20))
    yield "status-many", replace(STATUS, pings=(*many, replace(ACKED, acked_by="")))
    mine = replace(STATUS, customer=CLINIC, standing=NEARING, outages=())
    yield "status-customer", mine
    yield "status-agent", replace(mine, standing=None, takes=frozenset())
    yield "status-undecided", replace(mine, pings=())
    yield "digest", DigestShown(WEEK)
    for kind, facts in (
        ("ping", THREAT),
        ("outcome", REPEATS),
        ("second", THREAT),
        ("confirm", COURT),
        ("judge", COURT),
    ):
        subject = "ping:7" if kind in ("ping", "outcome") else f"incident:{facts.incident_id}"
        yield f"next-{kind}", NextShown(kind, subject, facts, None, NIGHT, 2 if kind == "ping" else 0, ZONE)
    yield "next-none", NextShown("", "", None, None, None, 0, ZONE)
    yield "done-due", DueShown(None)
    yield "done-record", RecordShown((), (), (), (), ())


def reviews() -> Iterator[tuple[str, DutyAnswer]]:
    yield "review", TO_JUDGE
    yield "review-many", replace(TO_JUDGE, quotes=tuple((f"message:{n}", f"{n} 回目です") for n in range(9)))
    yield "review-alone", replace(TO_JUDGE, alone=True, quotes=())
    yield "review-judged", JUDGED
    for state in (ReviewState.AWAITING_SECOND, ReviewState.PROVISIONAL, ReviewState.DISPUTED):
        yield f"review-{state.value}", replace(JUDGED, history=(replace(REVIEW, state=state),))
    yield "review-obscene", replace(TO_JUDGE, incident=OBSCENE)
    unclear = replace(REVIEW, reviewer="slack:T1:U55", finding=Finding.UNDETERMINED)
    yield "review-unclear", replace(JUDGED, answers=UNCLEAR, suggestion=Suggestion.OPEN, history=(unclear, unclear))
    valid = (Opinion.YES, Opinion.YES, Opinion.NO)
    yield "review-valid", replace(JUDGED, answers=valid, suggestion=Suggestion.LEGITIMATE)


def reasons() -> Iterator[tuple[str, DutyAnswer]]:
    yield "why-detection", WHY
    for name, found in {
        "waiting": replace(FOUND, waiting=True, kind=Kind.EXACT, count=3),
        "unknown": replace(FOUND, waiting=None, found_later=True, left_out=12, outage_id=2),
    }.items():
        yield f"why-detection-{name}", replace(WHY, detection=replace(STORY, detection=found))
    long = tuple(replace(HEARD[0], id=n, sent_at=NIGHT + minutes(n)) for n in range(30))
    yield "why-detection-many", replace(WHY, detection=replace(STORY, messages=long, habits=()))
    yield (
        "why-detection-void",
        replace(WHY, lapsed=True, needed=0, minutes=0, edition="2025-04", detection=replace(STORY, messages=())),
    )
    yield "why-detection-repacked", replace(WHY, pack_hash="another")
    yield "why-detection-files", replace(WHY, files=ATTACHED[:1])
    yield "why-incident", WHY_INCIDENT
    yield "why-incident-files", replace(WHY_INCIDENT, files=ATTACHED)
    yield "why-incident-long", replace(WHY_INCIDENT, incident=replace(REPEATS, more=31))
    for reach in Reach:
        yield f"why-incident-{reach.value}", replace(WHY_INCIDENT, incident=replace(REPEATS, reach=reach))
    back = replace(SHARES[1].points, incident_id=9, taken_back_at=NIGHT + DAY)
    judged = replace(THREAT, finding=Finding.CONFIRMED.value)
    yield "why-incident-judged", replace(WHY_INCIDENT, incident=judged, review=REVIEW, points=(back, SHARES[0].points))
    yield "why-customer", replace(WHY_CUSTOMER, points=(*WHY_CUSTOMER.points, back))
    yield "why-customer-threshold", replace(WHY_CUSTOMER, standing=REVIEWED)
    yield "why-customer-critical", replace(WHY_CUSTOMER, standing=replace(REVIEWED, critical=True))
    yield "why-customer-clear", replace(WHY_CUSTOMER, customer=NOBODY, standing=CLEAR, end=UNKNOWN, points=())
    yield from pings()


def pings() -> Iterator[tuple[str, DutyAnswer]]:
    yield "why-ping", WHY_PING
    yield "why-ping-uncalled", replace(WHY_PING, calls=())
    taken = replace(
        RINGING, state=PingState.ACKNOWLEDGED, acked_by="slack:T1:U2", acked_at=NIGHT + minutes(17), due_at=None
    )
    asked = ("高橋", call(3, 1, ASKED, "U2", 77))
    yield "why-ping-asked", replace(WHY_PING, ping=replace(taken, asked_at=NIGHT + minutes(77)), calls=(*CALLS, asked))
    again = (
        *CALLS,
        ("高橋", call(4, 2, 0, "U2", 90)),
        ("鈴木", call(5, 3, 0, "U1", 95)),
        ("佐藤", call(6, 3, 0, "U3", 95)),
    )
    for reason in RoundReason:
        ringing = replace(RINGING, round=3, reason=reason, state=PingState.EXHAUSTED, due_at=None)
        reasons = {1: RoundReason.FIRST, 2: RoundReason.QUIET, 3: reason}
        told = tuple((name, replace(one, reason=reasons[one.round])) for name, one in again)
        yield f"why-ping-{reason.value}", replace(WHY_PING, ping=ringing, calls=told)
    resting = (("鈴木", replace(call(0, 1, 0, "U1", 0), unheard=True)), *CALLS[1:])
    yield "why-ping-unheard", replace(WHY_PING, ping=replace(RINGING, recovered=True), calls=resting)
    for outcome in Outcome:
        ended = replace(taken, state=PingState.RESOLVED, resolved_at=NIGHT + minutes(40), outcome=outcome)
        facts = replace(THREAT, finding=Finding.CONFIRMED.value if outcome is Outcome.JUDGED else "")
        yield f"why-ping-{outcome.value}", replace(WHY_PING, ping=ended, incident=facts, calls=CALLS)
    grave = replace(RINGING, severity=Severity.CRITICAL, automatic=False)
    noted = replace(RINGING, state=PingState.RESOLVED, resolved_at=NIGHT, outcome=Outcome.HANDLED, note="納得された")
    yield "why-ping-noted", replace(WHY_PING, ping=noted, calls=CALLS)
    yield "why-ping-critical", replace(WHY_PING, ping=grave, calls=tuple((n, replace(c, at=NIGHT)) for n, c in CALLS))
    machine = replace(RINGING, automatic=True, severity=Severity.MEDIUM)
    alone = ("", replace(call(0, 1, 0, "", 0), target=""))
    flood = tuple(("鈴木", call(n, n, n % 4, "U1", 30 * n)) for n in range(1, 40))
    yield "why-ping-machine", replace(WHY_PING, ping=machine, incident=REPEATS, calls=(alone,), edition="2025-04")
    yield "why-ping-flood", replace(WHY_PING, ping=replace(machine, round=39), calls=flood)
    leads = tuple(("責任者", call(n, 1, 3, "U4", 30 + 10 * n)) for n in range(20))
    yield "why-ping-leads", replace(WHY_PING, ping=replace(RINGING, state=PingState.EXHAUSTED), calls=(*CALLS, *leads))


ANSWERS: dict[str, Recorded | DutyAnswer] = {
    **dict(reports()),
    **dict(deeds()),
    **dict(verdicts()),
    **dict(duties()),
    **dict(reviews()),
    **dict(reasons()),
}
BOTH = pytest.mark.parametrize("language", LANGUAGES)


def card(name: str, language: str) -> Card:
    return answer_card(ANSWERS[name], language, POLICY, NAMES)


def texts(made: Card) -> Iterable[str]:
    yield from (made.title, made.footer, *(button.label for button in made.buttons))
    for section in made.sections:
        yield from (section.heading, *section.lines)
        for field in section.fields:
            yield from (field.label, field.value)
        for quote in section.quotes:
            yield from (quote.text, quote.source)


def test_every_answer_is_shown_here() -> None:
    assert {type(answer) for answer in ANSWERS.values()} == {*get_args(Recorded), *get_args(DutyAnswer)}


@BOTH
@pytest.mark.parametrize("name", ANSWERS)
def test_every_answer_makes_a_card_that_a_person_can_read(name: str, language: str) -> None:
    made = card(name, language)
    assert 0 < len(made.title) <= 60
    assert len(made.buttons) <= 5
    assert len(made.sections) <= 10
    assert all(len(button.label) <= 40 for button in made.buttons)
    assert not any(button.style is Style.PRIMARY for button in made.buttons[1:]), "the one big button stands first"
    assert sum(map(len, texts(made))) <= 2600
    for text in texts(made):
        assert not re.search(
            r"[{}]|\b(?:card|answer|customer|slack|discord)[.:]\w|\bNone\b|\b[a-z]+_[a-z]+",
            text.replace("paid_through", ""),
        ), text
        assert not re.search(r"、、|, ,|\(\)|\(\)|「」|“”|  |さんさん", text), text
        assert text == text.strip()
    assert all(section.lines or section.fields or section.quotes for section in made.sections)


def words(language: str) -> dict[str, str]:
    found: dict[str, str] = {}

    def into(prefix: str, table: dict[str, object]) -> None:
        for key, value in table.items():
            if isinstance(value, dict):
                into(f"{prefix}{key}.", value)
            else:
                found[prefix + key] = str(value)

    into("", tomllib.loads((WORDS / f"{language}.answers.toml").read_text("utf-8")))
    return found


def test_both_languages_say_the_same_with_the_same_facts() -> None:
    def facts(sentence: str) -> set[str]:
        return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}

    ja, en = words("ja"), words("en")
    assert ja.keys() == en.keys()
    assert {key: (ja[key], en[key]) for key in ja if facts(ja[key]) != facts(en[key])} == {}
    assert [key for key, sentence in en.items() if re.search("[ぁ-んァ-ヶ一-龠]", sentence)] == []


def test_every_word_is_read_by_somebody(monkeypatch: pytest.MonkeyPatch) -> None:
    said = set[str]()
    told = Voice.say

    def heard(self: Voice, key: str, **fields: object) -> str:
        said.add(key)
        return told(self, key, **fields)

    monkeypatch.setattr(Voice, "say", heard)
    for name in ANSWERS:
        card(name, "en")
    unread = {key for key in words("en") if key.startswith("answer.")} - said
    assert unread <= {f"answer.why.step_{key}" for key in ("supervisors", "decision_makers", "legal")}


def sources(package: object) -> Iterator[str]:
    folder = Path(inspect.getfile(package)).parent  # type: ignore[arg-type]
    for path in folder.rglob("*.py"):
        yield path.read_text("utf-8")


@BOTH
def test_every_refusal_has_a_sentence(language: str) -> None:
    code = "\n".join((*sources(bot), *sources(storage), *sources(adapters)))
    raised = set(re.findall(r'Refused\(\s*"([^"]+)"', code))
    assert {"report.empty", "mode.nobody", "customers.split_all"} <= raised
    for key in raised:
        sentence = say(language, f"error.{key}")
        assert sentence
        assert "{" not in sentence


def test_every_reason_of_access_is_told_with_a_way_on() -> None:
    returned = {
        node.value
        for statement in ast.walk(ast.parse(inspect.getsource(access)))
        if isinstance(statement, ast.Return) and statement.value is not None
        for node in ast.walk(statement.value)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value
    }
    assert returned == REASONS
    for reason in REASONS:
        assert len(card(f"denied-{reason}", "ja").sections[0].lines) == 2


@pytest.mark.req("S1-4", "S4-8")
@BOTH
@pytest.mark.parametrize("name", [name for name, answer in ANSWERS.items() if isinstance(answer, ReportRecorded)])
def test_whoever_reports_is_protected_and_may_take_it_back(name: str, language: str) -> None:
    made = card(name, language)
    assert {"ja": "不利になることはありません", "en": "not count against you"}[language] in text_of(made, 400)
    detailed = name == "report-detailed"
    assert ("03:13" in text_of(made)) is not detailed
    assert [f"{button.action} {button.subject}" for button in made.buttons] == [
        "detail report:3",
        *([] if detailed else ["withdraw report:3"]),
    ]


@pytest.mark.req("S3-2")
def test_a_cry_for_help_is_told_first_who_comes_and_that_one_may_stop() -> None:
    made = card("report-now", "ja")
    assert made.title == "鈴木さんを呼んでいます"
    assert "鈴木さんに知らせました" in made.sections[0].lines[0]
    assert "終えてかまいません" in made.sections[0].lines[2]
    assert "呼び出し" not in made.title
    assert not any("customer:12" in text for text in texts(made))
    assert "高橋さん、佐藤さん" in "".join(card("report-nobody", "ja").sections[0].lines)
    assert "ほか2名" in "".join(card("report-many", "ja").sections[0].lines)


def test_who_asked_for_help_is_told_to_the_one_who_takes_it_and_to_nobody_else() -> None:
    assert "@伊藤さんが助けを求めています" in text_of(card("taken", "ja"))
    for name, answer in ANSWERS.items():
        if not (isinstance(answer, PingAnswered) and answer.helped):
            assert "伊藤" not in text_of(card(name, "ja"))


@pytest.mark.req("S0-33")
def test_points_are_explained() -> None:
    made = text_of(card("verdict", "ja"), 400)
    assert "4点が付きました。4 = 重み 2(「暴言・侮辱」)× 2 倍(深刻度「中」)" in made
    assert "3.5 → 7.5(段階: 注意 → 懸念)" in made
    why = text_of(card("why-customer", "ja"), 400)
    assert "7.4 = 3.8" in why
    assert "#9 が確定していなければ、3.6点でした。" in why
    assert "あと 2.6点で「要審議」(10点)になります。" in why
    assert "「要審議」の目安 10点より下ですが、8点を下回るまで" in text_of(card("why-customer-threshold", "ja"), 400)


@pytest.mark.req("S0-32")
@BOTH
def test_using_a_right_gives_no_points_and_says_why(language: str) -> None:
    assert {"ja": "お客様の権利", "en": "the customer's right"}[language] in text_of(
        card("verdict-rights", language), 400
    )


def test_a_detection_says_its_rule_and_what_would_have_changed_it() -> None:
    made = text_of(card("why-detection", "ja"), 400)
    for part in (
        "11月21日 03:03から03:06までに、同じ内容が10分間に4回",
        "10分間に3回以上", "2通少なければ", "10分間より長い間に", "受付時間で30分", "#support",
        "本文は残っていません",
    ):  # fmt: skip
        assert part in made
    assert "今は" in text_of(card("why-detection-void", "ja"), 400)
    assert "中身はその後変わっています" in text_of(card("why-detection-repacked", "ja"), 400)


def test_a_ping_says_whom_it_called_when_and_why() -> None:
    made = text_of(card("why-ping-severity", "ja"), 400)
    assert "11月21日 03:03 当番: 鈴木さん" in made
    assert "03:08 次の当番: 高橋さん" in made
    assert "3回目: 深刻度が上がったため" in made
    assert "2回目: 30分より長く静かだった後に、また始まったため" in made
    assert "03:08 より前に" in made
    resting = text_of(card("why-ping-unheard", "ja"), 400)
    assert "障害後に回収" in resting and "鈴木さんには通知が鳴りませんでした" in resting
    assert "その後を尋ねました: 高橋さん" in text_of(card("why-ping-asked", "ja"), 400)


def test_who_judges_sees_the_words_the_questions_and_one_button_for_each_finding() -> None:
    made = card("review", "ja")
    assert [button.action for button in made.buttons] == [finding.value for finding in Finding]
    assert {button.subject for button in made.buttons} == {"incident:9"}
    waiting = card("review-awaiting_second", "ja")
    assert [button.action for button in waiting.buttons] == ["agree", "disagree", "why"]
    assert {button.style for button in waiting.buttons} == {Style.PLAIN}
    assert "差別的・性的な表現" in text_of(card("review-obscene", "ja"))
    assert [quote.text for section in made.sections for quote in section.quotes] == ["返事まだ?", WORDS_SAID[2][1]]


def test_next_is_one_thing_with_its_button() -> None:
    pressed = {
        name: [f"{button.action} {button.subject}" for button in card(f"next-{name}", "ja").buttons]
        for name in ("ping", "outcome", "second", "confirm", "judge", "none")
    }
    assert pressed == {
        "ping": ["ack ping:7"],
        "outcome": ["resolve ping:7", "ack ping:7"],
        "second": ["verify incident:9"],
        "confirm": ["verify incident:11"],
        "judge": ["verify incident:11"],
        "none": [],
    }


def test_times_are_those_of_the_reader_where_the_answer_has_no_zone() -> None:
    made = answer_card(REPORT, "en", POLICY, NAMES, "Europe/Berlin")
    assert "19:13" in text_of(made)


HOSTILE = "\u202eevil\u2066\x1b[31m\r\n\u2028{0} <!channel> \u200b" + "長" * 300


@BOTH
def test_hostile_names_steer_nothing(language: str) -> None:
    for answer in (
        replace(REPORT, customer=HOSTILE, called=(HOSTILE,)),
        replace(TAKEN, customer=HOSTILE, by=HOSTILE, helped=(HOSTILE,)),
        replace(ONCALL, team=HOSTILE, name=HOSTILE),
        replace(STATUS, team=HOSTILE),
        replace(WHY_CUSTOMER, customer=replace(CLINIC, name=HOSTILE)),
        replace(VERDICT, customer=HOSTILE),
        ModeChanged(HOSTILE, Mode.LIVE, True),
        DigestWritten((HOSTILE,)),
    ):
        made = answer_card(answer, language, POLICY, dict.fromkeys(NAMES, HOSTILE))
        assert len(made.title) <= 60
        assert not any(re.search("[\u202a-\u202e\u2066-\u2069\x00-\x1f\u2028\u200b]", text) for text in texts(made))
