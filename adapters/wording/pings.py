"""The cards of a ping: what is wrong, what to do now, who was called, who has it, how it ended (rules.md 7)."""

from datetime import datetime
from typing import Final

from adapters.wording.buttons import button
from adapters.wording.card import Button, Card, Field, Section, Style, Tone
from adapters.wording.clean import clean, clipped
from adapters.wording.incidents import (
    LINE,
    LISTED,
    TONES,
    evidence_buttons,
    finding_words,
    footer_of,
    reminders,
    rights_lines,
    signs_part,
    title_of,
    what_words,
)
from adapters.wording.times import Clock
from adapters.wording.titles import fitted
from adapters.wording.voice import NAME, Voice
from bot.domain.model import Outcome, PingState, ReportKind, RoundReason, Severity
from bot.domain.notices import (
    IncidentFacts,
    OutcomeAsked,
    PingEscalated,
    PingExhausted,
    PingFacts,
    PingOpened,
    PingsBundled,
    PingSettled,
)

_BUTTONS: Final = 5


def opened(notice: PingOpened, voice: Voice) -> Card:
    return _calling(notice.ping, voice, _round_lines(notice.ping, voice))


def escalated(notice: PingEscalated, voice: Voice) -> Card:
    return _calling(notice.ping, voice, (voice.say("card.ping.unanswered"),))


def exhausted(notice: PingExhausted, voice: Voice) -> Card:
    lines = [voice.say("card.ping.exhausted")]
    if notice.times > 1:
        lines.append(voice.say("card.ping.again", count=notice.times))
    return _calling(notice.ping, voice, tuple(lines), last=True)


def settled(notice: PingSettled, voice: Voice) -> Card:
    """Acknowledged: who has it. Resolved: how it ended, without the words, which have been read. Nothing calls."""
    ping, facts = notice.ping, notice.ping.incident
    clock, over = _clock(ping, voice), ping.state is PingState.RESOLVED
    how = (ping.outcome or Outcome.HANDLED) if over else None
    lines = _ended(ping, clock, voice) if over else (_taken(ping, clock, voice), voice.say("card.ping.taken_hint"))
    key = "taken" if how is None else "done" if how is Outcome.HANDLED else "ended"
    fields = {"what": what_words(facts, voice), "state": voice.say(f"card.ping.state_{key}")}
    void = how in (Outcome.WITHDRAWN, Outcome.MERGED, Outcome.OUTAGE)
    return Card(
        fitted(
            voice.customer(facts.customer, facts.customer_id),
            (lambda name: voice.say("card.ping.title_settled", customer=name, **fields),),
        ),
        Tone.GOOD if over else Tone.CALM,
        (
            Section(lines=(*lines, *(() if void else reminders(facts, voice)))),
            *(() if void else signs_part(facts, clock, voice, quoted=not over)),
        ),
        _settled_buttons(ping, how, voice),
        _footer(ping, voice, waits=not void),
    )


def outcome(notice: OutcomeAsked, voice: Voice) -> Card:
    """Asked kindly, with what follows if there is no answer."""
    ping, facts = notice.ping, notice.ping.incident
    clock = _clock(ping, voice)
    until = clock.time(notice.until)
    fields = {"what": what_words(facts, voice)}
    return Card(
        fitted(
            voice.customer(facts.customer, facts.customer_id),
            (lambda name: voice.say("card.ping.title_outcome", customer=name, **fields),),
        ),
        Tone.NOTICE,
        (Section(lines=(_taken(ping, clock, voice), voice.say("card.ping.outcome", until=until))),),
        (
            button("resolve", f"ping:{ping.ping_id}", voice, Style.PRIMARY),
            button("ack", f"ping:{ping.ping_id}", voice, key="still"),
            button("verify", f"incident:{facts.incident_id}", voice),
            button("why", f"ping:{ping.ping_id}", voice),
        ),
        _footer(ping, voice),
    )


def bundled(notice: PingsBundled, voice: Voice) -> Card:
    """One line a ping, one button for each of the first."""
    shown = notice.pings[:LISTED]
    newest = max((_moment(ping) for ping in notice.pings), default=None)
    lines = [
        voice.say(
            "card.ping.numbered",
            id=str(ping.ping_id),
            what=title_of(ping.incident, Clock.on(voice, ping.incident.zone, newest or ping.opened_at), voice, LINE),
        )
        for ping in shown
    ]
    if more := len(notice.pings) - len(shown):
        lines.append(voice.say("card.bundle.more", count=more))
    remind = rights_lines(tuple(ping.incident for ping in notice.pings), voice)
    return Card(
        voice.say("card.bundle.title", count=len(notice.pings)),
        max((TONES[ping.incident.severity] for ping in notice.pings), key=list(Tone).index, default=Tone.WARNING),
        (
            Section(lines=(voice.say("card.bundle.why", count=voice.policy.ping.per_hour), *remind)),
            Section(voice.say("card.bundle.heading"), tuple(lines)),
        ),
        tuple(_bundle_button(ping, place, voice) for place, ping in enumerate(notice.pings[:_BUTTONS])),
        voice.say("card.bundle.footer", team=clean(notice.team)),
    )


def _calling(ping: PingFacts, voice: Voice, news: tuple[str, ...], last: bool = False) -> Card:
    """A call: the title says what, who, since when and how grave; the first line what to do now."""
    facts, clock = ping.incident, _clock(ping, voice)
    return Card(
        title_of(facts, clock, voice),
        TONES[facts.severity],
        (
            Section(lines=(_to_do(facts, voice), *news, *_circumstances(ping, voice), *reminders(facts, voice))),
            Section(fields=_fields(ping, clock, voice, last)),
            *signs_part(facts, clock, voice),
        ),
        (
            button("ack", f"ping:{ping.ping_id}", voice, Style.PRIMARY),
            button("why", f"ping:{ping.ping_id}", voice),
            *evidence_buttons(facts, voice),
        ),
        _footer(ping, voice),
    )


def _footer(ping: PingFacts, voice: Voice, waits: bool = True) -> str:
    """With the number by which a command names the ping."""
    return voice.say("card.ping.footer", footer=footer_of(ping.incident, voice, waits=waits), id=str(ping.ping_id))


def _to_do(facts: IncidentFacts, voice: Voice) -> str:
    """A body in danger comes first, then a person who asked for help."""
    if facts.severity is Severity.CRITICAL:
        return voice.say("card.ping.do_critical")
    asked = any(sign.live and sign.report_kind is ReportKind.NOW for sign in facts.signs)
    return voice.say("card.ping.do_help" if asked else "card.ping.do")


def _circumstances(ping: PingFacts, voice: Voice) -> tuple[str, ...]:
    lines = []
    if not ping.called:
        lines.append(voice.say("card.ping.nobody"))
    if ping.recovered:
        lines.append(voice.say("card.ping.recovered"))
    return tuple(lines)


def _round_lines(ping: PingFacts, voice: Voice) -> tuple[str, ...]:
    """Why a person who had answered, or a colleague, is called again."""
    if ping.reason is RoundReason.FIRST:
        return ()
    dangers = voice.listed(filter(None, map(voice.danger, ping.incident.dangers)))
    key = "danger_unnamed" if ping.reason is RoundReason.DANGER and not dangers else ping.reason.value
    severity = voice.severity(ping.incident.severity)
    return (voice.say(f"card.round.{key}", severity=severity, dangers=dangers),)


def _fields(ping: PingFacts, clock: Clock, voice: Voice, last: bool) -> tuple[Field, ...]:
    facts = ping.incident
    fields = [Field(voice.say("card.ping.since"), _since(facts, clock, voice))]
    if facts.categories:
        fields.append(Field(voice.say("card.ping.categories"), voice.listed(map(voice.category, facts.categories))))
    if dangers := voice.listed(filter(None, map(voice.danger, facts.dangers))):
        fields.append(Field(voice.say("card.ping.dangers"), dangers))
    if ping.called:
        fields.append(Field(voice.say("card.ping.called"), voice.listed(map(_person, ping.called))))
    if ping.unheard:
        unheard = voice.say("card.ping.unheard_who", names=voice.listed(map(_person, ping.unheard)))
        fields.append(Field(voice.say("card.ping.unheard"), unheard))
    if ping.next_at is not None:
        key = "card.ping.next_last" if last else "card.ping.next_step"
        fields.append(Field(voice.say("card.ping.next"), voice.say(key, at=clock.time(ping.next_at))))
    elif last:
        fields.append(Field(voice.say("card.ping.next"), voice.say("card.ping.next_none")))
    return tuple(fields)


def _since(facts: IncidentFacts, clock: Clock, voice: Voice) -> str:
    since, newest = clock.time(facts.opened_at), clock.time(facts.last_sign_at)
    return since if since == newest else voice.say("card.ping.since_until", since=since, newest=newest)


def _taken(ping: PingFacts, clock: Clock, voice: Voice) -> str:
    if not ping.acked_by or ping.acked_at is None:
        return voice.say("card.ping.taken_unnamed")
    return voice.say("card.ping.taken", name=_person(ping.acked_by), at=clock.time(ping.acked_at))


def _ended(ping: PingFacts, clock: Clock, voice: Voice) -> tuple[str, ...]:
    """How it ended, and who had it where somebody had."""
    how, finding = ping.outcome or Outcome.HANDLED, ping.incident.finding
    words = voice.say(
        f"card.outcome.{how.value}",
        at=clock.time(ping.resolved_at or _moment(ping)),
        finding=finding_words(finding, voice) if finding else voice.say("card.finding.waiting"),
    )
    if not ping.acked_by or ping.acked_at is None:
        return (words,)
    return words, voice.say("card.ping.was_taken", name=_person(ping.acked_by), at=clock.time(ping.acked_at))


def _settled_buttons(ping: PingFacts, how: Outcome | None, voice: Voice) -> tuple[Button, ...]:
    verify = button("verify", f"incident:{ping.incident.incident_id}", voice)
    why = button("why", f"ping:{ping.ping_id}", voice)
    if how is None:
        resolve = button("resolve", f"ping:{ping.ping_id}", voice, Style.PRIMARY)
        return (resolve, verify, why, *evidence_buttons(ping.incident, voice))
    return (verify, why) if how is Outcome.HANDLED and not ping.incident.finding else (why,)


def _bundle_button(ping: PingFacts, place: int, voice: Voice) -> Button:
    facts = ping.incident
    name = clipped(voice.customer(facts.customer, facts.customer_id), 20)
    style = Style.PRIMARY if place == 0 else Style.PLAIN
    return button("ack", f"ping:{ping.ping_id}", voice, style, "ack_named", customer=name)


def _person(name: str) -> str:
    return clipped(clean(name), NAME)


def _moment(ping: PingFacts) -> datetime:
    """The latest that the facts know of: the day on which the card is made."""
    known = (ping.opened_at, ping.incident.last_sign_at, ping.acked_at, ping.resolved_at, ping.next_at)
    return max(moment for moment in known if moment is not None)


def _clock(ping: PingFacts, voice: Voice) -> Clock:
    return Clock.on(voice, ping.incident.zone, _moment(ping))
