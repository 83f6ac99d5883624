"""What people do on Slack, commands, buttons, shortcuts, forms and the home tab, and what they alone are told.

Outsiders (guests, people of other workspaces) may nothing: what they send reaches the core only to be refused and
recorded, and they are shown nothing but one neutral sentence after a command. A colleague whom no team lists
gets the core's refusal. While nobody knows who acts, nothing is done and nothing of ours is shown.
"""

import contextlib
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from adapters.chat import Door, Told, outside
from adapters.chat.buttons import bare, pressed
from adapters.chat.filled import STRANGE, looked_for
from adapters.chat.lookup import Rows
from adapters.chat.starting import customers_of
from adapters.chat.wanted import form_of
from adapters.commands import Asker, Form, SetUp, called, parse
from adapters.imports.slack_message import unescape
from adapters.slack import forms, home
from adapters.slack.callers import Callers, Who
from adapters.slack.filling import Filling, Opening
from adapters.slack.founding import DRILL, Founding, attempt
from adapters.slack.layout import body_of, messages_of
from adapters.slack.opening import Openings
from adapters.slack.setup import SETUP, setup_button
from adapters.slack.telling import Telling, sentence
from adapters.slack.views import View, card_modal
from adapters.wording import Card, Tone, say
from bot.domain.events import ReportFiled
from bot.domain.model import Team

ANY: Final = re.compile(".*", re.DOTALL)


class Desk:
    """Everything that people do, for one workspace; whatever is done or asked goes through the door."""

    def __init__(
        self, client: AsyncWebClient, callers: Callers, door: Door, founding: Founding, set_up: Callable[[], None]
    ) -> None:
        """`set_up` is called when a team was set up."""
        self._client = client
        self._door = door
        self._callers = callers
        self._telling = Telling(client)
        self._filling = Filling(door)
        self._openings = Openings(self._telling, door)
        self._founding = founding
        self._set_up = set_up

    def listens(self, app: AsyncApp) -> None:
        """Before any listener that takes every event."""
        app.event("app_home_opened")(self.home)
        app.command(ANY)(self.command)
        app.action(ANY)(self.pressed)
        app.options(ANY)(self.options)
        app.shortcut(ANY)(self.shortcut)
        app.view(ANY)(self.submitted)
        app.view_closed(ANY)(_nothing)

    async def finished(self) -> None:
        """Every answer that was begun is told."""
        await self._telling.finished()

    async def typed(self, event: Mapping[str, Any]) -> None:
        """A direct message to the bot is a command; the answer stands below it."""
        until = self._door.until()
        who = await self._callers.who(str(event["user"]), "", until)
        card = await self._line(unescape(str(event.get("text") or "")), who, until)
        if card is not None:
            self._telling.later(self._telling.says(str(event["channel"]), messages_of(card)))

    async def command(self, ack: Any, command: Mapping[str, Any]) -> None:
        """The answer is for the typing person alone; a form is opened before anything is looked up (slack.md 22)."""
        until = self._door.until()
        self._callers.named(str(command.get("command") or ""))
        who = await self._callers.who(str(command["user_id"]), str(command.get("channel_id") or ""), until)
        text = unescape(str(command.get("text") or ""))
        trigger = str(command.get("trigger_id") or "")
        zone = who.asker.zone or self._door.policy.calendar.zone
        early = parse(text, replace(who.asker, zone=zone), Rows((), ()), self._door.policy)
        if isinstance(early, Form) and who.ours and who.listed is not False:
            card = await self._openings.opens(trigger, self._report(who.asker, early.filled), who, until)
        elif isinstance(early, SetUp) and who.ours:
            card = await self._openings.opens(trigger, self._setup(who, early.team), who, until)
        else:
            card = await self._line(text, who, until, trigger)
        if card is None:
            await ack()
            return
        first, *rest = messages_of(card)
        # As a whole: Bolt drops the blocks of an answer that has attachments.
        await ack({"response_type": "ephemeral", "unfurl_links": False, "unfurl_media": False, **body_of(first)})
        if rest:
            self._telling.later(self._telling.whisper(who.user, who.channel, card, skip=1))

    async def _line(self, text: str, who: Who, until: float, trigger: str = "") -> Card | None:
        """The card of a line; None if a form stands open instead, which needs a trigger."""
        if who.outside:
            await outside.said(self._door, text, who.asker, until, listed=who.listed)
            return Card(say(who.language, "slack.outside"), Tone.CALM)
        if who.unknown:
            return self._door.late(who.language)
        if who.ours and await self._founding.waits(until):
            return self._founding.welcome(who)
        said = await self._door.line(text, who.asker, until)
        if said.setup is not None:
            return Card(say(who.language, "slack.setup_by_button"), Tone.NOTICE, buttons=(setup_button(who.language),))
        if said.form is None:
            return said.card
        if who.listed is False:
            return await self._door.refused(who.asker, until)
        if trigger:
            return await self._openings.opens(trigger, self._report(who.asker, said.form.filled), who, until)
        button = forms.form_button(said.form.filled, who.language)
        return Card(say(who.language, "slack.by_button"), Tone.NOTICE, buttons=(button,))

    async def pressed(self, ack: Any, body: Mapping[str, Any], action: Mapping[str, Any]) -> None:
        """A button; the core decides by rows, not by what the button claims."""
        if action.get("url"):  # it led away; Slack tells of it all the same
            await ack()
            return
        until, container = self._door.until(), body.get("container") or {}
        channel = str((body.get("channel") or {}).get("id") or container.get("channel_id") or "")
        who = await self._callers.who(str(body["user"]["id"]), channel, until)
        name, subject = bare(str(action.get("action_id", ""))), str(action.get("value") or "")
        if action.get("type") != "button" or who.outside:
            deed = pressed(name, subject, who.asker.account)
            await outside.tried(self._door, deed, who.asker, until, listed=who.listed)
            await ack()
            return
        inside = (body.get("view") or {}).get("type") == "modal"
        card = await self._does(name, subject, who, until, str(body.get("trigger_id")), inside=inside)
        await ack()
        if card is not None:
            self._telling.later(self._answers(who, body, card, str(container.get("thread_ts") or "")))

    async def _does(
        self, name: str, subject: str, who: Who, until: float, trigger: str, *, inside: bool
    ) -> Card | None:
        """What a button of our own does; None where it opened a form, on top of another one if `inside`."""
        if who.unknown:
            return self._door.late(who.language)
        form = self._setup(who) if name == SETUP else self._form(name, subject, who.asker)
        if form is not None and name != SETUP and who.listed is False:
            return await self._door.refused(who.asker, until)
        if form is not None:
            return await self._openings.opens(trigger, form, who, until, inside=inside)
        if name == DRILL:
            return await self._founding.drill(who.asker, until)
        deed = pressed(name, subject, who.asker.account)
        if deed is None:
            return called(Card(say(who.language, "slack.unknown_button"), Tone.NOTICE), who.asker.command)
        return await self._door.either(deed, who.asker, until)

    def _form(self, name: str, subject: str, asker: Asker) -> Opening | None:
        """The form that this button asks for; None for one that does something at once."""
        form = form_of(name, subject, asker.account, forms.start_of)
        if isinstance(form, ReportFiled):
            return self._report(asker, form)
        return self._filling.wanted(asker, form) if form is not None else None

    async def shortcut(self, ack: Any, body: Mapping[str, Any]) -> None:
        """Report a message, with its words, its place and itself as evidence; or report from anywhere."""
        until, channel = self._door.until(), str((body.get("channel") or {}).get("id") or "")
        who = await self._callers.who(str(body["user"]["id"]), channel, until)
        if not who.outside:
            card = await self._about(body.get("message") or {}, who, str(body.get("trigger_id")), until)
            if card is not None:
                self._telling.later(self._telling.whisper(who.user, who.channel, card))
        await ack()

    async def _about(self, message: Mapping[str, Any], who: Who, trigger: str, until: float) -> Card | None:
        if who.unknown:
            return self._door.late(who.language)
        if who.listed is False:
            return await self._door.refused(who.asker, until)
        start = ReportFiled(
            actor="", place=who.asker.place, message_id=str(message.get("ts") or "") if who.asker.place else "",
            quote=unescape(str(message.get("text") or "")),
        )  # fmt: skip
        return await self._openings.opens(trigger, self._report(who.asker, start), who, until)

    async def submitted(self, ack: Any, body: Mapping[str, Any], view: Mapping[str, Any]) -> None:
        """A form: what was refused is said inside it, so that nothing typed is lost; else it becomes the answer."""
        until = self._door.until()
        who = await self._callers.who(str(body["user"]["id"]), "", until)
        if who.unknown:
            await self._told(ack, view, Told(self._door.late(who.language), done=False), who)
            return
        setting_up = view.get("callback_id") == SETUP
        if setting_up and not who.outside:
            await self._sets_up(ack, view, who, until)
            return
        try:
            event = attempt(who.asker.account) if setting_up else forms.event_of(view, who.asker.account)
        except STRANGE:
            old = Card(say(who.language, "slack.unknown_form"), Tone.NOTICE)
            await self._becomes(ack, old, who)
            return
        if who.outside:
            await outside.tried(self._door, event, who.asker, until, listed=who.listed)
            await self._becomes(ack, Card("", Tone.CALM), who)
            return
        await self._told(ack, view, await self._door.do(event, who.asker, until), who)

    async def _told(self, ack: Any, view: Mapping[str, Any], told: Told, who: Who) -> None:
        errors = {} if told.done else forms.errors_of(view, told.key, sentence(told.card))
        if errors:
            await ack(response_action="errors", errors=errors)
        else:
            await self._becomes(ack, told.card, who)

    async def _sets_up(self, ack: Any, view: Mapping[str, Any], who: Who, until: float) -> None:
        """Said at the field what is wrong; else the form becomes, in a while, what is still missing."""
        team, errors = await self._founding.submit(view, who, until)
        if team is None:
            await ack(response_action="errors", errors=errors)
            return
        self._set_up()
        await ack(response_action="update", view=forms.loading_view(who.language))
        self._telling.later(self._draws_home(who.user))
        self._telling.later(self._tells_what_is_missing(view, team, who))

    async def _tells_what_is_missing(self, view: Mapping[str, Any], team: Team, who: Who) -> None:
        done = called(await self._founding.told(team, who.language), who.asker.command)
        await self._telling.shows(dict(view), done, who.language)

    async def _becomes(self, ack: Any, card: Card, who: Who) -> None:
        """The form turns into a card; an outsider's is gone."""
        if who.outside:
            await ack(response_action="clear")
        else:
            await ack(response_action="update", view=card_modal(card, who.language))

    async def options(self, ack: Any, body: Mapping[str, Any]) -> None:
        """Customers by name, for those whom a team lists and nobody else."""
        until = self._door.until()
        who = await self._callers.who(str(body["user"]["id"]), "", until)
        offered: list[View] = []
        if who.listed and not who.outside:
            with contextlib.suppress(Exception):
                found = looked_for(await customers_of(self._door, until), str(body.get("value") or ""))
                offered = [forms.named(customer) for customer in found[: forms.CUSTOMERS]]
        await ack(options=offered)

    async def home(self, event: Mapping[str, Any]) -> None:
        """The home tab is drawn anew whenever it is opened; nothing has to be kept, so nothing is waited for."""
        if event.get("tab", "home") == "home":
            self._telling.later(self._draws_home(str(event["user"])))

    async def _draws_home(self, user: str) -> None:
        who = await self._callers.who(user, "", self._door.until())
        view = home.empty_page(who.language) if who.outside or who.unknown else await self._page(who)
        await self._client.views_publish(user_id=user, view=view)

    async def _page(self, who: Who) -> View:
        roster = await self._door.roster()
        if not roster.teams:
            return home.welcome_page(self._founding.welcome(who), who.language)
        return await home.page(self._door, who.asker, roster) or home.empty_page(who.language)

    def _setup(self, who: Who, team: str = "") -> Opening:
        return Opening(make=partial(self._founding.form, who, team), again=setup_button(who.language))

    def _report(self, asker: Asker, start: ReportFiled) -> Opening:
        return Opening(make=partial(self._filling.report, asker, start), again=forms.form_button(start, asker.language))

    async def _answers(self, who: Who, body: Mapping[str, Any], card: Card, thread: str) -> None:
        """Where the button was: in a form, over the home tab, or for this person alone below the card."""
        view = body.get("view") or {}
        if view.get("type") == "modal":
            await self._telling.shows(view, card, who.language)
            return
        over = None
        if view.get("type") == "home":
            over = await self._telling.opens(str(body.get("trigger_id")), card_modal(card, who.language))
            self._telling.later(self._draws_home(who.user))
        if over is None:
            await self._telling.whisper(who.user, who.channel, card, thread)


async def _nothing(ack: Any) -> None:
    await ack()
