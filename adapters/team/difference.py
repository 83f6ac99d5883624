"""What applying a team file would change in the rows, and what in it is allowed and probably not meant."""

from dataclasses import dataclass
from datetime import time
from enum import StrEnum

from bot.domain.access import DUTY
from bot.domain.model import Rota, Staff, Team, Week


class ChangeKind(StrEnum):
    """What may differ between the rows and a file; the name of the sentence under [change]."""

    TEAM_ADDED = "team_added"
    TEAM_REMOVED = "team_removed"
    ZONE_CHANGED = "zone_changed"
    LANGUAGE_CHANGED = "language_changed"
    HOURS_CHANGED = "hours_changed"
    ALERT_CHANNEL_ADDED = "alert_channel_added"
    ALERT_CHANNEL_CHANGED = "alert_channel_changed"
    ALERT_CHANNEL_REMOVED = "alert_channel_removed"
    LEADS_CHANNEL_ADDED = "leads_channel_added"
    LEADS_CHANNEL_CHANGED = "leads_channel_changed"
    LEADS_CHANNEL_REMOVED = "leads_channel_removed"
    WORKSPACE_ADDED = "workspace_added"
    WORKSPACE_REMOVED = "workspace_removed"
    CHANNEL_ADDED = "channel_added"
    CHANNEL_REMOVED = "channel_removed"
    PERSON_ADDED = "person_added"
    PERSON_REMOVED = "person_removed"
    PERSON_RENAMED = "person_renamed"
    ROLE_ADDED = "role_added"
    ROLE_REMOVED = "role_removed"
    ROTA_ADDED = "rota_added"
    ROTA_CHANGED = "rota_changed"
    ROTA_REMOVED = "rota_removed"
    NO_STAFF = "no_staff"
    NOBODY_TO_CALL = "nobody_to_call"
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


def warnings(teams: tuple[Team, ...]) -> tuple[Change, ...]:
    """What is allowed and probably not meant: nobody to answer, nothing to watch."""
    found: list[Change] = []
    for team in teams:
        if not team.listed:
            found.append(Change(ChangeKind.NO_STAFF, team.name))
        elif team.rota is None and not any(set(person.roles) & DUTY for person in team.listed):
            found.append(Change(ChangeKind.NOBODY_TO_CALL, team.name))
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
            found += _changes(Team(team.name, team.zone, (), (), language=team.language), team)
    return tuple(found)


def _changes(old: Team, new: Team) -> list[Change]:
    found: list[Change] = []
    if old.zone != new.zone:
        found.append(Change(ChangeKind.ZONE_CHANGED, new.name, before=old.zone, after=new.zone))
    if old.language != new.language:
        found.append(Change(ChangeKind.LANGUAGE_CHANGED, new.name, before=old.language, after=new.language))
    if old.hours != new.hours:
        spans = {"before": hours_line(old.hours), "after": hours_line(new.hours)}
        found.append(Change(ChangeKind.HOURS_CHANGED, new.name, **spans))
    found += _single("alert_channel", new.name, old.alert_channel, new.alert_channel)
    found += _single("leads_channel", new.name, old.leads_channel, new.leads_channel)
    for before, after, removed, added in (
        (old.workspaces, new.workspaces, ChangeKind.WORKSPACE_REMOVED, ChangeKind.WORKSPACE_ADDED),
        (old.channels, new.channels, ChangeKind.CHANNEL_REMOVED, ChangeKind.CHANNEL_ADDED),
    ):
        found += [Change(removed, new.name, one) for one in before if one not in after]
        found += [Change(added, new.name, one) for one in after if one not in before]
    found += _staff_changes(old, new)
    found += _rota_changes(old, new)
    return found


def hours_line(week: Week) -> str:
    """Spans of the days from Monday on, days parted by " / "; "—" for the pack's hours, "" for a closed day."""
    days = (", ".join(f"{span.opens:%H:%M}-{_closing(span.closes)}" for span in day) for day in week)
    return " / ".join(days) or "—"


def _closing(at: time) -> str:
    return "24:00" if at == time.max else f"{at:%H:%M}"


def _single(what: str, team: str, before: str, after: str) -> list[Change]:
    """The change of what a team has one of or none: `what`_added, _changed or _removed."""
    if before == after:
        return []
    happened = "changed" if before and after else "removed" if before else "added"
    return [Change(ChangeKind(f"{what}_{happened}"), team, before=before, after=after)]


def _staff_changes(old: Team, new: Team) -> list[Change]:
    found: list[Change] = []
    were, are = {one.account: one for one in old.listed}, {one.account: one for one in new.listed}
    for person in old.listed:
        if person.account not in are:
            found.append(Change(ChangeKind.PERSON_REMOVED, new.name, person.account, person.name))
    for person in new.listed:
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


def _rota_changes(old: Team, new: Team) -> list[Change]:
    """A rota by what it says, so that a new name of a member is not a new rota."""
    if old.rota == new.rota:
        return []
    return _single("rota", new.name, _rota_line(old.rota, old.staff), _rota_line(new.rota, new.staff))


def _rota_line(rota: Rota | None, staff: tuple[Staff, ...]) -> str:
    """Members in their order / first hand-over with its zone / days of a turn; "" is none."""
    if rota is None:
        return ""
    names = {person.account: person.name for person in staff}
    members = ", ".join(f"{names.get(account, '?')} ({account})" for account in rota.members)
    return f"{members} / {rota.starts_on} {rota.handover:%H:%M} {rota.zone} / {rota.days}"
