"""Monday at nine: what the leads read, once, on time or late and saying so, about customers and never about people."""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from company import ALERT, LEADS, PEOPLE, Company, account, team
from harness import Harness
from harness import opened as door
from sqlalchemy import event as sql

from adapters.wording.plain import text_of
from adapters.wording.posted import card_of
from bot.domain.events import CustomersImported, DigestDue, DigestWanted
from bot.domain.model import Contract, CustomerRecord, Digest, Finding, Level, PingState, ReportKind, Severity, Team
from bot.domain.notices import Denied, DigestReady, DigestWritten, VerdictRecorded
from bot.domain.questions import DigestAsked, DigestShown
from storage.facts import written

TEAM = "サポート1課"
STOCK, SLIP = "在庫の数がおかしいです", "返事しろ。"
MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
"""09:00 in Tokyo, ISO week 48."""


async def due(company: Company, at: datetime | None = None) -> tuple[str, ...]:
    """Look whether a digest is due, at this moment."""
    company.house.clock.now = at or company.now
    return company.took(await company.monday(), DigestWritten).keys


async def since_long(
    house: Harness, *teams: Team, at: datetime = MONDAY - timedelta(days=7), live: bool = True
) -> Company:
    """A company whose first week is over."""
    house.clock.now = at
    company = await Company(house).opens(*(teams or (team(),)), live=live)
    assert await due(company) == ()
    return company


def posted(company: Company) -> list[Digest]:
    return [post.notice.digest for post in company.cards(DigestReady) if isinstance(post.notice, DigestReady)]


async def asked(house: Harness, name: str = TEAM, who: str = "ULEAD") -> Digest:
    answer = await house.intake.ask(DigestAsked(actor=account(who), team=name))
    assert isinstance(answer, DigestShown), answer
    return answer.digest


async def judged(
    company: Company, customer: int, finding: Finding = Finding.CONFIRMED, severity: Severity = Severity.MEDIUM,
    minutes: float = 5,
) -> VerdictRecorded:  # fmt: skip
    report = await company.reports("怒鳴られた", group="insult", severity=severity, customer_id=customer)
    company.house.clock.advance(minutes=minutes)
    said = company.took(await company.judges(report.incident_id, finding), VerdictRecorded)
    if finding is Finding.CONFIRMED and severity >= Severity.HIGH:
        said = company.took(await company.seconds(report.incident_id), VerdictRecorded)
    return said


def kept(digest: Digest, name: str, house: Harness) -> None:
    """Leave what was posted for people to read, where they asked for it."""
    folder = os.environ.get("KASUHARA_PRINT_DIGESTS")
    if not folder or not house.database.sqlite:
        return
    facts = json.loads(written(DigestReady(digest)))
    Path(folder, f"{name}.json").write_text(json.dumps(facts, ensure_ascii=False, indent=1))
    for language in ("ja", "en"):
        card = card_of(DigestReady(digest), language, house.policy, {})
        Path(folder, f"{name}.{language}.txt").write_text(text_of(card, 88))


@contextmanager
def statements(house: Harness) -> Iterator[list[str]]:
    """Every statement that is read meanwhile."""
    seen: list[str] = []

    def note(_c: object, _k: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    sql.listen(house.database._reader, "before_cursor_execute", note)
    yield seen
    sql.remove(house.database._reader, "before_cursor_execute", note)


async def test_monday_at_nine_once_into_the_leads_channel(house: Harness) -> None:
    company = await since_long(house)
    assert await due(company, MONDAY - timedelta(seconds=1)) == ()
    assert await due(company, MONDAY) == (f"{TEAM}:2026-W48",)
    for minutes in (0, 1, 60, 60 * 24 * 6):
        assert await due(company, MONDAY + timedelta(minutes=minutes)) == ()
    (post,) = company.cards(DigestReady)
    assert (post.to.channel, post.to.people, post.key) == (LEADS, (), f"digest:{TEAM}:2026-W48")
    (digest,) = posted(company)
    assert (digest.late, digest.since, digest.due_at, digest.at) == (False, MONDAY - timedelta(days=7), MONDAY, MONDAY)
    assert await due(company, MONDAY + timedelta(days=7)) == (f"{TEAM}:2026-W49",)


async def test_a_new_team_hears_nothing_of_the_time_before_it(house: Harness) -> None:
    company = await Company(house).opens()
    assert await due(company) == ()
    assert company.cards(DigestReady) == []
    assert await due(company, MONDAY) == (f"{TEAM}:2026-W48",)
    await company.opens(team(), team(name="新課", leads="slack:TOWN:L2"))
    assert await due(company, MONDAY + timedelta(hours=2)) == ()
    assert await due(company, MONDAY + timedelta(days=7)) == (f"{TEAM}:2026-W49", "新課:2026-W49")


async def test_a_missed_monday_is_caught_up_once_and_says_so(house: Harness) -> None:
    company = await since_long(house)
    assert await due(company, MONDAY + timedelta(hours=30)) == (f"{TEAM}:2026-W48",)
    assert await due(company, MONDAY + timedelta(hours=31)) == ()
    (digest,) = posted(company)
    assert (digest.late, digest.due_at, digest.at) == (True, MONDAY, MONDAY + timedelta(hours=30))
    assert await due(company, MONDAY + timedelta(days=7, hours=1)) == (f"{TEAM}:2026-W49",)
    assert not posted(company)[1].late, "an hour is not late"


async def test_after_three_missed_weeks_one_digest_tells_of_all_of_them(house: Harness) -> None:
    company = await since_long(house)
    customer = await house.known("架空商事", "slack:TCUST:UA")
    house.clock.now = MONDAY - timedelta(days=3)
    await judged(company, customer.id, Finding.LEGITIMATE)
    house.clock.now = MONDAY + timedelta(days=10)
    await judged(company, customer.id, Finding.LEGITIMATE)
    assert await due(company, MONDAY + timedelta(days=15)) == (f"{TEAM}:2026-W50",)
    (digest,) = posted(company)
    assert (digest.late, digest.since) == (True, MONDAY - timedelta(days=7))
    assert [(line.name, line.count) for line in digest.complaints] == [("架空商事", 2)]
    assert await due(company, MONDAY + timedelta(days=21)) == (f"{TEAM}:2026-W51",)
    assert posted(company)[1].complaints == ()


async def test_what_happened_after_a_missed_nine_is_the_next_weeks(house: Harness) -> None:
    company = await since_long(house)
    customer = await house.known("架空商事", "slack:TCUST:UA")
    house.clock.now = MONDAY + timedelta(hours=3)
    await judged(company, customer.id)
    await due(company, MONDAY + timedelta(hours=5))
    await due(company, MONDAY + timedelta(days=7))
    late, following = posted(company)
    assert (late.incidents, late.confirmed, following.incidents, following.confirmed) == (0, 0, 1, 1)
    assert late.toward[0].standing.points > 3.9, "the standing is that of now"


async def test_what_was_confirmed_counts_in_the_week_of_the_second_word(house: Harness) -> None:
    company = await since_long(house)
    customer = await house.known("架空商事", "slack:TCUST:UA")
    house.clock.now = MONDAY - timedelta(hours=1)
    report = await company.reports("脅された", group="threat.body", severity=Severity.HIGH, customer_id=customer.id)
    await company.judges(report.incident_id)
    await due(company, MONDAY)
    house.clock.advance(days=1)
    await company.seconds(report.incident_id)
    await due(company, MONDAY + timedelta(days=7))
    assert [(d.incidents, d.confirmed, d.to_second) for d in posted(company)] == [(1, 0, 1), (0, 1, 0)]


@pytest.mark.parametrize(("day", "new_york", "berlin"), [((2026, 3, 9), 13, 8), ((2026, 11, 2), 14, 8)])
async def test_nine_is_on_the_wall_clock_of_the_team(
    house: Harness, day: tuple[int, int, int], new_york: int, berlin: int
) -> None:
    """The Mondays after New York changed its clocks."""
    utc = {"Pacific/Kiritimati": -5, "Asia/Kathmandu": 3.25, "Europe/Berlin": berlin, "America/New_York": new_york}
    teams = [team(name=zone, zone=zone, rota=None) for zone in utc]
    company = await since_long(house, *teams, at=datetime(*day, tzinfo=UTC) - timedelta(days=4))
    for zone, hours in utc.items():
        monday = datetime(*day, tzinfo=UTC) + timedelta(hours=hours)
        assert await due(company, monday - timedelta(seconds=1)) == ()
        (key,) = await due(company, monday)
        assert key.startswith(zone)
        assert posted(company)[-1].due_at.astimezone(ZoneInfo(zone)).hour == 9


async def test_the_last_week_of_the_year(house: Harness) -> None:
    last = datetime(2026, 12, 28, tzinfo=UTC)
    company = await since_long(house, at=last - timedelta(days=7))
    weeks = [key for n in range(3) for key in await due(company, last + timedelta(days=7 * n))]
    assert weeks == [f"{TEAM}:2026-W53", f"{TEAM}:2027-W01", f"{TEAM}:2027-W02"]


@pytest.fixture
async def twin(house: Harness, database_url: str) -> AsyncIterator[Harness]:
    async with door(database_url) as other:
        other.beside(house)
        yield other


async def test_two_houses_and_twenty_at_once_write_it_once(house: Harness, twin: Harness) -> None:
    company = await since_long(house, team(), team(name="二課", channels=("slack:TOWN:c2",)))
    for week in range(3):
        house.clock.now = twin.clock.now = MONDAY + timedelta(days=7 * week)
        looks = [(house, twin)[n % 2].intake.submit(DigestDue()) for n in range(20)]
        keys = [key for one in await asyncio.gather(*looks) for key in company.took(one, DigestWritten).keys]
        assert sorted(keys) == sorted([f"{TEAM}:2026-W{48 + week}", f"二課:2026-W{48 + week}"])
    assert len(company.cards(DigestReady)) == 6
    assert house.one("SELECT count(*) FROM digests") == 8
    assert (await house.audit()).count("digest.written") == 6
    assert house.chain_break() is None


async def test_on_demand_into_the_channel_or_for_the_asker_alone(house: Harness) -> None:
    company = await since_long(house)
    customer = await house.known("架空商事", "slack:TCUST:UA")
    house.clock.now = MONDAY + timedelta(days=2)
    await judged(company, customer.id, minutes=0)
    digest = await asked(house)
    assert (digest.incidents, digest.confirmed, digest.late) == (1, 1, False)
    assert company.cards(DigestReady) == []
    said = await house.submit(DigestWanted(actor=account("ULEAD"), team=TEAM))
    assert isinstance(said, DigestWritten)
    (post,) = company.cards(DigestReady)
    assert post.to.channel == LEADS
    assert posted(company) == [digest]
    assert await due(company) == (f"{TEAM}:2026-W48",), "asking for one takes the weekly one from nobody"
    for who in ("UAGENT", "USTRANGER"):
        assert isinstance(await house.submit(DigestWanted(actor=account(who), team=TEAM)), Denied)
        assert isinstance(await house.intake.ask(DigestAsked(actor=account(who), team=TEAM)), Denied)


async def test_a_team_without_channels_reads_it_too(house: Harness) -> None:
    company = await since_long(
        house, team(alert="", leads=""), team(name="二課", leads=""), team("USUPER1", name="三課", leads="", alert=""),
        team("UAGENT", name="四課", leads="", alert=""), live=False,
    )  # fmt: skip
    assert len(await due(company, MONDAY)) == 4
    told = sorted((post.to.channel, *post.to.people) for post in company.cards(DigestReady))
    direct = [("", account(who)) for who in ("UBOSS", "ULEAD", "USUPER1")]
    assert told == sorted([*direct, (ALERT,)])
    assert len({post.key for post in company.cards(DigestReady)}) == 4


async def test_late_and_unanswered_pings_by_what_people_had_to_wait(house: Harness) -> None:
    company = await since_long(house)
    ids = [(await house.known(f"客{n}", f"slack:TCUST:U{n}")).id for n in range(7)]
    house.clock.now = datetime(2026, 11, 20, 1, tzinfo=UTC)

    async def pinged(n: int, wait: float, severity: Severity = Severity.MEDIUM, answer: bool = True) -> int:
        await company.reports(f"困っている{n}", severity=severity, customer_id=ids[n])
        with house.database.read() as uow:
            id = next(p.id for p in uow.pings.open() if p.customer_id == ids[n])
        await company.passes(minutes=wait)
        if answer:
            await company.acknowledges(ping=id)
        return id

    await pinged(0, 1)
    await pinged(1, 7)
    await pinged(2, 2, Severity.CRITICAL)
    again = await pinged(3, 1)
    await company.resolves(ping=await pinged(4, 1))
    house.clock.now = datetime(2026, 11, 20, 3, tzinfo=UTC)
    await company.passes(minutes=1)  # the acknowledgers are asked how it ended
    await company.reports("殺すと言われた", group="threat.body", severity=Severity.HIGH, customer_id=ids[3])
    began = company.now
    await company.passes(minutes=6)
    await company.acknowledges(ping=again)
    for ping in company.pings():
        if ping.open:
            await company.resolves(ping=ping.id)
    await pinged(5, 20, answer=False)
    with house.database.read() as uow:
        (gone,) = uow.pings.open()
    await company.judges(gone.incident_id, Finding.DISMISSED)
    await pinged(6, 50, Severity.HIGH, answer=False)
    lines = {line.name: line for line in (await asked(house)).pings}
    assert sorted(lines) == ["客1", "客3", "客5", "客6"]
    assert (lines["客1"].steps, lines["客3"].steps, lines["客5"].steps) == (2, 2, 3)
    assert (lines["客3"].opened_at, lines["客3"].acked_at) == (began, began + timedelta(minutes=6))
    assert (lines["客5"].state, lines["客5"].acked_at) == (PingState.RESOLVED, None)
    assert (lines["客6"].state, lines["客6"].acked_at) == (PingState.EXHAUSTED, None)


async def test_an_outage_and_a_slip_are_nobodys_listed_behaviour(house: Harness) -> None:
    company = await since_long(house, team(channels=tuple(f"slack:TOWN:c{n}" for n in range(5))))
    house.clock.now = datetime(2026, 11, 20, 1, tzinfo=UTC)
    for n in range(5):
        await house.customer(f"U{n}").writes(SLIP, n, n + 0.5, n + 1, channel=f"c{n}")
    house.clock.advance(minutes=10)
    report = await company.reports("まちがい", customer_id=1)
    await company.withdraws(report)
    digest = await asked(house)
    assert (digest.outages, digest.detections, digest.incidents, digest.listed, digest.to_judge) == (1, 5, 0, (), ())


async def test_monitor_mode_lists_and_leaves_nothing_to_judge(house: Harness) -> None:
    company = await since_long(house, live=False)
    house.clock.now = datetime(2026, 11, 20, 1, tzinfo=UTC)
    await house.customer(name="甲").writes(SLIP, 0, 1, 2)
    await house.known("乙", "slack:TCUST:UB")
    await house.customer("UB").writes(SLIP, 0, 1, 2)
    house.clock.advance(minutes=10)
    digest = await asked(house)
    assert sorted((line.name, line.count) for line in digest.listed) == [("乙", 1), ("甲", 1)]
    assert (digest.to_judge, digest.pings, digest.incidents, digest.detections) == ((), (), 2, 2)
    await company.reports("困っている", customer_id=digest.listed[0].customer_id)
    digest = await asked(house)
    assert (len(digest.listed), len(digest.to_judge)) == (1, 1), "a person's word makes it one to judge"


async def test_a_quiet_week_and_an_old_pack(house: Harness) -> None:
    company = await since_long(house)
    await due(company, MONDAY)
    await due(company, MONDAY + timedelta(days=7 * 26))
    (first, second) = posted(company)
    assert (first.incidents, first.toward, first.pack_due) == (0, (), None)
    assert second.pack_due == house.policy.as_of


async def test_what_one_team_knows_the_other_does_not_count(house: Harness) -> None:
    channels = [f"slack:TOWN:c{n}" for n in range(6)]
    two = team(name="二課", channels=tuple(channels[5:]), leads="slack:TOWN:L2")
    await since_long(house, team(channels=tuple(channels[:5])), two)
    house.clock.now = datetime(2026, 11, 20, 1, tzinfo=UTC)
    for n in range(5):
        await house.customer(f"U{n}").writes(SLIP, n, n + 0.5, n + 1, channel=f"c{n}")
    await house.customer("UZ").writes(STOCK, 0, 15, 30, 45, channel="c5")
    house.clock.advance(hours=1)
    first, second = await asked(house), await asked(house, "二課")
    assert (first.outages, first.detections, first.waited) == (1, 5, ())
    assert (second.outages, second.detections, len(second.waited)) == (0, 1, 1)


def names_nobody(digest: Digest, *others: str) -> None:
    """Nobody of our people is named, counted or ordered (rules.md 8), in no form in which the card is stored."""
    facts = written(DigestReady(digest))
    for author, (name, _) in PEOPLE.items():
        assert author not in facts and name not in facts
    for word in ("reporter", "reviewer", "agent", "actor", "acked_by", "burden", "second_by", *others):
        assert f'"{word}"' not in facts


async def small(house: Harness) -> Company:
    """Three customers: one toward the threshold, one on the way back, one who was right and waited for us."""
    company = await since_long(house, at=datetime(2026, 10, 5, 1, tzinfo=UTC))
    paid = Contract("2025-04", "第16条", date(2026, 12, 31), date(2026, 11, 1), 1, date(2027, 1, 1))
    up = (await house.known("株式会社架空商事", "slack:TCUST:UA", contract=paid)).id
    back = (await house.known("みほん運輸", "slack:TCUST:UB")).id
    right = (await house.known("たとえば工房", "slack:TCUST:UC")).id
    await judged(company, back)
    house.clock.advance(days=1)
    await judged(company, back)
    await due(company, MONDAY - timedelta(days=7))
    house.clock.now = datetime(2026, 11, 17, 1, tzinfo=UTC)
    for _ in range(3):
        await judged(company, up)
        house.clock.advance(days=1)
    house.clock.now = datetime(2026, 11, 20, 2, tzinfo=UTC)
    await company.reports(kind=ReportKind.NOW, customer_id=up)
    await company.passes(minutes=8)
    await company.acknowledges("USUPER2")
    await judged(company, right, Finding.LEGITIMATE)
    house.clock.advance(hours=1)
    await house.customer("UC").writes(STOCK, 0, 15, 30, 45)
    report = await company.reports("名誉を傷つけられた", severity=Severity.HIGH, customer_id=back)
    house.clock.advance(hours=1)
    await company.judges(report.incident_id)
    await due(company, MONDAY)
    return company


@pytest.mark.req("S0-34", "S0-36", "S1-1", "S1-39")
async def test_a_team_of_three_customers(house: Harness) -> None:
    company = await small(house)
    digest = posted(company)[-1]
    kept(digest, "three", house)
    names_nobody(digest)
    assert (digest.week, digest.late) == ("2026-W48", False)
    assert [(line.name, line.count) for line in digest.to_judge] == [("株式会社架空商事", 1)]
    assert digest.to_second == 1
    (line,) = digest.toward
    assert (line.name, line.standing.level, line.level_before) == ("株式会社架空商事", Level.REVIEW, Level.CLEAR)
    assert (line.before, line.clause, line.end.last_day) == (0, "第16条", date(2026, 12, 31))
    assert (line.standing.habit.days, line.standing.habit.weeks, line.standing.threshold) == (3, 1, False)
    assert [one.name for one in digest.improving] == ["みほん運輸"]
    assert digest.improving[0].clause == ""
    assert [(one.name, one.count) for one in digest.complaints] == [("たとえば工房", 1)]
    assert [(one.name, one.count) for one in digest.waited] == [("たとえば工房", 4)]
    assert [(one.name, one.steps) for one in digest.pings] == [("株式会社架空商事", 2)]
    assert (digest.incidents, digest.confirmed, digest.detections, digest.outages) == (6, 3, 1, 0)


@pytest.mark.req("S0-34")
async def test_a_team_of_sixty_customers_with_bounded_work(house: Harness) -> None:
    company = await since_long(house)
    records = tuple(CustomerRecord(f"顧客{n:02}", contacts=(f"slack:TCUST:U{n}",), source="story") for n in range(60))
    await house.submit(CustomersImported(records=records, actor="cli:test"))
    ids = {customer.name: customer.id for customer in await house.customers()}
    house.clock.now = datetime(2026, 11, 19, 1, tzinfo=UTC)
    severities = (Severity.LOW, Severity.MEDIUM, Severity.HIGH, Severity.MEDIUM, Severity.CRITICAL)
    for n in range(40):
        await judged(company, ids[f"顧客{n:02}"], severity=severities[n % 5])
    for n in range(40, 50):
        await judged(company, ids[f"顧客{n:02}"], Finding.LEGITIMATE)
    for n in range(50, 60):
        await company.reports("困っている", customer_id=ids[f"顧客{n:02}"])
    house.clock.now = MONDAY
    with statements(house) as seen:
        digest = await asked(house)
    kept(digest, "sixty", house)
    names_nobody(digest)
    assert (len(digest.toward), len(digest.complaints), len(digest.to_judge)) == (32, 10, 10)
    assert [line.standing.threshold for line in digest.toward] == [True] * 8 + [False] * 24
    points = [line.standing.points for line in digest.toward if not line.standing.threshold]
    assert points == sorted(points, reverse=True)
    assert (digest.incidents, digest.confirmed) == (60, 40)
    assert len(seen) <= 260, "some twenty, four for every customer with points, one for every ping"
