"""Tables of the service itself; every one has a tenant, except the list of used token numbers."""

from __future__ import annotations

from sqlalchemy import Column, Integer, MetaData, PrimaryKeyConstraint, Table, Text

from fetuin.runs.store import Moment

TABLES = MetaData()
SESSIONS = Table(
    "sessions", TABLES,
    Column("digest", Text, primary_key=True), Column("tenant", Text, nullable=False), Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False), Column("role", Text, nullable=False), Column("until", Moment, nullable=False),
    sqlite_strict=True,
)  # fmt: skip
"""Browser sessions and one-time tokens, by the SHA-256 of their secret."""
REPLAYS = Table(
    "replays", TABLES, Column("iss", Text), Column("jti", Text), Column("until", Moment, nullable=False),
    PrimaryKeyConstraint("iss", "jti"), sqlite_strict=True,
)  # fmt: skip
"""Numbers of JWTs that were used and have not expired: none is taken twice."""
AUDIT = Table(
    "audit", TABLES, Column("tenant", Text), Column("number", Integer), Column("entry", Text, nullable=False),
    Column("hash", Text, nullable=False), PrimaryKeyConstraint("tenant", "number"), sqlite_strict=True,
)  # fmt: skip
"""The hash-chained audit of each tenant; `entry` is the JSON line that `fetuin audit verify` checks."""
FEEDBACK = Table(
    "feedback", TABLES, Column("tenant", Text), Column("service", Text), Column("card", Text),
    Column("outcome", Text, nullable=False), Column("content", Text, nullable=False), Column("at", Moment, nullable=False),
    PrimaryKeyConstraint("tenant", "service", "card"), sqlite_strict=True,
)  # fmt: skip
"""What became of a card. Sent twice, it is kept once."""
