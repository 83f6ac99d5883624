"""A message as Slack keeps it, and the texts, mentions and buttons a person finds in it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
PING = re.compile(r"<(@[UW]\w+|!(?:channel|here|everyone)|!subteam\^\w+)(?:\|[^>]*)?>")
TOMBSTONE = "This message was deleted."


@dataclass
class Message:
    """One message; `seen_by` names the only person who sees it, when it is ephemeral."""

    channel: str
    ts: str
    user: str = ""
    text: str = ""
    subtype: str = ""
    team: str = ""
    thread_ts: str = ""
    bot_id: str = ""
    app_id: str = ""
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    files: list[Json] = field(default_factory=list)
    metadata: Json | None = None
    edited: Json | None = None
    reactions: dict[str, list[str]] = field(default_factory=dict)
    more: Json = field(default_factory=dict)
    seen_by: str = ""

    @property
    def is_reply(self) -> bool:
        return bool(self.thread_ts) and self.thread_ts != self.ts

    @property
    def in_channel(self) -> bool:
        """Stands in the channel itself, not only in a thread."""
        return not self.is_reply or self.subtype == "thread_broadcast"

    @property
    def words(self) -> str:
        """Everything that a person can read in it, line by line; the fallback text only where there are no blocks."""
        lines = [text["text"] for text in texts(self.blocks)] if self.blocks else [self.text]
        return "\n".join(lines + [text["text"] for text in texts(self.attachments)])

    @property
    def pings(self) -> set[str]:
        """Whom it pings: "@U1", "!channel", "!subteam^S1", in the text or in any block that Slack formats."""
        found = set(PING.findall(self.text))
        for text in texts([*self.blocks, *self.attachments]):
            if text.get("type") in {"mrkdwn", "markdown"}:
                found |= set(PING.findall(text["text"]))
        for part in parts([*self.blocks, *self.attachments]):
            match part:
                case {"type": "user", "user_id": str(id)}:
                    found.add(f"@{id}")
                case {"type": "usergroup", "usergroup_id": str(id)}:
                    found.add(f"!subteam^{id}")
                case {"type": "broadcast", "range": str(range)}:
                    found.add(f"!{range}")
        return found

    @property
    def buttons(self) -> list[str]:
        """The action ids of its buttons, in order."""
        return [part["action_id"] for part in parts(self.blocks) if part.get("type") == "button"]


def parts(value: object) -> Iterator[Json]:
    """Every object inside blocks, in reading order."""
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from parts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from parts(inner)


def texts(blocks: list[Json]) -> Iterator[Json]:
    """Every text object, markdown block and rich text run; an attachment's own text counts as mrkdwn."""
    for part in parts(blocks):
        if part.get("type") in {"mrkdwn", "plain_text", "markdown", "text"} and isinstance(part.get("text"), str):
            yield part
        elif "type" not in part and isinstance(part.get("text"), str):
            yield {"type": "mrkdwn", "text": part["text"]}


def element(blocks: list[Json], action_id: str) -> tuple[Json, Json] | None:
    """The element with this action id, with the block that holds it."""
    for block in blocks:
        for part in parts(block):
            if part.get("action_id") == action_id:
                return part, block
    return None


FORMATTED = re.compile(r"<(?:[@#!][^<>\s]+|https?://[^<>\s]+)>|https?://[^\s<>]+|[&<>]")


def typed(text: str) -> str:
    """What Slack makes of typed text: & < > escaped, addresses in brackets, mentions (<@U1>) left."""
    escapes = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}

    def formatted(match: re.Match[str]) -> str:
        found = match.group()
        return escapes.get(found) or (found if found.startswith("<") else f"<{found.replace('&', '&amp;')}>")

    return FORMATTED.sub(formatted, text)
