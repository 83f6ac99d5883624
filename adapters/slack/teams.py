"""The team that a filled-in set-up form says, over what it was before; what the form does not ask about stays."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from adapters.slack.setup import PEOPLE, TURNS, Start
from bot.domain.access import DUTY
from bot.domain.model import Hours, Role, Rota, Staff, Team, Week

HANDOVER: Final = time(9)
NAME: Final = 50
"""Characters of a team's name."""
AT: Final = {
    "setup.name": "name", "setup.channel_taken": "channels", "setup.own_channel": "alert",
    "setup.nobody": "supervisors", "setup.rota": "supervisors",
}  # fmt: skip
"""Where in the form a refusal of the core stands."""


@dataclass(frozen=True, slots=True)
class Filled:
    """The team, and what is wrong: field → key of words."""

    team: Team
    errors: Mapping[str, str]


def named_in(view: Mapping[str, Any]) -> tuple[str, str]:
    """The team that this form is about ("" for a new one), and what `setup.seen` said of it. ValueError for a form that
    is not ours."""
    kept = json.loads(view.get("private_metadata") or "{}")
    if not isinstance(kept, dict):
        raise ValueError(view.get("callback_id"))
    return str(kept.get("team") or ""), str(kept.get("seen") or "")


def filled(view: Mapping[str, Any], start: Start, now: datetime) -> Filled:
    """The team as it was filled in, over what it was before. What the form does not ask about stays."""
    said, errors = _said(view), dict[str, str]()
    before = start.team or Team(" ".join(_one(said, "name").split()), start.zone, (), ())
    here = f"slack:{start.workspace}:"
    zone = _one(said, "zone").strip()
    if not _is_zone(zone):
        errors["zone"], zone = "setup_bad_zone", start.zone
    if not 0 < len(before.name) <= NAME:
        errors["name"] = "setup_bad_name"
    channels = tuple(here + id for id in said.get("channels", ()))
    alert, leads = (here + id if id else "" for id in (_one(said, "alert"), _one(said, "leads_channel")))
    errors |= {key: "setup_watched" for key, own in (("alert", alert), ("leads_channel", leads)) if own in channels}
    week, staff = _week(said, before.hours, start.week, errors), _staff(here, before, said)
    turns = _turns(before, staff, tuple(here + id for id in said.get("supervisors", ())))
    rota = _rota(before, turns, _days(before, _one(said, "turns")), zone, now)
    team = replace(
        before, zone=zone, channels=_with_others(here, before.channels, channels), alert_channel=alert,
        leads_channel=leads or _elsewhere(here, before.leads_channel), staff=staff, rota=rota,
        groups=_roles_of_groups(here, before, said.get("groups")), hours=() if week == start.week else week,
        workspaces=tuple(dict.fromkeys((*before.workspaces, here.rstrip(":")))),
    )  # fmt: skip
    return Filled(team, errors)


def chosen(view: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """Everybody who was chosen: field and user id."""
    said = _said(view)
    return [(key, id) for key in PEOPLE for id in said.get(key, ())]


def _staff(here: str, before: Team, said: Mapping[str, Sequence[str]]) -> tuple[Staff, ...]:
    """Roles that the form gives are as it says, for people of this workspace; all other roles and people stay."""
    given = frozenset(PEOPLE.values())
    kept = {one.account: one for one in before.staff}
    found: list[Staff] = []
    picked = [here + id for key in PEOPLE for id in said.get(key, ())]
    for account in dict.fromkeys((*kept, *picked)):
        old = kept.get(account, Staff(account, "", ()))
        now = {role for key, role in PEOPLE.items() if account.removeprefix(here) in said.get(key, ())}
        stays = [r for r in old.own if r in now or r not in given or not account.startswith(here)]
        roles = tuple(dict.fromkeys((*stays, *(role for role in PEOPLE.values() if role in now))))
        if roles:
            found.append(Staff(account, old.name, roles))
    return tuple(found)


def _roles_of_groups(here: str, before: Team, chosen: Sequence[str] | None) -> tuple[Staff, ...]:
    """The form says of which groups all members are agents; what else a group gives stays. None: it did not ask."""
    if chosen is None:
        return before.groups
    names = {one.account: one for one in before.groups}
    wanted = [f"{here}group:{id}" for id in chosen]
    found: list[Staff] = []
    for account in dict.fromkeys((*names, *wanted)):
        held = names[account].roles if account in names else ()
        ours = account.startswith(here)
        stays = tuple(role for role in held if role is not Role.AGENT or not ours or account in wanted)
        roles = (*stays, Role.AGENT) if account in wanted and Role.AGENT not in stays else stays
        if roles:
            found.append(Staff(account, names[account].name if account in names else "", roles))
    return tuple(found)


def _days(before: Team, said: str) -> int:
    """Of a turn; ValueError for what the form did not offer."""
    days = int(said or 7)
    if days not in (*TURNS.values(), before.rota.days if before.rota else 7):
        raise ValueError(said)
    return days


def _turns(before: Team, staff: Sequence[Staff], chosen: tuple[str, ...]) -> tuple[str, ...]:
    """Who takes turns: the supervisors in the order in which they were chosen, and others of the rota who still may."""
    able = {one.account for one in staff if set(one.roles) & DUTY}
    supervised = {one.account for one in before.staff if Role.SUPERVISOR in one.own}
    rota = before.rota.members if before.rota else ()
    stays = [one for one in rota if one in chosen or (one in able and one not in supervised)]
    if [one for one in stays if one in chosen] == [one for one in chosen if one in stays]:
        return tuple(dict.fromkeys((*stays, *chosen)))
    return tuple(dict.fromkeys((*chosen, *stays)))


def _rota(before: Team, members: tuple[str, ...], days: int, zone: str, now: datetime) -> Rota | None:
    """The rota as it was while nothing of it changed; else one whose first turn has begun already."""
    old = before.rota
    if not days or not members:
        return None
    if old is not None and (old.members, old.days) == (members, days):
        return replace(old, zone=zone if old.zone == before.zone else old.zone)
    handover = old.handover if old else HANDOVER
    local = now.astimezone(ZoneInfo(zone))
    begun = local.date() if local.time() >= handover else local.date() - timedelta(days=1)
    monday = begun - timedelta(days=begun.weekday())
    return Rota(zone, members, monday if days == TURNS["weekly"] else begun, handover, days)


def _week(said: Mapping[str, Sequence[str]], before: Week, pack: Week, errors: dict[str, str]) -> Week:
    """One span on the ticked days; nothing filled in: as it was."""
    days, opens, closes = said.get("days", ()), _one(said, "opens"), _one(said, "closes")
    if not (days or opens or closes):
        return before or pack
    if not (days and opens and closes):
        errors["days" if not days else "opens" if not opens else "closes"] = "setup_hours_half"
        return before or pack
    span = Hours(time.fromisoformat(opens), time.max if closes == "00:00" else time.fromisoformat(closes))
    if span.opens >= span.closes:
        errors["closes"] = "setup_hours_order"
    return tuple((span,) if str(day) in days else () for day in range(7))


def _with_others(here: str, before: Sequence[str], now: Sequence[str]) -> tuple[str, ...]:
    """What stands on other platforms and in other workspaces stays."""
    return (*now, *(one for one in before if not one.startswith(here)))


def _elsewhere(here: str, channel: str) -> str:
    return "" if channel.startswith(here) else channel


def _is_zone(zone: str) -> bool:
    try:
        return bool(zone) and bool(ZoneInfo(zone).key)
    except (ValueError, OSError, KeyError):
        return False


def _one(said: Mapping[str, Sequence[str]], key: str) -> str:
    return next(iter(said.get(key, ())), "")


def _said(view: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Every field with all that was chosen in it."""
    found: dict[str, tuple[str, ...]] = {}
    for block in ((view.get("state") or {}).get("values") or {}).values():
        for key, element in block.items():
            many = element.get("selected_conversations") or element.get("selected_users")
            options = element.get("selected_options") or [element.get("selected_option") or {}]
            one = element.get("value") or element.get("selected_conversation") or element.get("selected_time")
            values = many or ([one] if one else [option.get("value") for option in options])
            found[key] = tuple(str(value) for value in dict.fromkeys(values) if value)
    return found
