"""Tags in a line, and the text that is left when they are taken out of it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from adapters.commands import moments
from adapters.commands.choices import Choice, chosen
from adapters.commands.names import folded
from adapters.commands.parsed import Mistake
from adapters.commands.table import GROUP, SEVERITY, WHEN, Argument

_QUOTED: Final = r"「[^」]*」|『[^』]*』|\"[^\"]*\"|“[^”]*”"
_TAG: Final = re.compile(rf"(?<!\S)(?P<name>[^\s:\uff1a「『\"“”]{{1,24}})[:\uff1a](?P<value>(?:{_QUOTED})(?!\S)|\S*)")
_SHORT: Final = re.compile(r"(?<!\S)(?P<mark>[#\uff03!\uff01])(?P<value>\S+)")
_NEXT: Final = re.compile(r"[^\S\n]+(?P<value>\S+)")
_SPOKEN: Final = re.compile(r"「([^」]{1,1000})」|『([^』]{1,1000})』|\"([^\"]{1,1000})\"|“([^”]{1,1000})”")
_BLANKS: Final = re.compile(r"^[^\S\n]+")
_AROUND: Final = '「」『』"“”'


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag of a line: what it says, and from where to where it stands."""

    argument: Argument
    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Tagged:
    """A line without its tags."""

    text: str
    tags: Mapping[str, Tag]
    """By the key of the argument."""

    def value(self, key: str) -> str:
        """What the tag says; "" where there is none."""
        return self.tags[key].value if key in self.tags else ""


Fits = Callable[[Argument, str], bool]


def tagged(line: str, arguments: tuple[Argument, ...], groups: tuple[Choice, ...], keep: Fits | None = None) -> Tagged:
    """The tags of these arguments, taken out of the line; every other character of the text stays as it is, and so
    does what looks like a tag inside quotation marks.

    `keep` says of a tag whether it may be taken at all: what it refuses, and a tag said twice, stays text. Without
    it a tag said twice is a Mistake. A space after the colon is allowed where the next word fits.
    """
    found: dict[str, Tag] = {}
    text, at = [], 0
    spoken = [match.span() for match in _SPOKEN.finditer(line)]
    for tag in sorted([*_long(line, arguments, groups), *_short(line, arguments, groups)], key=lambda t: t.start):
        if tag.start < at or any(start < tag.start < end for start, end in spoken):
            continue
        if keep is not None and (tag.argument.key in found or not keep(tag.argument, tag.value)):
            continue
        if tag.argument.key in found:
            raise Mistake("twice", name=line[tag.start : tag.end])
        found[tag.argument.key] = tag
        text.append(line[at : tag.start])
        at = tag.end
    text.append(line[at:])
    return Tagged(_joined(text), found)


def quotes(text: str) -> str:
    """What stands in quotation marks, each on a line of its own; "" for none."""
    return "\n".join(next(part for part in match.groups() if part) for match in _SPOKEN.finditer(text))


def _long(line: str, arguments: tuple[Argument, ...], groups: tuple[Choice, ...]) -> list[Tag]:
    names = {folded(name): one for one in arguments if one.tag for name in one.names}
    found = []
    for match in _TAG.finditer(line):
        argument = names.get(folded(match["name"]))
        if argument is None:
            continue
        value, end = match["value"], match.end()
        after = _NEXT.match(line, end)
        if not value:
            if after is None or not _fits(argument, after["value"], groups):
                continue
            value, end = after["value"], after.end()
            after = _NEXT.match(line, end)
        while after is not None and argument is WHEN and moments.point(f"{value} {after['value']}") is not None:
            value, end = f"{value} {after['value']}", after.end()
            after = _NEXT.match(line, end)
        quoted = len(value) > 1 and value[0] in _AROUND and value[-1] in _AROUND
        found.append(Tag(argument, value[1:-1].strip() if quoted else value, match.start(), end))
    return found


def _short(line: str, arguments: tuple[Argument, ...], groups: tuple[Choice, ...]) -> list[Tag]:
    found = []
    for match in _SHORT.finditer(line):
        argument = GROUP if match["mark"] in "#\uff03" else SEVERITY
        known = groups if argument is GROUP else SEVERITY.choices
        if argument in arguments and chosen(known, match["value"]) is not None:
            found.append(Tag(argument, match["value"], match.start(), match.end()))
    return found


def _fits(argument: Argument, value: str, groups: tuple[Choice, ...]) -> bool:
    if argument is WHEN:
        return moments.point(value) is not None or moments.is_day(value)
    return chosen(groups if argument is GROUP else argument.choices, value) is not None


def _joined(parts: list[str]) -> str:
    """The parts with one blank where a tag stood between two; a line's end beside a tag stays."""
    text = parts[0]
    for part in parts[1:]:
        between = text and part and not text[-1].isspace() and not part[0].isspace()
        text += (" " if between else "") + (_BLANKS.sub("", part) if text[-1:].isspace() or not text else part)
    return text.strip()
