"""Modals and home tabs as Slack keeps them: a stack for each person, and what they have filled in."""

import hashlib
from dataclasses import dataclass, field

from .message import Json
from .workspace import Workspace


@dataclass
class View:
    """A view on somebody's screen; `values` is its state: block id, action id, what is entered."""

    workspace: Workspace
    user: str
    id: str
    content: Json
    root: str = ""
    previous: str = ""
    version: int = 1
    values: dict[str, dict[str, Json]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    """What the app said against the last submission, by block id."""

    def __post_init__(self) -> None:
        self.change(self.content)

    @property
    def hash(self) -> str:
        return f"{self.version}.{hashlib.sha256(self.id.encode()).hexdigest()[:8]}"

    @property
    def blocks(self) -> list[Json]:
        blocks: list[Json] = self.content["blocks"]
        return blocks

    def change(self, content: Json) -> None:
        """Show something else; what was entered stays where block and action id stay."""
        self.content, self.version, self.errors = content, self.version + 1, {}
        for block in self.blocks:
            block.setdefault("block_id", self.workspace.new_id("b"))
        kept = {block["block_id"] for block in self.blocks}
        self.values = {block: values for block, values in self.values.items() if block in kept}

    def shown(self) -> Json:
        app = self.workspace.app
        base: Json = {
            "private_metadata": "",
            "callback_id": "",
            "external_id": "",
            "close": None,
            "submit": None,
            "title": None,
        }
        base |= {"clear_on_close": False, "notify_on_close": False}
        return base | self.content | {
            "id": self.id,
            "team_id": self.workspace.id,
            "state": {"values": self.values},
            "hash": self.hash,
            "previous_view_id": self.previous or None,
            "root_view_id": self.root or self.id,
            "app_id": app.id,
            "app_installed_team_id": self.workspace.id,
            "bot_id": app.bot_id,
        }  # fmt: skip


@dataclass
class Views:
    """All views that stand open; the last of a stack is the one its person sees."""

    workspace: Workspace
    stacks: dict[str, list[View]] = field(default_factory=dict)
    homes: dict[str, View] = field(default_factory=dict)
    opened: list[View] = field(default_factory=list)
    """Every modal ever opened or pushed, in order."""

    def top(self, user: str) -> View | None:
        stack = self.stacks.get(user)
        return stack[-1] if stack else None

    def open(self, user: str, content: Json) -> View:
        """A new root; a stack that stood there is gone, as when somebody opens another modal."""
        self.stacks[user] = []
        return self.push(user, content)

    def push(self, user: str, content: Json) -> View:
        stack = self.stacks.setdefault(user, [])
        view = View(self.workspace, user, self.workspace.new_id("V"), content)
        if stack:
            view.root, view.previous = stack[0].id, stack[-1].id
        stack.append(view)
        self.opened.append(view)
        return view

    def publish(self, user: str, content: Json) -> View:
        home = self.homes.get(user)
        if home is None:
            home = self.homes[user] = View(self.workspace, user, self.workspace.new_id("V"), content)
        else:
            home.change(content)
        return home

    def _standing(self) -> list[View]:
        return [view for stack in self.stacks.values() for view in stack] + list(self.homes.values())

    def by_id(self, id: str) -> View | None:
        return next((view for view in self._standing() if id and view.id == id), None)

    def by_external_id(self, id: str) -> View | None:
        return next((view for view in self._standing() if id and view.content.get("external_id") == id), None)
