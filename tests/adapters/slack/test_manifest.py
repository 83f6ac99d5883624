"""The manifest is what the code uses, and what Slack takes. Run as a program, this file writes it anew."""

import ast
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).parent.parent.parent.parent
sys.path.insert(0, str(ROOT))  # for the helper; pytest has it there already

import pytest  # noqa: E402

from adapters.cli import main  # noqa: E402
from adapters.slack.manifest import (  # noqa: E402
    EVENTS,
    HISTORY,
    SCOPES,
    SCOPES_OF,
    USED,
    Labels,
    manifest,
    written,
)
from bot.domain.errors import Refused  # noqa: E402

if TYPE_CHECKING:
    from conftest import Town

CODE = ROOT / "adapters/slack"
KEPT = CODE / "manifest.yaml"
LIMITS = json.loads((ROOT / "tests/data/slack-manifest/limits.json").read_text("utf-8"))
URL = "https://bot.example.com/slack/events"
NEUTRAL = Labels("ja", command="/support-log")
METHODS = {method.replace(".", "_").lower(): method for method in SCOPES_OF}
UNASKED = {"app_rate_limited", "user_profile_changed"}
"""What comes by itself, and what comes with user_change."""
UPLOAD = {"files.getUploadURLExternal", "files.completeUploadExternal"}
KINDS: dict[str, Any] = {"object": dict, "array": list | tuple, "string": str, "boolean": bool}


def faults(value: Any, schema: dict[str, Any], where: str = "") -> Iterator[str]:
    """Where it breaks the schema; what the schema does not name is not allowed."""
    if not isinstance(value, KINDS[schema["type"]]):
        yield f"{where}: no {schema['type']}"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{where}: {value!r}"
    if isinstance(value, str):
        if not schema.get("minLength", 0) <= len(value) <= schema["maxLength"] if "maxLength" in schema else False:
            yield f"{where}: {len(value)} characters"
        if not re.search(schema.get("pattern", ""), value):
            yield f"{where}: {value!r}"
    elif isinstance(value, dict):
        yield from (f"{where}.{key}: unknown" for key in value.keys() - schema["properties"].keys())
        yield from (f"{where}.{key}: missing" for key in set(schema["required"]) - value.keys())
        for key, inner in schema["properties"].items():
            yield from faults(value[key], inner, f"{where}.{key}") if key in value else ()
    elif isinstance(value, list | tuple):
        if not schema["minItems"] <= len(value) <= schema["maxItems"] or len(set(map(str, value))) < len(value):
            yield f"{where}: {len(value)} items"
        for number, inner in enumerate(value):
            yield from faults(inner, schema["items"], f"{where}[{number}]")


def read(text: str) -> Any:
    """The YAML that `written` writes, read back."""
    lines = [(len(line) - len(line.lstrip()), line.strip()) for line in text.splitlines()]

    def block(at: int, depth: int) -> tuple[Any, int]:
        if lines[at][1].startswith("- "):
            items: list[Any] = []
            while at < len(lines) and lines[at][0] == depth and lines[at][1].startswith("- "):
                lines[at] = (depth + 2, lines[at][1][2:])
                plain = lines[at][1].startswith('"')
                item, at = (json.loads(lines[at][1]), at + 1) if plain else block(at, depth + 2)
                items.append(item)
            return items, at
        found: dict[str, Any] = {}
        while at < len(lines) and lines[at][0] == depth:
            key, _, value = lines[at][1].partition(":")
            found[key], at = (json.loads(value), at + 1) if value else block(at + 1, lines[at + 1][0])
        return found, at

    return block(0, 0)[0]


def trees() -> Iterator[ast.AST]:
    for file in CODE.glob("*.py"):
        if file.name != "manifest.py":
            yield from ast.walk(ast.parse(file.read_text("utf-8")))


def called() -> set[str]:
    """The methods of the Web API that the code names, as calls of a client or as words."""
    found: set[str] = set()
    for node in trees():
        if isinstance(node, ast.Constant) and node.value in SCOPES_OF:
            found.add(str(node.value))
        if isinstance(node, ast.Attribute) and ast.unparse(node.value).endswith("client"):
            if node.attr == "files_upload_v2":
                found |= UPLOAD
            elif "_" in node.attr and not node.attr.startswith("_") and node.attr != "apps_connections_open":
                found.add(METHODS.get(node.attr.lower(), node.attr))
    return found - {"api_call", "base_url"}


def listened() -> set[str]:
    """The events that the code names: those that a listener asks for, and those in sets of names of events."""
    named = set()
    for node in trees():
        words: list[ast.expr] = []
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "event":
            words = node.args
        elif isinstance(node, ast.Set) and any(isinstance(w, ast.Constant) and w.value in EVENTS for w in node.elts):
            words = node.elts
        named |= {str(word.value) for word in words if isinstance(word, ast.Constant)}
    return named


@pytest.mark.rule("slack-28")
@pytest.mark.parametrize("url", ["", URL])
@pytest.mark.parametrize("labels", [Labels("ja"), Labels("en"), NEUTRAL, Labels("en", command="/support-log")])
def test_slack_takes_it(labels: Labels, url: str) -> None:
    made = manifest(labels, url)
    assert list(faults(made, LIMITS)) == []
    assert read(written(made)) == json.loads(json.dumps(made))


def test_the_schema_sees_faults() -> None:
    made = json.loads(json.dumps(manifest(Labels())))
    made["display_information"]["name"] = "x" * 36
    made["features"]["slash_commands"][0] |= {"command": "log", "should_escape": False, "more": "x"}
    made["settings"]["event_subscriptions"]["bot_events"].append("user_change")
    del made["features"]["bot_user"]
    assert len(list(faults(made, LIMITS))) == 6


@pytest.mark.rule("slack-28")
def test_the_kept_manifest_is_fresh() -> None:
    assert KEPT.read_text("utf-8") == written(manifest(Labels())), "python tests/adapters/slack/test_manifest.py"


@pytest.mark.rule("slack-28")
def test_every_method_that_is_called_has_its_scopes_and_no_scope_is_idle() -> None:
    assert called() == USED, "adapters/slack/manifest.py: USED"
    needed = {scope for method in USED for scope in SCOPES_OF[method]}
    heard = {scope for scopes in EVENTS.values() for scope in scopes}
    assert set(SCOPES) == needed | heard | {"commands"}


@pytest.mark.rule("slack-28")
def test_every_event_that_is_handled_is_subscribed_to_and_no_other() -> None:
    assert {event.partition(".")[0] for event in EVENTS} == listened() - UNASKED, "adapters/slack/manifest.py: EVENTS"
    rooms = {scope.partition(":")[0] for scope in HISTORY}
    assert {event.partition(".")[2] for event in EVENTS if event.startswith("message.")} == rooms


@pytest.mark.rule("slack-28")
async def test_what_the_manifest_asks_for_is_enough(here: "Town") -> None:
    here.slack.app.scopes, here.slack.app.events = set(SCOPES), set(EVENTS)
    for _ in range(5):
        here.slack.user("UCUST").says("返事しろ。いつまで待たせるんだ", "support")
    here.slack.user("UAGENT").tells_bot("いますぐ")
    await here.slack.user("UAGENT").types("/kasuhara", "報告 怒鳴られた", "support")
    await here.slack.settled()
    await here.slack.until(lambda: here.slack.cards("alert"))
    await here.slack.user("USUPER1").presses("ack", here.slack.cards("alert")[-1])
    await here.slack.until(lambda: any(ping.acked_by for ping in here.company.pings()))
    assert {call.method for call in here.slack.record.calls} - USED <= {"apps.connections.open"}
    assert not [call for call in here.slack.record.calls if call.error == "missing_scope"]


def test_a_home_that_is_drawn_is_shown() -> None:
    made: Any = manifest(Labels())
    shown = made["features"]["app_home"]["home_tab_enabled"]
    assert shown is ("views.publish" in USED) is ("app_home_opened" in EVENTS)


@pytest.mark.rule("slack-20", "slack-29", "slack-30")
def test_what_is_fixed() -> None:
    made: Any = manifest(Labels())
    assert all(command["should_escape"] for command in made["features"]["slash_commands"])
    assert made["settings"]["socket_mode_enabled"] and not made["settings"]["token_rotation_enabled"]
    http: Any = manifest(Labels(), URL)
    assert not http["settings"]["socket_mode_enabled"]
    assert written(http).count(URL) == 4 and "request_url" not in written(made)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_company_whose_customers_are_guests_accuses_nobody(language: str) -> None:
    text = written(manifest(Labels(language, command="/support-log"))).lower()
    assert not re.search("ハラ|harass|kasuhara|違反|判定|verify|abuse", text)
    assert not re.search("ハラ|harass", written(manifest(Labels(language, shortcut="Note"))).lower())


@pytest.mark.parametrize(
    ("labels", "url"),
    [
        (Labels(command="support"), ""),
        (Labels(command="/Support"), ""),
        (Labels(command="/sup port"), ""),
        (Labels(command="/" + "x" * 32), ""),
        (Labels(command="/"), ""),
        (Labels(name="x" * 36), ""),
        (Labels(shortcut="x" * 25), ""),
        (Labels(), "http://bot.example.com"),
    ],
)
def test_what_slack_would_not_take_is_refused(labels: Labels, url: str) -> None:
    with pytest.raises(Refused):
        manifest(labels, url)


def test_it_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["slack", "manifest", "--lang", "en", "--name", 'Desk "A": log', "--command", "/desk", "--url", URL]
    assert main(words) == 0
    made = read(capsys.readouterr().out)
    assert made["display_information"]["name"] == 'Desk "A": log'
    assert made["features"]["slash_commands"][0]["command"] == "/desk"
    assert main(["slack", "manifest", "--lang", "ja", "--command", "desk"]) == 1
    assert "--command /support-log" in capsys.readouterr().err


if __name__ == "__main__":
    KEPT.write_text(written(manifest(Labels())), "utf-8")
