"""What an upgrade makes of counts that an earlier version stored in clear."""

from __future__ import annotations

import datetime
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.utils import timezone

from search.models import MissingCount, QueryCount, UnknownWord

pytestmark = pytest.mark.django_db


def test_words_that_few_used_are_deleted_and_the_others_lose_their_order() -> None:
    today = timezone.localdate()
    values: list[tuple[Any, dict[str, Any]]] = [
        (QueryCount, {"key": "uhr", "text": "Uhr", "hits": "1-9", "count": 3}),
        (QueryCount, {"key": "uhr", "text": "Uhr", "hits": "0", "count": 1}),
        (QueryCount, {"key": "klasse 4b", "text": "Klasse 4b", "hits": "0", "count": 90}),
        (QueryCount, {"key": "selten", "text": "Selten", "hits": "0", "count": 1}),
        (UnknownWord, {"word": "dyspraxie", "count": 3}),
        (UnknownWord, {"word": "0151", "count": 30}),
        (UnknownWord, {"word": "xaveriusz", "count": 1}),
        (MissingCount, {"kind": "search", "key": "a" * 64, "text": "Uhr & Mond", "count": 3}),
        (MissingCount, {"kind": "word", "key": "b" * 64, "text": "", "count": 30}),
    ]
    number = 0
    for ago in range(3):
        for model, found in values:
            number += 1
            model.objects.create(pk=number, day=today - datetime.timedelta(days=ago), **found)
    module = import_module("search.migrations.0007_nobodys_words")
    module.keep_only_what_many_used(apps, None)
    assert set(QueryCount.objects.values_list("key", flat=True)) == {"uhr"}
    assert sorted(QueryCount.objects.values_list("days", flat=True)) == [0, 0, 0, 1, 1, 1]
    assert list(UnknownWord.objects.values_list("word", flat=True)) == ["dyspraxie"] * 3
    assert set(MissingCount.objects.values_list("key", "text")) == {("Uhr & Mond", "Uhr & Mond")}
    for model in (QueryCount, UnknownWord, MissingCount):
        assert min(model.objects.values_list("pk", flat=True)) > number
