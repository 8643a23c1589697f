"""`python -m tests.processes.few`: keeps a few pages of each type in each language public, and builds an index of them.

Where processes are killed or indexes compared, every kind of page must be there, not every page: reading them all takes
longer than all else that such a test does. The others stay as drafts.
"""

from __future__ import annotations

from collections import Counter

import django

KEPT = 3
"""Public pages of a type in a language."""

NAMED = ("weg-vom-fingerrechnen", "das-tafelbild-kommt-aufs-tablet")
"""Pages that tests ask for."""


def main() -> None:
    """Withdraw the others at once, as no editor does: there is no index yet that would have to be told."""
    from django.core.management import call_command
    from wagtail.models import Page

    from exchange import harvested

    seen: Counter[tuple[int, int]] = Counter()
    others: list[int] = []
    for page in Page.objects.filter(numchild=0, depth__gt=2).order_by("pk"):
        kind = (page.content_type_id, page.locale_id)
        seen[kind] += 1
        if seen[kind] > KEPT and page.slug not in NAMED:
            others.append(page.pk)
    Page.objects.filter(pk__in=others).update(live=False)
    harvested.settle()
    call_command("search_rebuild", verbosity=0)


if __name__ == "__main__":
    django.setup()
    main()
