"""The weekly digest: once a team and week whatever the number of replicas, a missed one caught up once."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain import digest as rules
from bot.domain.audit import SYSTEM
from bot.domain.digest import Due
from bot.domain.errors import NotFound
from bot.domain.events import DigestDue, DigestWanted
from bot.domain.model import (
    CountLine,
    CustomerLine,
    Destination,
    Detection,
    Digest,
    Finding,
    Incident,
    Ping,
    PingLine,
    PingState,
    Priority,
    Reach,
    ReviewState,
    Team,
    WaitLine,
)
from bot.domain.notices import DigestReady, DigestWritten, Post
from bot.domain.policy import Policy
from bot.domain.roster import NOBODY, Roster
from bot.handlers.standings import end_of, standing_of
from bot.ports import UnitOfWork

WEEK = timedelta(days=7)
_QUIET = (Reach.LISTED, Reach.DIGEST)


def write(event: DigestDue, uow: UnitOfWork, policy: Policy, now: datetime) -> DigestWritten:
    """Write every team's digest that is due and not written; the unique row lets one replica do it."""
    roster = Roster(uow.teams.all())
    written = []
    for team in roster.teams:
        due = rules.latest_due(policy.digest, team.zone or policy.calendar.zone, now)
        weeks = uow.duty.digests(team.name)
        if due.week in weeks or not uow.duty.claim_digest(team.name, due.week, due.at, now, posted=bool(weeks)):
            continue
        if weeks:
            _post(team, due, f"digest:{team.name}:{due.week}", uow, policy, roster, now)
            written.append(f"{team.name}:{due.week}")
    return DigestWritten(tuple(written))


def wanted(event: DigestWanted, uow: UnitOfWork, policy: Policy, now: datetime) -> DigestWritten:
    """Somebody wants it now, into the leads' channel."""
    roster = Roster(uow.teams.all())
    team = roster.team(event.team)
    if team is NOBODY:
        raise NotFound("team", event.team)
    due = rules.latest_due(policy.digest, team.zone or policy.calendar.zone, now)
    asked = replace(due, at=now, since=now - WEEK)
    _post(team, asked, f"digest:{team.name}:{now.isoformat()}", uow, policy, roster, now, event.actor)
    return DigestWritten((f"{team.name}:{due.week}",))


def _post(
    team: Team, due: Due, key: str, uow: UnitOfWork, policy: Policy, roster: Roster, now: datetime, actor: str = SYSTEM
) -> None:
    digest = build(team, due, uow, policy, roster, now)
    channel = team.leads_channel or team.alert_channel
    uow.audit.append(now, actor, "digest.written", f"team:{team.name}", {"week": due.week, "late": digest.late})
    if channel:
        post = Post(
            key=key, lane=f"team:{team.name}", priority=Priority.LOW, to=Destination(channel),
            notice=DigestReady(digest),
        )  # fmt: skip
        uow.outbox.put(post, now, team.language)


def build(team: Team, due: Due, uow: UnitOfWork, policy: Policy, roster: Roster, now: datetime) -> Digest:
    """The digest as of `now`, over the time since the one before."""
    zone = team.zone or policy.calendar.zone
    names = _Names(uow)
    incidents = [i for i in uow.incidents.all() if i.team == team.name]
    recent = [i for i in incidents if i.opened_at >= due.since]
    lines = _customers(incidents, uow, policy, roster, now, zone)
    found = [d for d in uow.detections.near(now, due.since) if _team_of(d, uow, roster) == team.name]
    reviews = {i.id: r for i in incidents if (r := uow.reviews.standing(i.id)) is not None}
    fresh = {id: r for id, r in reviews.items() if r.at >= due.since}
    owner = {incident.id: incident.customer_id for incident in incidents}
    waiting = (ReviewState.AWAITING_SECOND, ReviewState.PROVISIONAL)
    old = now.astimezone(ZoneInfo(zone)).date() - policy.as_of > policy.digest.review_after
    return Digest(
        team=team.name, week=due.week, since=due.since, at=now, zone=zone, due_at=due.at,
        late=now - due.at > policy.digest.late_after,
        pings=tuple(_pings(uow.pings.since(due.since, team.name), uow, names)),
        to_judge=_counted((i.customer_id for i in uow.incidents.undecided(team.name) if i.reach not in _QUIET), names),
        to_second=sum(1 for review in reviews.values() if review.state in waiting), toward=rules.toward(lines),
        improving=rules.recovering(lines),
        complaints=_counted((owner[id] for id, r in fresh.items() if r.finding is Finding.LEGITIMATE), names),
        waited=tuple(
            WaitLine(d.customer_id, names[d.customer_id], d.at, d.count, d.id) for d in found if d.waiting
        ),
        incidents=len(recent),
        confirmed=sum(
            1 for r in fresh.values() if r.finding is Finding.CONFIRMED and r.state is ReviewState.FINAL
        ),
        detections=len(found), outages=sum(1 for o in uow.detections.outages() if o.at >= due.since),
        listed=_counted((i.customer_id for i in recent if i.reach in _QUIET), names),
        pack_due=policy.as_of if old else None, edition=policy.edition, pack_hash=policy.hash,
    )  # fmt: skip


class _Names:
    """Labels of customers, each read once."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow
        self._known: dict[int, str] = {}

    def __getitem__(self, id: int) -> str:
        if id not in self._known:
            self._known[id] = self._uow.customers.get(id).label
        return self._known[id]


def _team_of(detection: Detection, uow: UnitOfWork, roster: Roster) -> str:
    said = uow.messages.spoken(uow.detections.messages(detection.id)[:1])
    return roster.first(*(f"{m.platform}:{m.workspace}:{m.channel}" for m in said)).name


def _counted(customers: Iterable[int], names: _Names) -> tuple[CountLine, ...]:
    counts = Counter(customers)
    lines = [CountLine(id, names[id], count) for id, count in counts.items()]
    return tuple(sorted(lines, key=lambda line: (-line.count, line.name)))


def _pings(pings: Iterable[Ping], uow: UnitOfWork, names: _Names) -> Iterable[PingLine]:
    """Those that nobody answered, and those that needed more than the first step."""
    for ping in pings:
        steps = len({call.step for call in uow.pings.calls(ping.id) if call.round == 1})
        unanswered = ping.state in (PingState.TRIGGERED, PingState.EXHAUSTED)
        if unanswered or steps > 1:
            yield PingLine(
                ping.id, ping.customer_id, names[ping.customer_id], ping.severity, ping.state, ping.opened_at,
                ping.acked_at, steps,
            )  # fmt: skip


def _customers(
    incidents: list[Incident], uow: UnitOfWork, policy: Policy, roster: Roster, now: datetime, zone: str
) -> list[CustomerLine]:
    ours = {incident.customer_id for incident in incidents}
    return [customer_line(id, uow, policy, roster, now, zone) for id in uow.reviews.with_points() if id in ours]


def customer_line(id: int, uow: UnitOfWork, policy: Policy, roster: Roster, now: datetime, zone: str) -> CustomerLine:
    """A customer with the standing of today and of a week ago."""
    customer = uow.customers.get(id)
    standing = standing_of(id, uow, policy, roster, now)
    before = standing_of(id, uow, policy, roster, now - WEEK)
    parts = sorted(standing.shares, key=lambda share: share.points.confirmed_at, reverse=True)
    return CustomerLine(
        customer_id=id, name=customer.label, standing=standing, before=before.points, level_before=before.level,
        end=end_of(customer, policy, roster, now, zone), clause=customer.contract.clause,
        paid_through=customer.contract.paid_through, renewal_on=customer.contract.renewal_on,
        incidents=tuple(share.points.incident_id for share in parts),
    )  # fmt: skip
