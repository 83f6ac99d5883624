"""Lines of a message told apart: the writer's own, quoted ones, and a signature."""

import re
from dataclasses import dataclass

_QUOTED = re.compile(r"\s{0,4}[>|]{1,6}")
_HISTORY = re.compile(
    r"\s*(?:-{2,}\s*(?:original message|forwarded message|元のメッセージ|転送メッセージ).{0,40}"
    r"|on .{4,90} wrote:|\d{4}[年/.-].{4,80}(?:wrote|のメール|書きました)[:。]?|from: .{1,80}|差出人: ?.{1,80})\s*",
    re.IGNORECASE,
)
_RULE = re.compile(r"\s*(?:-- ?|[-=_*~─━―＿]{4,}|[◆■●*+=-]{3,}.{0,40}[◆■●*+=-]{3,})\s*")
_CONTACT = re.compile(
    r"\s*(?:tel|fax|phone|mobile|e-?mail|mail|url|web|〒|電話|携帯|住所|内線)\s*[:：.)\d].{0,80}", re.IGNORECASE
)
_CLOSING = re.compile(
    r"\s*(?:(?:best|kind|warm|with kind|many)? ?regards|sincerely(?: yours)?|cheers|yours (?:truly"
    r"|faithfully)|best wishes"
    r"|thanks(?: in advance| so much| again)?|thank you(?: in advance| very much)?|敬具|草々"
    r"|.{0,12}(?:よろしく|宜しく|宜敷く).{0,3}(?:願|ねが).{0,12})[\s,.!。、!]*",
    re.IGNORECASE,
)
_SAYS = re.compile(
    r"(?:ます|ません|です|した|たい|さい|せん|か|て|ない|る|せ)[。!?\s]*$|[?!。]|\b(?:please|can|i|you|we|not"
    r"|is|are|my|the)\b",
    re.IGNORECASE,
)
_NAME = r"[A-Z][\w'.-]{1,15}(?: [A-Z][\w'.-]{0,15}){0,2}"
_SIGNED = re.compile(
    r"(?:^|(?<=[\s.!?,]))(?i:(?:best|kind|warm)(?: regards| wishes)?|regards|sincerely|cheers|yours|many thanks"
    r"|thanks(?: again| so much| a lot| in advance)?|thank you(?: so much| very much| in advance)?)"
    rf"\s*[,!.–—-]\s*{_NAME}[.!]?\s*$"
)
_NAME_LINE = re.compile(rf"(?:[–—―~-]{{1,3}} ?)?({_NAME})[.!]?\s*")
_SENTENCE_ENDS = re.compile(r"[.!?,。、][\s)]*$")
_SIGNATURE_LINES = 10
_SIGNATURE_WIDTH = 48


@dataclass(frozen=True, slots=True)
class Lines:
    """A message's own lines, the lines it quotes, and the bare name under them."""

    own: str
    quoted: str
    signed: str = ""


def lines_of(text: str) -> Lines:
    """The text (NFKC) split; a signature and contact lines belong to neither part."""
    if "\n" not in text:
        found = _QUOTED.match(text)
        return Lines("", text[found.end() :]) if found else Lines(_without_name(text), "")
    own: list[str] = []
    quoted: list[str] = []
    into = own
    for line in filter(str.strip, text.split("\n")):
        found = _QUOTED.match(line)
        if found:
            quoted.append(line[found.end() :])
        elif _HISTORY.fullmatch(line):
            into = quoted if own else own
        elif not _CONTACT.fullmatch(line):
            into.append(line)
    own = _unsigned(own)
    signed = ""
    name = _NAME_LINE.fullmatch(own[-1]) if len(own) > 1 else None
    if name and (name.start(1) or _SENTENCE_ENDS.search(own[-2])):
        signed = name[1].casefold()
        own.pop()
    if own:
        own[-1] = _without_name(own[-1])
    return Lines("\n".join(own), "\n".join(_unsigned(quoted)), signed)


def _without_name(line: str) -> str:
    """The line without the thanks and the name that end it."""
    if not line[-1:].isascii():
        return line
    found = _SIGNED.search(line, max(0, len(line) - 60))
    return line[: found.start()] if found else line


def _unsigned(lines: list[str]) -> list[str]:
    """The lines before a signature: one that follows a rule, or the few wordless lines after a closing."""
    for at, line in enumerate(lines):
        if at < max(1, len(lines) - 1 - _SIGNATURE_LINES):
            continue  # too much follows
        if (_RULE.fullmatch(line) or _CLOSING.fullmatch(line)) and not _speaks(lines[at + 1 :]):
            return lines[:at]
    return lines


def _speaks(lines: list[str]) -> bool:
    return any(len(line) > _SIGNATURE_WIDTH or _SAYS.search(line) for line in lines)
