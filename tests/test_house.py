"""The house keeps its own rules: import contracts, file lengths, and no reach beyond the project."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CODE = sorted(p for part in ("bot", "storage", "adapters") for p in (ROOT / part).rglob("*.py"))


def test_import_contracts_hold() -> None:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", CODE, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_module_says_what_stands_in_it_and_stays_short(path: Path) -> None:
    text = path.read_text("utf-8")
    assert not text.strip() or text.startswith('"""'), "no opening sentence"
    assert "migrations" in path.parts or len(text.splitlines()) <= 300


def test_no_wait_swallows_a_stop() -> None:
    """`asyncio.wait_for` of Python 3.11 returns what came at the very moment it was cancelled, and the task lives on;
    `asyncio.timeout` does not."""
    assert not [str(p) for p in CODE if "wait_for(" in p.read_text("utf-8")]


def test_locks_name_no_registry_and_pin_with_hashes() -> None:
    for lock in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / lock).read_text("utf-8")
        assert "http" not in re.sub(r"^[a-z].*?==", "", text.replace("aiohttp", ""), flags=re.M)
        assert text.count("==") <= text.count("--hash=sha256:")


def test_the_project_stands_alone() -> None:
    outside = re.compile(r"\.\./shared|(?<!\w)/(?:work|root|farm)/")
    files = [*CODE, ROOT / "Makefile", ROOT / ".ci" / "run", *(ROOT / "tests").rglob("*.py")]
    reaching = [str(f) for f in files if f != Path(__file__) and outside.search(f.read_text("utf-8"))]
    assert not reaching
