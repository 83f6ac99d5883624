"""[team.rota]: who takes turns, from when and for how long; every mistake with its line."""

from collections.abc import Mapping
from datetime import date, time
from typing import Final

from adapters.places import Table, shown
from bot.domain.model import Role, Rota, Staff

RIGHTS: Final = (Role.SUPERVISOR, Role.LEAD, Role.DECISION_MAKER)
"""One of these a person needs to be on call."""

_FIRST_DAY: Final = date(2000, 1, 1)
_LAST_DAY: Final = date(2100, 12, 31)
"""Far enough from both ends of the calendar that no turn ever leaves it."""


def read_rota(team: Table, zone: str, staff: Mapping[str, Staff]) -> Rota | None:
    """The rota of a team, None if it has none; `zone` is the team's, `staff` its people by account."""
    entry = team.table("rota", required=False)
    if entry is None:
        return None
    own_zone = entry.zone("zone", zone)
    members = entry.listed("members", required=True)
    for index, account in members:
        _check_member(entry, index, account, staff)
    starts_on = entry.day("starts_on", _FIRST_DAY, _LAST_DAY)
    handover, days = entry.time_of_day("handover", time(9)), entry.integer("days", 1, 366, 7)
    entry.done()
    return Rota(own_zone, tuple(account for _, account in members), starts_on, handover, days)


def _check_member(entry: Table, index: int, account: str, staff: Mapping[str, Staff]) -> None:
    person = staff.get(account)
    if person is None:
        # Where lines could not be read, the person may stand in one of them.
        if entry.whole:
            entry.fault("rota_not_staff", "members", index, value=shown(account), allowed=", ".join(RIGHTS))
    # No role at all is a mistake of its own, said at the person.
    elif person.roles and not set(person.roles) & set(RIGHTS):
        entry.fault("rota_no_right", "members", index, value=account, name=person.name, allowed=", ".join(RIGHTS))
