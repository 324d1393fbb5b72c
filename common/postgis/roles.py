"""The database roles that processes sign in as, and the connection settings of each."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from django.conf import settings


class DatabaseRole(StrEnum):
    """Each may do only what its name says; `deploy/database/roles.sql` makes them."""

    OWNER = "dongne_owner"  # owns every table: migrations
    APP = "dongne_app"  # web, sockets, workers: no DDL, row security
    MAINTENANCE = "dongne_maintenance"  # partitions, retention, sweeps
    READER = "dongne_reader"  # the views of `reporting`, for analysts


def settings_of(role: DatabaseRole, present: Mapping[str, Any]) -> dict[str, Any] | None:
    """
    Return the settings of a connection as `role`, or None where nobody signs in as that role here.

    Without an address of the owner's, the login of the app stands in for it, unnarrowed: on a
    developer's server that is enough, and anywhere else it may not do what an owner does.
    """
    login = settings.DATABASE_LOGINS.get(role)
    options = dict(present["OPTIONS"])
    if login is not None:
        return {**present, **login, "OPTIONS": _with_role(options, role)}
    if role is DatabaseRole.OWNER:
        return {**present, "OPTIONS": _with_role(options, role, assumed=False)}
    return None


def _with_role(
    options: dict[str, Any], role: DatabaseRole, *, assumed: bool = True
) -> dict[str, Any]:
    options["assume_role"] = role.value if assumed else None
    if role is DatabaseRole.OWNER:
        # Migrations write rows of everybody, and tell nobody at the start of a transaction: what
        # builds an index concurrently must stand alone.
        options["options"] = f"{options.get('options', '')} -c dongne.acting=system".strip()
    return options
