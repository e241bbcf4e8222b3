"""A database for durable work: SQLite in one file by default, PostgreSQL for servers; the same statements on both.

Every table that holds what belongs to somebody has a column `tenant`, and only `rows`, `change` and `remove` build
statements on such tables, so that no query forgets whose rows it may see.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fetuin.errors import InputError, MissingExtraError, UsageError

if TYPE_CHECKING:
    from sqlalchemy import Connection, Delete, Engine, MetaData, Select, Table, Update

VERSION = 1  # of the tables; a database of a later version is refused
BUSY_MS = 30_000  # how long SQLite waits for another writer; facts on the service


@dataclass(frozen=True)
class Database:
    """An opened database. `with db.write() as c:` is one transaction, serial with every other writer of SQLite."""

    engine: Engine

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One reading transaction."""
        with self.engine.connect() as c:
            c = c.execution_options(fetuin_read=True)
            with c.begin():
                yield c

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One writing transaction: all of it or nothing."""
        with self.engine.begin() as c:
            yield c

    @property
    def postgres(self) -> bool:
        """Whether it is PostgreSQL."""
        return self.engine.dialect.name == "postgresql"

    def now(self, c: Connection) -> float:
        """Seconds since 1970: PostgreSQL's own clock, so that its clients agree; for SQLite this machine's."""
        if not self.postgres:
            return time.time()
        return float(c.exec_driver_sql("SELECT extract(epoch FROM clock_timestamp())").scalar_one())

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()


def open_database(url: str, *tables: MetaData) -> Database:
    """Open and, where needed, create the tables. UsageError for another kind of database, InputError if unreachable."""
    try:
        from sqlalchemy import create_engine
        from sqlalchemy.exc import SQLAlchemyError
    except ImportError as error:
        raise MissingExtraError("sqlalchemy", "serve") from error
    kind = url.partition(":")[0]
    if kind == "sqlite":
        engine = create_engine(url, connect_args={"timeout": BUSY_MS / 1000, "check_same_thread": False})
        _sqlite(engine)
    elif kind in ("postgresql", "postgresql+psycopg"):
        engine = create_engine(
            "postgresql+psycopg" + url[len(kind) :], pool_size=10, max_overflow=30, pool_pre_ping=True
        )
    else:
        raise UsageError("The database is neither SQLite nor PostgreSQL.", where="--database",
                         fix="sqlite:///FILE or postgresql://USER@HOST/NAME")  # fmt: skip
    database = Database(engine)
    try:
        _create(database, tables)
    except SQLAlchemyError as error:
        raise InputError("The database cannot be opened.", where="--database", why=type(error.__cause__ or error).__name__,
                         fix="check its address, that it runs, and that it may be written") from None  # fmt: skip
    return database


def _sqlite(engine: Engine) -> None:
    """Write-ahead log, every commit on the disk, and transactions that begin as what they are."""
    from sqlalchemy import event

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # the driver must not begin transactions of its own
        for line in ("journal_mode=WAL", "synchronous=FULL", f"busy_timeout={BUSY_MS}", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {line}")

    @event.listens_for(engine, "begin")
    def _begin(c: Connection) -> None:
        c.exec_driver_sql("BEGIN" if c.get_execution_options().get("fetuin_read") else "BEGIN IMMEDIATE")


def _create(database: Database, tables: tuple[MetaData, ...]) -> None:
    with database.write() as c:
        if database.postgres:
            c.exec_driver_sql("SELECT pg_advisory_xact_lock(7305818)")  # two servers that start at once
        c.exec_driver_sql("CREATE TABLE IF NOT EXISTS fetuin_tables (version INTEGER NOT NULL)")
        found = c.exec_driver_sql("SELECT max(version) FROM fetuin_tables").scalar()
        if found is not None and int(found) > VERSION:
            raise InputError(f"The database is of version {found}, this program knows version {VERSION}.",
                             where="--database", fix="use a newer fetuin, or another database")  # fmt: skip
        for metadata in tables:
            metadata.create_all(c)
        if found is None:
            c.exec_driver_sql(f"INSERT INTO fetuin_tables (version) VALUES ({VERSION})")


def rows(table: Table, tenant: str) -> Select[Any]:
    """The rows of a tenant: every reading query begins here."""
    from sqlalchemy import select

    return select(table).where(table.c.tenant == tenant)


def change(table: Table, tenant: str) -> Update:
    """An update of the rows of a tenant."""
    return table.update().where(table.c.tenant == tenant)


def remove(table: Table, tenant: str) -> Delete:
    """A deletion among the rows of a tenant."""
    return table.delete().where(table.c.tenant == tenant)
