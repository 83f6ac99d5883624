"""files list, files save: what customers attached to an incident or a detection, taken out for the record."""

import argparse
import asyncio
import os
import re
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.text import Text

from adapters import settings, wiring
from adapters.cli.parser import actor
from adapters.cli.people import tell_made_key
from adapters.wiring import House
from adapters.wording import say
from adapters.wording.clean import clean
from adapters.wording.files import file_words
from adapters.wording.voice import Voice
from bot.domain.errors import Refused
from bot.domain.events import Looked
from bot.domain.model import FileState, KeptFile
from bot.domain.questions import WhyAsked, WhyShown
from bot.ports import UnitOfWork

NAME: Final = 80
"""Characters that are left of a file's name on our disk."""
_UNSAFE: Final = re.compile(r"[^\w.-]")
Use = Callable[[House, tuple[KeptFile, ...]], Awaitable[int]]


def _with_files(subject: str, language: str, use: Use) -> int:
    """Having been shown them is itself recorded."""

    async def work() -> int:
        async with wiring.house(settings.read()) as house:
            tell_made_key(house, language)
            shown = await house.intake.ask(WhyAsked(actor(), subject))
            return await use(house, shown.files if isinstance(shown, WhyShown) else ())

    return asyncio.run(work())


def list_(args: argparse.Namespace, language: str) -> int:
    """Name, size and hash of every file; nothing is written."""
    console = Console()

    async def use(house: House, files: tuple[KeptFile, ...]) -> int:
        voice = Voice(language, house.policy)
        for file in files:
            console.print(Text(f"{file.id}  {file_words(file, voice)}"))
        if not files:
            console.print(say(language, "files.none"))
        return 0

    return _with_files(args.subject, language, use)


def save_(args: argparse.Namespace, language: str) -> int:
    """Write the bytes into a folder, readable by nobody else; exit status 3 where some are not kept."""
    console, folder = Console(), Path(args.folder)

    async def use(house: House, files: tuple[KeptFile, ...]) -> int:
        voice, left = Voice(language, house.policy), 0
        await house.intake.submit(Looked(actor=actor(), question="FilesSaved", subject=args.subject))
        for file in files:
            data = await house.intake.write(partial(_data, file.id))
            if file.state is not FileState.KEPT or data is None:
                console.print(Text(say(language, "files.left", file=file_words(file, voice))))
                left += 1
                continue
            console.print(Text(f"{file.sha256}  {_write(folder, file, data)}"), soft_wrap=True)
        console.print(say(language, "files.saved", count=len(files) - left, folder=clean(str(folder))))
        return 3 if left else 0

    return _with_files(args.subject, language, use)


def _data(id: int, uow: UnitOfWork) -> bytes | None:
    return uow.files.data(id)


def _write(folder: Path, file: KeptFile, data: bytes) -> str:
    """The path; what stands there already is never overwritten."""
    name = _UNSAFE.sub("_", clean(file.name or ""))[-NAME:]
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{file.id}-{name}"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o600)
    except FileExistsError:
        raise Refused("files.exists") from None
    with os.fdopen(handle, "wb") as opened:
        opened.write(data)
    return str(path)
