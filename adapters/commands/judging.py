"""Verdicts: asking what there is to judge, judging, agreeing or not."""

import re
from typing import Final

from adapters.commands.choices import (
    DEMANDS,
    ENVIRONMENTS,
    FINDINGS,
    MEANS,
    SECONDS,
    SEVERITIES,
    SUBJECTS,
    categories,
    chosen,
)
from adapters.commands.line import Line, first, number, required
from adapters.commands.names import nearest
from adapters.commands.parsed import Ask, Do, Mistake, Parsed
from adapters.commands.table import CATEGORY, DEMAND, ENVIRONMENT, SEVERITY
from adapters.commands.table import MEANS as MEANS_TAG
from adapters.commands.tags import Tagged
from bot.domain.events import IncidentReviewed, ReviewSeconded
from bot.domain.model import Finding, Opinion, Severity
from bot.domain.questions import ReviewAsked

_ENDS: Final = re.compile(r"([^:\uff1a、,\uff0c。]+)[:\uff1a、,\uff0c。]?(.*)", re.DOTALL)
_LIST: Final = re.compile(r"[、,\uff0c・]")
_INCIDENT: Final = next(choice for choice in SUBJECTS if choice.value == "incident")


def verify(line: Line) -> Parsed:
    """Nothing or a number asks; a number, a finding and a reason judge; a number and (dis)agreement is the second."""
    asker, said = line.asker, line.tagged()
    one, rest = first(said.text)
    incident = number(one, _INCIDENT)
    if incident is None and one and chosen((_INCIDENT,), one):
        one, rest = first(rest)
        incident = number(one)
    if not one and not said.tags:
        return Ask(ReviewAsked(asker.account))
    if incident is None:
        raise Mistake("incident", value=one)
    if not rest and not said.tags:
        return Ask(ReviewAsked(asker.account, incident))
    word, reason = _finding(rest)
    second = chosen(SECONDS, word)
    if second and said.tags:
        raise Mistake("second_alone")
    if second:
        agrees = second == "agree"
        return Do(ReviewSeconded(actor=asker.account, incident_id=incident, agrees=agrees, reason=reason))
    finding = chosen(FINDINGS, word)
    if finding is None:
        raise _unknown(word, asker.language)
    if not reason:
        raise Mistake("reason")
    return Do(_reviewed(line, said, incident, Finding(finding), reason))


def _reviewed(line: Line, said: Tagged, incident: int, finding: Finding, reason: str) -> IncidentReviewed:
    language = line.asker.language
    opinions = [
        Opinion(required(choices, said.value(tag.key), "opinion", language, name=tag.shown(language)) or "unclear")
        for tag, choices in ((DEMAND, DEMANDS), (MEANS_TAG, MEANS), (ENVIRONMENT, ENVIRONMENTS))
    ]
    severity = required(SEVERITIES, said.value(SEVERITY.key), "severity", language)
    return IncidentReviewed(
        actor=line.asker.account,
        incident_id=incident,
        finding=finding,
        reason=reason,
        demand_valid=opinions[0],
        means_acceptable=opinions[1],
        environment_harmed=opinions[2],
        severity=Severity.named(severity) if severity else None,
        categories=_categories(line, said.value(CATEGORY.key)),
    )


def _finding(rest: str) -> tuple[str, str]:
    """The finding and the reason; punctuation may stand between them instead of a space."""
    word, reason = first(rest)
    match = _ENDS.match(word)
    if match is None:
        return word, reason
    return match[1], (match[2] + rest[rest.index(word) + len(word) :]).strip()


def _categories(line: Line, said: str) -> tuple[str, ...]:
    if not said:
        return ()
    known = categories(line.policy.categories, line.policy.groups)
    whole = chosen(known, said)
    found = [whole] if whole else [chosen(known, part) for part in _LIST.split(said) if part.strip()]
    if not found or None in found:
        names = [group.ja if line.asker.language == "ja" else group.en for group in line.policy.groups]
        raise Mistake("category", value=said, allowed=" / ".join(names))
    return tuple(dict.fromkeys(key for key in found if key))


def _unknown(word: str, language: str) -> Mistake:
    allowed = " / ".join(choice.shown(language) for choice in (*FINDINGS, *SECONDS))
    near = nearest(word, {name: choice.shown(language) for choice in (*FINDINGS, *SECONDS) for name in choice.names})
    if near:
        return Mistake("finding_near", value=word, nearest=near, allowed=allowed)
    return Mistake("finding", value=word, allowed=allowed)
