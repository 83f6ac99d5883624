"""One call of the Web API: its arguments as Slack reads them, and the checks that many methods share."""

import base64
import binascii
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from slack.channel import SCOPE, Channel, Room
from slack.message import Json, Message

if TYPE_CHECKING:
    from slack.server import LocalSlack
    from slack.user import User
    from slack.workspace import App, Workspace

T = TypeVar("T")


class Refused(Exception):
    """Slack's ok: false."""

    def __init__(self, error: str, **more: object) -> None:
        super().__init__(error)
        self.body: Json = {"ok": False, "error": error, **more}


def invalid(*messages: str, error: str = "invalid_arguments") -> Refused:
    return Refused(error, response_metadata={"messages": [f"[ERROR] {message}" for message in messages]})


@dataclass
class Ask:
    """The call that is being answered."""

    slack: "LocalSlack"
    method: str
    arguments: Json

    @property
    def workspace(self) -> "Workspace":
        return self.slack.workspace

    @property
    def app(self) -> "App":
        return self.slack.workspace.app

    def text(self, name: str, default: str = "") -> str:
        value = self.arguments.get(name)
        return default if value is None else str(value)

    def needed(self, name: str) -> str:
        if not (value := self.text(name)):
            raise invalid(f"missing required field: {name}")
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        return self.text(name, str(default)).lower() in {"1", "true"}

    def number(self, name: str, default: int) -> int:
        try:
            return int(self.text(name) or default)
        except ValueError:
            raise invalid(f"must be an integer [json-pointer:/{name}]") from None

    def structure(self, name: str, error: str = "invalid_json") -> Any:
        """A JSON argument, sent as JSON or as a string of it; None when it is not there."""
        value = self.arguments.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except json.JSONDecodeError:
            raise Refused(error) from None

    def need(self, *scopes: str) -> None:
        """missing_scope unless one of these was granted."""
        if not self.app.scopes & set(scopes):
            raise Refused("missing_scope", needed=scopes[0], provided=",".join(sorted(self.app.scopes)))

    def channel(self, verb: str = "", *, inside: bool = False, argument: str = "channel") -> Channel:
        """The channel of the call. `verb` is its scope's second half; `inside` asks for membership."""
        channel = self.workspace.channel(self.needed(argument))
        mine = channel is not None and self.app.bot_user in channel.members
        if channel is None or (channel.room is not Room.PUBLIC and not mine):
            raise Refused("channel_not_found")
        if verb:
            self.need(f"{SCOPE[channel.room]}:{verb}")
        if inside and not mine:
            raise Refused("not_in_channel")
        return channel

    def message(self, channel: Channel, argument: str = "ts") -> Message:
        found = channel.messages.get(self.needed(argument))
        if found is None or found.subtype == "tombstone":
            raise Refused("message_not_found")
        return found

    def person(self, argument: str = "user") -> "User":
        found = self.workspace.users.get(self.needed(argument))
        if found is None:
            raise Refused("user_not_found")
        return found

    def page(self, items: list[T], default: int, cap: int = 1000) -> tuple[list[T], str]:
        """The page that `limit` and `cursor` ask for, never more than `cap`, and the next cursor ("" at the end)."""
        limit = min(self.number("limit", default), cap)
        if not 0 < limit <= 1000:
            raise Refused("invalid_limit")
        try:
            start = int(base64.b64decode(self.text("cursor") or "MA==", validate=True))
        except (ValueError, binascii.Error):
            raise Refused("invalid_cursor") from None
        stop = start + limit
        after = base64.b64encode(str(stop).encode()).decode() if stop < len(items) else ""
        return items[start:stop], after


@dataclass(frozen=True)
class Method:
    """How a method is answered, and the scope it needs ("" for none)."""

    answer: Callable[[Ask], Json]
    scope: str = ""
    app_level: bool = False


def paged(name: str, items: list[Json], cursor: str) -> Json:
    return {"ok": True, name: items, "response_metadata": {"next_cursor": cursor}}
