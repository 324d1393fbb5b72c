from django.db import migrations

REFUSE_CHANGE = """
CREATE FUNCTION dongne_refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    RAISE EXCEPTION '% takes no %: it is append-only', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END
$$
"""


class Migration(migrations.Migration):
    """The functions that guarding triggers call."""

    dependencies = [('common', '0002_idempotency_keys')]

    operations = [
        migrations.RunSQL(REFUSE_CHANGE, "DROP FUNCTION dongne_refuse_change()"),
    ]
