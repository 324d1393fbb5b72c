"""What a role may do in the admin."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib.auth.backends import BaseBackend

from users import selectors
from users.models import User
from users.types import Role


class RoleBackend(BaseBackend):
    """
    Adds the permissions of a person's roles (`config/access.toml`) to those that Django keeps.

    They follow the roles by themselves: nothing is copied to an account that could be left behind.
    """

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        if obj is not None or not isinstance(user_obj, User) or not user_obj.is_active:
            return set()
        roles = selectors.list_roles(user=user_obj)
        return set().union(*(permissions_of(role) for role in roles))

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        """Tell whether the admin has anything of an app to show; Django asks by this name."""
        granted = self.get_all_permissions(user_obj)
        return any(permission.startswith(f"{app_label}.") for permission in granted)


@lru_cache(maxsize=len(Role))
def permissions_of(role: Role, /) -> frozenset[str]:
    """Return the permissions of a role, as `app.action_model`."""
    models: dict[str, list[str]] = settings.ROLE_PERMISSIONS.get(role.value, {})
    return frozenset(
        f"{app}.{action}_{name}"
        for app, name, actions in (
            (*label.split("."), actions) for label, actions in models.items()
        )
        for action in actions
    )
