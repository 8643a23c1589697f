"""What an editorial team does, as fast as it can: runs in a process of its own on a scratch site."""

from __future__ import annotations

import random

from wagtail.models import PageViewRestriction

from library.models import MaterialPage
from tests.published import add_page, library_of_site


def publish(name: str, pages: int) -> None:
    """Publish `pages` new pages; between them change, withdraw, hide, move and delete earlier ones."""
    choice = random.Random(name)
    library = library_of_site()
    own: list[int] = []
    for number in range(pages):
        library.refresh_from_db()
        title = f"Prüfstück {name} Nummer {number}"
        page = add_page(library, f"{name}-{number}", title=title, topics=[f"Thema {name}"])
        own.append(page.pk)
        _change(choice, own)
        print(number, flush=True)


def _change(choice: random.Random, own: list[int]) -> None:
    """Do one of the things editors do to one of the pages published so far."""
    page = MaterialPage.objects.get(pk=choice.choice(own))
    match choice.randrange(6):
        case 0:
            page.title += " (neu)"
            page.save_revision().publish()
        case 1:
            page.unpublish()
        case 2:
            page.save_revision().publish()
        case 3 if len(own) > 3:
            own.remove(page.pk)
            page.delete()
        case 4:
            PageViewRestriction.objects.create(page_id=page.pk, restriction_type="login")
        case _:
            page.slug = f"{page.slug}-x"[:50]
            page.save_revision().publish()
