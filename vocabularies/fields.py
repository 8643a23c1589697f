"""Page fields for concepts: each offers those of one vocabulary."""

from __future__ import annotations

from typing import Any

from django.db import models
from modelcluster.fields import ParentalManyToManyField


def concepts_field(
    vocabulary: str, label: Any, help_text: Any, *, related_name: str, required: bool = False
) -> ParentalManyToManyField:
    """Declare a field for several concepts of a vocabulary."""
    return ParentalManyToManyField(
        "vocabularies.Concept",
        blank=not required,
        related_name=related_name,
        limit_choices_to={"vocabulary__slug": vocabulary},
        verbose_name=label,
        help_text=help_text,
    )


def concept_field(vocabulary: str, label: Any, *, related_name: str, **options: Any) -> models.ForeignKey[Any, Any]:
    """Declare a field for one concept of a vocabulary, or none; a concept that a page names cannot be deleted."""
    return models.ForeignKey(
        "vocabularies.Concept",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name=related_name,
        limit_choices_to={"vocabulary__slug": vocabulary},
        verbose_name=label,
        **options,
    )
