"""The guided tour: scenarios as data files; the real engine acts each step, and one sentence says what it did."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache
from importlib import resources
from typing import Any, Final
from zoneinfo import ZoneInfo

from adapters.playground.desk import Errors, Who
from adapters.playground.forms import Form
from adapters.playground.room import Room
from adapters.playground.town import PERSONAS, Persona, direct
from adapters.wording import Card
from bot.domain.calendar import SupportCalendar, is_open

WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class Both:
    """One text in both languages."""

    ja: str
    en: str

    def said(self, language: str) -> str:
        return self.ja if language == "ja" else self.en


@dataclass(frozen=True, slots=True)
class Act:
    """Something that a step does: somebody writes, gives a command, presses a button, or time passes."""

    who: str = ""
    channel: str = ""
    say: Both | None = None
    line: Both | None = None
    press: str = ""
    """The action of a button: the newest one that this person sees."""
    fill: tuple[tuple[str, Both], ...] = ()
    """What goes into the form that the button or the line opens."""
    times: int = 1
    every: int = 0
    """Minutes between two times."""
    wait: int = 0
    """Minutes that pass."""
    clock: str = ""
    """A wall clock's 09:05, the next one to come; or "monday 09:00"."""


@dataclass(frozen=True, slots=True)
class Step:
    acts: tuple[Act, ...]
    told: Both
    """What the bot did, and why."""
    persona: str
    channel: str
    """Whom and where the page shows."""


@dataclass(frozen=True, slots=True)
class Scenario:
    id: str
    title: Both
    about: Both
    start: str
    """monday 10:00, on the team's wall clock."""
    steps: tuple[Step, ...]


@cache
def scenarios() -> tuple[Scenario, ...]:
    """All scenarios in the order of their files."""
    folder = resources.files("adapters").joinpath("playground", "tour")
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
    return tuple(_scenario(tomllib.loads(file.read_text("utf-8"))) for file in files)


def scenario_of(id: str) -> Scenario | None:
    return next((one for one in scenarios() if one.id == id), None)


def beginning(scenario: Scenario, calendar: SupportCalendar, now: datetime) -> datetime:
    """The first of the scenario's weekdays from `now` on whose desk is open at noon, at the scenario's hour."""
    weekday, _, hour = scenario.start.partition(" ")
    zone = ZoneInfo(calendar.zone)
    day = now.astimezone(zone).date()
    for _ in range(366):
        noon = datetime.combine(day, time(12), zone)
        if day.weekday() == WEEKDAYS.index(weekday) and is_open(calendar, noon):
            break
        day += timedelta(days=1)
    return datetime.combine(day, time.fromisoformat(hour), zone)


async def acted(room: Room, step: Step, language: str, tell: Callable[[], None] = lambda: None) -> None:
    """Do what the step does, one act after another, each seen before the next."""
    for act in step.acts:
        for number in range(act.times):
            if number and act.every:
                await room.moves(room.clock() + timedelta(minutes=act.every), tell)
            await _act(room, act, language, tell)
            await room.settled()


async def _act(room: Room, act: Act, language: str, tell: Callable[[], None]) -> None:
    if act.wait:
        await room.moves(room.clock() + timedelta(minutes=act.wait), tell)
    if act.clock:
        await room.moves(_next(act.clock, room.clock(), room.zone), tell)
    if not act.who:
        return
    persona = PERSONAS[act.who]
    where = act.channel or direct(persona.id)
    who = Who(persona, language, where)
    if act.say is not None:
        await room.says(persona, where, act.say.said(language))
    elif act.line is not None:
        await _answered(room, await room.desk.line(act.line.said(language), who), act, who)
    elif act.press:
        await _press(room, act, who)


async def _press(room: Room, act: Act, who: Who) -> None:
    """The newest button of this action that the person sees; where somebody took it away meanwhile, nothing."""
    for said in room.board.seen(who.persona.id):
        for button in (said.card or {}).get("buttons", ()):
            if button["action"] == act.press:
                here = Who(who.persona, who.language, said.channel)
                await _answered(room, await room.desk.press(act.press, button["subject"], here), act, here)
                return


async def _answered(room: Room, outcome: Card | Form, act: Act, who: Who) -> None:
    """A form is filled in and sent; one that is refused, because somebody was faster, says nothing."""
    if isinstance(outcome, Form):
        values = {one.key: one.value for one in outcome.fields} | {key: b.said(who.language) for key, b in act.fill}
        done = await room.desk.submit(outcome, values, who)
        if isinstance(done, Errors):
            return
        outcome = done
    await room.whispers(outcome, who)


def _next(clock: str, now: datetime, zone: str) -> datetime:
    weekday, _, hour = clock.rpartition(" ")
    local = now.astimezone(ZoneInfo(zone))
    found = datetime.combine(local.date(), time.fromisoformat(hour), ZoneInfo(zone))
    while found <= local or (weekday and found.weekday() != WEEKDAYS.index(weekday)):
        found += timedelta(days=1)
    return found


def _scenario(table: Mapping[str, Any]) -> Scenario:
    return Scenario(
        table["id"], _both(table["title"]), _both(table["about"]), table["start"],
        tuple(_step(step) for step in table["step"]),
    )  # fmt: skip


def _step(table: Mapping[str, Any]) -> Step:
    persona: Persona = PERSONAS[table["look"]["persona"]]
    acts = tuple(_read(act) for act in table.get("act", ()))
    return Step(acts, _both(table["told"]), persona.id, table["look"].get("channel") or direct(persona.id))


def _read(table: Mapping[str, Any]) -> Act:
    fill = tuple((key, Both(v, v) if isinstance(v, str) else _both(v)) for key, v in table.get("fill", {}).items())
    plain = {key: value for key, value in table.items() if key not in ("fill", "say", "line")}
    say, line = (_both(table[key]) if key in table else None for key in ("say", "line"))
    return Act(say=say, line=line, fill=fill, **plain)


def _both(table: Mapping[str, str]) -> Both:
    return Both(table["ja"], table["en"])
