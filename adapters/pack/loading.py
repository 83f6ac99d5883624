"""Which file stands for what, the policy made of all of them, and its hash."""

import hashlib
import json
from datetime import date
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

from adapters.pack.categories import read_categories, read_clauses, read_law
from adapters.pack.groups import read_groups
from adapters.pack.hours import read_calendar
from adapters.pack.limits import read_files, read_limits, read_mail, read_retention
from adapters.pack.rules import read_digest, read_pings, read_reports, read_standing
from adapters.places import Document, Table, mistaken, read
from bot.domain.errors import BadInput, Fault
from bot.domain.policy import Policy

FILES: Final = (
    "pack.toml",
    "law.toml",
    "clauses.toml",
    "categories.toml",
    "windows.toml",
    "calendar.toml",
    "retention.toml",
    "mail.toml",
    "groups.toml",
    "reports.toml",
    "pings.toml",
    "standing.toml",
    "digest.toml",
)


def load(path: Path | None) -> Policy:
    """The policy of a folder, or for None the standard pack; raises BadInput with every mistake."""
    faults: list[Fault] = []
    own = _own_files(path, faults) if path else {}
    documents = {name: _document(name, own.get(name), faults) for name in FILES}
    policy = _policy(documents, "+own" if own and "pack.toml" not in own else "", faults)
    if faults:
        raise BadInput(tuple(sorted(faults, key=lambda fault: (fault.path, fault.line))))
    return policy


def check(path: Path | None) -> tuple[Fault, ...]:
    """Every mistake of a folder by file and line; empty when it can be used."""
    try:
        load(path)
    except BadInput as error:
        return error.faults
    return ()


def _own_files(folder: Path, faults: list[Fault]) -> dict[str, Path]:
    if not folder.is_dir():
        faults.append(Fault(str(folder), 0, "not_folder" if folder.exists() else "no_folder"))
        return {}
    found = {file.name: file for file in folder.iterdir() if file.name.lower().endswith(".toml")}
    for name in sorted(found.keys() - set(FILES)):
        key, fields = mistaken("unknown_file", name, FILES)
        faults.append(Fault(str(found.pop(name)), 0, key, tuple(fields.items())))
    if not found and not faults:
        faults.append(Fault(str(folder), 0, "empty_pack", (("allowed", ", ".join(FILES)),)))
    return found


def _document(name: str, own: Path | None, faults: list[Fault]) -> Document:
    """The company's file, else the standard one; also that if the company's cannot be read, to go on looking."""
    if own:
        try:
            document = read(own)
            faults.extend(document.faults)
            return document
        except BadInput as error:
            faults.extend(error.faults)
    return read(_standard().joinpath(name), f"packs/standard/{name}")


def _standard() -> Traversable:
    return resources.files("adapters").joinpath("packs", "standard")


def _policy(documents: dict[str, Document], mark: str, faults: list[Fault]) -> Policy:
    tables = {name: Table(document, faults) for name, document in documents.items()}
    head = tables["pack.toml"]
    edition, as_of, issuer = head.text("edition"), head.day("as_of"), head.text("issuer")
    head.done()
    clauses = read_clauses(tables["clauses.toml"])
    categories, rights = read_categories(tables["categories.toml"], frozenset(clause.key for clause in clauses))
    limits = read_limits(tables["windows.toml"])
    files = read_files(tables["retention.toml"])
    return Policy(
        edition=edition + mark,
        as_of=as_of,
        issuer=issuer,
        hash=_hash(documents),
        calendar=read_calendar(tables["calendar.toml"], as_of),
        windows=limits.windows,
        habit_days=limits.habit_days,
        max_contents=limits.max_contents,
        response_target=limits.response_target,
        fresh=limits.fresh,
        outage=limits.outage,
        retention=read_retention(tables["retention.toml"], limits.habit_days),
        files=files,
        standing=read_standing(tables["standing.toml"]),
        ping=read_pings(tables["pings.toml"]),
        report=read_reports(tables["reports.toml"]),
        digest=read_digest(tables["digest.toml"]),
        groups=read_groups(tables["groups.toml"], frozenset(category.key for category in categories)),
        rights=rights,
        categories=categories,
        free_mail_domains=read_mail(tables["mail.toml"]),
        legal_basis=read_law(tables["law.toml"]),
        clauses=clauses,
    )


def _hash(documents: dict[str, Document]) -> str:
    """sha256 of what the files say: not of comments, spaces, the order of keys or how a number is written."""
    content = {name: _plain(document.values) for name, document in documents.items()}
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    return value.isoformat() if isinstance(value, date) else str(value)
