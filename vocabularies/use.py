"""Where concepts are used, and a rule against deleting one in use."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, OuterRef, ProtectedError, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.db.models.signals import pre_delete
from django.utils.translation import gettext_lazy as _

from vocabularies.models import Concept, uses_of_concepts


def annotate_usage(concepts: QuerySet[Concept]) -> QuerySet[Concept]:
    """Add `usage` to each concept: `usage_count()` for all of them in one query."""
    total: Any = Value(0)
    for use in uses_of_concepts():
        counted = (
            use.model._default_manager.filter(**{use.field: OuterRef("pk")})
            .order_by()
            .values(use.field)
            .annotate(number=Count("pk"))
            .values("number")
        )
        total = total + Coalesce(Subquery(counted), 0)
    counted_concepts: QuerySet[Concept] = concepts.annotate(usage=total)
    return counted_concepts


def _refuse_deletion_in_use(sender: type[Concept], instance: Concept, **kwargs: Any) -> None:
    """Refuse to delete a concept in use: its many-to-many rows would vanish silently; foreign keys are protected."""
    used = instance.usage_count()
    if used:
        raise ProtectedError(
            str(
                _("„%(label)s“ ist an %(count)s Stellen vergeben und kann nicht gelöscht werden.")
                % {"label": instance.label, "count": used}
            ),
            {instance},
        )


def connect() -> None:
    """Connect the signal handlers of this module."""
    pre_delete.connect(_refuse_deletion_in_use, sender=Concept, dispatch_uid="library.concept.in_use")
