"""`manage.py setup_roles`: the editorial groups, what they may do, and the review before publishing."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.core.management.base import BaseCommand
from django.db import transaction
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

EDITORS, CHIEF_EDITORS, WORKFLOW = "Redaktion", "Chefredaktion", "Freigabe"
WAGTAIL_GROUPS = ("Editors", "Moderators")

PAGES = {EDITORS: ("add", "change"), CHIEF_EDITORS: ("add", "change", "publish", "bulk_delete", "lock", "unlock")}
MEDIA = {EDITORS: ("add", "choose"), CHIEF_EDITORS: ("add", "change", "delete", "choose")}
_ALL = ("add", "change", "delete", "view")
MODELS: dict[str, dict[tuple[str, str], tuple[str, ...]]] = {
    EDITORS: {
        ("vocabularies", "concept"): ("view",),
        ("vocabularies", "topic"): ("view",),
        ("news", "newstag"): ("view",),
        ("visitors", "barrierreport"): ("view",),
        ("directory", "member"): _ALL,
        ("directory", "region"): ("view",),
        ("directory", "office"): ("view",),
        ("search", "querycount"): ("view",),
    },
    CHIEF_EDITORS: {
        ("vocabularies", "concept"): _ALL,
        ("vocabularies", "topic"): _ALL,
        ("news", "newstag"): _ALL,
        ("visitors", "barrierreport"): ("view", "delete"),
        ("core", "sitesettings"): ("change",),
        ("directory", "member"): _ALL,
        ("directory", "region"): _ALL,
        ("directory", "office"): _ALL,
        ("search", "pin"): _ALL,
        ("search", "synonymset"): _ALL,
        ("search", "lexiconword"): _ALL,
        ("search", "querycount"): ("view",),
        ("search", "outboxentry"): ("view", "change"),
        ("wagtailredirects", "redirect"): _ALL,
    },
}
"""What each group may do with models that are neither pages nor media. Accounts are the operator's."""


class Command(BaseCommand):
    """Create groups, permissions and workflow where they are missing; nothing is taken away again."""

    help = "Creates the groups Redaktion and Chefredaktion and the workflow Freigabe; a second run changes nothing."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Set up groups first: the workflow names one of them."""
        changes = 0
        groups = {}
        for name in (EDITORS, CHIEF_EDITORS):
            groups[name], created = Group.objects.get_or_create(name=name)
            changes += created
            changes += _grant(groups[name])
        changes += _remove_wagtail_groups()
        changes += _workflow(groups[CHIEF_EDITORS])
        self.stdout.write(f"{changes} changes." if changes else "Nothing changed.")


def _permission(app: str, model: str, action: str) -> Permission | None:
    """Return a permission by its code name, or None where the model is not there (yet)."""
    return Permission.objects.filter(
        content_type__app_label=app, content_type__model=model, codename=f"{action}_{model}"
    ).first()


def _grant(group: Group) -> int:
    changes = 0
    wanted = [Permission.objects.filter(content_type__app_label="wagtailadmin", codename="access_admin").first()]
    for (app, model), actions in MODELS[group.name].items():
        wanted += [_permission(app, model, action) for action in actions]
    held = set(group.permissions.values_list("pk", flat=True))
    new = [permission for permission in wanted if permission is not None and permission.pk not in held]
    group.permissions.add(*new)
    changes += len(new)
    root = Page.get_first_root_node()
    for action in PAGES[group.name]:
        permission = _permission("wagtailcore", "page", action)
        if root is not None and permission is not None:
            changes += GroupPagePermission.objects.get_or_create(group=group, page=root, permission=permission)[1]
    collection = Collection.get_first_root_node()
    for model in ("image", "document"):
        for action in MEDIA[group.name]:
            permission = _permission("media", model, action)
            if collection is not None and permission is not None:
                changes += GroupCollectionPermission.objects.get_or_create(
                    group=group, collection=collection, permission=permission
                )[1]
    return changes


def _remove_wagtail_groups() -> int:
    """Remove the groups and the workflow that Wagtail brings along, unless somebody works with them."""
    unused = Group.objects.filter(name__in=WAGTAIL_GROUPS, user__isnull=True)
    for task in GroupApprovalTask.objects.filter(groups__in=unused).distinct():
        if task.groups.exclude(pk__in=unused).exists() or task.task_states.exists():
            # Part of a review that others take part in or that has been used: it stays, and so do its groups.
            unused = unused.exclude(groupapprovaltask=task)
            continue
        for workflow in Workflow.objects.filter(workflow_tasks__task=task).distinct():
            if workflow.workflow_tasks.count() == 1 and not workflow.workflow_states.exists():
                workflow.delete()
        if not task.workflow_tasks.exists():
            task.delete()
    count = unused.count()
    unused.delete()
    return count


def _workflow(approvers: Group) -> int:
    """Let the chief editors approve everything, unless the tree has a workflow of its own already."""
    root = Page.get_first_root_node()
    if root is None or WorkflowPage.objects.filter(page=root).exists():
        return 0
    workflow, created = Workflow.objects.get_or_create(name=WORKFLOW)
    if created:
        task = GroupApprovalTask.objects.create(name=f"Freigabe durch die {CHIEF_EDITORS}")
        task.groups.add(approvers)
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowPage.objects.create(page=root, workflow=workflow)
    return 1
