"""Looking after attachments reads no whole table, and never a file's bytes on the way."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from harness import KEY, START, blank
from sqlalchemy import event

from bot.domain.model import Attachment, FileState, NewFile
from bot.domain.policy import Retention
from storage.database import Database
from storage.unit_of_work import UnitOfWork

ASKED: dict[str, Callable[[UnitOfWork], object]] = {
    "wanted": lambda uow: uow.files.wanted("slack", 3),
    "taken": lambda uow: uow.files.taken("slack:T:U", START),
    "beside": lambda uow: uow.files.beside(4),
    "of": lambda uow: uow.files.of(range(40, 60)),
    "keep": lambda uow: uow.files.keep(9, b"x", b"y"),
    "redact": lambda uow: uow.files.redact("slack", "TOWN", "C1", "m"),
    "forget": lambda uow: uow.messages.forget(START + timedelta(days=1), Retention()),
}


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """Three thousand files, the first hundred of them still wanted."""
    file = tmp_path_factory.mktemp("files") / "kasuhara.db"
    blank(file)
    database = Database(f"sqlite:///{file}", KEY)
    states = [FileState.WANTED] * 100 + [FileState.GONE] * 2900
    with database.begin() as uow:
        uow.files.note(
            [
                NewFile(n, "slack", "slack:T:U", Attachment(f"F{n}", "a.png", "", 5), state, START)
                for n, state in enumerate(states)
            ]
        )
    yield database
    database.close()


@pytest.mark.parametrize("name", ASKED)
def test_each_question_finds_its_rows_by_an_index(database: Database, name: str) -> None:
    heard: list[tuple[str, Any]] = []

    def hear(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if "files" in statement and not statement.startswith("EXPLAIN"):
            heard.append((statement, parameters))

    event.listen(database._engine, "before_cursor_execute", hear)
    with database.begin() as uow:
        ASKED[name](uow)
    event.remove(database._engine, "before_cursor_execute", hear)
    assert heard
    with database.connect() as connection:
        for statement, parameters in heard:
            plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
            assert not [line for line in plan if line.startswith("SCAN") and "INDEX ix_files_wanted" not in line], (
                statement,
                plan,
            )
            if name not in ("keep", "redact"):
                assert "body" not in statement
