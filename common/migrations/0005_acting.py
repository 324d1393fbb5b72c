from django.db import migrations

# Outside of a transaction that was told, the first setting is NULL, and '' after one that was.
ACTS_FOR = """
CREATE FUNCTION dongne_acts_for(owner bigint) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
RETURN owner = nullif(current_setting('dongne.user_id', true), '')::bigint
    OR current_setting('dongne.acting', true) IN ('operator', 'system')
"""


class Migration(migrations.Migration):
    """The rule that every policy asks."""

    dependencies = [('common', '0004_roles')]

    operations = [
        migrations.RunSQL(ACTS_FOR, 'DROP FUNCTION dongne_acts_for(bigint)'),
    ]
