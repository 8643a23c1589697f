"""What the news app adds to the editors' admin: its tags."""

from __future__ import annotations

from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.tables import NumberColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from news.models import NewsTag


class NewsTagIndexView(generic.IndexView):
    """The list of tags with the number of items for each."""

    def get_base_queryset(self) -> QuerySet[NewsTag]:
        """Add the number of items."""
        queryset: QuerySet[NewsTag] = super().get_base_queryset().annotate(usage=Count("links"))
        return queryset


class NewsTagViewSet(ModelViewSet):
    """News tags; the slug is part of addresses and never changes."""

    model = NewsTag
    index_view_class = NewsTagIndexView
    icon = "tag"
    menu_label = _("Schlagwörter")
    menu_order = 320
    add_to_admin_menu = True
    copy_view_enabled = False
    list_display = ["name", NumberColumn("usage", label=_("Meldungen"), sort_key="usage")]
    search_fields = ["name"]
    panels = [FieldPanel("name")]


@hooks.register("register_admin_viewset")
def register_news_tags() -> NewsTagViewSet:
    """Show the tags in the menu."""
    return NewsTagViewSet("newstag")
