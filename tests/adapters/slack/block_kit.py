"""What Slack would say of a message, written from its rules: what it refuses, and what people would see and get."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Json = Mapping[str, Any]

ENTITY = re.compile(r"&(amp|lt|gt);")
MEANING = {"amp": "&", "lt": "<", "gt": ">"}
RAW = re.compile(r"[<>]|&(?!(?:amp|lt|gt);)")
BAR = re.compile(r"#[0-9a-f]{6}")
TAG = re.compile(r"<([^<>\n]+)>")
CALL = re.compile(r"[@#!]")
BY_ITSELF = re.compile(
    r"(?i)[a-z][a-z0-9+.-]*://\S|\bwww\.\S|[\w.+-]+@[\w-]+\.\w|(?<!\w)@(?:channel|here|everyone)|(?<=\w)\.(?=[^\W\d_])"
)
"""What Slack turns into a link or a call by itself in a parsed text; wider than Slack's own rule (bare domains too)."""
STEERING = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


@dataclass(slots=True)
class Seen:
    """What arrives: texts as people read them, in order, and everything that is more than text."""

    titles: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    quotes: list[str] = field(default_factory=list)
    footers: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    pressed: list[tuple[str, str, str]] = field(default_factory=list)
    """Action, value, style of every button."""
    calls: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)

    @property
    def texts(self) -> list[str]:
        return [*self.titles, *self.lines, *self.quotes, *self.footers, *self.labels]


def faults(text: str, blocks: Sequence[Json], attachments: Sequence[Json]) -> list[str]:
    """Why Slack would refuse the message; [] if it takes it."""
    found = list(_message_faults(text, blocks, attachments))
    every = [*blocks, *(block for bar in attachments for block in bar.get("blocks", ()))]
    for block in every:
        check = BLOCKS.get(block.get("type", ""))
        found += list(check(block)) if check else [f"unknown block {block.get('type')}"]
    ids = [block["block_id"] for block in every if "block_id" in block]
    if len(ids) != len(set(ids)):
        found.append("a block_id stands twice")
    return found


def seen(text: str, blocks: Sequence[Json], attachments: Sequence[Json]) -> Seen:
    """The message as it is shown, with the fallback text parsed as Slack parses it."""
    shown = Seen()
    for block in [*blocks, *(block for bar in attachments for block in bar["blocks"])]:
        match block["type"]:
            case "header":
                shown.titles.append(_plain(block["text"], shown))
            case "section":
                shown.lines.append(_plain(block["text"], shown))
            case "context":
                shown.footers += [_plain(element, shown) for element in block["elements"]]
            case "actions":
                for button in block["elements"]:
                    shown.labels.append(_plain(button["text"], shown))
                    shown.pressed.append((button["action_id"], button["value"], button.get("style", "")))
            case "rich_text":
                _rich(block, shown)
    _parsed(text, shown)
    return shown


def _message_faults(text: str, blocks: Sequence[Json], attachments: Sequence[Json]) -> Iterator[str]:
    if not text.strip():
        yield "no text"
    if len(text.encode()) > 4000:
        yield "the text is too long for chat.update"
    if not 1 <= len(blocks) <= 50 or len(blocks) + sum(len(bar["blocks"]) for bar in attachments) > 50:
        yield "too many blocks"
    if len(json.dumps([blocks, attachments], ensure_ascii=False)) > 12_000:
        yield "msg_blocks_too_long"
    for bar in attachments:
        if set(bar) != {"color", "blocks"} or not BAR.fullmatch(bar["color"]) or not bar["blocks"]:
            yield "invalid_attachments"
    if STEERING.search(text):
        yield "the text steers"


def _text_faults(text: Json, longest: int, kinds: Sequence[str] = ("plain_text",)) -> Iterator[str]:
    if text.get("type") not in kinds:
        yield f"{text.get('type')} is not taken here"
    allowed = {"type", "text", "emoji"} if text.get("type") == "plain_text" else {"type", "text", "verbatim"}
    if set(text) - allowed:
        yield f"unknown keys {set(text) - allowed}"
    if not isinstance(text.get("text"), str) or not text["text"].strip():
        yield "an empty text"
    elif len(text["text"]) > longest:
        yield f"{len(text['text'])} characters, {longest} allowed"
    elif re.search(
        r"[<>]|&(?!(?:amp|lt|gt);)", TAG.sub("", text["text"]) if text["type"] == "mrkdwn" else text["text"]
    ):
        yield f"not escaped: {text['text']}"


def _header(block: Json) -> Iterator[str]:
    yield from _text_faults(block["text"], 150)


def _section(block: Json) -> Iterator[str]:
    if "text" not in block and not block.get("fields"):
        yield "a section without text"
    if "text" in block:
        yield from _text_faults(block["text"], 3000, ("plain_text", "mrkdwn"))
    if len(block.get("fields", ())) > 10:
        yield "more than 10 fields"
    for entry in block.get("fields", ()):
        yield from _text_faults(entry, 2000, ("plain_text", "mrkdwn"))


def _context(block: Json) -> Iterator[str]:
    if not 1 <= len(block["elements"]) <= 10:
        yield "a context holds 1 to 10"
    for element in block["elements"]:
        yield from _text_faults(element, 3000, ("plain_text", "mrkdwn"))


def _actions(block: Json) -> Iterator[str]:
    if not 1 <= len(block["elements"]) <= 25:
        yield "actions hold 1 to 25"
    ids = [button["action_id"] for button in block["elements"]]
    if len(ids) != len(set(ids)):
        yield f"an action_id stands twice: {ids}"
    for button in block["elements"]:
        if button["type"] != "button" or set(button) - {"type", "action_id", "value", "text", "style", "url"}:
            yield f"not a button: {button}"
        if not button.get("url", "https://").startswith("https://") or len(button.get("url", "")) > 3000:
            yield f"leads nowhere: {button}"
        if button.get("style") not in (None, "primary", "danger"):
            yield f"unknown style {button['style']}"
        if not 1 <= len(button["action_id"]) <= 255 or not 1 <= len(button["value"]) <= 2000:
            yield "action_id or value has no room"
        yield from _text_faults(button["text"], 75)


def _rich_text(block: Json) -> Iterator[str]:
    if set(block) != {"type", "elements"} or not block["elements"]:
        yield "an empty rich text"
    for child in block["elements"]:
        if child["type"] not in ("rich_text_section", "rich_text_quote") or set(child) != {"type", "elements"}:
            yield f"unknown child {child['type']}"
        if not child["elements"]:
            yield "an empty paragraph"
        for element in child["elements"]:
            if element["type"] == "text" and not element["text"]:
                yield "an empty run"
            if set(element.get("style", ())) - {"bold", "italic", "strike", "code"}:
                yield f"unknown style {element['style']}"


BLOCKS: dict[str, Callable[[Json], Iterator[str]]] = {
    "header": _header,
    "section": _section,
    "context": _context,
    "actions": _actions,
    "rich_text": _rich_text,
}


def _resolved(text: str) -> str:
    return ENTITY.sub(lambda found: MEANING[found[1]], text)


def _plain(text: Json, shown: Seen) -> str:
    """Plain text is shown with its three entities resolved; markup is parsed."""
    if text["type"] == "mrkdwn":
        return _parsed(text["text"], shown)
    assert text["emoji"] is False
    return _resolved(text["text"])


def _rich(block: Json, shown: Seen) -> None:
    """Rich text is shown as it is; what calls or links is an element of its own."""
    for child in block["elements"]:
        texts = []
        for element in child["elements"]:
            match element["type"]:
                case "text":
                    texts.append(element["text"])
                case "link":
                    shown.links.append(element["url"])
                case kind:
                    shown.calls.append(f"{kind}: {element}")
        whole = "".join(texts)
        if child["type"] == "rich_text_quote":
            shown.quotes.append(whole)
        else:
            shown.lines += whole.split("\n")


def _parsed(text: str, shown: Seen) -> str:
    """Markup: <@U1>, <#C1>, <!here>, <https://…|name>, and what becomes a link or a call by itself."""
    for tag in TAG.findall(text):
        (shown.calls if CALL.match(tag) else shown.links).append(tag)
    bare = TAG.sub("", text)
    shown.links += [bare[found.start() : found.start() + 20] for found in BY_ITSELF.finditer(bare)]
    return _resolved(TAG.sub(lambda found: f"[{found[1]}]", text))
