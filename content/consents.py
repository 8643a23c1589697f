"""The panel of a page's form that shows the consents of the people it names, and where to add one."""

from __future__ import annotations

from typing import Any

from wagtail.admin.panels import Panel

from core.declared.people.consent import add_url, entries, standing


class ConsentPanel(Panel):
    """What is known of the consents for this page. It holds no field: a consent is a record of its own."""

    class BoundPanel(Panel.BoundPanel):
        """The panel of one form."""

        template_name = "content/admin/consents.html"

        def get_context_data(self, parent_context: Any = None) -> Any:
            """Add the consents of the page, and who lacks one; a page must be saved before it can have any."""
            context = super().get_context_data(parent_context)
            key, names = self.instance.pk, list(dict.fromkeys(self.instance.named_people()))
            lacking = [(name, add_url(key, name)) for name in names if standing(key, [name]).refusals] if key else []
            return {**context, "entries": entries(key), "lacking": lacking, "is_saved": bool(key)}
