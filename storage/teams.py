"""Teams and staff on rows; each team keeps the source that it came from, and who its user groups brought in."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time
from typing import Any, Final

from sqlalchemy import Row, delete, func, select, update

from bot.domain.model import Role, Rota, Staff, Team, is_group
from storage.epochs import move
from storage.nouns import week_kept, week_of
from storage.session import Session
from storage.tables import StaffRow, TeamRow, table_of

_teams: Final = table_of(TeamRow)
_staff: Final = table_of(StaffRow)
WRITING: Final = "teams"
"""The lock of whoever writes teams."""
_EVERYBODY: Final = select(_staff).order_by(_staff.c.id)
_ALL: Final = select(_teams).order_by(_teams.c.id)
"""Built once, here and in the other stores: to build and hash them anew costs more than to run them."""
Members = Mapping[str, Mapping[str, str]]
"""User group → its members' accounts → their names."""


class Teams:
    """ports.Teams on rows."""

    def __init__(self, session: Session) -> None:
        self._s = session

    def all(self) -> tuple[Team, ...]:
        people: dict[int, list[Row[Any]]] = {}
        for row in self._s.connection.execute(_EVERYBODY):
            people.setdefault(row.team_id, []).append(row)
        return tuple(_team(row, people.get(row.id, ())) for row in self._s.connection.execute(_ALL))

    def sources(self) -> Mapping[str, str]:
        return {row.name: row.source for row in self._s.connection.execute(select(_teams.c.name, _teams.c.source))}

    def alone(self) -> None:
        """A transaction on SQLite is alone from its beginning."""
        if not self._s.sqlite:
            self._s.connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(WRITING))))

    def apply(self, teams: Sequence[Team], source: str) -> None:
        names = [team.name for team in teams]
        old = select(_teams.c.id).where((_teams.c.source == source) | _teams.c.name.in_(names))
        gone, known = list(self._s.connection.scalars(old)), self._members()
        self._s.connection.execute(delete(_staff).where(_staff.c.team_id.in_(gone)))
        self._s.connection.execute(delete(_teams).where(_teams.c.id.in_(gone)))
        for team in teams:
            self._add(team, source, known)
        move(self._s)

    def put(self, team: Team, source: str) -> None:
        known = self._members()
        id = self._s.connection.scalar(select(_teams.c.id).where(_teams.c.name == team.name))
        if id is None:
            self._add(team, source, known)
        else:
            self._s.connection.execute(update(_teams).where(_teams.c.id == id).values(_values(team, source)))
            self._s.connection.execute(delete(_staff).where(_staff.c.team_id == id))
            self._people(id, team, known)
        move(self._s)

    def fill(
        self, group: str, members: Sequence[tuple[str, str]]
    ) -> Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]:
        wanted, changed = dict(members), {}
        listing = select(_teams.c.id, _teams.c.name).join(_staff, _staff.c.team_id == _teams.c.id)
        for team in self._s.connection.execute(listing.where(_staff.c.account == group).order_by(_teams.c.id)).all():
            people = self._s.connection.execute(select(_staff).where(_staff.c.team_id == team.id)).all()
            rows = {row.account: row for row in people}
            has = {account for account, row in rows.items() if group in (row.via or ())}
            joined, left = sorted(wanted.keys() - has), sorted(has - wanted.keys())
            for account in joined:
                self._joins(team.id, group, account, wanted[account], rows.get(account))
            for account in left:
                self._leaves(group, rows[account])
            if joined or left:
                changed[team.name] = (tuple(joined), tuple(left))
        if changed:
            move(self._s)
        return changed

    def meet(
        self, account: str, name: str, groups: Sequence[str]
    ) -> Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]:
        there = f"{account.rpartition(':')[0]}:group:"
        changed: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}
        listing = select(_teams.c.id, _teams.c.name, _staff.c.account).join(_staff, _staff.c.team_id == _teams.c.id)
        groups_there = listing.where(_staff.c.account.startswith(there, autoescape=True)).order_by(_teams.c.id)
        for row in self._s.connection.execute(groups_there).all():
            mine = select(_staff).where(_staff.c.team_id == row.id, _staff.c.account == account)
            person = self._s.connection.execute(mine).one_or_none()
            has = person is not None and row.account in (person.via or ())
            if has == (row.account in groups):
                continue
            joined, left = changed.get(row.name, ((), ()))
            if person is not None and has:
                self._leaves(row.account, person)
                left = (*left, row.account)
            else:
                self._joins(row.id, row.account, account, name, person)
                joined = (*joined, row.account)
            changed[row.name] = (joined, left)
        if changed:
            move(self._s)
        return changed

    def _joins(self, team: int, group: str, account: str, name: str, row: "Row[Any] | None") -> None:
        if row is None:
            values = {"team_id": team, "account": account, "name": name, "roles": [], "via": [group]}
            self._s.connection.execute(_staff.insert().values(values))
        else:
            via = [*(row.via or ()), group]
            self._s.connection.execute(update(_staff).where(_staff.c.id == row.id).values(via=via))

    def _leaves(self, group: str, row: "Row[Any]") -> None:
        via = [one for one in row.via if one != group]
        if via or row.roles:
            self._s.connection.execute(update(_staff).where(_staff.c.id == row.id).values(via=via or None))
        else:
            self._s.connection.execute(delete(_staff).where(_staff.c.id == row.id))

    def _members(self) -> Members:
        """Who is known to be in each user group, in whatever team."""
        found: dict[str, dict[str, str]] = {}
        for row in self._s.connection.execute(select(_staff).where(_staff.c.via.is_not(None))):
            for group in row.via:
                found.setdefault(group, {})[row.account] = row.name or ""
        return found

    def _add(self, team: Team, source: str, known: Members) -> None:
        made = _teams.insert().values(_values(team, source)).returning(_teams.c.id)
        self._people(self._s.connection.execute(made).scalar_one(), team, known)

    def _people(self, id: int, team: Team, known: Members) -> None:
        """Who is listed, and whoever is known to be in the listed groups: nobody loses a role until it is looked."""
        people = {person.account: (person.name, list(person.roles)) for person in team.listed}
        via: dict[str, list[str]] = {}
        for group in team.groups:
            for account, name in known.get(group.account, {}).items():
                people.setdefault(account, (name, []))
                via.setdefault(account, []).append(group.account)
        rows = [
            {"team_id": id, "account": account, "name": name, "roles": roles, "via": via.get(account)}
            for account, (name, roles) in people.items()
        ]
        if rows:
            self._s.connection.execute(_staff.insert(), rows)


def _values(team: Team, source: str) -> dict[str, object]:
    return {
        "name": team.name, "zone": team.zone, "channels": list(team.channels),
        "workspaces": list(team.workspaces), "source": source,
        "alert_channel": team.alert_channel, "leads_channel": team.leads_channel, "language": team.language,
        "rota": _kept(team.rota), "hours": week_kept(team.hours),
    }  # fmt: skip


def _team(row: "Row[Any]", people: "Iterable[Row[Any]]") -> Team:
    """A person's roles are those given by name, then those of each group."""
    listed = list(people)
    given = {one.account: tuple(Role(role) for role in one.roles) for one in listed}
    groups = tuple(Staff(p.account, p.name or "", given[p.account]) for p in listed if is_group(p.account))
    staff = [_person(p, given) for p in listed if not is_group(p.account)]
    return Team(
        row.name, row.zone, tuple(row.channels), tuple(staff), tuple(row.workspaces),
        row.alert_channel, row.leads_channel, row.language, _rota(row.rota), groups, week_of(row.hours),
    )  # fmt: skip


def _person(row: "Row[Any]", given: Mapping[str, tuple[Role, ...]]) -> Staff:
    own = given[row.account]
    brought = dict.fromkeys(role for group in row.via or () for role in given.get(group, ()) if role not in own)
    return Staff(row.account, row.name or "", (*own, *brought), tuple(brought))


def _kept(rota: Rota | None) -> dict[str, object] | None:
    if rota is None:
        return None
    return {
        "zone": rota.zone,
        "members": list(rota.members),
        "starts_on": rota.starts_on.isoformat(),
        "handover": rota.handover.isoformat("minutes"),
        "days": rota.days,
    }


def _rota(kept: Mapping[str, Any] | None) -> Rota | None:
    if kept is None:
        return None
    starts_on, handover = date.fromisoformat(kept["starts_on"]), time.fromisoformat(kept["handover"])
    return Rota(kept["zone"], tuple(kept["members"]), starts_on, handover, kept["days"])
