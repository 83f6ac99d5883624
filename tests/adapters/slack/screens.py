"""What stands on a screen of the local Slack, as words: views, messages, and the questions of a form."""

from typing import Any

from slack import Message

Json = dict[str, Any]


def lines_of(blocks: list[Json]) -> list[str]:
    """Every block as the reader sees it, one line or more each."""
    return [line for block in blocks for line in _block(block) if line]


def words_of(thing: Any) -> str:
    """A message, its footer too, or a view with its title, as one text."""
    if isinstance(thing, Message):
        bars = [line for bar in thing.attachments for line in lines_of(bar.get("blocks", []))]
        return "\n".join([*lines_of(thing.blocks), *bars])
    title = (thing.content.get("title") or {}).get("text", "")
    return "\n".join([f"== {title}", *lines_of(thing.blocks)])


def question(view: Any, key: str) -> Json:
    """One input of a form by its key."""
    found: Json = next(block for block in view.blocks if block.get("block_id") == key)
    return found


def keys_of(view: Any) -> list[str]:
    return [block["block_id"] for block in view.blocks if block["type"] == "input"]


def buttons_of(blocks: list[Json]) -> list[tuple[str, str]]:
    """(action, value) of every button."""
    return [
        (one["action_id"], one.get("value", ""))
        for block in blocks
        if block["type"] == "actions"
        for one in block["elements"]
    ]


def _block(block: Json) -> list[str]:
    match block["type"]:
        case "header" | "section":
            return [block["text"]["text"]]
        case "context":
            return [one.get("text", "") for one in block["elements"]]
        case "actions":
            return ["  ".join(f"[{one['text']['text']}]" for one in block["elements"])]
        case "rich_text":
            return ["".join(_rich(one) for one in block["elements"])]
        case "input":
            return [_input(block)]
    return ["────"]


def _rich(element: Json) -> str:
    inner = "".join(one.get("text", "") for one in element["elements"])
    return f"\n│ {inner}\n" if element["type"] == "rich_text_quote" else inner


def _input(block: Json) -> str:
    element = block["element"]
    chosen = element.get("initial_value") or (element.get("initial_option") or {}).get("text", {}).get("text", "")
    needed = "" if block.get("optional") else " *"
    hint = f"  ({block['hint']['text']})" if "hint" in block else ""
    return f"{block['label']['text']}{needed}: <{element['type']}> {chosen}{hint}"
