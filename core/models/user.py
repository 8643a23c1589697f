"""Our own user model from the first migration, since it cannot be swapped later."""

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):  # type: ignore[django-manager-missing] # what refers to it has a manager made at run time
    """An account of the editorial team; readers have none."""

    class Meta(AbstractUser.Meta):
        swappable = "AUTH_USER_MODEL"
