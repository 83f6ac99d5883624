"""Reports, cries for help and phone calls: from a line to what was filed."""

import re
from datetime import datetime
from typing import Final

from adapters.commands import moments
from adapters.commands.choices import BURDENS, MEDIA, SEVERITIES, chosen, groups
from adapters.commands.line import Line, first, number, required
from adapters.commands.parsed import Do, Form, Mistake, Parsed
from adapters.commands.table import BURDEN, CUSTOMER, GROUP, MEDIUM, QUOTE, SEVERITY, WHEN, Argument
from adapters.commands.tags import Tagged, quotes
from bot.domain.events import ReportFiled, ReportWithdrawn
from bot.domain.model import Medium, ReportKind, Severity

_WORDS_OF_A_TIME: Final = 5
_MENTION: Final = re.compile(r"(?<!\S)@[^\s@,、。<>]+|<@[^\s<>]+>")


def report(line: Line) -> Parsed:
    """A report: a form where nothing was told, else what was; `withdraw` only where nothing but a number follows."""
    word, rest = first(line.rest)
    if line.action(word) == "withdraw" and (not rest or number(rest)):
        return Do(ReportWithdrawn(actor=line.asker.account, report_id=number(rest)))
    said = line.tagged()
    filed = _filed(line, said, ReportKind.REPORT, _customer(line, said), _when(line, said))
    return Do(filed) if filed.text else Form(line.word.key, filed)


def now(line: Line) -> Parsed:
    """A cry for help is never refused: what does not fit as a tag stays text (rules.md 5, S3-2)."""
    said = line.tagged(lambda argument, value: _good(line, argument, value))
    customer = _only(line, said.value(CUSTOMER.key)) or _mentioned(line, said.text)
    when = moments.point(said.value(WHEN.key))
    span = when and moments.past(when, line.asker.zone, line.asker.now)
    return Do(_filed(line, said, ReportKind.NOW, customer, span[0] if span else None))


def call(line: Line) -> Parsed:
    """A phone call by hand (S0-26): the span first, then the customer, then what it was about."""
    said = line.tagged()
    start, end, text = _span(line, said.text)
    customer = _customer(line, said)
    if customer is None and CUSTOMER.key not in said.tags:
        name, after = first(text)
        if name and line.lookup.customer(name):
            customer, text = line.customer(name), after
    filed = _filed(line, said, ReportKind.CALL, customer, start, text, (start, end))
    return Do(filed) if text or start or customer is not None else Form(line.word.key, filed)


def _filed(
    line: Line,
    said: Tagged,
    kind: ReportKind,
    customer: int | None,
    occurred_at: datetime | None,
    text: str | None = None,
    span: tuple[datetime | None, datetime | None] = (None, None),
) -> ReportFiled:
    language, choices = line.asker.language, groups(line.policy.groups)
    severity = required(SEVERITIES, said.value(SEVERITY.key), "severity", language)
    burden = required(BURDENS, said.value(BURDEN.key), "burden", language)
    medium = required(MEDIA, said.value(MEDIUM.key), "medium", language)
    words = said.text if text is None else text
    return ReportFiled(
        actor=line.asker.account,
        kind=kind,
        text=words,
        customer_id=customer,
        place=line.asker.place,
        group=required(choices, said.value(GROUP.key), "group", language) or "",
        severity=Severity.named(severity) if severity else None,
        burden=int(burden or 0),
        medium=Medium.PHONE if kind is ReportKind.CALL else Medium(medium) if medium else None,
        occurred_at=occurred_at,
        quote=said.value(QUOTE.key) or quotes(words),
        call_from=span[0],
        call_to=span[1],
    )


def _customer(line: Line, said: Tagged) -> int | None:
    """By tag, else by the only @name that is a customer's; the @name stays in the text."""
    return line.customer(said.value(CUSTOMER.key)) or _mentioned(line, said.text)


def _mentioned(line: Line, text: str) -> int | None:
    """The only customer among the @names; several are left to the reader of the text."""
    names = [match[0] for match in _MENTION.finditer(text)]
    found = {one for name in names if (one := _only(line, name)) is not None}
    return found.pop() if len(found) == 1 else None


def _only(line: Line, name: str) -> int | None:
    found = line.lookup.customer(name) if name else ()
    return found[0] if len(found) == 1 else None


def _when(line: Line, said: Tagged) -> datetime | None:
    """By tag, else the time that the text begins with, which stays in it and counts only if it is not ahead."""
    asker = line.asker
    if WHEN.key in said.tags:
        moment = moments.point(said.value(WHEN.key))
        if moment is None:
            raise Mistake("when", value=said.value(WHEN.key))
        past = moments.past(moment, asker.zone, asker.now)
        if past is None:
            raise Mistake("ahead", value=said.value(WHEN.key))
        return past[0]
    moment, _ = _leading(said.text)
    past = moments.past(moment, asker.zone, asker.now) if moment else None
    return past[0] if past else None


def _span(line: Line, text: str) -> tuple[datetime | None, datetime | None, str]:
    """Begin, end and what follows; a lone time that is ahead is taken for text, a span that is ahead for a slip."""
    moment, rest = _leading(text)
    past = moments.past(moment, line.asker.zone, line.asker.now) if moment else None
    if moment is None or (past is None and moment.end is None):
        return None, None, text
    if past is None:
        raise Mistake("ahead", value=text.removesuffix(rest).strip())
    return (*past, rest)


def _leading(text: str) -> tuple[moments.Said | None, str]:
    """The time that the longest beginning of a few words names (昨日 14:05 - 14:40); and what follows."""
    begun, rest = "", text
    found: tuple[moments.Said | None, str] = (None, text)
    for _ in range(_WORDS_OF_A_TIME):
        one, rest = first(rest)
        begun = f"{begun} {one}".strip()
        moment = moments.said(begun)
        if moment is not None:
            found = moment, rest
    return found


def _good(line: Line, argument: Argument, value: str) -> bool:
    if argument is CUSTOMER:
        return _only(line, value) is not None
    if argument is WHEN:
        moment = moments.point(value)
        return moment is not None and moments.past(moment, line.asker.zone, line.asker.now) is not None
    if argument is GROUP:
        return chosen(groups(line.policy.groups), value) is not None
    return argument is QUOTE or chosen(argument.choices, value) is not None
