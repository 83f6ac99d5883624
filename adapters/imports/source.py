"""The JSON files of an export, in a folder, in a zip or alone; read in small pieces, nothing is unpacked to disk."""

import os
import re
import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Final, Protocol

from bot.domain.errors import BadInput, Fault

CHUNK: Final = 64 * 1024
MEMBER_LIMIT: Final = 256 * 1024 * 1024
"""Bytes of one file inside a zip, unpacked; more is taken for a zip bomb. Files in a folder have no limit."""
TOTAL_LIMIT: Final = 16 * 1024 * 1024 * 1024
COUNT_LIMIT: Final = 500_000
DEPTH_LIMIT: Final = 6
DAY_FILE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[^/]*\.json", re.IGNORECASE)
_DRIVE: Final = re.compile(r"[A-Za-z]:/")


class Unreadable(Exception):
    """A file of the export could not be read to its end; `key` says why."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(key)


class Source(Protocol):
    """The JSON files of one export by their name inside it."""

    @property
    def sizes(self) -> Mapping[str, int]:
        """Bytes by name, names sorted."""

    @property
    def refused(self) -> tuple[tuple[str, str], ...]:
        """(name, key) of files that are there and must not or cannot be read."""

    @property
    def others(self) -> int:
        """How many files are no JSON (pictures, attachments)."""

    def chunks(self, name: str) -> Iterator[bytes]:
        """The bytes of one file; raises Unreadable where they end too early."""


@dataclass(frozen=True, slots=True)
class FolderSource:
    """Files below a folder; links are not followed, so that an export cannot point outside itself."""

    root: Path
    sizes: Mapping[str, int]
    refused: tuple[tuple[str, str], ...] = ()
    others: int = 0

    def chunks(self, name: str) -> Iterator[bytes]:
        at = 0
        while True:
            # Opened anew for each piece: an export may have thousands of threads open at the same moment.
            try:
                with (self.root / name).open("rb") as stream:
                    stream.seek(at)
                    chunk = stream.read(CHUNK)
            except OSError as error:
                raise Unreadable("file_unreadable") from error
            if not chunk:
                return
            at += len(chunk)
            yield chunk


@dataclass(frozen=True, slots=True)
class ZipSource:
    """Files inside a zip; `members` leads from the name inside the export to the member."""

    archive: zipfile.ZipFile
    members: Mapping[str, zipfile.ZipInfo]
    refused: tuple[tuple[str, str], ...] = ()
    others: int = 0
    sizes: Mapping[str, int] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "sizes", {name: info.file_size for name, info in self.members.items()})

    def chunks(self, name: str) -> Iterator[bytes]:
        done = 0
        try:
            with self.archive.open(self.members[name]) as stream:
                while chunk := stream.read(CHUNK):
                    done += len(chunk)
                    if done > MEMBER_LIMIT:
                        raise Unreadable("too_big")
                    yield chunk
        except (OSError, EOFError, RuntimeError, NotImplementedError, zipfile.BadZipFile, zlib.error) as error:
            raise Unreadable("zip_damaged") from error


def open_source(path: Path) -> Source:
    """The files of a folder, a zip or one file; raises BadInput if there is nothing that can be opened."""
    try:
        if path.is_dir():
            return _folder(path)
        if path.exists() and not path.is_file():
            raise OSError("neither file nor folder")
        if zipfile.is_zipfile(path) or path.suffix.lower() == ".zip":
            return _zip(path)
        return FolderSource(path.parent, {path.name: path.stat().st_size})
    except FileNotFoundError as error:
        raise BadInput((Fault(str(path), 0, "export_missing"),)) from error
    except (OSError, zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise BadInput((Fault(str(path), 0, "export_unreadable"),)) from error


def _folder(root: Path) -> Source:
    sizes: dict[str, int] = {}
    refused: list[tuple[str, str]] = []
    others = 0

    def unlisted(error: OSError) -> None:
        refused.append((_inside(root, Path(error.filename)), "file_unreadable"))

    for base, folders, names in os.walk(root, onerror=unlisted):
        depth = len(Path(base).relative_to(root).parts)
        refused += [(_inside(root, Path(base, name)), "link") for name in folders if Path(base, name).is_symlink()]
        folders[:] = [] if depth >= DEPTH_LIMIT else [name for name in folders if not _hidden(name)]
        for name in names:
            path = Path(base, name)
            if _hidden(name) or not name.lower().endswith(".json"):
                others += 1
                continue
            status = path.lstat()
            if stat.S_ISREG(status.st_mode):
                sizes[_inside(root, path)] = status.st_size
            else:
                refused.append((_inside(root, path), "link"))
        _bounded(root, len(sizes) + others, 0)
    prefix = _prefix(sizes)
    cut = {name.removeprefix(prefix): size for name, size in sorted(sizes.items())}
    return FolderSource(root / prefix, cut, tuple(sorted(refused)), others)


def _zip(path: Path) -> Source:
    archive = zipfile.ZipFile(path)
    members: dict[str, zipfile.ZipInfo] = {}
    refused: list[tuple[str, str]] = []
    others = 0
    _bounded(path, len(archive.infolist()), 0)
    for info in archive.infolist():
        name = _name(info)
        if info.is_dir():
            continue
        if any(_hidden(part) for part in name.split("/")) or not name.lower().endswith(".json"):
            others += 1
        elif key := _refusal(info, name, members):
            refused.append((name, key))
        else:
            members[name] = info
    _bounded(path, len(members), sum(info.file_size for info in members.values()))
    prefix = _prefix(members)
    cut = {name.removeprefix(prefix): info for name, info in sorted(members.items())}
    return ZipSource(archive, cut, tuple(sorted(refused)), others)


def _refusal(info: zipfile.ZipInfo, name: str, members: Mapping[str, zipfile.ZipInfo]) -> str:
    """Why a member is not read; "" if it may be."""
    parts = PurePosixPath(name).parts
    if name.startswith("/") or ".." in parts or "\\" in name or _DRIVE.match(name):
        return "bad_path"
    if stat.S_ISLNK(info.external_attr >> 16):
        return "link"
    if info.flag_bits & 0x1:
        return "encrypted"
    if info.file_size > MEMBER_LIMIT:
        return "too_big"
    return "twice" if name in members else ""


def _name(info: zipfile.ZipInfo) -> str:
    """The member's name; zips from Japanese Windows or old tools do not mark their encoding."""
    if info.flag_bits & 0x800 or info.filename.isascii():
        return info.filename
    raw = info.filename.encode("cp437", "replace")
    for encoding in ("utf-8", "cp932"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename


def _bounded(path: Path, count: int, total: int) -> None:
    if count > COUNT_LIMIT or total > TOTAL_LIMIT:
        limits = (("files", str(COUNT_LIMIT)), ("gigabytes", str(TOTAL_LIMIT // 1024**3)))
        raise BadInput((Fault(str(path), 0, "export_too_much", limits),))


def _prefix(names: Iterable[str]) -> str:
    """The folders that hold the whole export ("one top folder"); a channel's own folder is never cut off."""
    prefix = ""
    rest = list(names)
    while rest:
        top = rest[0].split("/", 1)[0]
        if not all(name.startswith(f"{top}/") for name in rest):
            break
        rest = [name.split("/", 1)[1] for name in rest]
        if any(DAY_FILE.fullmatch(name) for name in rest):
            break
        prefix += f"{top}/"
    return prefix


def _inside(root: Path, path: Path) -> str:
    return path.relative_to(root).as_posix()


def _hidden(name: str) -> bool:
    """What macOS and others add to an export."""
    return (name.startswith(".") and name != "..") or name == "__MACOSX"
