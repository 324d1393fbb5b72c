"""
The words of the names that stand already; of a million places in about a minute, in which nobody waits.

What an import writes meanwhile with the release before is not among them: `manage.py learn_name_words` adds
it, now or later.
"""

from django.db import migrations

FILL = """
INSERT INTO places_nameword (word)
SELECT DISTINCT word FROM places_place, unnest(place_name_words(name_search)) AS word
WHERE length(word) BETWEEN 2 AND 60
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):

    dependencies = [
        ('places', '0030_name_words'),
    ]

    operations = [
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
