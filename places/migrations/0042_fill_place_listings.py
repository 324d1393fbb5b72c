from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

BATCH = 2_000  # each a transaction of a tenth of a second

# What was doubted, or no longer, while the listings were made.
SETTLE = """
UPDATE places_placelisting l SET has_doubted_hours = NOT l.has_doubted_hours
WHERE l.has_doubted_hours <> EXISTS (
    SELECT FROM places_factconfidence d
    WHERE d.place_id = l.place_id AND d.fact = 'hours' AND d.is_doubted)
"""


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute('SELECT coalesce(min(id), 0), coalesce(max(id), -1) FROM places_place')
        first, last = cursor.fetchone()
        for start in range(first, last + 1, BATCH):
            cursor.execute('SELECT places_fill_listings(%s, %s)', [start, start + BATCH - 1])
        cursor.execute(SETTLE)
        cursor.execute('ANALYZE places_placelisting')


class Migration(migrations.Migration):

    atomic = False  # batch by batch, so that nobody waits for all; to be run again where it was broken off

    dependencies = [
        ('places', '0041_place_listings'),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
