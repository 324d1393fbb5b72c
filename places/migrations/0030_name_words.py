"""
The words of names, and how an index knows them.

`place_words` gives what the index of migration 0032 holds of a place, each behind the band of its popularity:
every word letter by letter; `^` and the first consonants of a word, `~` and the consonants from any on;
`=` and a whole name without spaces. Its constants are those of `places.indexes`: a change of one is a
new function and a new index.
"""

import django.contrib.postgres.indexes
from django.db import migrations, models

MAKE_SPLIT = r"""
CREATE FUNCTION place_name_words(name text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT array_remove(string_to_array(
    normalize(translate(left(name, 400), '()[]/,.·&-_:"''', repeat(' ', 14)), NFD), ' '), '')
$$
"""
# To ask it of a row takes as long as hundreds of comparisons: the planner should know. Nor is it said to be
# safe in parallel: a page of names is found before a helping process has started.
MAKE_WORDS = r"""
CREATE FUNCTION place_words(names jsonb, popularity float8) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL UNSAFE COST 500 AS $$
DECLARE
  band text := 7 - width_bucket(popularity, ARRAY[0.24, 0.28, 0.32, 0.36, 0.4, 0.45, 0.6]);
  korean text := coalesce(lower(names ->> 'ko'), '');
  english text := coalesce(lower(names ->> 'en'), '');
  letters text := normalize(translate(
    left(korean || ' ' || english, 400), '()[]/,.·&-_:"''', repeat(' ', 14)), NFD);
  starts text := regexp_replace(letters, '[^ᄀ-ᄒ ]+', '', 'g');
  sounds text := replace(starts, ' ', '');
  found text[] := string_to_array(band || replace(letters, ' ', ' ' || band), ' ')
    || string_to_array(
      regexp_replace(band || '^' || replace(starts, ' ', ' ' || band || '^'),
        '(\^[^ ]{4})[^ ]+', '\1', 'g'), ' ')
    || (band || '=' || left(normalize(replace(korean, ' ', ''), NFD), 60))
    || (band || '=' || left(normalize(replace(english, ' ', ''), NFD), 60));
BEGIN
  FOR at IN 1 .. length(sounds) LOOP
    found := found || (band || '~' || substr(sounds, at, 4));
  END LOOP;
  RETURN array_to_tsvector(array_remove(array_remove(found, band), band || '^'));
END
$$
"""


class Migration(migrations.Migration):

    dependencies = [
        ('places', '0029_fill_place_briefs'),
    ]

    operations = [
        migrations.RunSQL(MAKE_SPLIT, 'DROP FUNCTION place_name_words(text)'),
        migrations.RunSQL(MAKE_WORDS, 'DROP FUNCTION place_words(jsonb, float8)'),
        migrations.CreateModel(
            name='NameWord',
            fields=[
                ('word', models.TextField(primary_key=True, serialize=False)),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['word'], name='name_word_trigram', opclasses=['gin_trgm_ops'])],
            },
        ),
    ]
