"""
Room on each page of clean rows for what becomes of them.

Every row is written once when it is cleaned, and again when it is judged. Where its page is full the second
version is a row of another page, and all indexes learn of it; beside the first none does. Both take as much
space: the half that is left free is what second versions took elsewhere.
"""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('places', '0048_words_put_off'),
    ]

    operations = [
        migrations.RunSQL(
            'ALTER TABLE raw_ingestion.clean_places SET (fillfactor = 50)',
            'ALTER TABLE raw_ingestion.clean_places RESET (fillfactor)',
        ),
    ]
