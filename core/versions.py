"""In-process caches and their invalidation: a number for each model, raised by every change.

The number is raised in the transaction of the change and read once per request, for all models together. It is a sum
of rows, so that no change waits for another; docs/decisions/0021-versions.md explains why.
"""

from __future__ import annotations

import functools
import secrets
import threading
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Generic, TypeVar, cast

from django.apps import apps as current_apps
from django.apps.registry import Apps
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.db.models import Model, Sum
from django.db.models.signals import m2m_changed, post_delete, post_migrate, post_save
from django.http import HttpRequest, HttpResponse

from core.models import VersionStep

Value = TypeVar("Value")
Model_ = type[Model]

STEP_AT_MOST = 2**31
"""Upper bound of a random step: a number that was rolled back does not recur with other contents."""

MERGED_AT_ONCE = 10_000

# Changes ---------------------------------------------------------------------------------------

FOLLOWED: dict[Model_, frozenset[str]] = {}
"""The models that have a number, each with the fields whose change alone does not raise it."""


def follow(*models: Model_, but: Iterable[str] = ()) -> None:
    """Raise the number of each model whenever one of its rows, or a row of a derived model, is saved or deleted.

    Call it when an app is ready. Saving only the fields `but` raises nothing. Callers that bypass the signals
    (`update()`, `bulk_create()`, the rows of a many-to-many field themselves) call `changed()`.
    """
    for model in models:
        FOLLOWED[model] = frozenset(but)
        name = f"core.versions.{model._meta.label}"
        # Sent for every table of the inheritance; listening to all models would make Django load every row it deletes.
        post_delete.connect(_deleted, sender=model, dispatch_uid=name)
        for field in model._meta.many_to_many:
            through = cast("Any", field.remote_field).through
            m2m_changed.connect(_linked, sender=through, dispatch_uid=name)
    _followed_by.cache_clear()
    # Saving sends a signal only for the derived model.
    post_save.connect(_saved, dispatch_uid="core.versions")
    post_migrate.connect(_migrated, sender=current_apps.get_app_config("core"), dispatch_uid="core.versions")


def changed(*models: Model_) -> None:
    """Raise the numbers of models whose rows have just changed, in the transaction of the change."""
    subjects = dict.fromkeys(followed._meta.label for model in models for followed in _followed_by(model))
    if not subjects:
        return
    VersionStep.objects.bulk_create(
        VersionStep(subject=subject, step=1 + secrets.randbelow(STEP_AT_MOST)) for subject in subjects
    )
    # The rest of the request may read what has changed.
    _once.set(None)


@functools.cache
def _followed_by(sender: Model_) -> tuple[Model_, ...]:
    """Return the followed models that a row of `sender` is one of."""
    return tuple(model for model in FOLLOWED if issubclass(sender, model))


def _saved(sender: Model_, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
    fields = None if update_fields is None else set(update_fields)
    changed(*(model for model in _followed_by(sender) if fields is None or not fields <= FOLLOWED[model]))


def _deleted(sender: Model_, **kwargs: Any) -> None:
    changed(sender)


def _linked(action: str, instance: Model, model: Model_, **kwargs: Any) -> None:
    # Both ends, since either may have the field.
    if action.startswith("post_"):
        changed(type(instance), model)


def _migrated(apps: Apps = current_apps, **kwargs: Any) -> None:
    """Raise all numbers: migrations change rows without signals, and emptying the database does."""
    try:
        apps.get_model("core", "VersionStep")
    except LookupError:
        # Migrated back to before the table existed.
        return
    changed(*FOLLOWED)


def merge() -> int:
    """Merge all rows of a subject into one, keeping its number; return how many were removed. A worker's job."""
    with transaction.atomic():
        free = VersionStep.objects.select_for_update(skip_locked=True).order_by("pk")
        rows = list(free.values_list("pk", "subject", "step")[:MERGED_AT_ONCE])
        sums: dict[str, int] = {}
        for _, subject, step in rows:
            sums[subject] = sums.get(subject, 0) + step
        if len(rows) == len(sums):
            return 0
        VersionStep.objects.filter(pk__in=[pk for pk, _, _ in rows]).delete()
        VersionStep.objects.bulk_create(VersionStep(subject=subject, step=total) for subject, total in sums.items())
    return len(rows) - len(sums)


# Reading ---------------------------------------------------------------------------------------

_once: ContextVar[dict[str, int] | None] = ContextVar("versions_once", default=None)
"""The numbers of this request, empty before the first read; None outside a request and after a change in it."""


def once_per_request(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: read the numbers at most once per request."""

    def middleware(request: HttpRequest) -> HttpResponse:
        with read_once():
            return get_response(request)

    return middleware


@contextmanager
def read_once() -> Iterator[None]:
    """Read the numbers at most once here, as a request does: for a piece of work that asks for them again and again."""
    token = _once.set({})
    try:
        yield
    finally:
        _once.reset(token)


def _numbers() -> dict[str, int]:
    """Return the numbers of all subjects, with at most one query per request."""
    once = _once.get()
    if once:
        return once
    rows = VersionStep.objects.values_list("subject").annotate(number=Sum("step"))
    # PostgreSQL returns the sum as a decimal.
    numbers = {subject: int(number) for subject, number in rows}
    if once is not None:
        once.update(numbers)
    return numbers


class Versioned(Generic[Value]):
    """Values read from the database and cached in this process until one of `models` changes.

    `read` gets the key of a value, which holds all it depends on apart from the database: a language, a day. Caches
    at most `at_most` values. All requests share them: do not modify them.
    """

    def __init__(self, models: Sequence[Model_], read: Callable[..., Value], *, at_most: int = 50) -> None:
        self._models = tuple(models)
        self._read = read
        self._at_most = at_most
        self._lock = threading.RLock()
        self._kept: tuple[tuple[int, ...], dict[tuple[Hashable, ...], Value]] = ((), {})

    def get(self, *key: Hashable) -> Value:
        """Return the value as the database has it now.

        Raises ImproperlyConfigured if one of the models is not followed.
        """
        numbers = self._state()
        with self._lock:
            known, values = self._kept
            if known != numbers or (len(values) >= self._at_most and key not in values):
                values = {}
                self._kept = numbers, values
            if key not in values:
                values[key] = self._read(*key)
            return values[key]

    def _state(self) -> tuple[int, ...]:
        if missing := [model._meta.label for model in self._models if model not in FOLLOWED]:
            raise ImproperlyConfigured(f"nothing tells when these change: {', '.join(missing)}")
        numbers = _numbers()
        return tuple(numbers.get(model._meta.label, 0) for model in self._models)
