"""Whether row security can be got around: by who signs in, by a partition, or by a view."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.core.checks import ERROR, WARNING, CheckMessage, Tags, register
from django.db import DatabaseError, connection, connections

from common.health import HealthCheck, Unhealthy, health_checks
from common.postgis.roles import DatabaseRole

# `session_user` is who signed in: what was assumed since can be laid down again.
LOGIN = """
SELECT session_user::text, current_user::text, coalesce(bool_or(rolsuper OR rolbypassrls), false),
    bool_or(pg_has_role(rolname, %(owner)s, 'MEMBER') OR pg_has_role(rolname, %(maintenance)s, 'MEMBER'))
FROM pg_roles WHERE rolname IN (session_user, current_user)
"""
# A table whose rows are guarded, and one of its partitions that is granted by itself.
PARTITIONS = """
SELECT child.oid::regclass::text
FROM pg_inherits
JOIN pg_class parent ON parent.oid = inhparent
JOIN pg_class child ON child.oid = inhrelid
WHERE parent.relrowsecurity AND NOT (child.relrowsecurity AND child.relforcerowsecurity)
    AND (has_table_privilege(%(app)s, child.oid, 'SELECT, INSERT, UPDATE, DELETE')
        OR has_table_privilege(%(reader)s, child.oid, 'SELECT'))
"""
# A view reads with the rights of who made it, unless it says that it does not. `reporting` comes with a
# migration, and this is also asked before the first one.
VIEWS = """
SELECT oid::regclass::text FROM pg_class made
WHERE relkind = 'v' AND relnamespace IN (to_regnamespace('public'), to_regnamespace('reporting'))
    AND NOT coalesce(reloptions && ARRAY['security_invoker=true', 'security_invoker=on'], false)
    AND (has_table_privilege(%(app)s, oid, 'SELECT') OR has_table_privilege(%(reader)s, oid, 'SELECT'))
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = made.oid AND d.deptype = 'e')
"""
ROLES = {role.name.lower(): role.value for role in DatabaseRole}


def find_unsafe_login(*, using: str) -> str | None:
    """Say why row security does not bind who signed in, or return None where it does."""
    with connections[using].cursor() as cursor:
        cursor.execute(LOGIN, ROLES)
        signed_in, acts_as, is_super, is_owner = cursor.fetchone()
    if is_super:
        return f"{signed_in} is a superuser or gets around row security"
    if is_owner:
        return f"{signed_in} may become {DatabaseRole.OWNER} or {DatabaseRole.MAINTENANCE}"
    if acts_as != DatabaseRole.APP:
        return f"{signed_in} acts as {acts_as} and not as {DatabaseRole.APP}"
    return None


def list_leaks(*, using: str) -> list[str]:
    """Return the partitions and views that show rows past the policies of their tables."""
    with connections[using].cursor() as cursor:
        cursor.execute(f"{PARTITIONS} UNION ALL {VIEWS} ORDER BY 1", ROLES)
        return [name for (name,) in cursor.fetchall()]


@register(Tags.database)
def check_roles(*, databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Run by `manage.py check --database default` and before each migration."""
    if settings.DATABASE_LOGINS.get(DatabaseRole.OWNER) is None:
        return []  # a developer's server with one login for everything
    level = ERROR if settings.DATABASE_ROLES_ENFORCED else WARNING
    found = []
    for alias in databases or ():
        why = _find_unsafe_app(using=alias)
        if why is not None:
            hint = "Sign in by DATABASE_URL as dongne_app; see deploy/README.md."
            message = f"The app can get around row security: {why}."
            found.append(CheckMessage(level, message, hint, id="common.E001"))
        hint = "Revoke it, or make the view security_invoker."
        for leak in list_leaks(using=alias):
            message = f"{leak} shows rows past the policies."
            found.append(CheckMessage(level, message, hint, id="common.E002"))
    return found


def _find_unsafe_app(*, using: str) -> str | None:
    # Before a migration the owner is signed in, who may get around everything.
    role = connections[using].settings_dict["OPTIONS"].get("assume_role")
    return find_unsafe_login(using=using) if role == DatabaseRole.APP else None


def probe_login() -> Mapping[str, object]:
    """Refuse to be ready where the app could get around row security."""
    if not settings.DATABASE_ROLES_ENFORCED:
        return {}
    try:
        why = find_unsafe_login(using=connection.alias)
    except DatabaseError:
        raise Unhealthy("The database does not answer.") from None
    if why is not None:
        raise Unhealthy(f"The app can get around row security: {why}.")
    return {}


def register_role_check() -> None:
    health_checks.add(HealthCheck(name="database_role", probe=probe_login))
