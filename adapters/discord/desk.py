"""What people do on Discord, commands, buttons, menus, forms and direct messages, and what they alone are told.

Whoever no team lists may nothing: what they send reaches the core only to be refused and recorded, and they are shown
nothing but a neutral sentence after a command or a form; nobody can tell there whether they are a customer or one of
ours. While the rows do not say who acts, nothing is done and nothing of ours is shown. Everything is known by the ids
that come back with it, so that whatever was posted before a restart works after it.
"""

import contextlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Any

import discord

from adapters.chat import Door, Told, outside
from adapters.chat.buttons import pressed
from adapters.chat.filled import STRANGE, looked_for
from adapters.chat.lookup import Rows
from adapters.chat.starting import customers_of
from adapters.chat.wanted import form_of
from adapters.commands import Asker, Form, parse
from adapters.discord import forms
from adapters.discord.boxes import deed_of
from adapters.discord.callers import Callers, Who
from adapters.discord.client import Client
from adapters.discord.fields import OPTIONS, named, said_of
from adapters.discord.filling import Filling, Unread, soon
from adapters.discord.layout import messages_of
from adapters.discord.lines import Typed, typed_of
from adapters.discord.people import People
from adapters.discord.register import CHAT, MESSAGE, USER
from adapters.discord.telling import Interaction, Taken, Telling, typed_back
from adapters.wording import Card, Tone, say
from bot.domain.events import ReportFiled
from bot.domain.model import Customer
from bot.domain.questions import StandingAsked
from bot.ports import Clock

Modal = discord.ui.Modal


class Desk:
    """Everything that people do; whatever is done or asked goes through the door."""

    def __init__(self, client: Client, people: People, door: Door, clock: Clock) -> None:
        self._door = door
        self._callers = Callers(people, door, clock)
        self._telling = Telling(client)
        self._filling = Filling(client, door)

    def listens(self, client: Client) -> None:
        """Before the gateway opens."""
        client.listens("interaction", self.interaction)

    async def finished(self) -> None:
        """Every answer that was begun is told."""
        await self._telling.finished()

    async def interaction(self, interaction: Interaction) -> None:
        """Whatever somebody did; what another process answers already is left to it."""
        data: Mapping[str, Any] = dict(interaction.data or {})
        kind = int(data.get("type") or CHAT)
        with contextlib.suppress(Taken):
            match interaction.type:
                case discord.InteractionType.autocomplete:
                    await self._completes(interaction, data)
                case discord.InteractionType.component:
                    await self._pressed(interaction, *deed_of(str(data.get("custom_id") or "")))
                case discord.InteractionType.modal_submit:
                    await self._submitted(interaction, str(data.get("custom_id") or ""), said_of(data))
                case discord.InteractionType.application_command if kind == CHAT:
                    await self._command(interaction, data)
                case discord.InteractionType.application_command if kind == MESSAGE:
                    await self._reports(interaction, data)
                case discord.InteractionType.application_command if kind == USER:
                    await self._history(interaction, data)

    async def typed(self, message: discord.Message) -> None:
        """A direct message to the bot is a command; the answer stands below it."""
        until = self._door.until()
        who = await self._callers.who(message.author.id, until)
        card = await self._line(message.content, who, until)
        self._telling.later(self._telling.directly(message.author, messages_of(card)))

    async def _command(self, interaction: Interaction, data: Mapping[str, Any]) -> None:
        """The answer is for the typing person alone; a form has to be the first one (discord.md 3)."""
        until, typed = self._door.until(), typed_of(data)
        who = await self._callers.acting(interaction, until)
        form = await self._report(typed, who) if typed is not None and typed.wants_form and who.ours else None
        if form is not None:
            await self._shows(interaction, who, form)
            return
        await self._telling.waits(interaction)
        await self._tells(interaction, await self._line(typed.line if typed is not None else None, who, until), who)

    async def _line(self, text: str | None, who: Who, until: float) -> Card:
        """The answer to a line; None for one of a command that this version does not know."""
        if who.outside:
            await outside.said(self._door, text or "", who.asker, until, listed=who.ours)
            return _outside(who)
        if who.unknown:
            return self._door.late(who.language)
        if text is None:
            return Card(say(who.language, "discord.unknown_command"), Tone.NOTICE)
        said = await self._door.line(text, who.asker, until)
        if said.form is None:
            return said.card or _outside(who)
        if said.form.filled.quote:  # no id keeps anybody's words, and these are enough
            return (await self._door.do(said.form.filled, who.asker)).card
        button = forms.form_button(said.form.filled, who.language)
        return Card(say(who.language, "discord.by_button"), Tone.NOTICE, buttons=(button,))

    async def _report(self, typed: Typed, who: Who) -> Modal | None:
        """The form with what the options said; None where these cannot be read, such as a name that fits several."""
        customers: Sequence[Customer] | None = ()
        if typed.options.get("customer"):
            customers = await soon(customers_of(self._door))
        read = parse(typed.line, who.asker, Rows(customers or (), ()), self._door.policy)
        return await self._filling.report(who.asker, read.filled) if isinstance(read, Form) else None

    async def _pressed(self, interaction: Interaction, action: str, subject: str) -> None:
        """A button; the core decides by rows, not by what the button claims."""
        until = self._door.until()
        who = await self._callers.acting(interaction, until)
        deed = pressed(action, subject, who.asker.account)
        if who.outside:
            await self._telling.nothing(interaction)
            await outside.tried(self._door, deed, who.asker, until, listed=who.ours)
            return
        form = self._form(action, subject, who.asker)
        if form is not None and who.ours:  # forms name customers: nobody gets one before the rows said who they are
            await self._shows(interaction, who, await form())
            return
        await self._telling.waits(interaction)
        if who.unknown:
            card = self._door.late(who.language)
        elif deed is None:
            card = Card(say(who.language, "discord.unknown_button"), Tone.NOTICE)
        else:
            card = await self._door.either(deed, who.asker, until)
        await self._tells(interaction, card, who)

    def _form(self, action: str, subject: str, asker: Asker) -> Callable[[], Awaitable[Modal | Card]] | None:
        """The form that this button asks for; None for one that does something at once."""
        form = form_of(action, subject, asker.account, forms.start_of)
        if isinstance(form, ReportFiled):
            return partial(self._filling.report, asker, form)
        return partial(self._filling.wanted, asker, form) if form is not None else None

    async def _reports(self, interaction: Interaction, data: Mapping[str, Any]) -> None:
        """Report a message, with its words, its place and itself as evidence."""
        who, id = await self._callers.acting(interaction, self._door.until()), str(data.get("target_id") or "")
        if not who.ours:
            await self._telling.waits(interaction)
            await self._tells(interaction, _outside(who) if who.outside else self._door.late(who.language), who)
            return
        message = ((data.get("resolved") or {}).get("messages") or {}).get(id) or {}
        self._filling.remember(id, str(message.get("content") or ""))
        start = ReportFiled(actor="", place=who.asker.place, message_id=id if who.asker.place else "")
        await self._shows(interaction, who, await self._filling.report(who.asker, start))

    async def _history(self, interaction: Interaction, data: Mapping[str, Any]) -> None:
        """What there is about the customer whose account this is."""
        until = self._door.until()
        who = await self._callers.acting(interaction, until)
        await self._telling.waits(interaction)
        account = who.asker.account.rpartition(":")[0] + f":{data.get('target_id')}"
        if who.outside:
            card = _outside(who)
        elif who.unknown:
            card = self._door.late(who.language)
        else:
            card = await self._standing(account, who, until)
        await self._tells(interaction, card, who)

    async def _standing(self, account: str, who: Who, until: float) -> Card:
        try:
            customers = await customers_of(self._door, until)
        except Exception as error:
            return self._door.trouble(error, who.language)
        found = [c.merged_into or c.id for c in customers if account in c.contacts]
        if not found:
            return Card(say(who.language, "discord.no_customer"), Tone.NOTICE)
        return await self._door.ask(StandingAsked(who.asker.account, found[0]), who.asker, until)

    async def _submitted(self, interaction: Interaction, id: str, filled: Mapping[str, str]) -> None:
        """A form: what was refused is shown back with all that was typed, and the form opens again with it."""
        until = self._door.until()
        who = await self._callers.acting(interaction, until)
        await self._telling.waits(interaction)
        if who.outside:  # nothing is looked up for them
            with contextlib.suppress(*STRANGE):
                event = forms.event_of(id, filled, who.asker.account)
                await outside.tried(self._door, event, who.asker, until, listed=who.ours)
            await self._tells(interaction, _outside(who), who)
            return
        told = await self._filled(id, filled, who, until)
        if told.done:
            self._filling.done(id, who.asker)
            await self._tells(interaction, told.card, who)
        else:
            self._filling.refused(id, filled, who.asker)
            await self._tells(interaction, typed_back(told.card, id, filled, who.language), who)

    async def _filled(self, id: str, filled: Mapping[str, str], who: Who, until: float) -> Told:
        """What became of a form."""
        if who.unknown:
            return Told(self._door.late(who.language), done=False)
        try:
            event = forms.event_of(id, await self._filling.read(id, filled, who.asker), who.asker.account)
        except Unread as unread:
            return Told(unread.card, done=False)
        except STRANGE:
            return Told(Card(say(who.language, "discord.unknown_form"), Tone.NOTICE), done=False)
        except Exception as error:
            return Told(self._door.trouble(error, who.language), done=False)
        return await self._door.do(event, who.asker, until)

    async def _completes(self, interaction: Interaction, data: Mapping[str, Any]) -> None:
        """Customers by name, for those whom a team lists and nobody else; what is sent back is read like any name."""
        until, typed = self._door.until(), typed_of(data)
        who = await self._callers.acting(interaction, until)
        offered: list[discord.app_commands.Choice[str]] = []
        if who.ours and typed is not None and typed.focused == "customer":
            with contextlib.suppress(Exception):
                found = looked_for(await customers_of(self._door, until), typed.options.get("customer", ""))
                offered = [discord.app_commands.Choice(name=named(c), value=str(c.id)) for c in found[:OPTIONS]]
        await interaction.response.autocomplete(offered)

    async def _shows(self, interaction: Interaction, who: Who, form: Modal | Card) -> None:
        """A form as the first answer, or what there is instead; where it came too late, a button that opens it."""
        if isinstance(form, Card):
            await self._tells(interaction, form, who)
            return
        if not await self._telling.opens(interaction, form):
            again = forms.again_of(form.custom_id, who.language)
            late = Card(say(who.language, "discord.too_late"), Tone.NOTICE, buttons=(again,) if again else ())
            await self._tells(interaction, late, who)

    async def _tells(self, interaction: Interaction, card: Card, who: Who) -> None:
        await self._telling.answers(interaction, card, ours=bool(who.ours))


def _outside(who: Who) -> Card:
    return Card(say(who.language, "discord.outside"), Tone.CALM)
