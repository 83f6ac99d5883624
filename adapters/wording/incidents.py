"""An incident in words: what is suspected, its signs, what was said; nobody who reported is named (rules.md 8)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from adapters.wording.buttons import OPEN, button
from adapters.wording.card import Button, Card, Quote, Section, Style, Tone
from adapters.wording.clean import clean, clipped
from adapters.wording.times import Clock, window_words
from adapters.wording.titles import TITLE, fitted
from adapters.wording.voice import Voice
from bot.domain.model import Finding, ReportKind, Severity, SignKind
from bot.domain.notices import IncidentFacts, IncidentNoted, MorningListed, SecondWanted, SignFacts

LINE: Final = 120
"""Characters of an incident on a list."""
QUOTES: Final = 3
QUOTED: Final = 300
"""Characters of one quote."""
LISTED: Final = 8
"""Incidents on one list; the rest is counted."""
OTHER: Final = "other"
"""The category of what nobody has named; it names nothing."""
MASKED: Final = frozenset({"discrimination_or_sexual"})
"""Categories whose words are not shown to a whole channel by themselves (S1-10)."""
TONES: Final = {
    Severity.LOW: Tone.NOTICE,
    Severity.MEDIUM: Tone.WARNING,
    Severity.HIGH: Tone.DANGER,
    Severity.CRITICAL: Tone.DANGER,
}


def what_words(facts: IncidentFacts, voice: Voice) -> str:
    """What it is about, as a suspicion until a person judged it (S0-33)."""
    lead = _leading(facts)
    if lead is not None and lead.kind is SignKind.DETECTION and lead.window:
        what = voice.say("card.what.repeats", count=lead.count, window=_window(lead, voice))
    else:
        name = _named(lead, voice) if lead else ""
        if not name and not facts.finding and lead is not None and lead.report_kind is ReportKind.NOW:
            return voice.say("card.what.help")
        said = voice.listed(voice.category(key) for key in facts.categories if key != OTHER)
        what = name or said or voice.say("card.what.unsaid")
    if facts.finding:
        return voice.say("card.what.judged", what=what, finding=finding_words(facts.finding, voice))
    return voice.say("card.what.suspected", what=what)


def title_of(facts: IncidentFacts, clock: Clock, voice: Voice, longest: int = TITLE) -> str:
    """How grave, who, what, and since when as far as there is room: the time stands among the fields as well."""
    fields = {"severity": voice.severity(facts.severity), "what": what_words(facts, voice)}
    since = clock.time(facts.opened_at)
    return fitted(
        voice.customer(facts.customer, facts.customer_id),
        (
            lambda name: voice.say("card.incident.title_since", customer=name, since=since, **fields),
            lambda name: voice.say("card.incident.title", customer=name, **fields),
        ),
        longest,
    )


def finding_words(finding: str, voice: Voice) -> str:
    return voice.say(f"card.finding.{Finding(finding).value}")


def weight_words(severity: Severity, categories: Iterable[str], voice: Voice) -> str:
    """What decides about points in a verdict: how grave it is, and as what it counts."""
    what, named = voice.severity(severity), voice.listed(map(voice.category, categories))
    return voice.say("card.second.weight" if named else "card.second.weight_alone", severity=what, categories=named)


def sign_words(sign: SignFacts, clock: Clock, voice: Voice) -> str:
    """When, by whose word (a person's or the machine's), what, how grave, where."""
    if sign.kind is SignKind.DETECTION and sign.window:
        what = voice.say("card.sign.repeats", count=sign.count, window=_window(sign, voice))
    elif sign.kind is SignKind.DETECTION:
        what = voice.say("card.sign.detected", what=voice.category(sign.category))
    else:
        name = _named(sign, voice)
        key = f"card.sign.{(sign.report_kind or ReportKind.REPORT).value}"
        what = voice.say(key if name else f"{key}_bare", what=name)
    words = voice.say(
        "card.sign.line",
        at=clock.time(sign.at),
        what=what,
        severity=voice.severity(sign.severity),
        place=_place(sign, voice),
    )
    return words if sign.live else voice.say("card.sign.void", sign=words)


def signs_part(facts: IncidentFacts, clock: Clock, voice: Voice, quoted: bool = True) -> tuple[Section, ...]:
    """What happened, latest first; `quoted`: with people's own words where they may be shown. No signs, no section."""
    if not facts.signs:
        return ()
    lines = [sign_words(sign, clock, voice) for sign in facts.signs]
    if facts.more:
        lines.append(voice.say("card.sign.more", count=facts.more))
    heading = voice.say("card.sign.heading")
    if not quoted:
        return (Section(heading, tuple(lines)),)
    if masked(facts, voice):
        return (Section(heading, (*lines, voice.say("card.sign.masked"))),)
    return (Section(heading, tuple(lines), quotes=_quotes(facts, clock, voice)),)


def masked(facts: IncidentFacts, voice: Voice) -> bool:
    """Any sign of such a category masks all words: a detection may quote the very message that a report is about."""
    categories = {*facts.categories, *(sign.category for sign in facts.signs)}
    for sign in facts.signs:
        group = voice.policy.group(sign.group)
        if group is not None:
            categories.add(group.category)
    return bool(categories & MASKED) and any(sign.live and sign.quotes for sign in facts.signs)


def quote_of(key: str, at: datetime, clock: Clock, voice: Voice, longest: int = QUOTED) -> Quote:
    """The text of `message:12`, `report:3` or `quote:3`, or that it was forgotten after its time."""
    source = voice.say(f"card.quote.{key.partition(':')[0]}", at=clock.time(at))
    text = voice.quotes.get(key)
    if text is None:
        return Quote("", voice.say("card.quote.gone", source=source), gone=True)
    return Quote(clipped(text.strip(), longest), source)


def reminders(facts: IncidentFacts, voice: Voice) -> tuple[str, ...]:
    """What to bear in mind: going to court is a right (S0-32), it may be our own outage (rules.md 3)."""
    outage = (voice.say("card.incident.outage"),) if facts.outage_id is not None else ()
    return *rights_lines((facts,), voice), *outage


def rights_lines(incidents: tuple[IncidentFacts, ...], voice: Voice) -> tuple[str, ...]:
    """One reminder for all of them (S0-32)."""
    named = any(set(facts.categories) & voice.policy.rights for facts in incidents)
    return (voice.say("card.incident.rights"),) if named else ()


def footer_of(facts: IncidentFacts, voice: Voice, waits: bool = True) -> str:
    """A suspicion says that it is one (S0-4), as long as it waits for a verdict."""
    key = "card.incident.footer" if waits and not facts.finding else "card.incident.footer_judged"
    return voice.say(key, id=str(facts.incident_id))


def evidence_buttons(facts: IncidentFacts, voice: Voice) -> tuple[Button, ...]:
    """To where the latest of it was said; and for masked words, to one reader at a time."""
    show = (button("show", f"incident:{facts.incident_id}", voice),) if masked(facts, voice) else ()
    said = [sign.source for sign in facts.signs if sign.live and sign.source]
    return (*(button(OPEN, source, voice) for source in said[-1:]), *show)


def noted(notice: IncidentNoted, voice: Voice) -> Card:
    """A card that calls nobody; another team learns what happened, not the words, and leaves the verdict to its own."""
    facts, other = notice.incident, notice.other_team
    clock = Clock.on(voice, facts.zone, facts.last_sign_at)
    subject = f"incident:{facts.incident_id}"
    why = voice.say("card.noted.other_team" if other else "card.noted.quiet", team=clean(facts.team))
    judge = (button("verify", subject, voice, Style.PRIMARY),)
    return Card(
        title_of(facts, clock, voice),
        Tone.NOTICE,
        (Section(lines=(why, *reminders(facts, voice))), *signs_part(facts, clock, voice, quoted=not other)),
        (*(() if other else judge), button("why", subject, voice), *(() if other else evidence_buttons(facts, voice))),
        footer_of(facts, voice),
    )


def morning(notice: MorningListed, voice: Voice) -> Card:
    """What the night held back."""
    clock, shown = Clock(voice, notice.zone), notice.incidents[:LISTED]
    lines = [title_of(facts, clock, voice, LINE) for facts in shown]
    if more := len(notice.incidents) - len(shown):
        lines.append(voice.say("card.morning.more", count=more))
    remind = rights_lines(notice.incidents, voice)
    return Card(
        voice.say("card.morning.title", count=len(notice.incidents)),
        Tone.NOTICE,
        (
            Section(lines=(voice.say("card.morning.opening", since=clock.time(notice.since)), *remind)),
            Section(voice.say("card.morning.heading"), tuple(lines)),
        ),
        _morning_buttons(notice.incidents, voice),
        voice.say("card.morning.footer", team=clean(notice.team)),
    )


def second(notice: SecondWanted, voice: Voice) -> Card:
    """A grave verdict waits; both answers look alike, so that the card takes no side."""
    facts, subject = notice.incident, f"incident:{notice.incident.incident_id}"
    clock = Clock.on(voice, facts.zone, facts.last_sign_at)
    key = notice.settled or ("provisional" if notice.provisional else "second")
    verdict = voice.say(
        "card.second.verdict",
        finding=finding_words(notice.finding, voice),
        weight=weight_words(facts.severity if notice.severity is None else notice.severity, notice.categories, voice),
        since=clock.time(facts.opened_at),
    )
    name = voice.customer(facts.customer, facts.customer_id)
    return Card(
        fitted(name, (lambda name: voice.say(f"card.second.title_{key}", customer=name),)),
        Tone.NOTICE,
        (
            Section(lines=(verdict, voice.say(f"card.second.{key}"), *reminders(facts, voice))),
            *signs_part(facts, clock, voice),
        ),
        (
            *_answers(notice, subject, voice),
            button("why", subject, voice),
            *evidence_buttons(facts, voice),
        ),
        voice.say("card.incident.footer_judged", id=str(facts.incident_id)),
    )


def _named(sign: SignFacts, voice: Voice) -> str:
    """What somebody said that it was; "" where nobody said more than that it was something."""
    if sign.category in ("", OTHER):
        return ""
    return voice.group(sign.group) or voice.category(sign.category)


def _leading(facts: IncidentFacts) -> SignFacts | None:
    """The gravest sign that still holds, a person's word before a machine's, a named one before a bare one."""
    return max(
        facts.signs,
        key=lambda sign: (sign.live, sign.severity, sign.kind is SignKind.REPORT, bool(sign.group), sign.at),
        default=None,
    )


def _window(sign: SignFacts, voice: Voice) -> str:
    window = next((w for w in voice.policy.windows if w.name == sign.window), None)
    return window_words(window, voice.language) if window else voice.say("card.sign.window_unknown")


def _place(sign: SignFacts, voice: Voice) -> str:
    """The name of the place; of an id of a platform nothing but the platform, which is what a person understands."""
    platform, colon, _ = sign.place.partition(":")
    if not sign.place:
        return voice.say("card.place.none")
    if not colon:
        return voice.say("card.place.named", place=clipped(clean(platform), 30))
    known = platform if platform in ("slack", "discord", "email", "playground") else "other"
    return voice.say("card.place.of", place=voice.say(f"card.place.{known}"))


def _quotes(facts: IncidentFacts, clock: Clock, voice: Voice) -> tuple[Quote, ...]:
    """The first words of each sign, the same words once."""
    found: dict[str, Quote] = {}
    for sign in facts.signs:
        for key in sign.quotes if sign.live else ():
            quote = quote_of(key, sign.at, clock, voice)
            found.setdefault(quote.text if not quote.gone else "\0" + quote.source, quote)
    return tuple(found.values())[:QUOTES]


def _morning_buttons(incidents: tuple[IncidentFacts, ...], voice: Voice) -> tuple[Button, ...]:
    if len(incidents) == 1:
        subject = f"incident:{incidents[0].incident_id}"
        return button("verify", subject, voice, Style.PRIMARY), button("why", subject, voice)
    return tuple(
        button(
            "verify",
            f"incident:{facts.incident_id}",
            voice,
            Style.PRIMARY if place == 0 else Style.PLAIN,
            "verify_named",
            customer=clipped(voice.customer(facts.customer, facts.customer_id), 20),
        )
        for place, facts in enumerate(incidents[:5])
    )


def _answers(notice: SecondWanted, subject: str, voice: Voice) -> tuple[Button, ...]:
    """To agree or not while it waits; a disputed verdict has to be given anew; a final one asks nothing."""
    if notice.settled:
        return (button("verify", subject, voice, Style.PRIMARY),) if notice.settled == "disputed" else ()
    return button("agree", subject, voice), button("disagree", subject, voice)
