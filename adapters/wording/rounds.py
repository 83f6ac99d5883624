"""Why a ping called whom and when: round by round, step by step, and what would have stopped it (rules.md 7)."""

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Final

from adapters.wording.acknowledged import ending
from adapters.wording.card import Card, Section, Tone
from adapters.wording.incidents import finding_words, footer_of, reminders, what_words
from adapters.wording.people import people, person, shown_account
from adapters.wording.reasons import counted, detection_buttons, edition_words, why_button
from adapters.wording.times import Clock
from adapters.wording.titles import fitted
from adapters.wording.voice import Voice
from bot.domain.model import ASKED, Notification, Outcome, Ping, PingState, RoundReason, Severity
from bot.domain.notices import IncidentFacts
from bot.domain.questions import WhyShown

Call = tuple[str, Notification]

ROUNDS: Final = 4
"""The latest rounds are told; of earlier ones, how many calls."""
CALLS: Final = 8
"""Calls told of one round."""


def ping(answer: WhyShown, asked: Ping, facts: IncidentFacts, voice: Voice, names: Mapping[str, str]) -> Card:
    """Whom it called, when, and why each round began; names come with the calls, else from `names`."""
    clock = Clock(voice, answer.zone)
    known = {**names, **{call.target: name for name, call in answer.calls if name}}
    began = voice.say(
        "answer.why.ping_what",
        at=clock.time(asked.opened_at),
        severity=voice.severity(asked.severity),
        what=what_words(facts, voice),
    )
    why = [voice.say("answer.why.ping_automatic" if asked.automatic else "answer.why.ping_person")]
    if asked.recovered:
        why.append(voice.say("card.ping.recovered"))
    if asked.severity is Severity.CRITICAL:
        why.append(voice.say("answer.why.at_once"))
    return Card(
        fitted(
            voice.customer(facts.customer, facts.customer_id),
            (lambda name: voice.say("answer.why.ping_title", id=str(asked.id), customer=name),),
        ),
        Tone.CALM,
        (
            Section(lines=(began, *why, *reminders(facts, voice), edition_words(answer, voice))),
            *counted(answer, facts, voice, names),
            *_rounds(answer, asked, clock, voice),
            Section(lines=tuple(_state(asked, facts, clock, voice, known))),
            *ending((asked,), clock, voice),
            Section(voice.say("answer.why.changed"), tuple(_stopped(answer.calls, asked, clock, voice))),
        ),
        (why_button("incident", facts.incident_id, voice), *detection_buttons(facts, voice)),
        footer_of(facts, voice),
    )


def _rounds(answer: WhyShown, asked: Ping, clock: Clock, voice: Voice) -> tuple[Section, ...]:
    if not answer.calls:
        return (Section(lines=(voice.say("answer.why.no_calls"),)),)
    told = [(number, list(calls)) for number, calls in groupby(answer.calls, key=lambda call: call[1].round)]
    earlier = sum(len(calls) for _, calls in told[:-ROUNDS])
    sections = [] if not earlier else [Section(lines=(voice.say("answer.why.calls_more", count=earlier),))]
    for number, calls in told[-ROUNDS:]:
        lines = list(_calls(answer, calls, clock, voice))
        if len(lines) > CALLS:
            lines[CALLS:] = [voice.say("answer.why.calls_more", count=len(lines) - CALLS)]
        sections.append(Section(_round(number, calls[0][1].reason, voice), tuple(lines)))
    return tuple(sections)


def _round(number: int, reason: RoundReason, voice: Voice) -> str:
    """Why this round began."""
    minutes = int(voice.policy.ping.quiet.total_seconds() // 60)
    key = "again" if number > 1 and reason is RoundReason.FIRST else reason.value
    return voice.say(f"answer.why.round_{key}", round=number, minutes=minutes)


def _calls(answer: WhyShown, calls: list[Call], clock: Clock, voice: Voice) -> Iterable[str]:
    """One line for everybody who was told at the same time by the same step."""
    for (at, step), told in groupby(calls, key=lambda call: (call[1].at, call[1].step)):
        together = list(told)
        who = people(dict.fromkeys(name for name, _ in together if name), voice) or voice.say("answer.why.nobody")
        if step == ASKED:
            yield voice.say("answer.why.call_asked", at=clock.time(at), names=who)
        else:
            yield voice.say("answer.why.call", at=clock.time(at), step=_step(answer, step, voice), names=who)
        if unheard := dict.fromkeys(name for name, call in together if name and call.unheard):
            yield voice.say("answer.why.call_unheard", names=people(unheard, voice))


def _step(answer: WhyShown, step: int, voice: Voice) -> str:
    """Whom the step was for, as long as the policy is the one of then; past the last it is the leads."""
    steps = voice.policy.ping.steps
    if answer.edition != answer.current_edition:
        return voice.say("answer.why.step_number", number=step + 1)
    return voice.say(f"answer.why.step_{steps[step].to.value if step < len(steps) else 'last'}")


def _state(asked: Ping, facts: IncidentFacts, clock: Clock, voice: Voice, known: Mapping[str, str]) -> Iterable[str]:
    """Who took it and how it ended, or when the next step follows."""
    if asked.acked_by and asked.acked_at is not None:
        name = person(shown_account(asked.acked_by, known), voice)
        yield voice.say("answer.ping.has_since", name=name, at=clock.time(asked.acked_at))
    if asked.state is PingState.RESOLVED and asked.resolved_at is not None:
        finding = finding_words(facts.finding, voice) if facts.finding else voice.say("card.finding.waiting")
        how = (asked.outcome or Outcome.HANDLED).value
        yield voice.say(f"card.outcome.{how}", at=clock.time(asked.resolved_at), finding=finding)
    elif asked.state is not PingState.ACKNOWLEDGED:
        key = "open_next" if asked.due_at is not None else "open"
        yield voice.say(f"answer.why.{key}", at=clock.time(asked.due_at or asked.opened_at))


def _stopped(calls: tuple[Call, ...], asked: Ping, clock: Clock, voice: Voice) -> Iterable[str]:
    """The first answer would have been enough."""
    first = sorted({call.at for _, call in calls if call.round == 1 and not call.asked})
    if len(first) > 1:
        yield voice.say("answer.why.if_taken", at=clock.time(first[1]))
    if asked.round > 1:
        quiet = int(voice.policy.ping.quiet.total_seconds() // 60)
        yield voice.say("answer.why.if_round", minutes=quiet)
    if any(call.asked for _, call in calls):
        minutes = int(voice.policy.ping.outcome.total_seconds() // 60)
        yield voice.say("answer.why.if_outcome", minutes=minutes)
    if asked.state in (PingState.TRIGGERED, PingState.EXHAUSTED):
        yield voice.say("answer.why.if_now")
    yield voice.say("answer.why.if_ended")
