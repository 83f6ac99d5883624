"""What a person enters into a form: Slack's state for each kind of element, and what it will not let pass."""

from collections.abc import Iterator

from .message import Json, parts
from .views import View

LISTS = {"multi_static_select", "multi_external_select", "checkboxes"}
ONES = {"static_select", "external_select", "radio_buttons", "overflow"}


class NotPossible(AssertionError):
    """A person could not do this in Slack."""


def options(part: Json) -> list[Json]:
    """Every option of a list, those of its groups too."""
    grouped = [option for group in part.get("option_groups", []) for option in group["options"]]
    return [*part.get("options", []), *grouped]


def entered(part: Json, value: object, offered: list[Json] | None = None) -> Json:
    """The state of an element after `value` (a text, an option's value, an id, a list of them) was entered."""
    kind: str = part["type"]
    if kind in LISTS:
        wanted = value if isinstance(value, list) else [value]
        return {"type": kind, "selected_options": [_option(part, one, offered) for one in wanted]}
    if kind in ONES:
        return {"type": kind, "selected_option": None if value is None else _option(part, value, offered)}
    if kind == "button":
        return {"type": kind}
    simple = {"datepicker": "selected_date", "timepicker": "selected_time", "datetimepicker": "selected_date_time"}
    if kind in simple:
        return {"type": kind, simple[kind]: value}
    if kind.endswith("_select"):
        thing = kind.removesuffix("_select").removeprefix("multi_")
        name = f"selected_{thing}" if kind.startswith("multi_") else f"selected_{thing[:-1]}"
        return {"type": kind, name: value}
    most = part.get("max_length", 3000)
    if isinstance(value, str) and len(value) > most:
        raise NotPossible(f"{part.get('action_id')}: Slack takes {most} characters")
    return {"type": kind, "value": value or None}


def _option(part: Json, value: object, offered: list[Json] | None) -> Json:
    for option in options(part) if offered is None else offered:
        if option["value"] == value:
            return option
    raise NotPossible(f"{part.get('action_id')} offers no {value!r}")


def initial(part: Json) -> object:
    """What stands in an element before anybody touches it, as `entered` takes it."""
    for name in ("initial_option", "initial_options"):
        found = part.get(name)
        if isinstance(found, list):
            return [option["value"] for option in found]
        if found:
            return found["value"]
    empty: object = [] if part["type"] in LISTS else None
    return next((value for name, value in part.items() if name.startswith("initial_")), empty)


def holders(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Every interactive element that has a state, with its block."""
    for block in blocks:
        for part in parts(block):
            if "action_id" in part and part.get("type") not in {"button", "overflow"}:
                yield block, part


def state(blocks: list[Json], values: dict[str, dict[str, Json]] | None = None) -> dict[str, dict[str, Json]]:
    """The whole state: what was entered, and for the rest what stood there from the start."""
    found: dict[str, dict[str, Json]] = {}
    for block, part in holders(blocks):
        kept = (values or {}).get(block["block_id"], {}).get(part["action_id"])
        start = initial(part)
        offered = part.get("initial_options") or ([part["initial_option"]] if "initial_option" in part else None)
        first = entered(part, start, offered if part["type"].endswith("external_select") else None)
        found.setdefault(block["block_id"], {})[part["action_id"]] = kept or first
    return found


def missing(view: View) -> list[str]:
    """Block ids of inputs that Slack itself would not let pass empty."""
    empty: list[str] = []
    for block in view.blocks:
        if block["type"] == "input" and not block.get("optional"):
            value = next(iter(view.values.get(block["block_id"], {}).values()), {})
            if not any(inner for name, inner in value.items() if name != "type"):
                empty.append(block["block_id"])
    return empty
