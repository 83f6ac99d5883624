"""A company for stories: a team on duty with its rota, and people who report, answer, judge and read cards."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TypeVar

from harness import Harness

from bot.domain.events import (
    DigestDue,
    EscalationsDue,
    IncidentReviewed,
    ModeSet,
    PingAcknowledged,
    PingResolved,
    ReportDetailed,
    ReportFiled,
    ReportWithdrawn,
    ReviewSeconded,
    TeamsApplied,
)
from bot.domain.model import Finding, Incident, MessageRef, Mode, Notification, Ping, Report, Role, Rota, Staff, Team
from bot.domain.notices import Letter, Notice, Post, Posted, ReportRecorded
from bot.ports import UnitOfWork

N = TypeVar("N", bound=Notice)
ALERT = "slack:TOWN:ALERT"
LEADS = "slack:TOWN:LEADS"
SUPPORT = "slack:TOWN:support"
PEOPLE = {
    "UAGENT": ("佐藤", Role.AGENT),
    "UAGENT2": ("田中", Role.AGENT),
    "USUPER1": ("鈴木", Role.SUPERVISOR),
    "USUPER2": ("高橋", Role.SUPERVISOR),
    "ULEAD": ("伊藤", Role.LEAD),
    "UBOSS": ("渡辺", Role.DECISION_MAKER),
    "UADMIN": ("山本", Role.ADMIN),
}


def account(author: str) -> str:
    return f"slack:TOWN:{author}"


def team(
    *authors: str, name: str = "サポート1課", rota: tuple[str, ...] | None = ("USUPER1", "USUPER2"),
    channels: tuple[str, ...] = (SUPPORT,), alert: str = ALERT, leads: str = LEADS, zone: str = "Asia/Tokyo",
    language: str = "ja",
) -> Team:  # fmt: skip
    """A team of these people (all of PEOPLE by default), on duty by turns of a week from 2026-11-16, 09:00."""
    chosen = authors or tuple(PEOPLE)
    staff = tuple(Staff(account(a), PEOPLE[a][0], (PEOPLE[a][1],)) for a in chosen)
    members = tuple(account(a) for a in rota or () if a in chosen)
    turns = Rota(zone, members, date(2026, 11, 16)) if members else None
    return Team(name, zone, channels, staff, ("slack:TOWN",), alert, leads, language, turns)


@dataclass
class Company:
    """Speaks for our people; what they are told comes back as the notice or the posts in the outbox."""

    house: Harness
    teams: tuple[Team, ...] = field(default_factory=lambda: (team(),))

    async def opens(self, *teams: Team, live: bool = True) -> "Company":
        """Write the teams into the rows and, where somebody can be called, go live."""
        self.teams = teams or self.teams
        await self.house.submit(TeamsApplied(teams=self.teams, source="story", actor="cli:test"))
        for one in self.teams if live else ():
            await self.house.submit(ModeSet(actor="cli:test", team=one.name, mode=Mode.LIVE))
        return self

    async def reports(self, text: str = "", who: str = "UAGENT", **facts: object) -> ReportRecorded:
        """Somebody reports, by default in the support channel."""
        event = ReportFiled(**{"actor": account(who), "text": text, "place": SUPPORT, **facts})  # type: ignore[arg-type]
        return self.took(await self.house.submit(event), ReportRecorded)

    async def withdraws(self, report: ReportRecorded | None = None, who: str = "UAGENT") -> Notice:
        id = report.report_id if report else None
        return await self.house.submit(ReportWithdrawn(actor=account(who), report_id=id))

    async def acknowledges(self, who: str = "USUPER1", ping: int | None = None) -> Notice:
        return await self.house.submit(PingAcknowledged(actor=account(who), ping_id=ping or self.ping().id))

    async def resolves(self, who: str = "USUPER1", ping: int | None = None) -> Notice:
        return await self.house.submit(PingResolved(actor=account(who), ping_id=ping or self.ping().id))

    async def judges(
        self, incident: int, finding: Finding = Finding.CONFIRMED, who: str = "USUPER1", **facts: object
    ) -> Notice:
        """A verdict with a reason."""
        base = {"actor": account(who), "incident_id": incident, "finding": finding, "reason": "記録を確認した"}
        return await self.house.submit(IncidentReviewed(**{**base, **facts}))  # type: ignore[arg-type]

    async def seconds(self, incident: int, who: str = "ULEAD", *, agrees: bool = True) -> Notice:
        return await self.house.submit(ReviewSeconded(actor=account(who), incident_id=incident, agrees=agrees))

    async def passes(self, **span: float) -> None:
        """Let time pass, minute by minute, with everything that becomes due."""
        until = self.house.clock.now + timedelta(**span)
        while self.house.clock.now < until:
            self.house.clock.now = min(until, self.house.clock.now + timedelta(minutes=1))
            await self.house.submit(EscalationsDue())

    async def monday(self) -> Notice:
        """Look whether a digest is due."""
        return await self.house.submit(DigestDue())

    def took(self, notice: Notice, kind: type[N]) -> N:
        assert isinstance(notice, kind), notice
        return notice

    def posts(self) -> list[Post]:
        """Everything that waits to be sent, in the order of sending."""
        with self.house.database.read() as uow:
            return list(uow.outbox.waiting())

    async def delivers(self) -> list[Post]:
        """Let everything that waits arrive, in order; what was sent."""
        sent: list[Post] = []

        def claim(uow: UnitOfWork) -> list[Letter]:
            letters = uow.outbox.claim(self.now, timedelta(seconds=30), 100)
            for letter in letters:
                channel = letter.post.to.channel or f"slack:TOWN:D{letter.post.to.people[0]}"
                assert uow.outbox.sent(letter, MessageRef(channel, f"{letter.id}.0"), self.now)
            return letters

        while letters := await self.house.intake.write(claim):
            sent += [letter.post for letter in letters]
        return sent

    def cards(self, kind: type[Posted]) -> list[Post]:
        """The waiting posts of one kind."""
        return [post for post in self.posts() if isinstance(post.notice, kind)]

    def ping(self) -> Ping:
        """The only open ping."""
        with self.house.database.read() as uow:
            (ping,) = uow.pings.open()
        return ping

    def pings(self) -> list[Ping]:
        with self.house.database.read() as uow:
            return uow.pings.all()

    def calls(self, ping: int | None = None) -> list[Notification]:
        """The calls of a ping in order."""
        with self.house.database.read() as uow:
            return uow.pings.calls(ping or uow.pings.all()[0].id)

    def called(self, ping: int | None = None) -> list[str]:
        """Whom a ping called, in order; "" for the channel alone."""
        return [call.target.rpartition(":")[2] for call in self.calls(ping)]

    def incidents(self) -> list[Incident]:
        with self.house.database.read() as uow:
            return uow.incidents.all()

    def report(self, id: int) -> Report:
        with self.house.database.read() as uow:
            return uow.incidents.report(id)

    @property
    def now(self) -> datetime:
        return self.house.clock.now

    async def tells(self, report: ReportRecorded, who: str = "UAGENT", **facts: object) -> Notice:
        """Say more about a report."""
        event = ReportDetailed(**{"actor": account(who), "report_id": report.report_id, **facts})  # type: ignore[arg-type]
        return await self.house.submit(event)

    async def details(self, report: ReportRecorded, **facts: object) -> ReportRecorded:
        return self.took(await self.tells(report, **facts), ReportRecorded)  # type: ignore[arg-type]
