"""What people do with the app: commands, buttons, menus, shortcuts, forms, the home tab."""

from typing import TYPE_CHECKING, Any

from .channel import Room
from .delivery import ACTIONS, COMMANDS, Delivery
from .entries import NotPossible, entered, missing, state
from .message import Json, Message, element
from .replies import take_answer
from .speaking import Said, Speaker, the_message
from .user import Kind
from .views import View

if TYPE_CHECKING:
    from .workspace import Workspace

Place = Said | View | None


class Person(Speaker):
    """Somebody in front of the screen. Await an act to see what Slack shows of the app's answer."""

    @property
    def _space(self) -> "Workspace":
        return self.slack.workspace

    @property
    def modal(self) -> View:
        """The form on top of the screen."""
        view = self.slack.views.top(self.id)
        if view is None:
            raise NotPossible(f"{self.id} has no form open")
        return view

    @property
    def home(self) -> View | None:
        """The home tab as it was last published for this person."""
        return self.slack.views.homes.get(self.id)

    def sees(self, channel: str) -> list[Message]:
        """What stands on this person's screen in a channel, oldest first; nothing where they may not read."""
        found = self.slack.channel(channel)
        reads_public = found.room is Room.PUBLIC and self.user.kind is Kind.MEMBER
        if self.user.deleted or not (self.id in found.members or reads_public):
            return []
        mine = [message for message in found.ephemerals if message.seen_by == self.id]
        return sorted([*found.ordered, *mine], key=lambda message: message.ts)

    def private(self, channel: str = "") -> list[Message]:
        """The ephemerals shown to this person, in one channel or anywhere."""
        places = [self.slack.channel(channel)] if channel else list(self._space.channels.values())
        return sorted((m for p in places for m in p.ephemerals if m.seen_by == self.id), key=lambda m: m.ts)

    def _payload(self, kind: str, *, trigger: bool = True) -> Json:
        user, space = self.user, self._space
        base: Json = {"type": kind, "token": "verification-token", "api_app_id": space.app.id, "enterprise": None}
        base |= {"team": {"id": space.id, "domain": space.domain}, "is_enterprise_install": False}
        base["user"] = {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team_id}
        return base | ({"trigger_id": self.slack.triggers.new(self.id)} if trigger else {})

    async def _send(self, kind: str, payload: Json, view: View | None = None) -> Delivery:
        delivery = await self.slack.courier.send(Delivery(kind, payload))
        if self.slack.courier.mode != "nowhere":
            take_answer(self.slack, self.id, delivery, view)
        return delivery

    async def types(self, command: str, text: str, channel: str) -> Delivery:
        """A slash command; its answer, or Slack's own error, is then among `private(channel)`."""
        place, space = self._channel(channel), self._space
        payload = {
            "token": "verification-token",
            "team_id": space.id,
            "team_domain": space.domain,
            "channel_id": place.id,
            "channel_name": {Room.IM: "directmessage", Room.PRIVATE: "privategroup"}.get(place.room, place.name),
            "user_id": self.id,
            "user_name": self.user.name,
            "command": command,
            "text": text if space.app.escapes else text.replace("<@", "@").replace(">", ""),
            "api_app_id": space.app.id,
            "is_enterprise_install": "false",
            "response_url": self.slack.urls.new(self.id, place.id),
            "trigger_id": self.slack.triggers.new(self.id),
        }
        return await self._send(COMMANDS, payload)

    async def opens_shortcut(self, callback_id: str, on: Said | None = None) -> Delivery:
        """A global shortcut, or one on a message."""
        stamp: Json = {"callback_id": callback_id, "action_ts": self.slack.clock.stamp()}
        if on is None:
            return await self._send(ACTIONS, self._payload("shortcut") | stamp)
        message = the_message(on)
        channel = self._sees(message)
        stamp |= {"message_ts": message.ts, "message": channel.shown_message(message)}
        stamp |= {"channel": {"id": channel.id, "name": channel.name or "directmessage"}}
        stamp["response_url"] = self.slack.urls.new(self.id, channel.id, "", message.thread_ts)
        return await self._send(ACTIONS, self._payload("message_action") | stamp)

    def _sees(self, message: Message) -> Any:
        channel = self.slack.channel(message.channel)
        if message not in self.sees(channel.id):
            raise NotPossible(f"{self.id} does not see this message")
        return channel

    async def presses(self, action_id: str, on: Place = None) -> Delivery:
        """A button: of a message, of a view (the open form by default)."""
        return await self._acts(action_id, None, on)

    async def selects(self, action_id: str, value: object, on: Place = None) -> Delivery:
        """An entry of a menu, a date, a check box that tells the app at once."""
        return await self._acts(action_id, value, on)

    async def forges(self, payload: Json) -> Delivery:
        """Send an interaction that this screen would not allow; for tests of what the app believes."""
        return await self._send(ACTIONS, payload)

    def action(self, action_id: str, value: object = None, on: Place = None) -> Json:
        """The block_actions payload of a press, not sent."""
        view = on if isinstance(on, View) else self.modal if on is None else None
        message = None if isinstance(on, View) or on is None else the_message(on)
        blocks = view.blocks if view else message.blocks if message else []
        found = element(blocks, action_id)
        if found is None:
            raise NotPossible(f"there is no {action_id!r} here")
        part, block = found
        now = entered(part, value, self.slack.offered.get((self.id, action_id)))
        act = {"action_id": action_id, "block_id": block["block_id"], "action_ts": self.slack.clock.stamp()}
        act |= now | {name: part[name] for name in ("text", "value", "style") if name in part}
        payload = self._payload("block_actions") | {"actions": [act]}
        if view is not None:
            if part["type"] != "button":
                view.values.setdefault(block["block_id"], {})[action_id] = now
            view.values = state(view.blocks, view.values)
            return payload | {"container": {"type": "view", "view_id": view.id}, "view": view.shown()}
        assert message is not None
        values = state(blocks)
        if part["type"] != "button" and part["type"] != "overflow":
            values[block["block_id"]][action_id] = now
        return payload | self._on_message(message) | {"state": {"values": values}}

    def _on_message(self, message: Message) -> Json:
        channel = self._sees(message)
        container: Json = {"type": "message", "message_ts": message.ts, "channel_id": channel.id}
        container |= {"is_ephemeral": bool(message.seen_by)}
        if message.is_reply:
            container["thread_ts"] = message.thread_ts
        url = self.slack.urls.new(self.id, channel.id, message.ts, message.thread_ts)
        place = {"id": channel.id, "name": channel.name or "directmessage"}
        found: Json = {"container": container, "channel": place, "response_url": url}
        return found if message.seen_by else found | {"message": channel.shown_message(message)}

    async def _acts(self, action_id: str, value: object, on: Place) -> Delivery:
        return await self._send(ACTIONS, self.action(action_id, value, on))

    async def searches(self, action_id: str, text: str, on: Place = None) -> list[str]:
        """Type into an external select: the values offered; one of them can then be entered."""
        view = on if isinstance(on, View) else self.modal if on is None else None
        blocks = view.blocks if view else the_message(on).blocks  # type: ignore[arg-type]
        found = element(blocks, action_id)
        if found is None:
            raise NotPossible(f"there is no {action_id!r} here")
        payload = self._payload("block_suggestion", trigger=False)
        payload |= {"action_id": action_id, "block_id": found[1]["block_id"], "value": text}
        if view is not None:
            payload |= {"container": {"type": "view", "view_id": view.id}, "view": view.shown()}
        else:
            payload |= self._on_message(the_message(on))  # type: ignore[arg-type]
        delivery = await self._send(ACTIONS, payload)
        answer = delivery.answer if isinstance(delivery.answer, dict) else {}
        grouped = [option for group in answer.get("option_groups", []) for option in group["options"]]
        offered = [*answer.get("options", []), *grouped]
        self.slack.offered[self.id, action_id] = offered
        return [option["value"] for option in offered]

    def enters(self, action_id: str, value: object) -> None:
        """Fill one element of the open form, telling nobody yet."""
        view = self.modal
        found = element(view.blocks, action_id)
        if found is None:
            raise NotPossible(f"the form has no {action_id!r}")
        part, block = found
        entry = entered(part, value, self.slack.offered.get((self.id, action_id)))
        view.values.setdefault(block["block_id"], {})[action_id] = entry

    async def submits(self, values: dict[str, object] | None = None) -> Delivery:
        """Fill the open form (by action id) and send it; what the app refuses is in `modal.errors`."""
        view = self.modal
        if view.content["type"] != "modal" or not view.content.get("submit"):
            raise NotPossible("the form has no submit button")
        for action_id, value in (values or {}).items():
            self.enters(action_id, value)
        view.values = state(view.blocks, view.values)
        if empty := missing(view):
            raise NotPossible(f"Slack asks for {empty} first")
        payload = self._payload("view_submission") | {"view": view.shown(), "response_urls": []}
        return await self._send(ACTIONS, payload, view)

    async def closes(self) -> Delivery | None:
        """Close the open form; the app hears of it only with notify_on_close."""
        view = self.modal
        self.slack.views.stacks[self.id].pop()
        if not view.content.get("notify_on_close"):
            return None
        payload = self._payload("view_closed", trigger=False) | {"view": view.shown(), "is_cleared": False}
        return await self._send(ACTIONS, payload)

    def opens_home(self) -> Delivery:
        """Look at the app's home tab."""
        event: Json = {"type": "app_home_opened", "user": self.id, "tab": "home"}
        event |= {"channel": self.slack.direct(self.id).id, "event_ts": self.slack.clock.stamp()}
        return self.slack.news.tell(event | ({"view": self.home.shown()} if self.home else {}), always=True)
