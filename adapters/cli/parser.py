"""The grammar of the command line; help in the language asked for."""

import argparse
from collections.abc import Callable, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any, Final

from adapters import settings
from adapters.cli.spoken import Spoken
from adapters.wording import LANGUAGES, say

MODES: Final = ("author", "channel", "team")


def language_of(words: Sequence[str]) -> str:
    """The language of `--lang`, else of KASUHARA_LANG, else Japanese; needed before the words are parsed."""
    for word, following in zip(words, [*words[1:], ""], strict=True):
        if word == "--lang" and following in LANGUAGES:
            return following
        if word.startswith("--lang=") and word[7:] in LANGUAGES:
            return word[7:]
    named = settings.read().language
    return named if named in LANGUAGES else LANGUAGES[0]


def parser_for(language: str) -> argparse.ArgumentParser:
    """The whole grammar; each command carries the function that runs it in `run`."""
    top = Spoken(prog="kasuhara", language=language, description=say(language, "cli.description"))
    version = f"kasuhara {metadata.version('kasuhara')}"
    top.add_argument("--version", action="version", version=version, help=say(language, "cli.spoken.version"))
    top.add_argument("--lang", choices=LANGUAGES, help=say(language, "cli.lang"))
    commands = top.commands("command", "COMMAND")
    _everyday(commands, language)
    _people(commands, language)
    _keeping(commands, language)
    _checking(commands, language)
    return top


def _minutes(language: str) -> Callable[[str], int]:
    """Reads whole minutes from 0 to a day."""

    def minutes(word: str) -> int:
        if not (word.isascii() and word.isdecimal() and len(word) < 5 and int(word) <= 24 * 60):
            raise argparse.ArgumentTypeError(say(language, "cli.minutes", got=word))
        return int(word)

    return minutes


def _port(language: str) -> Callable[[str], int]:
    """Reads the number of a port."""

    def number(word: str) -> int:
        if (found := settings.port(word)) == settings.NO_PORT:
            raise argparse.ArgumentTypeError(say(language, "cli.port", got=word))
        return found

    return number


def _add(commands: Any, name: str, language: str, run: str, key: str = "") -> argparse.ArgumentParser:
    text = say(language, f"cli.{key or name}")
    added: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
    added.add_argument("--lang", choices=LANGUAGES, default=argparse.SUPPRESS, help=argparse.SUPPRESS)
    added.set_defaults(run=_lazily(run))
    return added


def _lazily(name: str) -> Any:
    """A command's function is imported when it is run, so that --help and --version start at once."""

    def run(args: argparse.Namespace, language: str) -> int:
        from importlib import import_module

        module, function = name.split(".")
        status: int = getattr(import_module(f"adapters.cli.{module}"), function)(args, language)
        return status

    return run


def _group(commands: Any, name: str, language: str) -> Any:
    text = say(language, f"cli.{name}")
    group: Spoken = commands.add_parser(name, help=text, description=text)
    return group.commands("what", "WHAT")


def _everyday(commands: Any, language: str) -> None:
    started = _add(commands, "run", language, "everyday.run")
    started.add_argument("--replay", action="store_true", help=say(language, "playground.cli.replay"))
    played = _add(commands, "playground", language, "everyday.playground")
    played.add_argument("--db", metavar="FILE", type=Path, help=say(language, "playground.cli.db"))
    played.add_argument("--port", metavar="N", type=_port(language), help=say(language, "playground.cli.port"))
    replay = _add(commands, "replay", language, "everyday.replay")
    replay.add_argument("export", metavar="EXPORT", type=Path, help=say(language, "cli.replay_export"))
    replay.add_argument("--customers", choices=MODES, default="author", help=say(language, "cli.replay_customers"))
    people = replay.add_mutually_exclusive_group()
    people.add_argument("--team", metavar="FILE", type=Path, help=say(language, "cli.replay_team"))
    people.add_argument("--staff", metavar="ID,…", default="", help=say(language, "cli.replay_staff"))
    replay.add_argument("--db", metavar="FILE", type=Path, help=say(language, "cli.replay_db"))
    replay.add_argument("--json", metavar="FILE", type=Path, help=say(language, "cli.replay_json"))
    replay.add_argument("--ack", metavar="MINUTES", type=_minutes(language), help=say(language, "cli.replay_ack"))
    evaluate = _group(commands, "evaluate", language)
    repeats = _add(evaluate, "repeats", language, "everyday.evaluate_repeats", "evaluate_repeats")
    repeats.add_argument("file", metavar="FILE", type=Path)
    repeats.add_argument("--out", metavar="PREDICTIONS", type=Path, required=True)
    policy = _group(commands, "policy", language)
    check = _add(policy, "check", language, "everyday.policy_check", "policy_check")
    check.add_argument("path", metavar="PATH", type=Path, nargs="?")


def _people(commands: Any, language: str) -> None:
    team = _group(commands, "team", language)
    apply = _add(team, "apply", language, "people.team_apply", "team_apply")
    apply.add_argument("file", metavar="FILE", type=Path, nargs="?")
    apply.add_argument("--yes", action="store_true", help=say(language, "cli.yes"))
    customers = _group(commands, "customers", language)
    load = _add(customers, "import", language, "people.customers_import", "customers_import")
    load.add_argument("file", metavar="FILE.csv", type=Path)
    shown = _add(customers, "list", language, "people.customers_list", "customers_list")
    shown.add_argument("--unknown", action="store_true", help=say(language, "cli.customers_unknown"))
    assign = _add(customers, "assign", language, "people.customers_assign", "customers_assign")
    assign.add_argument("account", metavar="PLATFORM:WORKSPACE:ID")
    assign.add_argument("customer", metavar="CUSTOMER", help=say(language, "cli.customer_id"))
    split = _add(customers, "split", language, "people.customers_split", "customers_split")
    split.add_argument("customer", metavar="CUSTOMER", help=say(language, "cli.customer_id"))
    split.add_argument("accounts", metavar="PLATFORM:WORKSPACE:ID", nargs="+")
    split.add_argument("--name", default="", help=say(language, "cli.split_name"))
    merge = _add(customers, "merge", language, "people.customers_merge", "customers_merge")
    merge.add_argument("customer", metavar="CUSTOMER", help=say(language, "cli.customer_id"))
    merge.add_argument("--into", metavar="CUSTOMER", help=say(language, "cli.merge_into"))
    merge.add_argument("--undo", action="store_true", help=say(language, "cli.merge_undo"))


def _keeping(commands: Any, language: str) -> None:
    _add(commands, "migrate", language, "keeping.migrate")
    keys = _group(commands, "keys", language)
    _add(keys, "new", language, "keeping.keys_new", "keys_new")
    _add(keys, "status", language, "keeping.keys_status", "keys_status")
    _add(keys, "reseal", language, "keeping.keys_reseal", "keys_reseal")
    audit = _group(commands, "audit", language)
    _add(audit, "verify", language, "keeping.audit_verify", "audit_verify")
    redact = _add(commands, "redact", language, "keeping.redact")
    redact.add_argument("message", metavar="PLATFORM:WORKSPACE:CHANNEL:MESSAGE")
    redact.add_argument("--reason", default="", help=say(language, "cli.redact_reason"))
    files = _group(commands, "files", language)
    for verb in ("list", "save"):
        told = _add(files, verb, language, f"files.{verb}_", f"files_{verb}")
        told.add_argument("subject", metavar="incident:ID|detection:ID")
    told.add_argument("folder", metavar="FOLDER", type=Path)
    outage = _group(commands, "outage", language)
    _add(outage, "end", language, "keeping.outage_end", "outage_end")
    _add(commands, "forget", language, "keeping.forget")


def _checking(commands: Any, language: str) -> None:
    _add(commands, "doctor", language, "checking.run")
    slack = _group(commands, "slack", language)
    manifest = _add(slack, "manifest", language, "checking.slack_manifest", "slack_manifest")
    manifest.add_argument("--name", default="", help=say(language, "cli.manifest_name"))
    told = say(language, "cli.manifest_command")
    manifest.add_argument("--command", metavar="/COMMAND", dest="command_name", default="", help=told)
    manifest.add_argument("--shortcut", metavar="LABEL", default="", help=say(language, "cli.manifest_shortcut"))
    manifest.add_argument("--url", metavar="URL", default="", help=say(language, "cli.manifest_url"))


def actor() -> str:
    """The person at the keyboard, as the audit names them."""
    return f"cli:{settings.read().account}"
