from django.db import migrations

# Outside of a transaction that was told, a setting is NULL, and '' after one that was. A policy asks in
# `(SELECT …)`, so once in a statement and not once for each row.
FUNCTIONS = """
CREATE FUNCTION dongne_acting_user() RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('dongne.user_id', true), '')::bigint;

CREATE FUNCTION dongne_acts_for_all() RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(current_setting('dongne.acting', true), '') IN ('operator', 'system');

DROP FUNCTION dongne_acts_for(bigint);
"""

BACK = """
CREATE FUNCTION dongne_acts_for(owner bigint) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
RETURN owner = nullif(current_setting('dongne.user_id', true), '')::bigint
    OR current_setting('dongne.acting', true) IN ('operator', 'system');

DROP FUNCTION dongne_acting_user();
DROP FUNCTION dongne_acts_for_all();
"""


class Migration(migrations.Migration):
    """Whom a policy shows rows to, in two questions that do not depend on the row."""

    dependencies = [('common', '0005_acting')]

    operations = [migrations.RunSQL(FUNCTIONS, BACK)]
