"""What people do with the app: commands, menus, autocomplete, buttons, selects, forms. Await an act for its answer."""

import uuid

from .channel import Room
from .entries import Option, command_data, filled, resolved, shows_command
from .guild import Json, User
from .interactions import Asked, Form, Interaction
from .message import Message, parts
from .permissions import May
from .speaking import NotPossible, Place, Speaker

CHAT, USER_MENU, MESSAGE_MENU = 1, 2, 3


class Person(Speaker):
    """Somebody in front of the screen."""

    @property
    def form(self) -> Form:
        """The modal that stands open."""
        found = self.discord.forms.get(self.id)
        if found is None:
            raise NotPossible(f"{self.user.name} has no form open")
        return found

    def commands(self, channel: Place = "support", kind: int = CHAT) -> list[str]:
        """The names of the commands that this person is offered in the channel."""
        place = self.discord.channel(channel)
        listed = self.discord.guild.commands.values()
        return [
            one["name"] for one in listed if one["type"] == kind and shows_command(self.discord, self.user, place, one)
        ]

    def types(self, command: str, options: dict[str, Option] | None = None, channel: Place = "support") -> Interaction:
        """A slash command with its sub-commands, for example "/kasuhara report" and {"text": "…"}.

        A user, role or channel option is entered by id, name or object. Discord's own checks of the entry come first.
        """
        return self.forges(Asked.COMMAND, self._command(command, options or {}, channel), channel)

    def searches(
        self, command: str, focused: str, text: str = "", options: dict[str, Option] | None = None,
        channel: Place = "support",
    ) -> Interaction:  # fmt: skip
        """Type into an option with autocomplete; the answer's `choices` are what is offered."""
        data = self._command(command, {**(options or {}), focused: text}, channel, focused)
        return self.forges(Asked.AUTOCOMPLETE, data, channel)

    def _command(self, command: str, options: dict[str, Option], channel: Place, focused: str = "") -> Json:
        name, *path = command.removeprefix("/").split()
        return command_data(self.discord, self._offered(name, CHAT, channel), path, options, focused)

    def _offered(self, name: str, kind: int, channel: Place) -> Json:
        place = self.discord.channel(channel)
        for one in self.discord.guild.commands.values():
            names = {one["name"], *(one.get("name_localizations") or {}).values()}
            if one["type"] == kind and name in names and shows_command(self.discord, self.user, place, one):
                return one
        raise NotPossible(f"{self.user.name} is not offered {name!r} in #{place.name}")

    def uses_on_message(self, menu: str, message: Message) -> Interaction:
        """An entry of a message's Apps menu."""
        one = self._offered(menu, MESSAGE_MENU, message.channel)
        data = _menu_data(one, message.id)
        data["resolved"] = {"messages": {str(message.id): message.shown()}}
        return self.forges(Asked.COMMAND, data, message.channel)

    def uses_on_user(self, menu: str, other: User | Speaker | str | int, channel: Place = "support") -> Interaction:
        """An entry of somebody's Apps menu."""
        one = self._offered(menu, USER_MENU, channel)
        whom = self.discord.world.user(other.id if isinstance(other, User | Speaker) else other)
        data = _menu_data(one, whom.id)
        data["resolved"] = resolved(self.discord, users=[whom])
        return self.forges(Asked.COMMAND, data, channel)

    def presses(self, button: str, message: Message) -> Interaction:
        """A button of a message, by label or custom id."""
        part = _component(message, button)
        return self.forges(
            Asked.COMPONENT, {"custom_id": part["custom_id"], "component_type": 2}, message.channel, message
        )

    def selects(self, menu: str, values: str | list[str], message: Message) -> Interaction:
        """Entries of a select menu, by value or label; the menu by custom id or placeholder."""
        part = _component(message, menu)
        wanted = [values] if isinstance(values, str) else values
        by_label = {option["label"]: option["value"] for option in part.get("options", [])}
        chosen = [by_label.get(value, value) for value in wanted]
        if part.get("options") and not set(chosen) <= set(by_label.values()):
            raise NotPossible(f"{menu!r} does not offer {wanted}")
        data: Json = {"custom_id": part["custom_id"], "component_type": part["type"], "values": chosen}
        if part["type"] == 5:
            data["resolved"] = resolved(self.discord, users=[self.discord.world.user(id) for id in chosen])
        return self.forges(Asked.COMPONENT, data, message.channel, message)

    def submits(self, values: dict[str, str | list[str]] | None = None, form: Form | None = None) -> Interaction:
        """Fill the open form (by custom id or label) and send it; Discord asks for what is required or too long."""
        view = form or self.form
        data: Json = {"custom_id": view.custom_id, "components": filled(view, values or {})}
        self.discord.forms.pop(self.id, None)
        return self.forges(Asked.FORM, data, view.channel, view.on)

    def closes(self) -> None:
        """Close the open form; the app hears nothing of it."""
        del self.discord.forms[self.id]

    def forges(self, asked: Asked, data: Json, channel: Place, message: Message | None = None) -> Interaction:
        """Send an interaction as it is; for tests of what the app believes."""
        discord, place = self.discord, self.discord.channel(channel)
        if message is not None and message not in self.sees(place):
            raise NotPossible(f"{self.user.name} does not see this message")
        id = discord.clock.snowflake()
        found = Interaction(discord, id, uuid.uuid4().hex, asked, self.user, place, data, discord.clock.now(), message)
        discord.interactions[id] = found
        discord.news.interaction(self._payload(found))
        return found

    def _payload(self, found: Interaction) -> Json:
        world, place = self.discord.world, found.channel
        data: Json = {"id": str(found.id), "application_id": str(world.app.id), "type": int(found.asked), "version": 1}
        data |= {"token": found.token, "data": found.data, "channel_id": str(place.id), "channel": place.shown()}
        data |= {"locale": self.user.locale, "entitlements": [], "attachment_size_limit": 10 * 1024 * 1024}
        data["app_permissions"] = str(_bits(world.may(world.app.bot, place)))
        if found.on is not None:
            data["message"] = found.on.shown()
        if place.room is Room.DIRECT:
            return data | {"user": self.user.shown(), "context": 1, "authorizing_integration_owners": {"0": "0"}}
        guild = place.guild
        assert guild is not None
        permissions = str(_bits(world.may(self.id, place)))
        data["member"] = guild.members[self.id].shown() | {"permissions": permissions}
        data |= {"guild_id": str(guild.id), "guild": {"id": str(guild.id), "locale": guild.locale, "features": []}}
        data |= {"guild_locale": guild.locale, "context": 0}
        return data | {"authorizing_integration_owners": {"0": str(guild.id)}}


def _bits(given: int) -> int:
    return given if given >= 0 else int(May.VIEW_CHANNEL | May.SEND_MESSAGES | May.READ_MESSAGE_HISTORY)


def _menu_data(one: Json, target: int) -> Json:
    base: Json = {"id": one["id"], "name": one["name"], "type": one["type"], "guild_id": one["guild_id"]}
    return base | {"target_id": str(target)}


def _component(message: Message, name: str) -> Json:
    for part in parts(message.components):
        if name in {part.get("custom_id"), part.get("label"), part.get("placeholder")} and part.get("custom_id"):
            if part.get("disabled"):
                raise NotPossible(f"{name!r} is greyed out")
            return part
    raise NotPossible(f"there is no {name!r} here, only {message.buttons}")
