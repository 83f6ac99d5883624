"""The teams of a file: their channels and people, and every mistake with its line."""

from collections.abc import Mapping
from importlib.resources.abc import Traversable
from typing import Final

from adapters.pack.hours import read_week
from adapters.places import Table, read, shown
from adapters.team.forms import CHATS, is_account, is_channel, is_user_group, is_workspace
from adapters.team.rota import read_rota
from bot.domain.errors import BadInput
from bot.domain.model import Platform, Role, Staff, Team, is_group

LANGUAGES: Final = ("ja", "en")
"""What a team may be written to in; the first where it does not say."""

_ROLES: Final = tuple(role.value for role in Role)


def load(path: Traversable) -> tuple[Team, ...]:
    """The teams of a file; raises BadInput with every mistake. A team without staff or channels is allowed."""
    document = read(path)
    faults = list(document.faults)
    root = Table(document, faults)
    entries = root.tables("team", required=True)
    root.done()
    owners: dict[str, str] = {}
    teams = [_team(entry, owners) for entry in entries]
    names: set[str] = set()
    for entry, team in zip(entries, teams, strict=True):
        if team.name and team.name in names:
            entry.fault("team_twice", "name", value=team.name)
        names.add(team.name)
        _keep_apart(entry, team, owners)
    if faults:
        raise BadInput(tuple(sorted(faults, key=lambda fault: fault.line)))
    return tuple(teams)


def _team(entry: Table, owners: dict[str, str]) -> Team:
    """One team; `owners` says which team has already claimed a channel."""
    name, zone = entry.text("name"), entry.zone("zone")
    channels, workspaces = entry.listed("channels"), entry.listed("workspaces")
    for index, channel in channels:
        if _is_written_right(entry, channel, "channels", index) and channel in owners:
            entry.fault("channel_in_two", "channels", index, value=channel, team=owners[channel])
        owners.setdefault(channel, name)
    for index, workspace in workspaces:
        if not is_workspace(workspace):
            entry.fault("bad_workspace", "workspaces", index, value=shown(workspace), allowed=", ".join(CHATS))
    alert, leads = entry.text("alert_channel", ""), entry.text("leads_channel", "")
    language = entry.choice("language", LANGUAGES, LANGUAGES[0])
    staff = _staff(entry, name)
    rota = read_rota(entry, zone, {account: one for account, one in staff.items() if not is_group(account)})
    hours = read_week(entry.table("hours", required=False))
    entry.done()
    return Team(
        name=name,
        zone=zone,
        channels=tuple(channel for _, channel in channels),
        staff=tuple(one for account, one in staff.items() if not is_group(account)),
        workspaces=tuple(workspace for _, workspace in workspaces),
        alert_channel=alert,
        leads_channel=leads,
        language=language,
        rota=rota,
        groups=tuple(one for account, one in staff.items() if is_group(account)),
        hours=hours,
    )


def _is_written_right(entry: Table, channel: str, *at: str | int) -> bool:
    right = is_channel(channel)
    if not right:
        entry.fault("bad_channel", *at, value=shown(channel), allowed=", ".join(CHATS))
    return right


def _keep_apart(entry: Table, team: Team, owners: Mapping[str, str]) -> None:
    """Our own channels are none that any team watches: customers would read what is said about them."""
    for key, channel in (("alert_channel", team.alert_channel), ("leads_channel", team.leads_channel)):
        if channel and _is_written_right(entry, channel, key) and channel in owners:
            entry.fault("own_channel_watched", key, name=key, value=channel, team=owners[channel])


def _staff(entry: Table, team: str) -> dict[str, Staff]:
    staff: dict[str, Staff] = {}
    for inner in entry.tables("staff"):
        person = _person(inner)
        if person.account in staff:
            inner.fault("person_twice", "account", value=person.account, team=team)
        elif person.account:
            staff[person.account] = person
    return staff


def _person(entry: Table) -> Staff:
    account, name = entry.text("account"), entry.text("name")
    if account and not (is_account(account) or is_user_group(account)):
        entry.fault("bad_account", "account", value=shown(account), allowed=", ".join(Platform))
    roles: list[Role] = []
    for index, role in entry.listed("roles", required=True):
        if role in _ROLES:
            roles.append(Role(role))
        else:
            entry.mistaken("not_one_of", role, _ROLES, "roles", index)
    entry.done()
    return Staff(account, name, tuple(roles))
