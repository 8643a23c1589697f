"""Our own user model from the first migration, since it cannot be swapped later."""

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):  # type: ignore[django-manager-missing] # what refers to it has a manager made at run time
    """An account of the editorial team; readers have none."""

    # Since when the password is one that somebody else has chosen: its owner replaces it at the next login.
    password_given_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta(AbstractUser.Meta):
        swappable = "AUTH_USER_MODEL"
