"""What Discord accepts as a message or a form: lengths, numbers, buttons (rules discord-3, 10, 11, 12, 13)."""

from typing import Any

from .guild import Json
from .message import COMPONENTS_V2, embedded, parts
from .refused import Form, Refused

FILE_BYTES, REQUEST_BYTES, FILES = 10 * 1024 * 1024, 25 * 1024 * 1024, 10
BUTTON, SELECTS, TEXT_INPUT, LABEL, TEXT = 2, {3, 5, 6, 7, 8}, 4, 18, 10
LINK = 5


def message(body: Json, files: list[tuple[str, bytes]], *, empty: bool = False) -> None:
    """Refuse what cannot be sent; `empty`: nothing at all is fine (an edit, a placeholder)."""
    sizes = [len(data) for _, data in files]
    if max(sizes, default=0) > FILE_BYTES or sum(sizes) > REQUEST_BYTES:
        raise Refused(413, 40005)
    form = Form()
    form.must(len(files) <= FILES, "attachments", "Must be 10 or fewer in length.")
    content, embeds = body.get("content") or "", body.get("embeds") or []
    components = body.get("components") or []
    form.length(str(content), "content", 0, 2000)
    if body.get("nonce") is not None:
        form.length(str(body["nonce"]), "nonce", 1, 25)
    _embeds(form, embeds)
    if int(body.get("flags") or 0) & COMPONENTS_V2:
        _new_layout(form, components, bool(content or embeds))
    else:
        _rows(form, components)
    form.done()
    if not (empty or content or embeds or components or files or body.get("sticker_ids") or body.get("poll")):
        raise Refused(400, 50006)


def _embeds(form: Form, embeds: list[Json]) -> None:
    form.must(len(embeds) <= 10, "embeds", "Must be 10 or fewer in length.")
    for number, embed in enumerate(embeds):
        at = f"embeds.{number}"
        form.length(embed.get("title") or "", f"{at}.title", 0, 256)
        form.length(embed.get("description") or "", f"{at}.description", 0, 4096)
        fields = embed.get("fields") or []
        form.must(len(fields) <= 25, f"{at}.fields", "Must be 25 or fewer in length.")
        for index, entry in enumerate(fields):
            form.length(entry.get("name"), f"{at}.fields.{index}.name", 1, 256)
            form.length(entry.get("value"), f"{at}.fields.{index}.value", 1, 1024)
        form.length((embed.get("footer") or {}).get("text") or "", f"{at}.footer.text", 0, 2048)
        form.length((embed.get("author") or {}).get("name") or "", f"{at}.author.name", 0, 256)
    total = sum(len(text) for text in embedded(embeds))
    form.must(total <= 6000, "embeds", "Embed size exceeds maximum size of 6000", "MAX_EMBED_SIZE_EXCEEDED")


def _rows(form: Form, rows: list[Json]) -> None:
    form.must(len(rows) <= 5, "components", "Must be between 1 and 5 in length.", "BASE_TYPE_BAD_LENGTH")
    seen: set[str] = set()
    for number, row in enumerate(rows):
        at = f"components.{number}"
        if not form.must(row.get("type") == 1, at, 'Value of field "type" must be one of (1,).'):
            continue
        inner = row.get("components") or []
        selects = [part for part in inner if part.get("type") in SELECTS]
        fits = len(inner) == 1 if selects else 1 <= len(inner) <= 5
        form.must(fits, f"{at}.components", "The specified component exceeds the maximum width")
        for index, part in enumerate(inner):
            form.must(part.get("type") in {BUTTON, *SELECTS}, f"{at}.components.{index}", "Invalid component type.")
            _interactive(form, part, f"{at}.components.{index}", seen)


def _new_layout(form: Form, components: list[Json], mixed: bool) -> None:
    every = list(parts(components))
    form.must(
        not mixed, "content", "The 'content' and 'embeds' fields cannot be used with MessageFlags.IS_COMPONENTS_V2"
    )
    form.must(1 <= len(every) <= 40, "components", "The total number of components must be between 1 and 40")
    total = sum(len(str(part.get("content") or "")) for part in every)
    form.must(total <= 4000, "components", "The total length of text must not exceed 4000")
    seen: set[str] = set()
    for number, part in enumerate(every):
        _interactive(form, part, f"components.{number}", seen)


def _interactive(form: Form, part: Json, at: str, seen: set[str]) -> None:
    kind = part.get("type")
    if kind == BUTTON and part.get("style") == LINK:
        form.length(part.get("url"), f"{at}.url", 1, 512)
    elif kind == BUTTON or kind in SELECTS:
        _named(form, part, at, seen)
    if kind == BUTTON:
        form.length(part.get("label") or "", f"{at}.label", 0, 80)
        form.must(part.get("label") or part.get("emoji"), at, "A button must have a label or an emoji.")
    elif kind in SELECTS:
        select(form, part, at)


def _named(form: Form, part: Json, at: str, seen: set[str]) -> None:
    id = part.get("custom_id")
    form.length(id, f"{at}.custom_id", 1, 100)
    form.must(id not in seen, f"{at}.custom_id", "Component custom id cannot be duplicated")
    seen.add(str(id))


def select(form: Form, part: Json, at: str) -> None:
    """A select menu's own limits."""
    form.length(part.get("placeholder") or "", f"{at}.placeholder", 0, 150)
    if part["type"] != 3:
        return
    options = part.get("options") or []
    form.must(1 <= len(options) <= 25, f"{at}.options", "Must be between 1 and 25 in length.", "BASE_TYPE_BAD_LENGTH")
    values = [option.get("value") for option in options]
    form.must(len(set(values)) == len(values), f"{at}.options", "The specified option value is already used")
    for index, option in enumerate(options):
        for name in ("label", "value"):
            form.length(option.get(name), f"{at}.options.{index}.{name}", 1, 100)
        form.length(option.get("description") or "", f"{at}.options.{index}.description", 0, 100)


def modal(data: Json) -> None:
    """Refuse a form that Discord would not open."""
    form = Form()
    form.length(data.get("custom_id"), "data.custom_id", 1, 100)
    form.length(data.get("title"), "data.title", 1, 45)
    components: list[Json] = data.get("components") or []
    form.must(
        1 <= len(components) <= 5, "data.components", "Must be between 1 and 5 in length.", "BASE_TYPE_BAD_LENGTH"
    )
    seen: set[str] = set()
    for number, component in enumerate(components):
        _modal_part(form, component, f"data.components.{number}", seen)
    form.done()


def _modal_part(form: Form, component: Json, at: str, seen: set[str]) -> None:
    kind = component.get("type")
    if kind == TEXT:
        return form.length(component.get("content"), f"{at}.content", 1, 4000)
    if kind == LABEL:
        form.length(component.get("label"), f"{at}.label", 1, 45)
        form.length(component.get("description") or "", f"{at}.description", 0, 100)
        inner: list[Any] = [component.get("component")]
    else:
        form.must(kind == 1, at, 'Value of field "type" must be one of (1, 10, 18).')
        inner = component.get("components") or []
        form.must([part.get("type") for part in inner] == [TEXT_INPUT], at, "One text input to a row.")
        for part in inner:
            form.length(part.get("label"), f"{at}.label", 1, 45)
    for part in inner:
        if not form.must(isinstance(part, dict), f"{at}.component", "This field is required"):
            continue
        _named(form, part, at, seen)
        if part.get("type") == TEXT_INPUT:
            _text_input(form, part, at)
        elif part.get("type") in SELECTS:
            select(form, part, at)
    return None


def _text_input(form: Form, part: Json, at: str) -> None:
    form.must(part.get("style") in {1, 2}, f"{at}.style", 'Value of field "style" must be one of (1, 2).')
    form.length(part.get("placeholder") or "", f"{at}.placeholder", 0, 100)
    form.length(part.get("value") or "", f"{at}.value", 0, 4000)
    least, most = part.get("min_length"), part.get("max_length")
    form.must(least is None or 0 <= least <= 4000, f"{at}.min_length", "Must be between 0 and 4000.")
    form.must(most is None or 1 <= most <= 4000, f"{at}.max_length", "Must be between 1 and 4000.")
    if part.get("value"):
        form.length(part["value"], f"{at}.value", least or 0, most or 4000)
