"""Write a row in its own transaction, so that it is complete or leaves nothing behind.

An error caused by the row becomes its `RowError`. Errors of the database itself (gone, full, locked) are raised:
`run.py` ends the import with one line.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction

from core.importing.rows import RowError

Result = TypeVar("Result")


def refusal(error: Exception, names: Mapping[str, str] | None = None) -> RowError:
    """Return the first error that model or database report; `names` maps model fields to the file's names."""
    if not isinstance(error, ValidationError):
        return RowError("", str(error).splitlines()[0])
    if not hasattr(error, "error_dict"):
        return RowError("", error.messages[0])
    field, messages = next(iter(error.message_dict.items()))
    return RowError((names or {}).get(field, "" if field == "__all__" else field), messages[0])


def written(
    write: Callable[[], Result], *, dry_run: bool = False, explain: Callable[[Exception], RowError] = refusal
) -> Result:
    """Call `write` in a transaction and return its result; a dry run does the same and rolls back.

    Only then do both print the same report. Raises the RowError that `explain` makes if model or database refuse.
    """
    try:
        with transaction.atomic():
            result = write()
            if dry_run:
                transaction.set_rollback(True)
    except (ValidationError, IntegrityError, DataError) as error:
        raise explain(error) from error
    return result
