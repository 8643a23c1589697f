"""Rewrite the database so that deleted rows are gone from its files, too, not only from its tables."""

from __future__ import annotations

from django.db import connection


def compact() -> None:
    """Merge the word lists of the admin's search, then rewrite the database; not within a transaction.

    SQLite keeps what was deleted in free pages, and in the write-ahead log until it is emptied. PostgreSQL gives the room
    of dead rows free to be written over.
    """
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            cursor.execute("VACUUM")
            return
        cursor.execute("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%%fts5%%'")
        for (name,) in cursor.fetchall():
            table = connection.ops.quote_name(name)
            cursor.execute(f"INSERT INTO {table}({table}) VALUES ('optimize')")  # noqa: S608 - a name of our own database
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
