"""What somebody is told who takes a ping or ends it: that it is theirs, and who waits for help (rules.md 7, 8)."""

from collections.abc import Iterable, Mapping
from typing import Final

from adapters.wording.buttons import button
from adapters.wording.card import Button, Card, Quote, Section, Style, Tone
from adapters.wording.clean import clipped
from adapters.wording.incidents import QUOTED
from adapters.wording.people import labelled, people, person, shown_account
from adapters.wording.times import Clock, duration
from adapters.wording.titles import fitted
from adapters.wording.voice import Voice
from bot.domain.model import Outcome, Ping, PingState
from bot.domain.notices import PingAnswered

NOTES: Final = 3
"""Ends of pings that are told, the latest."""


def answered(answer: PingAnswered, voice: Voice, names: Mapping[str, str], zone: str) -> Card:
    """`names` shows accounts (as a mention); who asked for help stands here and nowhere else."""
    taken, over = answer.state is PingState.ACKNOWLEDGED, answer.state is PingState.RESOLVED
    if answer.first and over:
        key, lines = "resolved", _resolved(answer, voice)
    elif answer.first:
        key, lines = "taken", _taken(answer, voice, names)
    elif over:
        key, lines = "over", (*_how(answer, voice, zone), voice.say("answer.ping.over"))
    elif taken:
        key, lines = "has", (_has(answer, voice, zone),)
    else:
        key, lines = "open", (voice.say("answer.ping.open"),)
    return Card(
        fitted(labelled(answer.customer, voice), (lambda name: voice.say(f"answer.ping.title_{key}", customer=name),)),
        Tone.GOOD if answer.first else Tone.CALM,
        (Section(lines=lines), *_noted(answer, voice)),
        _buttons(answer, key, voice),
        voice.say("card.incident.footer_judged", id=str(answer.incident_id)),
    )


def _taken(answer: PingAnswered, voice: Voice, names: Mapping[str, str]) -> tuple[str, ...]:
    """Whoever asked for help comes first: nobody is left alone."""
    lines = []
    if answer.helped:
        who = people([shown_account(account, names) for account in answer.helped], voice)
        lines += [voice.say("answer.ping.helped", names=who), voice.say("answer.ping.helped_private")]
    after = duration(voice.policy.ping.outcome, voice)
    return *lines, voice.say("answer.ping.taken"), voice.say("answer.ping.after", after=after, id=str(answer.ping_id))


def _resolved(answer: PingAnswered, voice: Voice) -> tuple[str, ...]:
    judged = answer.outcome is Outcome.JUDGED
    return voice.say("answer.ping.resolved"), voice.say("answer.ping.how_judged" if judged else "answer.ping.to_judge")


def _noted(answer: PingAnswered, voice: Voice) -> tuple[Section, ...]:
    """What goes into the record, in the words of whoever is told."""
    if not answer.note:
        return ()
    return (Section(quotes=(Quote(clipped(answer.note, QUOTED), voice.say("answer.ping.noted")),)),)


def ending(pings: Iterable[Ping], clock: Clock, voice: Voice) -> tuple[Section, ...]:
    """How pings ended, in the words of whoever said so; nothing where nobody said how."""
    quotes = [
        Quote(
            clipped(ping.note, QUOTED),
            voice.say("answer.ping.ended_by", id=str(ping.id), at=clock.time(ping.resolved_at or ping.opened_at)),
        )
        for ping in pings
        if ping.note
    ]
    return (Section(voice.say("answer.ping.ended"), quotes=tuple(quotes[-NOTES:])),) if quotes else ()


def _has(answer: PingAnswered, voice: Voice, zone: str) -> str:
    if not answer.by or answer.at is None:
        return voice.say("answer.ping.has_unnamed")
    return voice.say("answer.ping.has", name=person(answer.by, voice), at=Clock(voice, zone).time(answer.at))


def _how(answer: PingAnswered, voice: Voice, zone: str) -> tuple[str, ...]:
    """How it ended, as far as it is known."""
    if answer.outcome is None or answer.at is None:
        return ()
    return (voice.say(f"answer.ping.how_{answer.outcome.value}", at=Clock(voice, zone).time(answer.at)),)


def _buttons(answer: PingAnswered, key: str, voice: Voice) -> tuple[Button, ...]:
    subject, incident = f"ping:{answer.ping_id}", f"incident:{answer.incident_id}"
    match key:
        case "taken":
            why = button("why", subject, voice)
            return button("resolve", subject, voice, Style.PRIMARY), button("verify", incident, voice), why
        case "open":
            return (button("ack", subject, voice, Style.PRIMARY),)
        case "resolved" if answer.outcome is not Outcome.JUDGED:
            return (button("verify", incident, voice),)
    return ()
