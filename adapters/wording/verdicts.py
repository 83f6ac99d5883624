"""Verdicts in words: what there is to judge, what was decided, what it gave and why (rules.md 5, S0-33, S1-6)."""

from collections.abc import Iterable, Mapping
from typing import Final

from adapters.wording.acknowledged import ending
from adapters.wording.buttons import button
from adapters.wording.card import Button, Card, Quote, Section, Style, Tone
from adapters.wording.clean import clipped
from adapters.wording.incidents import (
    QUOTED,
    finding_words,
    masked,
    quote_of,
    reminders,
    signs_part,
    weight_words,
    what_words,
)
from adapters.wording.people import labelled, person
from adapters.wording.standing import level_words, number
from adapters.wording.times import Clock
from adapters.wording.titles import fitted
from adapters.wording.voice import Voice
from bot.domain.model import Finding, Review, ReviewState
from bot.domain.notices import IncidentFacts, VerdictRecorded
from bot.domain.questions import ReviewShown

WORDS: Final = 6
SAID: Final = 6_000
"""Characters of what was said, for whoever judges: a report is read whole."""
"""Quotes for the person who judges."""
HISTORY: Final = 3
_ASKED: Final = ("demand", "means", "environment")
_FORM: Final = ("demand_valid", "means_acceptable", "environment_harmed")
"""The three questions, and the words in which the form asks them."""
_WAITING: Final = (ReviewState.AWAITING_SECOND, ReviewState.PROVISIONAL)


def recorded(answer: VerdictRecorded, voice: Voice) -> Card:
    """What was decided, what it gives or why nothing, and where the customer stands now."""
    decided = voice.say(
        "answer.verdict.decided",
        id=str(answer.incident_id),
        finding=finding_words(answer.finding, voice),
        severity=voice.severity(answer.severity),
    )
    hint = voice.say(f"answer.verdict.suggestion_{answer.suggestion.value}")
    note = voice.say("answer.verdict.suggestion_note")
    key = answer.state.value
    return Card(
        fitted(
            labelled(answer.customer, voice), (lambda name: voice.say(f"answer.verdict.title_{key}", customer=name),)
        ),
        Tone.NOTICE if answer.state is not ReviewState.FINAL else Tone.CALM,
        (
            Section(lines=(decided, voice.say(f"answer.verdict.{key}"))),
            Section(voice.say("answer.verdict.points"), tuple(_points(answer, voice))),
            Section(lines=(hint + voice.say("card.list.sentences") + f"({note})",)),
        ),
        (button("why", f"incident:{answer.incident_id}", voice),),
        voice.say("card.incident.footer_judged", id=str(answer.incident_id)),
    )


def _points(answer: VerdictRecorded, voice: Voice) -> Iterable[str]:
    """4 = weight 2 × factor 2, or why there are none; then the customer's points before and after."""
    if answer.rights_only:
        yield voice.say("answer.verdict.rights_only", category=voice.category(answer.category))
    elif answer.points:
        yield voice.say(
            "answer.verdict.given",
            points=f"{answer.points:g}",
            weight=f"{answer.weight:g}",
            factor=f"{answer.factor:g}",
            category=voice.category(answer.category),
            severity=voice.severity(answer.severity),
        )
    elif answer.state is ReviewState.FINAL:
        yield voice.say(f"answer.verdict.none_{answer.finding.value}")
    if answer.taken_back:
        yield voice.say("answer.verdict.taken_back", points=f"{answer.taken_back:g}")
    yield _moved(answer, voice)
    if answer.threshold:
        yield voice.say("answer.verdict.threshold")


def _moved(answer: VerdictRecorded, voice: Voice) -> str:
    before, after = number(answer.points_before), number(answer.points_after)
    level, level_before = level_words(answer.level_after, voice), level_words(answer.level_before, voice)
    key = "moved_level" if level != level_before else "moved" if before != after else "unmoved"
    return voice.say(f"answer.verdict.{key}", before=before, after=after, level=level, level_before=level_before)


def to_judge(answer: ReviewShown, voice: Voice, names: Mapping[str, str]) -> Card:
    """Everything that the person needs who judges: what happened, the three questions, what was decided before."""
    facts = answer.incident
    clock = Clock(voice, facts.zone)
    what = what_words(facts, voice)
    return Card(
        fitted(
            voice.customer(facts.customer, facts.customer_id),
            (lambda name: voice.say("answer.review.title", customer=name, what=what),),
        ),
        Tone.NOTICE,
        tuple(
            section
            for section in (
                Section(lines=(*_to_do(answer, voice), *reminders(facts, voice))),
                *signs_part(facts, clock, voice, quoted=False),
                _words(answer, clock, voice),
                *ending(answer.pings, clock, voice),
                _questions(answer, voice),
                _matrix(voice),
                _history(answer.history, clock, voice, names),
            )
            if section != Section()
        ),
        _buttons(facts, _standing(answer), voice),
        voice.say("card.incident.footer_judged", id=str(facts.incident_id)),
    )


def _standing(answer: ReviewShown) -> Review | None:
    return answer.history[-1] if answer.history else None


def _to_do(answer: ReviewShown, voice: Voice) -> tuple[str, ...]:
    last = _standing(answer)
    if last is not None and last.state in _WAITING:
        key = "second" if last.state is ReviewState.AWAITING_SECOND else "provisional"
        return _first(last, answer.incident, voice), voice.say(f"answer.review.waits_{key}")
    lines = [voice.say("answer.review.do")]
    if last is not None:
        again = "disputed" if last.state is ReviewState.DISPUTED else "judged"
        lines.insert(0, voice.say(f"answer.review.{again}"))
    if answer.alone:
        lines.append(voice.say("answer.review.alone"))
    return tuple(lines)


def _first(review: Review, facts: IncidentFacts, voice: Voice) -> str:
    """What one agrees to or not, as on the card that asks for it."""
    return voice.say(
        "card.second.verdict",
        finding=finding_words(review.finding, voice),
        weight=weight_words(review.severity, review.categories, voice),
        since=Clock(voice, facts.zone).time(facts.opened_at),
    )


def _words(answer: ReviewShown, clock: Clock, voice: Voice) -> Section:
    """The words are shown to whoever judges, with a word before such as hurt (S1-10 hides them from channels)."""
    told = Voice(voice.language, voice.policy, dict(answer.quotes))
    at = {key: sign.at for sign in answer.incident.signs for key in sign.quotes}
    keys = {text: key for key, text in answer.quotes}
    longest = max(QUOTED, SAID // (min(len(keys), WORDS) or 1))
    quotes = [
        quote_of(key, at.get(key, answer.incident.last_sign_at), clock, told, longest) for key in keys.values()
    ]  # fmt: skip
    if not quotes:
        return Section()
    lines = [voice.say("answer.review.sensitive")] if masked(answer.incident, voice) else []
    if more := len(quotes[WORDS:]):
        lines.append(voice.say("answer.review.more_said", shown=WORDS, count=more))
    return Section(voice.say("answer.review.said"), tuple(lines), quotes=tuple(quotes[:WORDS]))


def _questions(answer: ReviewShown, voice: Voice) -> Section:
    """As the form asks them; with answers once somebody gave some."""
    lines = []
    for question, form, opinion in zip(_ASKED, _FORM, answer.answers, strict=True):
        asked, said = voice.say(f"form.{form}"), voice.say(f"answer.opinion.{question}.{opinion.value}")
        line = voice.say("answer.review.answer", question=asked, answer=said)
        lines.append(line if answer.history else asked)
    if answer.history:
        lines.append(voice.say(f"answer.verdict.suggestion_{answer.suggestion.value}"))
    return Section(voice.say("answer.review.questions"), tuple(lines))


def _matrix(voice: Voice) -> Section:
    rows = ("likely", "possible", "legitimate", "open")
    return Section(voice.say("answer.review.matrix"), tuple(voice.say(f"answer.review.matrix_{row}") for row in rows))


def _history(history: tuple[Review, ...], clock: Clock, voice: Voice, names: Mapping[str, str]) -> Section:
    """Latest first; the reasons are their givers' own words."""
    if not history:
        return Section()
    quotes = tuple(_entry(review, clock, voice, names) for review in reversed(history[-HISTORY:]))
    return Section(voice.say("answer.review.history"), quotes=quotes)


def _entry(review: Review, clock: Clock, voice: Voice, names: Mapping[str, str]) -> Quote:
    name = names.get(review.reviewer, "")
    source = voice.say(
        "answer.review.entry_by" if name else "answer.review.entry",
        at=clock.time(review.at),
        name=person(name, voice),
        finding=finding_words(review.finding, voice),
        weight=weight_words(review.severity, (), voice),
        state=state_words(review.state, voice),
    )
    return Quote(clipped(review.reason.strip(), QUOTED), source)


def state_words(state: ReviewState, voice: Voice) -> str:
    return voice.say(f"answer.state.{state.value}")


def _buttons(facts: IncidentFacts, last: Review | None, voice: Voice) -> tuple[Button, ...]:
    """One for each finding; while a verdict waits, the two answers to it, which look alike."""
    subject = f"incident:{facts.incident_id}"
    if last is not None and last.state in _WAITING:
        return tuple(button(action, subject, voice) for action in ("agree", "disagree", "why"))
    return tuple(Button(finding.value, subject, finding_words(finding, voice), Style.PLAIN) for finding in Finding)
