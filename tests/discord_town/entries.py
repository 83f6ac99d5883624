"""What people enter: options of commands and fields of forms, checked as Discord's screen checks them."""

from typing import TYPE_CHECKING, Any

from .channel import Channel
from .guild import Json, Role, User
from .interactions import Form
from .permissions import May
from .speaking import NotPossible, Speaker

if TYPE_CHECKING:
    from .server import LocalDiscord

Option = str | int | float | bool | User | Role | Channel | Speaker | tuple[str, bytes]
SUB, GROUP, TEXT, WHOLE, YES, USER, CHANNEL, ROLE, ANYBODY, NUMBER, FILE = range(1, 12)


def shows_command(discord: "LocalDiscord", user: User, channel: Channel, one: Json) -> bool:
    """Whether the command is offered to this person here: default permissions, "0" for administrators only."""
    given = discord.world.may(user.id, channel)
    if channel.guild is None or not given & May.USE_APPLICATION_COMMANDS or not given & May.VIEW_CHANNEL:
        return False
    needed = one.get("default_member_permissions")
    if needed is None or given & May.ADMINISTRATOR or discord.opened_commands:
        return True
    return int(needed) != 0 and given & int(needed) == int(needed)


def command_data(
    discord: "LocalDiscord", one: Json, path: list[str], options: dict[str, Option], focused: str = ""
) -> Json:
    """The data of a command: nested options, entities resolved. The names are the default ones, never localised."""
    data: Json = {"id": one["id"], "name": one["name"], "type": 1, "guild_id": one["guild_id"]}
    place, declared = data, one.get("options") or []
    for step in path:
        found = next((sub for sub in declared if sub["type"] in {SUB, GROUP} and step in _names(sub)), None)
        if found is None:
            raise NotPossible(f"/{one['name']} has no {step!r}")
        place["options"] = [{"name": found["name"], "type": found["type"]}]
        place, declared = place["options"][0], found.get("options") or []
    if any(sub["type"] in {SUB, GROUP} for sub in declared):
        raise NotPossible(f"/{one['name']} {' '.join(path)} needs a sub-command")
    entities: Json = {}
    place["options"] = _entered(discord, declared, dict(options), focused, entities)
    return data | ({"resolved": entities} if entities else {})


def _names(one: Json) -> set[str]:
    return {one["name"], *(one.get("name_localizations") or {}).values()}


def _entered(
    discord: "LocalDiscord", declared: list[Json], options: dict[str, Option], focused: str, entities: Json
) -> list[Json]:
    found = []
    for one in declared:
        key = next((name for name in options if name in _names(one)), None)
        if key is None:
            if one.get("required") and not focused:
                raise NotPossible(f"Discord asks for {one['name']!r} first")
            continue
        raw = options.pop(key)
        entry: Json = {"name": one["name"], "type": one["type"]}
        if key == focused:
            if not one.get("autocomplete"):
                raise NotPossible(f"{one['name']!r} has no autocomplete")
            entry |= {"focused": True, "value": str(raw)}
        else:
            entry["value"] = _value(discord, one, raw, entities)
        found.append(entry)
    if options:
        raise NotPossible(f"there are no options {sorted(options)}")
    return found


def _value(discord: "LocalDiscord", one: Json, raw: Option, entities: Json) -> Any:
    name = one["name"]
    match one["type"]:
        case 3:
            text = _choice(one, raw) if one.get("choices") else str(raw)
            if not (one.get("min_length") or 0) <= len(text) <= (one.get("max_length") or 6000):
                raise NotPossible(f"{name!r} is too short or too long")
            return text
        case 4 | 10:
            number = _choice(one, raw) if one.get("choices") else raw
            low, high = one.get("min_value"), one.get("max_value")
            if (
                not isinstance(number, int | float)
                or (low is not None and number < low)
                or (high is not None and number > high)
            ):
                raise NotPossible(f"{name!r} does not take {raw!r}")
            return number
        case 5:
            return bool(raw)
        case kind:
            return _entity(discord, kind, raw, entities)


def _choice(one: Json, raw: Option) -> Any:
    for choice in one["choices"]:
        if raw in {choice["value"], choice["name"], *(choice.get("name_localizations") or {}).values()}:
            return choice["value"]
    raise NotPossible(f"{one['name']!r} does not offer {raw!r}")


def _entity(discord: "LocalDiscord", kind: int, raw: Any, entities: Json) -> str:
    if kind == FILE:
        file = discord.files.keep(raw[0], raw[1], 0)
        entities.setdefault("attachments", {})[str(file.id)] = file.shown()
        return str(file.id)
    if kind == CHANNEL:
        channel = discord.channel(raw)
        entities.setdefault("channels", {})[str(channel.id)] = channel.shown() | {"permissions": "0"}
        return str(channel.id)
    if kind == ROLE or isinstance(raw, Role):
        role = raw if isinstance(raw, Role) else discord.role(str(raw).removeprefix("@"))
        entities.setdefault("roles", {})[str(role.id)] = role.shown()
        return str(role.id)
    user = raw.user if isinstance(raw, Speaker) else raw if isinstance(raw, User) else discord.world.user(raw)
    for name, found in resolved(discord, users=[user]).items():
        entities.setdefault(name, {}).update(found)
    return str(user.id)


def resolved(discord: "LocalDiscord", users: list[User]) -> Json:
    """Users, and as members those who are in the guild."""
    members = discord.guild.members
    found: Json = {"users": {str(user.id): user.shown() for user in users}}
    here = [user for user in users if user.id in members]
    if here:
        found["members"] = {str(user.id): members[user.id].shown(user=False) | {"permissions": "0"} for user in here}
    return found


def filled(form: Form, values: dict[str, str | list[str]]) -> list[Json]:
    """The components of a submitted form."""
    entries = dict(values)
    found = []
    for part in form.components:
        if part["type"] == 10:
            found.append({"type": 10, "id": part.get("id", 0)})
            continue
        inner = part["component"] if part["type"] == 18 else part["components"][0]
        label = part.get("label") or inner.get("label")
        key = next((name for name in (inner["custom_id"], label) if name in entries), None)
        entry = _field(inner, label, entries.pop(key) if key is not None else None)
        wrapped: Json = {"type": 18, "component": entry} if part["type"] == 18 else {"type": 1, "components": [entry]}
        found.append(wrapped | {"id": part.get("id", 0)})
    if entries:
        raise NotPossible(f"the form has no {sorted(entries)}, only {form.fields}")
    return found


def _field(part: Json, label: str, value: str | list[str] | None) -> Json:
    entry: Json = {"type": part["type"], "custom_id": part["custom_id"], "id": part.get("id", 0)}
    required = part.get("required", True)
    if part["type"] == 4:
        text = str(part.get("value") or "") if value is None else str(value)
        if (required and not text) or len(text) > (part.get("max_length") or 4000):
            raise NotPossible(f"Discord does not take this for {label!r}")
        if text and len(text) < (part.get("min_length") or 0):
            raise NotPossible(f"{label!r} is too short")
        return entry | {"value": text}
    preset = [option["value"] for option in part.get("options", []) if option.get("default")]
    given = preset if value is None else [value] if isinstance(value, str) else list(value)
    by_label = {option["label"]: option["value"] for option in part.get("options", [])}
    chosen = [by_label.get(one, one) for one in given]
    if part.get("options") and not set(chosen) <= set(by_label.values()):
        raise NotPossible(f"{label!r} does not offer {given}")
    if required and not chosen:
        raise NotPossible(f"Discord asks for {label!r} first")
    if part["type"] == 21:
        return entry | {"value": chosen[0] if chosen else None}
    return entry | {"values": chosen}
