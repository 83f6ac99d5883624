"""Teams and staff on rows; each team keeps the source that it came from."""

from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any, Final

from sqlalchemy import delete, select

from bot.domain.model import Role, Rota, Staff, Team
from storage.epochs import move
from storage.session import Session
from storage.tables import StaffRow, TeamRow, table_of

_teams: Final = table_of(TeamRow)
_staff: Final = table_of(StaffRow)


class Teams:
    """ports.Teams on rows."""

    def __init__(self, session: Session) -> None:
        self._s = session

    def all(self) -> tuple[Team, ...]:
        people: dict[int, list[Staff]] = {}
        for row in self._s.connection.execute(select(_staff).order_by(_staff.c.id)):
            roles = tuple(Role(role) for role in row.roles)
            people.setdefault(row.team_id, []).append(Staff(row.account, row.name or "", roles))
        rows = self._s.connection.execute(select(_teams).order_by(_teams.c.id))
        return tuple(
            Team(
                r.name, r.zone, tuple(r.channels), tuple(people.get(r.id, ())), tuple(r.workspaces),
                r.alert_channel, r.leads_channel, r.language, _rota(r.rota),
            )
            for r in rows
        )  # fmt: skip

    def apply(self, teams: Sequence[Team], source: str) -> None:
        names = [team.name for team in teams]
        old = select(_teams.c.id).where((_teams.c.source == source) | _teams.c.name.in_(names))
        gone = list(self._s.connection.scalars(old))
        self._s.connection.execute(delete(_staff).where(_staff.c.team_id.in_(gone)))
        self._s.connection.execute(delete(_teams).where(_teams.c.id.in_(gone)))
        for team in teams:
            self._add(team, source)
        move(self._s)

    def _add(self, team: Team, source: str) -> None:
        values = {
            "name": team.name, "zone": team.zone, "channels": list(team.channels),
            "workspaces": list(team.workspaces), "source": source,
            "alert_channel": team.alert_channel, "leads_channel": team.leads_channel, "language": team.language,
            "rota": _kept(team.rota),
        }  # fmt: skip
        id = self._s.connection.scalar(_teams.insert().values(values).returning(_teams.c.id))
        for person in team.staff:
            row = {"team_id": id, "account": person.account, "name": person.name, "roles": list(person.roles)}
            self._s.connection.execute(_staff.insert().values(row))


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
