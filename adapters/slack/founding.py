"""Setting a team up: who may, what the form starts with, and what is told afterwards; until then, what to press."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from slack_sdk.web.async_client import AsyncWebClient

from adapters.chat import Door
from adapters.commands import COMMAND, Asker
from adapters.slack.callers import Who
from adapters.slack.people import UNANSWERED, People
from adapters.slack.setup import HOME, SETUP, Start, seen, setup_button, setup_view
from adapters.slack.teams import AT, chosen, filled, named_in
from adapters.slack.telling import sentence
from adapters.slack.views import View, card_modal
from adapters.wording import Card, Section, Tone, say
from adapters.wording.card import Button, Style
from bot.domain.access import ADMIN, Facts, decide
from bot.domain.events import DrillWanted, TeamSetUp
from bot.domain.model import Role, Staff, Team
from bot.domain.roster import NOBODY, Roster

LOG: Final = logging.getLogger("kasuhara.slack")
SOURCE: Final = "slack"
DRILL: Final = "drill"
LOOKING: Final = 45.0
"""Seconds for the look at what is still missing, which asks Slack about every channel and person."""
GROUPED: Final = 2.0
"""Seconds for the list of user groups, without which the form opens as well."""
Examine = Callable[[str], Awaitable[Sequence[str]]]
"""The doctor's findings in a language, gravest first; handed over by wiring."""


class Founding:
    """For one workspace. The core decides who may, on the event; what is asked here spares people a form in vain."""

    def __init__(self, client: AsyncWebClient, people: People, door: Door, examine: Examine | None = None) -> None:
        self._client = client
        self._people = people
        self._door = door
        self._examine = examine
        self._founded = False

    async def waits(self, until: float) -> bool:
        """Whether there is no team at all yet."""
        if not self._founded:
            try:
                self._founded = bool((await self._door.roster(until)).teams)
            except Exception:  # what cannot be read now is told by whatever is done next
                return False
        return not self._founded

    def welcome(self, who: Who) -> Card:
        return welcome_card(who.language, admin=who.admin)

    async def form(self, who: Who, name: str = "") -> View:
        """The form, or a sentence for whoever may not."""
        roster = await self._door.roster()
        team = self._team(who, roster, name)
        if not self._may(who, roster, team):
            return card_modal(self._barred(who, roster), who.language)
        start = replace(self._start(who, team, await self._groups()), command=who.asker.command)
        return setup_view(who.language, replace(start, name=name))

    async def submit(self, view: Mapping[str, Any], who: Who, until: float) -> tuple[Team | None, dict[str, str]]:
        """The team that stands now; else None and what is wrong at which field, so that nothing chosen is lost."""
        first = next((str(b["block_id"]) for b in view.get("blocks") or () if b.get("type") == "input"), "channels")
        try:
            async with asyncio.timeout_at(until):
                over, team, errors = await self._read(view, who, first, until)
        except (ValueError, KeyError, TypeError):
            return None, {first: say(who.language, "slack.unknown_form")}
        except Exception as error:  # the rows could not be read
            return None, {first: sentence(self._door.trouble(error, who.language, "door.not_saved"))}
        if errors:
            return None, {key: say(who.language, f"slack.{word}") for key, word in errors.items()}
        event = TeamSetUp(team=team, source=SOURCE, actor=who.asker.account, founder=who.admin, over=over)
        told = await self._door.do(event, who.asker, until)
        self._door.roll.forget()
        return (team, {}) if told.done else (None, {AT.get(told.key, first): sentence(told.card)})

    async def _read(
        self, view: Mapping[str, Any], who: Who, first: str, until: float
    ) -> tuple[Team, Team, dict[str, str]]:
        """What stands there and what was filled in; nothing of it counts over what somebody else set up since the form
        was opened. Whoever founds the first team administers it, and so does an admin of another team a new one."""
        roster, (name, known) = await self._door.roster(until), named_in(view)
        team = roster.team(name) if name else NOBODY
        if name and (team is NOBODY or seen(team) != known):
            return team, team, {first: "setup_changed"}
        made = filled(view, self._start(who, None if team is NOBODY else team, ()), who.asker.now)
        errors = dict(made.errors)
        if not name and roster.team(made.team.name) is not NOBODY:
            errors["name"] = "setup_same_name"
        named, faults = await self._named(made.team, view, team)
        if team is NOBODY and (not roster.teams or roster.actor(who.asker.account).is_in(ADMIN)):
            named = replace(named, staff=_administered(named.staff, who))
        return team, named, errors | faults

    async def told(self, team: Team, language: str) -> Card:
        """Everything is in place: what is still missing, why nobody is called yet, and how to go on."""
        return done_card(team.name, await self._findings(language), await self._guests(team), language)

    async def drill(self, asker: Asker, until: float) -> Card:
        """A practice call in the asker's own team."""
        try:
            team = (await self._door.roster(until)).actor(asker.account).team
        except Exception as error:
            return self._door.trouble(error, asker.language)
        return (await self._door.do(DrillWanted(actor=asker.account, team=team), asker, until)).card

    def _team(self, who: Who, roster: Roster, name: str) -> Team | None:
        """The one that was named, else the asker's own, else the only one; None for a new one."""
        found = roster.team(name or roster.actor(who.asker.account).team)
        return None if found is NOBODY else found

    def _may(self, who: Who, roster: Roster, team: Team | None) -> bool:
        if not roster.teams:
            return who.admin
        facts = Facts(team=team.name if team else "")
        return not decide(roster.actor(who.asker.account), TeamSetUp, facts)

    def _barred(self, who: Who, roster: Roster) -> Card:
        if not roster.teams:
            return self.welcome(who)
        return Card(say(who.language, "slack.setup_not_yours"), Tone.NOTICE)

    def _start(self, who: Who, team: Team | None, groups: tuple[tuple[str, str], ...]) -> Start:
        calendar = self._door.policy.calendar
        zone = team.zone if team else who.asker.zone or calendar.zone
        return Start(self._people.me.team, team, zone, calendar.week, groups)

    async def _groups(self) -> tuple[tuple[str, str], ...]:
        try:
            async with asyncio.timeout(GROUPED):
                answer: Any = await self._client.usergroups_list()
        except UNANSWERED as error:
            LOG.info("slack.groups_unlisted error=%s", type(error).__name__)
            return ()
        return tuple((str(g["id"]), f"@{g.get('handle') or g.get('name')}") for g in answer["usergroups"])

    async def _named(self, team: Team, view: Mapping[str, Any], before: Team) -> tuple[Team, dict[str, str]]:
        """The team with the names that Slack has of its people, and the fields that name a guest or a stranger, or
        somebody new of whom Slack does not say now that they are ours."""
        picked = list(chosen(view))
        answers = await asyncio.gather(*(self._people.membership(id) for id in {id for _, id in picked}))
        known = {person.id: person for _, person in answers if person is not None}
        here = f"slack:{self._people.me.team}:"
        names = {here + person.id: person.name for person in known.values()}
        kept = {person.account for person in before.staff}
        staff = tuple(replace(one, name=one.name or names.get(one.account, "")) for one in team.staff)
        unasked = {key: "setup_unasked" for key, id in picked if id not in known and here + id not in kept}
        outside = {key: "setup_outsider" for key, id in picked if id in known and not known[id].inside}
        return replace(team, staff=staff), unasked | outside

    async def _findings(self, language: str) -> Sequence[str]:
        if self._examine is None:
            return ()
        try:
            async with asyncio.timeout(LOOKING):
                return await self._examine(language)
        except Exception as error:
            LOG.warning("slack.unexamined error=%s", type(error).__name__)
            return (say(language, "slack.setup_unexamined"),)

    async def _guests(self, team: Team) -> bool:
        """Whether guests read a watched channel of ours; a channel that cannot be asked about says nothing."""
        here = f"slack:{self._people.me.team}:"
        for channel in team.channels:
            try:
                if channel.startswith(here) and await self._people.guests(channel.removeprefix(here)):
                    return True
            except UNANSWERED:
                continue
        return False


def done_card(name: str, findings: Sequence[str], guests: bool, language: str) -> Card:
    """After a set-up; `guests`: customers see the names of the command and the shortcut."""
    live = say(language, "slack.setup_live", command=say(language, "slack.setup_live_command"))
    lines = tuple(line.strip() for finding in findings for line in finding.splitlines())
    sections = [
        Section(say(language, "slack.setup_mode"), (*say(language, "slack.setup_monitor").splitlines(), live)),
        Section(say(language, "slack.setup_missing"), lines or (say(language, "slack.setup_whole"),)),
    ]
    if guests:
        neutral = say(language, "slack.setup_neutral").splitlines()
        sections.append(Section(say(language, "slack.setup_guests"), tuple(neutral)))
    buttons = (
        Button(DRILL, HOME, say(language, "slack.setup_drill"), Style.PRIMARY),
        Button(SETUP, HOME, say(language, "slack.setup_change")),
    )
    footer = say(language, "slack.setup_footer", command=COMMAND)
    return Card(say(language, "slack.setup_done", team=name), Tone.GOOD, tuple(sections), buttons, footer)


def welcome_card(language: str, *, admin: bool) -> Card:
    """While there is no team: what to press, for whoever may; for everybody else, whom to ask."""
    lines = say(language, "slack.setup_welcome" if admin else "slack.setup_ask_admin").splitlines()
    buttons = (setup_button(language),) if admin else ()
    return Card(say(language, "slack.setup_not_yet"), Tone.NOTICE, (Section(lines=tuple(lines)),), buttons)


def attempt(actor: str) -> TeamSetUp:
    """What an outsider tried, for the record: it names nothing of what they sent."""
    return TeamSetUp(team=NOBODY, source=SOURCE, actor=actor)


def _administered(staff: tuple[Staff, ...], founder: Who) -> tuple[Staff, ...]:
    """With the founder as an admin."""
    account, name = founder.asker.account, founder.person.name if founder.person else ""
    others = [one for one in staff if one.account != account]
    mine = next((one for one in staff if one.account == account), Staff(account, name, ()))
    return (*others, replace(mine, roles=tuple(dict.fromkeys((*mine.roles, Role.ADMIN)))))
