"""`manage.py setup_roles`: the editorial groups, what they may do, and the review before publishing."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import Model
from wagtail.models import (
    Collection,
    CollectionMember,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from core.declared.roles import Actions, Role, declared_rights

WORKFLOW = "Freigabe"
WAGTAIL_GROUPS = ("Editors", "Moderators")


class Command(BaseCommand):
    """Create missing groups, permissions and workflow; never take any away."""

    help = "Creates the groups Redaktion and Chefredaktion and the workflow Freigabe; a second run changes nothing."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Set up groups first: the workflow names one of them."""
        changes = 0
        groups = {}
        for role in Role:
            groups[role], created = Group.objects.get_or_create(name=role.value)
            changes += created
            changes += _hold(groups[role], list(Permission.objects.filter(codename="access_admin")))
            for model, actions in declared_rights(role):
                changes += _grant(groups[role], model, actions)
        changes += _remove_wagtail_groups()
        changes += _workflow(groups[Role.CHIEF_EDITORS])
        self.stdout.write(f"{changes} changes." if changes else "Nothing changed.")


def _grant(group: Group, model: type[Model], actions: Actions) -> int:
    """Grant what is missing: on the root page, on the root collection, or for the model itself."""
    permissions = _permissions(model, actions)
    root = Page.get_first_root_node()
    if model is Page:
        links, place = GroupPagePermission.objects, {"page": root}
    elif issubclass(model, CollectionMember):
        links, place = GroupCollectionPermission.objects, {"collection": Collection.get_first_root_node()}
    else:
        return _hold(group, permissions)
    return sum(links.get_or_create(group=group, permission=permission, **place)[1] for permission in permissions)


def _hold(group: Group, permissions: list[Permission]) -> int:
    new = set(permissions) - set(group.permissions.all())
    group.permissions.add(*new)
    return len(new)


def _permissions(model: type[Model], actions: Actions) -> list[Permission]:
    """Return the permissions for actions. Raises CommandError for one that the model does not have."""
    names = {f"{action}_{model._meta.model_name}" for action in actions}
    permissions = list(
        Permission.objects.filter(content_type=ContentType.objects.get_for_model(model), codename__in=names)
    )
    if missing := names - {permission.codename for permission in permissions}:
        raise CommandError(f"{model._meta.label} has no permission {', '.join(sorted(missing))}: is it migrated?")
    return permissions


def _remove_wagtail_groups() -> int:
    """Remove the groups and the workflow that Wagtail ships with, unless they are in use."""
    unused = Group.objects.filter(name__in=WAGTAIL_GROUPS, user__isnull=True)
    for task in GroupApprovalTask.objects.filter(groups__in=unused).distinct():
        if task.groups.exclude(pk__in=unused).exists() or task.task_states.exists():
            # The task involves other groups or has been used: keep it and its groups.
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
    """Let the chief editors approve everything, unless the page tree already has its own workflow."""
    root = Page.get_first_root_node()
    if root is None or WorkflowPage.objects.filter(page=root).exists():
        return 0
    workflow, created = Workflow.objects.get_or_create(name=WORKFLOW)
    if created:
        task = GroupApprovalTask.objects.create(name=f"Freigabe durch die {Role.CHIEF_EDITORS}")
        task.groups.add(approvers)
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowPage.objects.create(page=root, workflow=workflow)
    return 1
