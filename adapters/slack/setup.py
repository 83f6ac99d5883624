"""The form that sets a team up: what it asks, and what it starts with."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import time
from typing import Any, Final

from adapters.commands import COMMAND
from adapters.slack.views import View, choice, field, modal, option, text
from adapters.wording import say
from adapters.wording.card import Button, Style
from bot.domain.model import Role, Team, Week

SETUP: Final = "setup"
"""The form, and the action of the button that opens it."""
HOME: Final = "home"
PEOPLE: Final = {
    "supervisors": Role.SUPERVISOR, "leads": Role.LEAD, "deciders": Role.DECISION_MAKER, "care": Role.HR_CARE,
    "agents": Role.AGENT,
}  # fmt: skip
"""Fields of people and the role that each gives; other roles of a person stay as they are."""
TURNS: Final = {"weekly": 7, "daily": 1, "none": 0}
"""Days of a turn."""
GROUPS: Final = 100
"""Entries of one list."""
DAY: Final = (time(9), time(18))


@dataclass(frozen=True, slots=True)
class Start:
    """What the form begins with: `team` None for a new one; `groups` are the workspace's user groups, id and name."""

    workspace: str
    team: Team | None
    zone: str
    week: Week
    """The pack's hours."""
    groups: tuple[tuple[str, str], ...] = ()
    name: str = ""
    command: str = COMMAND


def seen(team: Team) -> str:
    """What a form keeps of the team that it was opened with: it changes with everything that somebody lists."""
    return hashlib.sha256(repr(replace(team, staff=team.listed)).encode()).hexdigest()[:16]


def setup_button(language: str) -> Button:
    return Button(SETUP, HOME, say(language, "slack.setup_open"), Style.PRIMARY)


def setup_view(language: str, start: Start) -> View:
    """One form: where to listen, where to say it, whom to call, when the desk is open."""
    team = start.team
    here = f"slack:{start.workspace}:"

    def asked(key: str, element: View, *, optional: bool = True, hint: str = "") -> View:
        return field(key, language, say(language, f"slack.setup_{key}"), element, optional=optional, hint=hint)

    told = {"team": team.name} if team else {"command": start.command}
    named = [] if team else [asked("name", _line(start.name or say(language, "slack.setup_default")), optional=False)]
    blocks = [
        text(say(language, "slack.setup_again" if team else "slack.setup_text", **told)),
        *named,
        asked("channels", _channels(_ids(here, team.channels if team else ())), optional=False,
              hint="slack.setup_channels_hint"),
        asked("alert", _channel(_id(here, team.alert_channel if team else "")), optional=False,
              hint="slack.setup_alert_hint"),
        asked("leads_channel", _channel(_id(here, team.leads_channel if team else "")),
              hint="slack.setup_leads_channel_hint"),
        asked("supervisors", _users(_holders(here, team, Role.SUPERVISOR)), optional=False,
              hint="slack.setup_supervisors_hint"),
        asked("turns", _turns(language, team), optional=False),
        *(asked(key, _users(_holders(here, team, role)), hint=f"slack.setup_{key}_hint")
          for key, role in PEOPLE.items() if key != "supervisors"),
        *_groups(language, start, asked),
        asked("zone", _line(start.zone), optional=False, hint="slack.setup_zone_hint"),
        *_hours(language, start, asked),
    ]  # fmt: skip
    kept = json.dumps({"team": team.name, "seen": seen(team)} if team else {}, ensure_ascii=False)
    return modal(SETUP, language, "slack.setup", blocks, kept, "slack.setup_submit")


def _hours(language: str, start: Start, asked: Any) -> list[View]:
    """Preset where all open days have the same one span; else left empty, which changes nothing."""
    week = (start.team.hours if start.team else ()) or start.week
    spans = {span for day in week for span in day}
    single = len(spans) == 1 and all(len(day) < 2 for day in week)
    opens, closes = DAY if not week else (next(iter(spans)).opens, next(iter(spans)).closes) if single else (None, None)
    days = [option(str(day), say(language, f"slack.setup_day_{day}")) for day in range(7)]
    open_days = [days[number] for number in range(7) if single and week[number]] or (days[:5] if not week else [])
    ticked = {"type": "checkboxes", "options": days} | ({"initial_options": open_days} if open_days else {})
    return [asked("days", ticked, hint="slack.setup_days_hint"), asked("opens", _clock(opens)),
            asked("closes", _clock(closes))]  # fmt: skip


def _groups(language: str, start: Start, asked: Any) -> list[View]:
    """What the team lists already is offered first, also where Slack does not tell of it now."""
    here = f"slack:{start.workspace}:group:"
    listed = [one for one in start.team.groups if one.account.startswith(here)] if start.team else []
    names = {one.account.removeprefix(here): one.name or one.account for one in listed} | dict(start.groups)
    options = [option(id, name) for id, name in list(names.items())[:GROUPS]]
    if not options:
        return []
    agents = [one.account.removeprefix(here) for one in listed if Role.AGENT in one.roles]
    preset = [one for one in options if one["value"] in agents]
    element = {"type": "multi_static_select", "options": options} | ({"initial_options": preset} if preset else {})
    return [asked("groups", element, hint="slack.setup_groups_hint")]


def _turns(language: str, team: Team | None) -> View:
    """A rota of other turns than those that the form knows can stay as it is."""
    days = 7 if team is None else team.rota.days if team.rota else 0
    options = [option(str(n), say(language, f"slack.setup_turns_{key}")) for key, n in TURNS.items()]
    if days not in TURNS.values():
        options.append(option(str(days), say(language, "slack.setup_turns_other", days=days)))
    return choice(options, str(days))


def _holders(here: str, team: Team | None, role: Role) -> list[str]:
    """Who has the role by name; those who take turns in their order."""
    if team is None:
        return []
    held = [one.account for one in team.staff if role in one.own]
    order = team.rota.members if team.rota and role is Role.SUPERVISOR else ()
    return _ids(here, [*(one for one in order if one in held), *(one for one in held if one not in order)])


def _ids(here: str, accounts: Iterable[str]) -> list[str]:
    return [account.removeprefix(here) for account in accounts if account.startswith(here)]


def _id(here: str, account: str) -> str:
    return account.removeprefix(here) if account.startswith(here) else ""


def _line(start: str) -> View:
    return {"type": "plain_text_input", "max_length": 100} | ({"initial_value": start} if start else {})


def _channels(ids: Sequence[str]) -> View:
    element: View = {"type": "multi_conversations_select", "filter": {"include": ["public", "private"]}}
    return element | ({"initial_conversations": list(ids)} if ids else {})


def _channel(id: str) -> View:
    """A channel of our own: shared ones are not offered."""
    ours = {"include": ["public", "private"], "exclude_external_shared_channels": True}
    return {"type": "conversations_select", "filter": ours} | ({"initial_conversation": id} if id else {})


def _users(ids: Sequence[str]) -> View:
    return {"type": "multi_users_select"} | ({"initial_users": list(ids)} if ids else {})


def _clock(at: time | None) -> View:
    element: View = {"type": "timepicker"}
    return element | ({"initial_time": "00:00" if at == time.max else f"{at:%H:%M}"} if at is not None else {})
