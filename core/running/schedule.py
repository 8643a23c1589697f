"""Scheduled publishing: what is refused when its time has come stays a draft, and stops nothing else."""

from __future__ import annotations

import logging

from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from wagtail.models import Revision

logger = logging.getLogger(__name__)


def publish_due() -> int:
    """Publish what is due, withdraw what has expired; return how many revisions were refused.

    Wagtail's command ends with the first revision that the page's rules refuse, and would every minute.
    """
    refused = 0
    for revision in Revision.objects.filter(approved_go_live_at__lt=timezone.now()).order_by("approved_go_live_at"):
        try:
            with transaction.atomic():
                revision.publish(log_action="wagtail.publish.scheduled")
        except ValidationError:
            refused += 1
            # Not what it lacks: that may name somebody.
            logger.warning("page %s is not published as scheduled: it is not complete", revision.object_id)
            Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=None)
    # Expired pages; nothing is left to publish.
    call_command("publish_scheduled", verbosity=0)
    return refused
