"""`kasuhara files`: what was attached is listed and taken out for the record, and that is itself recorded."""

import asyncio
import stat
from pathlib import Path

import pytest
from harness import KEY, opened

from adapters.cli import main
from bot.domain.events import FileFetched
from bot.domain.model import Attachment

STOCK = "在庫の数がおかしいです"
SHOT = b"\x89PNG" + bytes(1000)


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A detection of three messages: one with two files, of which one came, and one with a hostile name."""
    url = f"sqlite:///{tmp_path / 'kasuhara.db'}"

    async def happens() -> None:
        async with opened(url) as house:
            await house.staffed()
            names = [("証拠 1.png", 5), ("録音.m4a", 99 * 2**20)], [("../../etc/\x1b[31mpasswd", 5)], []
            for files in names:
                attached = tuple(Attachment(name, name, "", size) for name, size in files)
                await house.customer().says(STOCK, files=attached)
            for id in (1, 3):
                await house.submit(FileFetched(file_id=id, data=SHOT))

    asyncio.run(happens())
    monkeypatch.setenv("KASUHARA_DATABASE_URL", url)
    monkeypatch.setenv("KASUHARA_KEY", KEY)
    return url


def asked(url: str) -> list[tuple[str, str]]:
    async def read() -> list[tuple[str, str]]:
        async with opened(url) as house:
            with house.database.read() as uow:
                shown = [entry for entry in uow.audit.entries() if entry.action == "access.shown"]
                return [(entry.subject, entry.detail) for entry in shown]

    return asyncio.run(read())


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_files_of_a_detection_are_listed(url: str, language: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["files", "list", "detection:1", "--lang", language]) == 0
    told = capsys.readouterr().out
    assert "証拠 1.png" in told and "録音.m4a" in told and "99.0 MB" in told and "\x1b[31m" not in told
    assert [subject for subject, _ in asked(url)] == ["detection:1"]


def test_what_is_kept_is_saved_for_its_owner_alone(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "out"
    assert main(["files", "save", "incident:1", str(folder), "--lang", "en"]) == 3
    saved = sorted(folder.iterdir())
    assert [path.name for path in saved] == ["1-証拠_1.png", "3-.._.._etc___31mpasswd"]
    assert all(path.read_bytes() == SHOT and stat.S_IMODE(path.stat().st_mode) == 0o600 for path in saved)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert "録音.m4a" in capsys.readouterr().out
    assert any("FilesSaved" in detail for _, detail in asked(url))
    assert main(["files", "save", "incident:1", str(folder), "--lang", "en"]) == 1, "nothing is written over"


def test_what_is_not_there_is_said(url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["files", "save", "incident:99", str(tmp_path / "out")]) == 1
    assert main(["files", "list", "customer:1", "--lang", "en"]) == 0
    assert "Nothing was attached" in capsys.readouterr().out
    assert not (tmp_path / "out").exists()
