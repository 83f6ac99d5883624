"""Nothing without right: every deed by everybody in every state, compared with the rules; refusals leave no effect."""

import random
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, get_args

import pytest
from company import Company
from harness import START, Harness, opened, sqlite_url
from postgres import Server
from sqlalchemy import inspect, text

from bot.domain import events as e
from bot.domain import questions as q
from bot.domain.access import RIGHTS
from bot.domain.errors import NotFound
from bot.domain.model import Finding, Mode, Notification, Role, Severity, Staff, Team
from bot.domain.notices import Denied, DrillBegun, PingAnswered, ReportRecorded
from bot.handlers import rights

A, B, C = "サポート1課", "サポート2課", "サポート3課"
JUDGES = ("supervisor", "lead", "decision_maker")
Deed = Any


def of(team: str, role: str) -> str:
    return f"slack:TOWN:{'ABC'[(A, B, C).index(team)]}{role}"


def full(name: str, *roles: Role) -> Team:
    staff = tuple(Staff(of(name, role.value), f"{name}の{role.value}", (role,)) for role in roles or tuple(Role))
    return Team(name, "Asia/Tokyo", (f"slack:TOWN:{name}",), staff, ("slack:TOWN",), "", "", "ja")


@dataclass(frozen=True)
class Who:
    """An actor as the company knows them, not as the rows say."""

    account: str
    team: str = ""
    role: str = ""

    def holds(self, roles: tuple[str, ...], team: str = "") -> bool:
        return self.role in roles and (not team or team == self.team)


EVERYBODY = (
    *(Who(of(team, role.value), team, role.value) for team in (A, B) for role in Role),
    Who(of(C, "supervisor"), C, "supervisor"),
    Who("slack:TCUST:UKYAKU"),
    Who("slack:TOWN:UCOLLEAGUE"),
    Who("slack:TCUST:Asupervisor"),
    Who("discord:TOWN:Asupervisor"),
    Who("cli:op"),
)


@dataclass
class World:
    """Incidents, pings and reports in every state, by name."""

    company: Company
    incident: dict[str, ReportRecorded]

    def ping(self, name: str) -> int:
        found = self.incident[name].ping_id
        assert found is not None
        return found


async def world(house: Harness) -> World:
    company = await Company(house).opens(full(A), full(B), full(C, Role.SUPERVISOR), live=False)
    made: dict[str, ReportRecorded] = {}

    async def filed(name: str, reporter: str = of(A, "agent"), team: str = A, **facts: Any) -> None:
        customer = await house.known(f"客 {name}", f"slack:TCUST:{name}")
        event = e.ReportFiled(actor=reporter, text=name, place=f"slack:TOWN:{team}", customer_id=customer.id, **facts)
        made[name] = company.took(await house.submit(event), ReportRecorded)

    async def judged(name: str, who: str) -> None:
        event = e.IncidentReviewed(
            actor=who, incident_id=made[name].incident_id, finding=Finding.CONFIRMED, reason="記録"
        )
        assert not isinstance(await house.submit(event), Denied)

    high: dict[str, Any] = {"severity": Severity.HIGH}
    for name in ("exhausted", "called", "acknowledged", "resolved"):
        await filed(name)
    await house.intake.write(lambda uow: uow.pings.note(_call(made["called"].ping_id, house)))
    await filed("by_supervisor", of(A, "supervisor"))
    await filed("names_lead", named=(of(A, "lead"),))
    await filed("alone", of(C, "supervisor"), C)
    await filed("other", of(B, "agent"), B)
    for name in ("judged", "lapsed", "awaiting", "disputed"):
        await filed(name, **(high if name in ("awaiting", "disputed") else {}))
    await filed("provisional", of(A, "supervisor"), named=(of(A, "decision_maker"),), **high)
    await house.submit(e.ReportWithdrawn(actor=of(A, "agent"), report_id=made["lapsed"].report_id))
    for name in ("judged", "awaiting", "disputed"):
        await judged(name, of(A, "supervisor"))
    await judged("provisional", of(A, "lead"))
    await house.submit(_second(of(A, "lead"), made["disputed"].incident_id, agrees=False))
    await company.passes(minutes=31)
    w = World(company, made)
    for kind, name in ((e.PingAcknowledged, "acknowledged"), (e.PingResolved, "resolved")):
        assert isinstance(await house.submit(kind(actor=of(A, "lead"), ping_id=w.ping(name))), PingAnswered)
    await filed("fresh")
    assert isinstance(await house.submit(e.DrillWanted(actor=of(A, "lead"), team=A)), DrillBegun)
    return w


def _call(ping: int | None, house: Harness) -> Notification:
    """A call that reached an agent of another team, as a stand-in of old times."""
    assert ping is not None
    return Notification(ping, 90, 1, 0, of(B, "agent"), house.clock.now, False, f"ping:{ping}:90")


def _second(who: str, incident: int, *, agrees: bool = True) -> e.ReviewSeconded:
    return e.ReviewSeconded(actor=who, incident_id=incident, agrees=agrees)


def _judge(who: Who, team: str) -> str:
    """Supervisors, leads and decision makers of the incident's own team."""
    return "" if who.holds(JUDGES, team) else "team" if who.holds(JUDGES) else "role"


TEAM_OF = {"alone": C, "other": B}
REPORTER = {"by_supervisor": of(A, "supervisor"), "provisional": of(A, "supervisor"), "alone": of(C, "supervisor"),
            "other": of(B, "agent")}  # fmt: skip
NAMED = {"names_lead": of(A, "lead"), "provisional": of(A, "decision_maker")}
PLAIN: dict[str, tuple[tuple[str, ...], Callable[[str, World], Deed]]] = {
    "TeamsApplied": (("admin",), lambda who, _: e.TeamsApplied(actor=who, teams=(), source="x")),
    "CustomersImported": (("admin",), lambda who, _: e.CustomersImported(actor=who, records=())),
    "ContactAssigned": (
        ("supervisor", "lead", "admin"),
        lambda who, w: e.ContactAssigned(
            actor=who, account="slack:TCUST:N", customer_id=w.incident["fresh"].customer_id
        ),
    ),
    "CustomersMerged": (
        ("supervisor", "lead", "admin"),
        lambda who, w: e.CustomersMerged(
            actor=who, customer_id=w.incident["judged"].customer_id, into=w.incident["fresh"].customer_id
        ),
    ),
    "CustomerSplit": (
        ("supervisor", "lead", "admin"),
        lambda who, w: e.CustomerSplit(
            actor=who, customer_id=w.incident["fresh"].customer_id, accounts=("slack:TCUST:fresh",)
        ),
    ),
    "OutageEnded": (("supervisor", "lead", "admin"), lambda who, _: e.OutageEnded(actor=who)),
    "MessageRedacted": (
        ("lead", "decision_maker", "admin"),
        lambda who, _: e.MessageRedacted(actor=who, platform="slack", workspace="T", channel="c", message_id="1"),  # type: ignore[arg-type]
    ),
    "StandingAsked": (
        (*JUDGES, "legal"), lambda who, w: q.StandingAsked(who, w.incident["fresh"].customer_id)
    ),
    "WhyAsked": ((*JUDGES, "legal"), lambda who, w: q.WhyAsked(who, f"customer:{w.incident['fresh'].customer_id}")),
    "OnCallAsked": (tuple(Role), lambda who, _: q.OnCallAsked(who, B)),
    "NextAsked": (tuple(Role), lambda who, _: q.NextAsked(who)),
    "ReportFiled": (tuple(Role), lambda who, _: e.ReportFiled(actor=who, text="x")),
}  # fmt: skip
OF_TEAM: dict[str, tuple[tuple[str, ...], Callable[[str, World], Deed]]] = {
    "DigestWanted": (JUDGES, lambda who, _: e.DigestWanted(actor=who, team=A)),
    "DrillWanted": (("supervisor", "lead", "admin"), lambda who, _: e.DrillWanted(actor=who, team=A)),
    "DrillSeen": (JUDGES, lambda who, _: e.DrillSeen(actor=who, drill_id=1)),
    "ModeSet": (("admin",), lambda who, _: e.ModeSet(actor=who, team=A, mode=Mode.LIVE)),
    "TeamSetUp": (
        ("lead", "decision_maker", "admin"),  # and nobody for administering the workspace: there are teams already
        lambda who, _: e.TeamSetUp(actor=who, team=full(A), source="slack", founder=True),
    ),
    "StatusAsked": (tuple(Role), lambda who, _: q.StatusAsked(who, A)),
    "DigestAsked": ((*JUDGES, "legal"), lambda who, _: q.DigestAsked(who, A)),
    "ReviewAsked": ((*JUDGES, "legal"), lambda who, w: q.ReviewAsked(who, w.incident["fresh"].incident_id)),
    "WhyAsked incident": (
        tuple(Role), lambda who, w: q.WhyAsked(who, f"incident:{w.incident['fresh'].incident_id}")
    ),
    "WhyAsked ping": (tuple(Role), lambda who, w: q.WhyAsked(who, f"ping:{w.incident['fresh'].ping_id}")),
}  # fmt: skip
PERSONS_ONLY = (e.ReportFiled, e.ReportDetailed, e.ReportWithdrawn, e.IncidentReviewed, e.ReviewSeconded,
                e.PingAcknowledged, e.PingResolved, e.DrillWanted, e.DrillSeen)  # fmt: skip


def deeds(who: Who, w: World, now: Any) -> list[tuple[str, Deed, str]]:
    """(what, the deed, the reason that the rules give for refusing it to one of ours)."""
    found: list[tuple[str, Deed, str]] = []
    for name, (roles, make) in PLAIN.items():
        found.append((name, make(who.account, w), "" if who.holds(roles) else "role"))
    for name, (roles, make) in OF_TEAM.items():
        reason = "" if who.holds(roles, A) else "team" if who.holds(roles) else "role"
        found.append((name, make(who.account, w), reason))
    for state, of_it in w.incident.items():
        team, mine = TEAM_OF.get(state, A), REPORTER.get(state, of(A, "agent")) == who.account
        involved = mine and state != "lapsed" or NAMED.get(state) == who.account
        found += _verdicts(state, of_it.incident_id, who, team, involved)
        for kind in (e.PingAcknowledged, e.PingResolved):
            called = state == "called" and who.account == of(B, "agent") or state == "alone" and who.role == "lead"
            called |= state == "alone" and who.role == "decision_maker"  # a team without anybody calls the other leads
            reason = "" if called else _judge(who, team)
            found.append((f"{kind.__name__} {state}", kind(actor=who.account, ping_id=w.ping(state)), reason))
        said = e.ReportDetailed(actor=who.account, report_id=of_it.report_id, text="もっと")
        found.append((f"ReportDetailed {state}", said, "" if mine else "not_yours"))
        back = e.ReportWithdrawn(actor=who.account, report_id=of_it.report_id)
        late = "" if state == "fresh" else "withdraw_late"
        found.append((f"ReportWithdrawn {state}", back, late if mine else "not_yours"))
    for account, able in ((of(A, "supervisor"), True), (of(A, "agent"), False), ("slack:TCUST:UEVIL", False)):
        found.append((f"OverrideSet {account}", _stand_in(who, account, now), _override(who, account, able)))
    return found


def _verdicts(state: str, id: int, who: Who, team: str, involved: bool) -> list[tuple[str, Deed, str]]:
    review = e.IncidentReviewed(actor=who.account, incident_id=id, finding=Finding.DISMISSED, reason="x")
    reason = _judge(who, team) or ("involved" if involved and state != "alone" else "")
    elsewhere = state == "provisional" and _judge(who, team) == "team" and who.role in ("lead", "decision_maker")
    second = (_judge(who, team) if not elsewhere else "") or {
        "awaiting": "own_verdict" if who.role == "supervisor" else "",
        "provisional": "" if elsewhere else "own_verdict" if who.role == "lead" else "involved",
    }.get(state, "waits" if state not in ("judged", "disputed") else "nothing_to_second")
    seconded = (f"ReviewSeconded {state}", _second(who.account, id), second.replace("waits", "nothing_to_second"))
    return [(f"IncidentReviewed {state}", review, reason), seconded]


def _stand_in(who: Who, account: str, now: Any) -> e.OverrideSet:
    return e.OverrideSet(actor=who.account, team=A, account=account, start=now, end=now + timedelta(hours=1))


def _override(who: Who, account: str, able: bool) -> str:
    roles = (*JUDGES, "admin")
    if not who.holds(roles, A):
        return "team" if who.holds(roles) else "role"
    if not able:
        return "stand_in"
    return "" if who.account == account or who.role != "supervisor" else "for_others"


def expected(who: Who, deed: Deed, reason: str) -> str:
    if who.account == "cli:op":
        if isinstance(deed, PERSONS_ONLY):
            return "person"
        return "stand_in" if isinstance(deed, e.OverrideSet) and deed.account != of(A, "supervisor") else ""
    return reason if who.role else "outsider"


def rows(house: Harness) -> dict[str, list[str]]:
    """Everything that is stored, but the audit and its head."""
    with house.database.connect() as connection:
        names = [n for n in inspect(connection).get_table_names() if not n.startswith(("audit", "alembic"))]
        return {n: sorted(str(tuple(r)) for r in connection.execute(text(f"SELECT * FROM {n}"))) for n in names}  # noqa: S608


def audited(house: Harness) -> list[Any]:
    with house.database.read() as uow:
        return list(uow.audit.entries())


async def answered(house: Harness, deed: Deed) -> object:
    """What its actor hears, an error as a result."""
    try:
        return await (house.intake.ask(deed) if isinstance(deed, get_args(q.Question)) else house.submit(deed))
    except Exception as error:
        return error


@pytest.mark.req("T20")
async def test_no_effect_without_right_and_every_refusal_is_recorded(tmp_path: Path) -> None:
    async with opened(sqlite_url(tmp_path)) as house:
        await everybody_tries(house)


@pytest.mark.req("T20")
@pytest.mark.soak
async def test_nor_on_the_other_database(postgres: Server) -> None:
    async with opened(postgres.fresh()) as house:
        await everybody_tries(house)


async def everybody_tries(house: Harness) -> None:
    w = await world(house)
    refused: list[tuple[Deed, str]] = []
    wrong = []
    with house.database.read() as uow:
        for who in EVERYBODY:
            for what, deed, reason in deeds(who, w, house.clock.now):
                reason = expected(who, deed, reason)
                denied = rights.refused(deed, uow, house.policy, house.clock.now)
                if (denied.reason if denied else "") != reason:
                    wrong.append((who.account, what, denied and denied.reason, "rules:", reason))
                if reason:
                    refused.append((deed, reason))
    assert not wrong
    assert {type(deed).__name__ for deed, _ in refused} == {kind.__name__ for kind in RIGHTS}
    before, entries = rows(house), audited(house)
    asked = [deed for deed, _ in refused if isinstance(deed, get_args(q.Question))]
    done = [deed for deed, _ in refused if deed not in asked]
    answers = [*await house.tried(*done), *[await answered(house, deed) for deed in asked]]
    reasons = dict(refused)
    for deed, answer in zip([*done, *asked], answers, strict=True):
        assert isinstance(answer, Denied), (deed, answer)
        assert answer.reason == reasons[deed]
    assert rows(house) == before
    new = audited(house)[len(entries) :]
    assert {entry.action for entry in new} == {"access.refused"}
    assert [entry.actor for entry in new] == [deed.actor for deed in (*done, *asked)], "every refusal, in order"
    assert len(refused) > 1000


@pytest.mark.req("T20")
@pytest.mark.parametrize("many", [200, pytest.param(1000, marks=pytest.mark.soak)])
async def test_forged_numbers_and_names(house: Harness, many: int) -> None:
    """The longer one is the two thousand of T20, on both databases together."""
    w = await world(house)
    dice = random.Random(20)
    kinds = [
        e.PingAcknowledged, e.PingResolved, e.IncidentReviewed, e.ReviewSeconded, e.ReportDetailed, e.ReportWithdrawn,
        e.ContactAssigned, e.CustomersMerged, e.CustomerSplit, e.OverrideSet, e.ModeSet, e.DigestWanted,
        e.DrillWanted, e.DrillSeen,
        q.StandingAsked, q.WhyAsked, q.ReviewAsked, q.DigestAsked, q.StatusAsked,
    ]  # fmt: skip
    theirs = [r.incident_id for n, r in w.incident.items() if n not in ("other", "called", "provisional")]
    people = (of(B, "supervisor"), of(B, "agent"), of(B, "lead"), "slack:TCUST:UEVIL", "slack:cli:op", "")
    before, entries, denied = rows(house), audited(house), 0
    forged = [_forged(dice.choice(kinds), dice.choice(people), dice, theirs) for _ in range(many)]
    for deed in forged:
        answer = await answered(house, deed)
        assert isinstance(answer, Denied | NotFound), (deed, answer)
        denied += isinstance(answer, Denied)
        assert isinstance(answer, Denied) or deed.actor in people[:3], "a stranger learns nothing of what there is"
    assert rows(house) == before
    assert len(audited(house)) == len(entries) + denied
    assert house.chain_break() is None


STRINGS = (
    "", ":", "incident:", "incident:0", "incident:9999", "ping:²", "ping:-1", "a\x00b:1", "x" * 5000, "'; DROP--",
    "customer:" + "9" * 5000, "detection:١", "incident:1 OR 1=1", "\ud800", "無い課",
)  # fmt: skip


def _forged(kind: type, who: str, dice: random.Random, theirs: list[int]) -> Deed:
    """Numbers that do not exist, or another team's; what all teams share has only the former."""
    missing = dice.choice([0, -1, 99, 2**31, 2**63, 2**80, -(2**63), dice.randrange(100, 10**20)])
    shared = kind in (e.ContactAssigned, e.CustomersMerged, e.CustomerSplit, q.StandingAsked)
    number = missing if shared or dice.random() < 0.5 else dice.choice(theirs)
    values: dict[str, Any] = {
        "actor": who, "finding": Finding.CONFIRMED, "reason": "x", "agrees": True, "accounts": ("slack:TCUST:x",),
        "account": dice.choice(STRINGS), "into": number, "mode": Mode.LIVE, "team": dice.choice((*STRINGS[1:], C)),
        "subject": dice.choice(STRINGS), "start": START, "end": START + timedelta(days=1), "text": "x",
        "incident_id": number, "ping_id": number, "report_id": number, "customer_id": number,
        "drill_id": number,
    }  # fmt: skip
    return kind(**{f.name: values[f.name] for f in fields(kind) if f.name in values})


async def test_nothing_restricted_is_shown_before_it_is_recorded(house: Harness) -> None:
    w = await world(house)
    lead, id = of(A, "lead"), w.incident["fresh"].incident_id
    customer = w.incident["fresh"].customer_id
    asked = (
        (q.StandingAsked(lead, customer), f"customer:{customer}"), (q.DigestAsked(lead), f"team:{A}"),
        (q.ReviewAsked(lead, id), f"incident:{id}"), (q.WhyAsked(lead, f"incident:{id}"), f"incident:{id}"),
    )  # fmt: skip
    for question, subject in asked:
        assert not isinstance(await house.intake.ask(question), Denied)
        last = audited(house)[-1]
        assert (last.action, last.actor, last.subject) == ("access.shown", lead, subject)
    shown = await house.intake.ask(q.ReviewAsked(lead))
    assert isinstance(shown, q.ReviewShown)
    assert audited(house)[-1].subject == f"incident:{shown.incident.incident_id}", "the one that was shown"
    for free in (q.OnCallAsked(lead), q.NextAsked(lead), q.StatusAsked(lead)):
        before = len(audited(house))
        await house.intake.ask(free)
        assert len(audited(house)) == before
    house.one("DROP TABLE audit")
    for question, _ in asked:
        assert isinstance(await answered(house, question), Exception), "what cannot be recorded is not shown"
    assert isinstance(await answered(house, q.StandingAsked("slack:TCUST:UEVIL", customer)), Exception)


async def test_who_left_the_company_answers_no_call_of_old(house: Harness) -> None:
    w = await world(house)
    smaller = replace(full(B), staff=tuple(s for s in full(B).staff if s.account != of(B, "agent")))
    await house.submit(e.TeamsApplied(teams=(full(A), smaller, full(C)), source="story", actor="cli:x"))
    denied = await house.submit(e.PingAcknowledged(actor=of(B, "agent"), ping_id=w.ping("called")))
    assert isinstance(denied, Denied)
    assert denied.reason == "outsider"
