"""Queries that pages ask all the time, composed once: composing one takes ten times as long as running it."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

_COMPOSED_FOR = datetime.datetime(1, 1, 2, tzinfo=datetime.UTC)
"""Stands for the time of asking in a query that was composed beforehand."""


class Composed:
    """A query whose SQL is kept for the life of the process, for each kind of database.

    `compose` is given the time of asking and returns a queryset of plain values; what it holds for a time is
    replaced whenever the query is run. With `is_timed` it must ask for that time.
    """

    def __init__(self, compose: Callable[[datetime.datetime], QuerySet[Any, Any]], *, is_timed: bool = True) -> None:
        self._compose = compose
        self._is_timed = is_timed
        self._known: dict[str, tuple[str, tuple[Any, ...]]] = {}

    def rows(self) -> list[tuple[Any, ...]]:
        """Return what the database holds now; booleans and times as its driver gives them.

        Raises ValueError when the time of asking is not to be found in the query.
        """
        sql, parameters = self._known.get(connection.vendor) or self._composed()
        adapted = connection.ops.adapt_datetimefield_value
        placeholder, now = adapted(_COMPOSED_FOR), adapted(timezone.now())
        with connection.cursor() as cursor:
            cursor.execute(sql, [now if value == placeholder else value for value in parameters])
            return [tuple(row) for row in cursor.fetchall()]

    def _composed(self) -> tuple[str, tuple[Any, ...]]:
        sql, parameters = self._compose(_COMPOSED_FOR).query.sql_with_params()
        if self._is_timed and connection.ops.adapt_datetimefield_value(_COMPOSED_FOR) not in parameters:
            # Nothing would be put in its place, and pages whose end has passed would be named.
            raise ValueError(f"the time of asking is not to be found in {parameters}")
        self._known[connection.vendor] = (sql, parameters)
        return sql, parameters
