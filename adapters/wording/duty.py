"""Answers about duty: who is on call, what goes on, what is next, who stands in, what the mode means (rules.md 7)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from adapters.wording.buttons import button
from adapters.wording.card import Button, Card, Field, Section, Style, Tone
from adapters.wording.clean import clean, clipped
from adapters.wording.incidents import LINE, LISTED, TONES, reminders, signs_part, title_of
from adapters.wording.people import labelled, people, person
from adapters.wording.standing import level_words, number
from adapters.wording.times import Clock
from adapters.wording.titles import TITLE, fitted
from adapters.wording.voice import NAME, Voice
from bot.domain.model import Mode, Ping, PingState, Turn
from bot.domain.notices import DigestWritten, IncidentFacts, ModeChanged, OverrideRecorded, PingFacts
from bot.domain.questions import NextShown, OnCallShown, StatusShown

TURNS: Final = 4
BUTTONS: Final = 5
"""On one card."""
_ACTS: Final = {
    "ping": ("ack",),
    "outcome": ("resolve", "ack:still"),
    "second": ("verify:",),
    "confirm": ("verify:",),
    "judge": ("verify",),
}
"""What is pressed for each kind of next thing; `verify:` reads first, answers then."""


def on_call(answer: OnCallShown, voice: Voice, zone: str) -> Card:
    """Now, next, and who is called while nobody is on call; `zone` where the team has none."""
    clock = Clock(voice, answer.zone or zone, weekdays=True)
    sections = [_now(answer, clock, voice)]
    following = tuple(_turn(name, turn, clock, voice) for name, turn in answer.following[:TURNS])
    if following:
        sections.append(Section(voice.say("answer.oncall.following"), following))
    overrides = tuple(
        _span("override", name, one.start, one.end, clock, voice) for name, one in answer.overrides[:LISTED]
    )
    if overrides:
        more = len(answer.overrides) - len(overrides)
        rest = (voice.say("answer.oncall.more", count=more),) if more else ()
        sections.append(Section(voice.say("answer.oncall.overrides"), (*overrides, *rest)))
    return Card(
        _title("answer.oncall.title", answer.team, voice),
        Tone.CALM if answer.turn else Tone.NOTICE,
        tuple(sections),
        footer=voice.say("answer.oncall.footer", zone=clock.zone),
    )


def _now(answer: OnCallShown, clock: Clock, voice: Voice) -> Section:
    if answer.turn is None:
        instead = voice.say("answer.oncall.instead", names=people(answer.instead, voice))
        nobody = voice.say("answer.oncall.instead_none")
        return Section(lines=(voice.say("answer.oncall.nobody"), instead if answer.instead else nobody))
    key = "turn_override" if answer.turn.override else "turn"
    name, end = person(answer.name, voice), clock.time(answer.turn.end)
    fields = [Field(voice.say("answer.oncall.now"), voice.say(f"answer.oncall.{key}", name=name, end=end))]
    if answer.second:
        fields.append(Field(voice.say("answer.oncall.second"), person(answer.second, voice)))
    return Section(fields=tuple(fields))


def _turn(name: str, turn: Turn, clock: Clock, voice: Voice) -> str:
    return _span("next_override" if turn.override else "next", name, turn.start, turn.end, clock, voice)


def _span(key: str, name: str, start: datetime, end: datetime, clock: Clock, voice: Voice) -> str:
    times = {"start": clock.time(start), "end": clock.time(end)}
    return voice.say(f"answer.oncall.{key}", name=person(name, voice), **times)


def stood_in(answer: OverrideRecorded, voice: Voice, zone: str) -> Card:
    clock = Clock(voice, answer.zone or zone, weekdays=True)
    lines = (
        _span("taken", answer.name, answer.start, answer.end, clock, voice),
        voice.say("answer.oncall.taken_after"),
    )
    return Card(
        _title("answer.oncall.taken_title", answer.team, voice),
        Tone.GOOD,
        (Section(lines=lines),),
        footer=voice.say("answer.oncall.footer", zone=clock.zone),
    )


def mode(answer: ModeChanged, voice: Voice) -> Card:
    """What the mode means from now on; people's reports call somebody in both."""
    key = answer.mode.value
    lines = (
        voice.say("answer.mode.changed" if answer.changed else "answer.mode.unchanged"),
        voice.say(f"answer.mode.{key}"),
        voice.say("answer.mode.both"),
    )
    return Card(_title(f"answer.mode.title_{key}", answer.team, voice), Tone.CALM, (Section(lines=lines),))


def written(answer: DigestWritten, voice: Voice) -> Card:
    """Which digests are on their way."""
    if not answer.keys:
        none = voice.say("answer.digest.none")
        return Card(voice.say("answer.digest.title_none"), Tone.CALM, (Section(lines=(none,)),))
    parts = (key.rpartition(":") for key in answer.keys)
    lines = tuple(voice.say("answer.digest.sent", team=_team(team), week=clean(week)) for team, _, week in parts)
    return Card(voice.say("answer.digest.title"), Tone.GOOD, (Section(lines=lines),))


def status(answer: StatusShown, voice: Voice) -> Card:
    """Open pings, other incidents to judge, outages; what waits for somebody can be taken here by those who may."""
    clock = Clock(voice, answer.zone)
    called = {ping.incident.incident_id for ping in answer.pings}
    others = [facts for facts in answer.undecided if facts.incident_id not in called]
    pings = [_ping(ping, clock, voice) for ping in answer.pings]
    outages = [voice.say("answer.status.outage", at=clock.time(one.at), count=one.customers) for one in answer.outages]
    numbered = [_numbered(facts.incident_id, facts, clock, voice) for facts in others]
    parts = tuple(
        Section(voice.say(f"answer.status.{key}"), _listed(lines, voice, more))
        for key, lines, more in (
            ("pings", pings, answer.more_pings),
            ("undecided" if pings else "undecided_alone", numbered, answer.more_undecided),
            ("outages", outages, 0),
        )
        if lines
    )
    calm = () if parts else (voice.say("answer.status.calm"),)
    waiting = [ping for ping in answer.pings if ping.state in (PingState.TRIGGERED, PingState.EXHAUSTED)]
    taken = [ping for ping in waiting if ping.ping_id in answer.takes][:4]
    return Card(
        _of_whom(answer, voice),
        Tone.WARNING if waiting else Tone.CALM,
        (Section(lines=(*calm, _standing(answer, voice))), *parts),
        (*(_take(ping, place, voice) for place, ping in enumerate(taken)), *_reasons(answer, voice)),
    )


def _of_whom(answer: StatusShown, voice: Voice) -> str:
    if answer.customer is None:
        return _title("answer.status.title", answer.team, voice)
    name = labelled(answer.customer.label, voice)
    return fitted(name, (lambda name: voice.say("answer.status.title_customer", customer=name),))


def _standing(answer: StatusShown, voice: Voice) -> str:
    """The team's mode; of one customer the points and level, where they may be read."""
    if answer.customer is None:
        return voice.say("answer.status.live" if answer.mode is Mode.LIVE else "answer.status.monitor")
    if answer.standing is None:
        return voice.say("answer.status.alone")
    points, level = number(answer.standing.points), level_words(answer.standing.level, voice)
    return voice.say("answer.status.standing", points=points, level=level)


def _reasons(answer: StatusShown, voice: Voice) -> tuple[Button, ...]:
    """To the customer's whole standing, for those who may read it."""
    if answer.customer is None or answer.standing is None:
        return ()
    return (button("why", f"customer:{answer.customer.id}", voice, key="why_numbers"),)


def _ping(ping: PingFacts, clock: Clock, voice: Voice) -> str:
    what = _numbered(ping.ping_id, ping.incident, clock, voice)
    if ping.state is not PingState.ACKNOWLEDGED:
        return voice.say("answer.status.waiting", what=what)
    key = "taken" if ping.acked_by else "taken_unnamed"
    return voice.say(f"answer.status.{key}", what=what, name=person(ping.acked_by, voice))


def _numbered(id: int, facts: IncidentFacts, clock: Clock, voice: Voice) -> str:
    """With the number by which a command names it."""
    return voice.say("answer.status.numbered", id=str(id), what=title_of(facts, clock, voice, LINE))


def _take(ping: PingFacts, place: int, voice: Voice) -> Button:
    name = clipped(voice.customer(ping.incident.customer, ping.incident.customer_id), 20)
    style = Style.PLAIN if place else Style.PRIMARY
    return button("ack", f"ping:{ping.ping_id}", voice, style, "ack_named", customer=name)


def which(action: str, asked: Sequence[tuple[Ping, str]], said: str, voice: Voice, zone: str) -> Card:
    """Several pings fit a command: each by its number with its customer, a button for each of the first.

    `action`: ack or resolve; `asked`: pings and whom they are about; `said`: what to say above them.
    """
    clock = Clock(voice, zone)
    lines, buttons = [], []
    for ping, customer in asked:
        name, id = voice.customer(customer, ping.customer_id), str(ping.id)
        severity, at = voice.severity(ping.severity), clock.time(ping.opened_at)
        lines.append(voice.say("door.which_ping", id=id, customer=name, severity=severity, at=at))
        label = voice.say(f"door.which_{action}", customer=clipped(name, 20), id=id)
        buttons.append(Button(action, f"ping:{id}", label))
    return Card(
        voice.say("door.title"), Tone.NOTICE, (Section(lines=(said, *_listed(lines, voice))),), tuple(buttons[:BUTTONS])
    )


def _listed(lines: list[str], voice: Voice, uncounted: int = 0) -> tuple[str, ...]:
    """The first of them, and how many there are besides."""
    more = len(lines[LISTED:]) + uncounted
    return (*lines[:LISTED], voice.say("answer.status.more", count=more)) if more > 0 else tuple(lines)


def following(answer: NextShown, voice: Voice) -> Card:
    """One thing, its button, and how many more."""
    facts = answer.incident
    if facts is None or answer.kind not in _ACTS:
        none = voice.say("answer.next.none")
        return Card(voice.say("answer.next.title_none"), Tone.GOOD, (Section(lines=(none,)),))
    clock = Clock(voice, answer.zone or facts.zone)
    lines = [title_of(facts, clock, voice, LINE), voice.say(f"answer.next.{answer.kind}")]
    if answer.since is not None and answer.kind != "outcome":
        lines.append(voice.say("answer.next.since", at=clock.time(answer.since)))
    more = (voice.say("answer.next.more", count=answer.more),) if answer.more > 0 else ()
    return Card(
        voice.say(f"answer.next.title_{answer.kind}"),
        TONES[facts.severity] if answer.kind == "ping" else Tone.NOTICE,
        (
            Section(lines=(*lines, *reminders(facts, voice))),
            *signs_part(facts, clock, voice, quoted=False),
            *((Section(lines=more),) if more else ()),
        ),
        tuple(_act(act, place, answer.subject, voice) for place, act in enumerate(_ACTS[answer.kind])),
    )


def _act(act: str, place: int, subject: str, voice: Voice) -> Button:
    action, reads, key = act.partition(":")
    style = Style.PLAIN if place else Style.PRIMARY
    if reads and not key:
        return Button(action, subject, voice.say("answer.button.read"), style)
    return button(action, subject, voice, style, key)


def _title(key: str, team: str, voice: Voice) -> str:
    return clipped(voice.say(key, team=clipped(_team(team), 30)), TITLE)


def _team(team: str) -> str:
    return clipped(clean(team).strip(), NAME)
