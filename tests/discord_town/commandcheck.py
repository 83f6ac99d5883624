"""What Discord accepts as application commands: names, lengths, numbers, languages (rules discord-6 and 7)."""

import unicodedata

from .guild import Json
from .refused import Form

CHAT, USER, MESSAGE = 1, 2, 3
MOST = {CHAT: 100, USER: 15, MESSAGE: 15}
CHARACTERS = 8000
SUB, GROUP = 1, 2
LANGUAGES = (
    "id da de en-GB en-US es-ES es-419 fr hr it lt hu nl no pl pt-BR ro fi sv-SE vi tr cs el bg ru uk hi th zh-CN "
    "ja zh-TW ko"
)
LOCALES = set(LANGUAGES.split())


def commands(wanted: list[Json]) -> None:
    """Refuse a set of commands for one guild."""
    form = Form()
    for kind, most in MOST.items():
        number = len([one for one in wanted if one.get("type", CHAT) == kind])
        form.must(number <= most, "commands", f"Maximum number of application commands reached ({most})")
    seen: set[tuple[int, str]] = set()
    for index, one in enumerate(wanted):
        key = (one.get("type", CHAT), str(one.get("name")))
        form.must(
            key not in seen,
            f"{index}",
            "Application command names must be unique",
            "APPLICATION_COMMANDS_DUPLICATE_NAME",
        )
        seen.add(key)
        _command(form, one, str(index))
    form.done()


def _command(form: Form, one: Json, at: str) -> None:
    if one.get("type", CHAT) == CHAT:
        _described(form, one, at)
        _options(form, one.get("options") or [], at, depth=0)
        form.must(size(one) <= CHARACTERS, at, "Command exceeds maximum size", "APPLICATION_COMMAND_TOO_LARGE")
        return
    form.length(one.get("name"), f"{at}.name", 1, 32)
    form.must(not one.get("description"), f"{at}.description", "Context menu commands cannot have description")
    form.must(not one.get("options"), f"{at}.options", "Context menu commands cannot have options")
    _localised(form, one, "name", at, 32)


def _described(form: Form, one: Json, at: str) -> None:
    _name(form, one.get("name"), f"{at}.name")
    form.length(one.get("description"), f"{at}.description", 1, 100)
    for locale, name in (one.get("name_localizations") or {}).items():
        _name(form, name, f"{at}.name_localizations.{locale}")
    _localised(form, one, "name", at, 32)
    _localised(form, one, "description", at, 100)


def _localised(form: Form, one: Json, what: str, at: str, most: int) -> None:
    for locale, text in (one.get(f"{what}_localizations") or {}).items():
        form.must(locale in LOCALES, f"{at}.{what}_localizations", f"Invalid locale {locale}")
        form.length(text, f"{at}.{what}_localizations.{locale}", 1, most)


def _name(form: Form, name: object, at: str) -> None:
    form.length(name, at, 1, 32)
    text = str(name)
    good = all(letter in "-_'" or unicodedata.category(letter)[0] in "LN" or _marks(letter) for letter in text)
    message = "Command name is invalid"
    form.must(good and text == text.lower(), at, message, "APPLICATION_COMMAND_INVALID_NAME")


def _marks(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith(("DEVANAGARI", "THAI"))


def _options(form: Form, options: list[Json], at: str, depth: int) -> None:
    form.must(len(options) <= 25, f"{at}.options", "Must be 25 or fewer in length.", "BASE_TYPE_MAX_LENGTH")
    nested = [one for one in options if one.get("type") in {SUB, GROUP}]
    form.must(len(nested) in {0, len(options)}, f"{at}.options", "Sub-commands and other options cannot be mixed")
    optional = False
    for index, one in enumerate(options):
        path = f"{at}.options.{index}"
        form.must(one.get("type") in range(1, 12), f"{path}.type", "Invalid option type")
        _described(form, one, path)
        if one.get("type") in {SUB, GROUP}:
            form.must(one["type"] == SUB or depth == 0, path, "Sub-command groups cannot be nested")
            form.must(depth < 2, path, "Sub-commands cannot be nested")
            _options(form, one.get("options") or [], path, depth + (1 if one["type"] == GROUP else 2))
            continue
        form.must(
            not (one.get("required") and optional),
            path,
            "Required options must be placed before non-required options",
            "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
        )
        optional = optional or not one.get("required")
        _choices(form, one, path)
    for names in _names(options):
        form.must(
            len(set(names)) == len(names),
            f"{at}.options",
            "Option names must be unique",
            "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS",
        )


def _names(options: list[Json]) -> list[list[str]]:
    """The option names as they stand in each language."""
    locales = {locale for one in options for locale in one.get("name_localizations") or {}}
    local = [[(one.get("name_localizations") or {}).get(locale, one["name"]) for one in options] for locale in locales]
    return [[one.get("name", "") for one in options], *local]


def _choices(form: Form, one: Json, at: str) -> None:
    choices = one.get("choices") or []
    form.must(not (choices and one.get("autocomplete")), at, "Choices and autocomplete exclude each other")
    offered(form, choices, f"{at}.choices")


def offered(form: Form, choices: list[Json], at: str) -> None:
    """Choices of an option, or those that autocomplete offers (rule discord-2)."""
    form.must(len(choices) <= 25, at, "Must be 25 or fewer in length.", "BASE_TYPE_MAX_LENGTH")
    for index, choice in enumerate(choices):
        form.length(choice.get("name"), f"{at}.{index}.name", 1, 100)
        if isinstance(choice.get("value"), str):
            form.length(choice["value"], f"{at}.{index}.value", 1, 100)
        _localised(form, choice, "name", f"{at}.{index}", 100)


def size(one: Json) -> int:
    """Names, descriptions and values of a command and everything in it; of the languages, the longest."""
    total = _longest(one, "name") + _longest(one, "description")
    for choice in one.get("choices") or []:
        total += _longest(choice, "name") + len(str(choice.get("value", "")))
    return total + sum(size(option) for option in one.get("options") or [])


def _longest(one: Json, what: str) -> int:
    local = (one.get(f"{what}_localizations") or {}).values()
    return max(len(str(text)) for text in (one.get(what) or "", *local))
