"""team.toml: who belongs to which support team and in what role, and what applying it would change."""

import re
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources.abc import Traversable
from typing import Final

from adapters.places import Table, read, shown
from bot.domain.errors import BadInput
from bot.domain.model import Platform, Role, Staff, Team

_MAIL: Final = re.compile(r"[^@\s:;,]+@[^@\s:;,]+\.[^@\s:;,]+")
_ID: Final = re.compile(r"[^\s:;#@][^\s:;]*")
CHATS: Final = tuple(platform.value for platform in Platform if platform is not Platform.EMAIL)
_ROLES: Final = tuple(role.value for role in Role)


class ChangeKind(StrEnum):
    """What may differ between the rows and a file; the name of the sentence under [change]."""

    TEAM_ADDED = "team_added"
    TEAM_REMOVED = "team_removed"
    ZONE_CHANGED = "zone_changed"
    WORKSPACE_ADDED = "workspace_added"
    WORKSPACE_REMOVED = "workspace_removed"
    CHANNEL_ADDED = "channel_added"
    CHANNEL_REMOVED = "channel_removed"
    PERSON_ADDED = "person_added"
    PERSON_REMOVED = "person_removed"
    PERSON_RENAMED = "person_renamed"
    ROLE_ADDED = "role_added"
    ROLE_REMOVED = "role_removed"
    NO_STAFF = "no_staff"
    NO_CHANNELS = "no_channels"


@dataclass(frozen=True, slots=True)
class Change:
    """One fact to show before a file is applied; what a kind has no use for is empty."""

    kind: ChangeKind
    team: str
    subject: str = ""
    """A channel, a workspace or an account."""
    name: str = ""
    before: str = ""
    after: str = ""


def load(path: Traversable) -> tuple[Team, ...]:
    """The teams of a file; raises BadInput with every mistake. A team without staff or channels is allowed."""
    document = read(path)
    faults = list(document.faults)
    root = Table(document, faults)
    entries = root.tables("team", required=True)
    root.done()
    owners: dict[str, str] = {}
    teams: dict[str, Team] = {}
    for entry in entries:
        team = _team(entry, owners)
        if team.name and team.name in teams:
            entry.fault("team_twice", "name", value=team.name)
        teams[team.name] = team
    if faults:
        raise BadInput(tuple(sorted(faults, key=lambda fault: fault.line)))
    return tuple(teams.values())


def warnings(teams: tuple[Team, ...]) -> tuple[Change, ...]:
    """What is allowed and probably not meant: nobody to answer, nothing to watch."""
    found: list[Change] = []
    for team in teams:
        if not team.staff:
            found.append(Change(ChangeKind.NO_STAFF, team.name))
        if not team.channels:
            found.append(Change(ChangeKind.NO_CHANNELS, team.name))
    return tuple(found)


def difference(old: tuple[Team, ...], new: tuple[Team, ...]) -> tuple[Change, ...]:
    """What applying `new` over `old` changes, removals first; teams are the same by name, people by account."""
    before, after = {team.name: team for team in old}, {team.name: team for team in new}
    found = [Change(ChangeKind.TEAM_REMOVED, team.name) for team in old if team.name not in after]
    for team in new:
        if team.name in before:
            found += _changes(before[team.name], team)
        else:
            found.append(Change(ChangeKind.TEAM_ADDED, team.name, after=team.zone))
            found += _changes(Team(team.name, team.zone, (), ()), team)
    return tuple(found)


def is_account(text: str) -> bool:
    """`platform:workspace:id`, or `email::address`."""
    platform, _, rest = text.partition(":")
    if platform == Platform.EMAIL:
        return rest.startswith(":") and bool(_MAIL.fullmatch(rest[1:]))
    return _is_chat_place(text, 3)


def is_channel(text: str) -> bool:
    """`platform:workspace:channel`."""
    return _is_chat_place(text, 3)


def is_workspace(text: str) -> bool:
    """`platform:workspace`."""
    return _is_chat_place(text, 2)


def _is_chat_place(text: str, parts: int) -> bool:
    platform, *ids = text.split(":")
    return platform in CHATS and len(ids) == parts - 1 and all(_ID.fullmatch(one) for one in ids)


def _team(entry: Table, owners: dict[str, str]) -> Team:
    """One team; `owners` says which team has already claimed a channel."""
    name, zone = entry.text("name"), entry.zone("zone")
    channels, workspaces = entry.listed("channels"), entry.listed("workspaces")
    for index, channel in channels:
        if not is_channel(channel):
            entry.fault("bad_channel", "channels", index, value=shown(channel), allowed=", ".join(CHATS))
        elif channel in owners:
            entry.fault("channel_in_two", "channels", index, value=channel, team=owners[channel])
        owners.setdefault(channel, name)
    for index, workspace in workspaces:
        if not is_workspace(workspace):
            entry.fault("bad_workspace", "workspaces", index, value=shown(workspace), allowed=", ".join(CHATS))
    staff: dict[str, Staff] = {}
    for inner in entry.tables("staff"):
        person = _person(inner)
        if person.account in staff:
            inner.fault("person_twice", "account", value=person.account, team=name)
        elif person.account:
            staff[person.account] = person
    entry.done()
    return Team(
        name=name,
        zone=zone,
        channels=tuple(channel for _, channel in channels),
        staff=tuple(staff.values()),
        workspaces=tuple(workspace for _, workspace in workspaces),
    )


def _person(entry: Table) -> Staff:
    account, name = entry.text("account"), entry.text("name")
    if account and not is_account(account):
        entry.fault("bad_account", "account", value=shown(account), allowed=", ".join(Platform))
    roles: list[Role] = []
    for index, role in entry.listed("roles", required=True):
        if role in _ROLES:
            roles.append(Role(role))
        else:
            entry.mistaken("not_one_of", role, _ROLES, "roles", index)
    entry.done()
    return Staff(account, name, tuple(roles))


def _changes(old: Team, new: Team) -> list[Change]:
    found: list[Change] = []
    if old.zone != new.zone:
        found.append(Change(ChangeKind.ZONE_CHANGED, new.name, before=old.zone, after=new.zone))
    for before, after, removed, added in (
        (old.workspaces, new.workspaces, ChangeKind.WORKSPACE_REMOVED, ChangeKind.WORKSPACE_ADDED),
        (old.channels, new.channels, ChangeKind.CHANNEL_REMOVED, ChangeKind.CHANNEL_ADDED),
    ):
        found += [Change(removed, new.name, one) for one in before if one not in after]
        found += [Change(added, new.name, one) for one in after if one not in before]
    were, are = {one.account: one for one in old.staff}, {one.account: one for one in new.staff}
    for person in old.staff:
        if person.account not in are:
            found.append(Change(ChangeKind.PERSON_REMOVED, new.name, person.account, person.name))
    for person in new.staff:
        if person.account in were:
            found += _person_changes(new.name, were[person.account], person)
        else:
            roles = ", ".join(person.roles)
            found.append(Change(ChangeKind.PERSON_ADDED, new.name, person.account, person.name, after=roles))
    return found


def _person_changes(team: str, old: Staff, new: Staff) -> list[Change]:
    found: list[Change] = []
    if old.name != new.name:
        found.append(Change(ChangeKind.PERSON_RENAMED, team, new.account, new.name, before=old.name, after=new.name))
    for role in old.roles:
        if role not in new.roles:
            found.append(Change(ChangeKind.ROLE_REMOVED, team, new.account, new.name, before=role))
    for role in new.roles:
        if role not in old.roles:
            found.append(Change(ChangeKind.ROLE_ADDED, team, new.account, new.name, after=role))
    return found
