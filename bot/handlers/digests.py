"""The weekly digest: once a team and week whatever the number of replicas, a missed one caught up once."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain import digest as rules
from bot.domain.access import LEADING
from bot.domain.audit import SYSTEM
from bot.domain.digest import Due
from bot.domain.errors import NotFound
from bot.domain.events import DigestDue, DigestWanted
from bot.domain.model import (
    CountLine,
    Customer,
    CustomerLine,
    Destination,
    Detection,
    Digest,
    Finding,
    Incident,
    IncidentState,
    Ping,
    PingLine,
    Priority,
    Reach,
    Review,
    ReviewState,
    Role,
    Team,
    WaitLine,
)
from bot.domain.notices import DigestReady, DigestWritten, Post
from bot.domain.policy import Policy
from bot.domain.roster import NOBODY, Roster, with_roles
from bot.handlers.standings import end_of, standings_of
from bot.ports import UnitOfWork

WEEK = timedelta(days=7)
_QUIET = (Reach.LISTED, Reach.DIGEST)


def write(event: DigestDue, uow: UnitOfWork, policy: Policy, now: datetime) -> DigestWritten:
    """Write every team's digest that is due and not written; the unique row lets one replica do it."""
    roster = Roster(uow.teams.all())
    written = []
    for team in roster.teams:
        zone = team.zone or policy.calendar.zone
        due = rules.latest_due(policy.digest, zone, now)
        weeks = uow.duty.digests(team.name)
        if due.week <= max(weeks, default=""):  # also an older one, by a clock that is behind
            continue
        if not uow.duty.claim_digest(team.name, due.week, due.at, now, posted=bool(weeks)):
            continue
        if weeks:
            whole = rules.caught_up(due, weeks, policy.digest, zone)
            _post(team, whole, f"digest:{team.name}:{due.week}", uow, policy, roster, now)
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
    uow.audit.append(now, actor, "digest.written", f"team:{team.name}", {"week": due.week, "late": digest.late})
    for number, to in enumerate(for_leads(team)):
        post = Post(
            key=f"{key}+{number}" if number else key, lane=f"team:{team.name}", priority=Priority.LOW, to=to,
            notice=DigestReady(digest),
        )  # fmt: skip
        uow.outbox.put(post, now, team.language)


def for_leads(team: Team) -> tuple[Destination, ...]:
    """Where the leads read: their channel, else the alert channel; without both each of them directly, else the
    supervisors, so that a team without channels is told too."""
    channel = team.leads_channel or team.alert_channel
    if channel:
        return (Destination(channel),)
    people = with_roles(team, *LEADING) or with_roles(team, Role.SUPERVISOR)
    return tuple(Destination("", (person,)) for person in people)


class _Known(dict[int, Customer]):
    """All customers, read at once; one that came while the digest was written (another replica's) is read alone."""

    def __init__(self, uow: UnitOfWork) -> None:
        super().__init__((customer.id, customer) for customer in uow.customers.all())
        self._uow = uow

    def __missing__(self, id: int) -> Customer:
        return self._uow.customers.get(id)


@dataclass(frozen=True, slots=True)
class _Week:
    """What the rows say about a team and the time that a digest tells of."""

    due: Due
    incidents: tuple[Incident, ...]
    """The team's, of all times, those that lapsed left out."""
    reviews: Mapping[int, Review]
    """Incident → the verdict that stands."""
    detections: tuple[Detection, ...]
    outages: int
    customers: Mapping[int, Customer]

    @property
    def opened(self) -> list[Incident]:
        return [incident for incident in self.incidents if self.due.covers(incident.opened_at)]

    def found(self, finding: Finding) -> list[int]:
        """Whose incidents were found to be this, for good, in the time told of: when the second person agreed."""
        return [
            incident.customer_id
            for incident in self.incidents
            if (review := self.reviews.get(incident.id)) is not None
            and review.finding is finding
            and review.state is ReviewState.FINAL
            and self.due.covers(review.second_at or review.at)
        ]

    def counted(self, customers: Iterable[int]) -> tuple[CountLine, ...]:
        counts = Counter(customers)
        lines = [CountLine(id, self.customers[id].label, count) for id, count in counts.items()]
        return tuple(sorted(lines, key=lambda line: (-line.count, line.name, line.customer_id)))


def _read(team: Team, due: Due, uow: UnitOfWork, roster: Roster) -> _Week:
    def ours(*messages: int) -> bool:
        said = uow.messages.spoken(messages)
        return roster.first(*(f"{m.platform}:{m.workspace}:{m.channel}" for m in said)).name == team.name

    detections = [d for d in uow.detections.near(due.at, due.since) if due.covers(d.at)]
    mine = tuple(d for d in detections if ours(*uow.detections.messages(d.id)[:1]))
    declared = {outage.id for outage in uow.detections.outages() if due.covers(outage.at)}
    return _Week(
        due=due,
        incidents=tuple(
            i for i in uow.incidents.all() if i.team == team.name and i.state is not IncidentState.LAPSED
        ),
        reviews=uow.reviews.all(),
        detections=mine,
        outages=len(declared & {detection.outage_id for detection in mine}),
        customers=_Known(uow),
    )  # fmt: skip


def build(team: Team, due: Due, uow: UnitOfWork, policy: Policy, roster: Roster, now: datetime) -> Digest:
    """Standings and what waits as of `now`; what happened, from `due.since` to `due.at`."""
    zone = team.zone or policy.calendar.zone
    week = _read(team, due, uow, roster)
    ours = {incident.customer_id for incident in week.incidents}
    lines = [_line(week.customers[id], uow, policy, roster, now) for id in uow.reviews.with_points() if id in ours]
    waiting = (ReviewState.AWAITING_SECOND, ReviewState.PROVISIONAL)
    old = now.astimezone(ZoneInfo(zone)).date() - policy.as_of > policy.digest.review_after
    undecided = [i for i in week.incidents if i.state is IncidentState.SUSPECTED and i.reach not in _QUIET]
    return Digest(
        team=team.name, week=due.week, since=due.since, at=now, zone=zone, due_at=due.at,
        late=now - due.at > policy.digest.late_after,
        pings=tuple(_pings(uow.pings.since(due.since, team.name), due, uow, week.customers)),
        to_judge=week.counted(incident.customer_id for incident in undecided),
        to_second=sum(1 for i in week.incidents if i.id in week.reviews and week.reviews[i.id].state in waiting),
        toward=rules.toward(lines), improving=rules.recovering(lines),
        complaints=week.counted(week.found(Finding.LEGITIMATE)),
        waited=tuple(
            WaitLine(d.customer_id, week.customers[d.customer_id].label, d.at, d.count, d.id)
            for d in week.detections if d.waiting
        ),
        incidents=len(week.opened), confirmed=len(week.found(Finding.CONFIRMED)),
        detections=len(week.detections), outages=week.outages,
        listed=week.counted(incident.customer_id for incident in week.opened if incident.reach in _QUIET),
        pack_due=policy.as_of if old else None, edition=policy.edition, pack_hash=policy.hash,
    )  # fmt: skip


def _pings(pings: Iterable[Ping], due: Due, uow: UnitOfWork, customers: Mapping[int, Customer]) -> Iterable[PingLine]:
    """Those that nobody answered yet, and those of this time that needed more than one step, by their worst round."""
    for ping in pings:
        worst = rules.worst_round(ping, uow.pings.calls(ping.id))
        unanswered = ping.state in rules.UNANSWERED
        late = worst.steps > 1 and due.covers(worst.answered_at or ping.resolved_at or ping.opened_at)
        if unanswered or late:
            yield PingLine(
                ping.id, ping.customer_id, customers[ping.customer_id].label, ping.severity, ping.state,
                worst.began_at, worst.answered_at, worst.top,
            )  # fmt: skip


def customer_line(id: int, uow: UnitOfWork, policy: Policy, roster: Roster, now: datetime, zone: str) -> CustomerLine:
    """A customer with the standing of today and of a week ago; `zone` holds for the contract's end of one who names
    none."""
    return _line(uow.customers.get(id), uow, policy, roster, now, zone)


def _line(
    customer: Customer, uow: UnitOfWork, policy: Policy, roster: Roster, now: datetime, zone: str = ""
) -> CustomerLine:
    standing, before = standings_of(customer, uow, policy, roster, now, now - WEEK)
    parts = sorted(standing.shares, key=lambda share: share.points.confirmed_at, reverse=True)
    return CustomerLine(
        customer_id=customer.id, name=customer.label, standing=standing, before=before.points,
        level_before=before.level, end=end_of(customer, policy, roster, now, zone or standing.zone),
        clause=customer.contract.clause, paid_through=customer.contract.paid_through,
        renewal_on=customer.contract.renewal_on, incidents=tuple(share.points.incident_id for share in parts),
    )  # fmt: skip
