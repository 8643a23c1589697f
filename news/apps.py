"""News of the network."""

from typing import Any

from django.apps import AppConfig


class NewsConfig(AppConfig):
    """News of the network."""

    name = "news"
    verbose_name = "Neuigkeiten"

    def ready(self) -> None:
        """Treat a renamed or deleted tag as a change to the items that carry it, and register who answers for the news."""
        from django.db.models.signals import post_save, pre_delete

        from core.declared.answers import register
        from news.answers import ANSWER
        from news.models import NewsTag

        post_save.connect(_tag_changed, sender=NewsTag, dispatch_uid="news.tag_saved")
        pre_delete.connect(_tag_changed, sender=NewsTag, dispatch_uid="news.tag_deleted")
        register(ANSWER)


def _tag_changed(instance: Any, created: bool = False, **kwargs: Any) -> None:
    """Save the items again unchanged: caches of pages listen for that signal."""
    if created:
        return
    for link in instance.links.select_related("content_object"):
        link.content_object.save(clean=False, update_fields=["title"])
