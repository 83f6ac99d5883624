"""Slack's limits on blocks and views (rules slack-13 and slack-14), told in Slack's own words of refusal."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .message import Json, texts

WHOLE = 13_200
"""msg_blocks_too_long from about this many characters in all texts together; the exact rule is unknown."""
BUDGET = 250_000
"""Bytes of a view (view_too_large)."""
Rule = Callable[["Inspection", Any, str], None]


@dataclass
class Inspection:
    """One look at a message or a view; `errors` is what Slack would answer."""

    root: str
    errors: list[str] = field(default_factory=list)
    block_ids: set[str] = field(default_factory=set)
    action_ids: set[str] = field(default_factory=set)

    def fault(self, what: str, path: str) -> None:
        self.errors.append(f"{what} [json-pointer:{path}]")

    def object(self, value: Any, path: str, specs: dict[str, "Spec"], default: str = "") -> None:
        """A typed object against the table of its kinds."""
        kind = value.get("type", default) if isinstance(value, dict) else ""
        if kind not in specs:
            self.fault(f"unsupported type: {kind}", f"{path}/type")
            return
        self.fields(value, path, specs[kind])

    def block(self, value: Any, path: str) -> None:
        """An `action_id` is unique "in the containing block" (docs.slack.dev; public threads say the same)."""
        self.action_ids.clear()
        self.object(value, path, BLOCKS)

    def fields(self, value: Json, path: str, spec: "Spec") -> None:
        for name in spec.needed:
            if name not in value:
                self.fault(f"missing required field: {name}", path)
        for name, inner in value.items():
            if name in spec.rules:
                spec.rules[name](self, inner, f"{path}/{name}")
            elif name not in {"type", "block_id", "action_id"}:
                self.fault(f"invalid additional property: {name}", path)
        for name, seen in (("block_id", self.block_ids), ("action_id", self.action_ids)):
            if name in value:
                short(255)(self, value[name], f"{path}/{name}")
                if value[name] in seen:
                    within = self.root if name == "block_id" else "block"
                    self.fault(f'`{name}` "{value[name]}" already exists for this {within}', f"{path}/{name}")
                seen.add(value[name])


@dataclass
class Spec:
    """What an object may hold and what it must hold."""

    rules: dict[str, Rule]
    needed: tuple[str, ...] = ()


def anything(_: Inspection, __: Any, ___: str) -> None:
    """Slack looks closer; this server does not."""


def short(most: int) -> Rule:
    """A bare string of 1 to `most` characters."""

    def rule(look: Inspection, value: Any, path: str) -> None:
        if not isinstance(value, str):
            look.fault("must be a string", path)
        elif not value:
            look.fault("must be more than 0 characters", path)
        elif len(value) > most:
            look.fault(f"must be less than {most + 1} characters", path)

    return rule


def text(most: int, *kinds: str) -> Rule:
    """A text object; plain_text only, unless told otherwise."""
    allowed = kinds or ("plain_text",)

    def rule(look: Inspection, value: Any, path: str) -> None:
        if not isinstance(value, dict) or value.get("type") not in allowed:
            look.fault("must be a valid text object" if isinstance(value, dict) else "must provide an object", path)
            return
        extra = {"emoji"} if value["type"] == "plain_text" else {"verbatim"}
        for name in value.keys() - {"type", "text"} - extra:
            look.fault(f"invalid additional property: {name}", path)
        short(most)(look, value.get("text", ""), f"{path}/text")

    return rule


def many(most: int, each: Rule) -> Rule:
    """A list of 1 to `most` things."""

    def rule(look: Inspection, value: Any, path: str) -> None:
        if not isinstance(value, list):
            look.fault("must be an array", path)
            return
        if not value:
            look.fault("no less than 1 items allowed", path)
        if len(value) > most:
            look.fault(f"no more than {most} items allowed", path)
        for index, inner in enumerate(value):
            each(look, inner, f"{path}/{index}")

    return rule


def one(spec: Spec) -> Rule:
    """An object without a type of its own."""

    def rule(look: Inspection, value: Any, path: str) -> None:
        look.fields(value, path, spec) if isinstance(value, dict) else look.fault("must provide an object", path)

    return rule


def of(specs: dict[str, Spec], *kinds: str) -> Rule:
    """An object of one of these kinds."""
    chosen = {kind: specs[kind] for kind in kinds}
    return lambda look, value, path: look.object(value, path, chosen)


def choice(*values: str) -> Rule:
    def rule(look: Inspection, value: Any, path: str) -> None:
        if value not in values:
            look.fault(f"must be one of {list(values)}", path)

    return rule


BOTH = ("plain_text", "mrkdwn")
CONFIRM = one(
    Spec(
        {"title": text(100), "text": text(300, *BOTH), "confirm": text(30), "deny": text(30), "style": anything},
        ("title", "text", "confirm", "deny"),
    )
)
PLAIN_OPTION = one(Spec({"text": text(75), "value": short(150), "description": text(75)}, ("text", "value")))
RICH_OPTION = one(
    Spec({"text": text(75, *BOTH), "value": short(150), "description": text(75, *BOTH)}, ("text", "value"))
)
LINK_OPTION = one(
    Spec({"text": text(75), "value": short(150), "description": text(75), "url": short(3000)}, ("text", "value"))
)
GROUP = one(Spec({"label": text(75), "options": many(100, PLAIN_OPTION)}, ("label", "options")))
COMMON: dict[str, Rule] = {"confirm": CONFIRM, "placeholder": text(150), "focus_on_load": anything}
LISTED: dict[str, Rule] = {"options": many(100, PLAIN_OPTION), "option_groups": many(100, GROUP)}
FEW: dict[str, Rule] = {"confirm": CONFIRM, "focus_on_load": anything, "options": many(10, RICH_OPTION)}
TYPED: dict[str, Rule] = {
    "placeholder": text(150),
    "focus_on_load": anything,
    "dispatch_action_config": anything,
    "initial_value": short(3000),
}
MULTI: dict[str, Rule] = {"max_selected_items": anything}
ELEMENTS: dict[str, Spec] = {
    "button": Spec(
        {
            "text": text(75),
            "value": short(2000),
            "url": short(3000),
            "style": choice("primary", "danger"),
            "confirm": CONFIRM,
            "accessibility_label": short(75),
        },
        ("text",),
    ),
    "static_select": Spec(COMMON | LISTED | {"initial_option": PLAIN_OPTION}),
    "multi_static_select": Spec(COMMON | LISTED | MULTI | {"initial_options": many(100, PLAIN_OPTION)}),
    "external_select": Spec(COMMON | {"initial_option": PLAIN_OPTION, "min_query_length": anything}),
    "multi_external_select": Spec(COMMON | MULTI | {"initial_options": anything, "min_query_length": anything}),
    "overflow": Spec({"options": many(5, LINK_OPTION), "confirm": CONFIRM}, ("options",)),
    "checkboxes": Spec(FEW | {"initial_options": many(10, RICH_OPTION)}, ("options",)),
    "radio_buttons": Spec(FEW | {"initial_option": RICH_OPTION}, ("options",)),
    "datepicker": Spec(COMMON | {"initial_date": short(10)}),
    "timepicker": Spec(COMMON | {"initial_time": short(5), "timezone": anything}),
    "datetimepicker": Spec({"confirm": CONFIRM, "focus_on_load": anything, "initial_date_time": anything}),
    "plain_text_input": Spec(TYPED | {"multiline": anything, "min_length": anything, "max_length": anything}),
    "email_text_input": Spec(TYPED),
    "url_text_input": Spec(TYPED),
    "number_input": Spec(
        TYPED | {"is_decimal_allowed": anything, "min_value": anything, "max_value": anything}, ("is_decimal_allowed",)
    ),
    "image": Spec({"image_url": short(3000), "slack_file": anything, "alt_text": short(2000)}, ("alt_text",)),
    "mrkdwn": Spec({"text": short(3000), "verbatim": anything}, ("text",)),
    "plain_text": Spec({"text": short(3000), "emoji": anything}, ("text",)),
}
for who in ("users", "conversations", "channels"):
    extra: dict[str, Rule] = {"default_to_current_conversation": anything, "filter": anything}
    extra["response_url_enabled"] = anything
    ELEMENTS[f"{who}_select"] = Spec(COMMON | extra | {f"initial_{who[:-1]}": anything})
    ELEMENTS[f"multi_{who}_select"] = Spec(COMMON | MULTI | extra | {f"initial_{who}": anything})
PICKS = tuple(kind for kind in ELEMENTS if kind.endswith(("_select", "picker")))
PRESSED = ("button", "overflow", "checkboxes", "radio_buttons", *PICKS)
INPUTS = ("checkboxes", "radio_buttons", *PICKS, *(kind for kind in ELEMENTS if kind.endswith("_input")))
BLOCKS: dict[str, Spec] = {
    "section": Spec(
        {
            "text": text(3000, *BOTH),
            "fields": many(10, text(2000, *BOTH)),
            "accessory": of(ELEMENTS, *PRESSED, "image"),
            "expand": anything,
        }
    ),
    "header": Spec({"text": text(150)}, ("text",)),
    "divider": Spec({}),
    "context": Spec({"elements": many(10, of(ELEMENTS, "mrkdwn", "plain_text", "image"))}, ("elements",)),
    "actions": Spec({"elements": many(25, of(ELEMENTS, *PRESSED))}, ("elements",)),
    "input": Spec(
        {
            "label": text(2000),
            "element": of(ELEMENTS, *INPUTS),
            "hint": text(2000),
            "optional": anything,
            "dispatch_action": anything,
        },
        ("label", "element"),
    ),
    "image": Spec(
        {"image_url": short(3000), "slack_file": anything, "alt_text": short(2000), "title": text(2000)}, ("alt_text",)
    ),
    "rich_text": Spec({"elements": anything}, ("elements",)),
    "markdown": Spec({"text": short(12_000)}, ("text",)),
}
VIEW = Spec(
    {
        "title": text(24),
        "submit": text(24),
        "close": text(24),
        "blocks": many(100, lambda look, value, path: look.block(value, path)),
        "private_metadata": lambda look, value, path: short(3000)(look, value, path) if value else None,
        "callback_id": short(255),
        "external_id": lambda look, value, path: short(255)(look, value, path) if value else None,
        "clear_on_close": anything,
        "notify_on_close": anything,
        "submit_disabled": anything,
    },
    ("blocks",),
)


def _sections(look: Inspection, blocks: list[Json], path: str) -> None:
    for index, block in enumerate(blocks):
        if isinstance(block, dict) and block.get("type") == "section" and not {"text", "fields"} & block.keys():
            look.fault("must define either `text` or `fields`", f"{path}/{index}")


def refusals(blocks: Any) -> list[str]:
    """What Slack has against the blocks of a message; nothing when they may be posted."""
    look = Inspection("message")
    many(50, lambda inner, value, path: inner.block(value, path))(look, blocks, "/blocks")
    if isinstance(blocks, list):
        _sections(look, blocks, "/blocks")
    return look.errors


def too_long(blocks: list[Json]) -> bool:
    """Legal blocks that are too long together."""
    return sum(len(found["text"]) for found in texts(blocks)) > WHOLE


def view_refusals(view: Json) -> list[str]:
    """What Slack has against a modal or a home tab."""
    look = Inspection("view")
    look.fields(view, "/view", VIEW)
    if view.get("type") not in {"modal", "home"}:
        look.fault(f"unsupported type: {view.get('type', '')}", "/view/type")
    blocks = view["blocks"] if isinstance(view.get("blocks"), list) else []
    _sections(look, blocks, "/view/blocks")
    if view.get("type") == "modal":
        if "title" not in view:
            look.fault("missing required field: title", "/view")
        if "submit" not in view and any(block.get("type") == "input" for block in blocks if isinstance(block, dict)):
            look.fault("missing required field: submit", "/view")
    return look.errors
