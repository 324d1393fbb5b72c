"""
What lists of places are chosen by, kept by the database with the places themselves: whoever writes a
place, by whatever way, its listing is of the same transaction.

Rows that come in one statement are listed by one: an import writes thousands.
"""

from collections.abc import Iterator

import django.contrib.postgres.indexes
import places.brief_models
from django.db import migrations, models
from django.db.models.expressions import CombinedExpression
from django.db.models.lookups import Exact


MOOD_BITS = """
CREATE FUNCTION places_mood_bits(moods jsonb) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT (moods ? 'quiet')::int + (moods ? 'lively')::int * 2 + (moods ? 'cozy')::int * 4
    + (moods ? 'romantic')::int * 8 + (moods ? 'vintage')::int * 16 + (moods ? 'modern')::int * 32
    + (moods ? 'trendy')::int * 64 + (moods ? 'scenic')::int * 128 + (moods ? 'nature')::int * 256
    + (moods ? 'traditional')::int * 512 + (moods ? 'artsy')::int * 1024
    + (moods ? 'hidden')::int * 2048
$$;
"""

COLUMNS = (
    'place_id, spot, city, category, is_active, popularity, moods, names, name_search, letters, hours'
)


def values(place: str) -> str:
    """Return the SQL of COLUMNS of a place. Hours are named as `places_packed` does."""
    return f"""
    {place}.id, point(ST_X({place}.planar), ST_Y({place}.planar)), {place}.city_id, {place}.category,
    {place}.is_active, {place}.popularity, places_mood_bits({place}.mood_scores), {place}.names,
    {place}.name_search, ' ' || array_to_string(place_name_words({place}.name_search), ' '),
    CASE WHEN {place}.hours IS NOT NULL AND {place}.hours_provenance <> 'prior'
         THEN substr(sha256(convert_to({place}.hours::text, 'UTF8')), 1, 16) END"""


UPDATES = ', '.join(f'{name} = excluded.{name}' for name in COLUMNS.split(', ')[1:])

# What is not named in the condition changes no listing.
LIST = f"""
CREATE FUNCTION places_list_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO places_placelisting ({COLUMNS}) SELECT {values('n')} FROM written n;
    RETURN NULL;
END
$$;
CREATE TRIGGER listed AFTER INSERT ON places_place REFERENCING NEW TABLE AS written
FOR EACH STATEMENT EXECUTE FUNCTION places_list_new();
CREATE FUNCTION places_list_again() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        DELETE FROM places_placelisting WHERE place_id = OLD.id;
        RETURN NULL;
    END IF;
    INSERT INTO places_placelisting ({COLUMNS}) VALUES ({values('NEW')})
    ON CONFLICT (place_id) DO UPDATE SET {UPDATES};
    RETURN NULL;
END
$$;
CREATE TRIGGER unlisted AFTER DELETE ON places_place
FOR EACH ROW EXECUTE FUNCTION places_list_again();
CREATE TRIGGER relisted AFTER UPDATE ON places_place
FOR EACH ROW WHEN (
    (OLD.city_id, OLD.category, OLD.is_active, OLD.popularity, OLD.mood_scores, OLD.names, OLD.hours,
     OLD.hours_provenance, ST_AsEWKB(OLD.location))
    IS DISTINCT FROM
    (NEW.city_id, NEW.category, NEW.is_active, NEW.popularity, NEW.mood_scores, NEW.names, NEW.hours,
     NEW.hours_provenance, ST_AsEWKB(NEW.location)))
EXECUTE FUNCTION places_list_again();
"""  # noqa: S608 - built from the constants above

UNLIST = """
DROP TRIGGER relisted ON places_place;
DROP TRIGGER unlisted ON places_place;
DROP TRIGGER listed ON places_place;
DROP FUNCTION places_list_again();
DROP FUNCTION places_list_new();
"""

DOUBT = """
CREATE FUNCTION places_doubt_listing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.fact = 'hours' THEN
        UPDATE places_placelisting SET has_doubted_hours = false
        WHERE place_id = OLD.place_id AND has_doubted_hours
            AND (TG_OP = 'DELETE' OR NEW.place_id <> OLD.place_id OR NEW.fact <> 'hours');
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.fact = 'hours' THEN
        UPDATE places_placelisting SET has_doubted_hours = NEW.is_doubted
        WHERE place_id = NEW.place_id AND has_doubted_hours <> NEW.is_doubted;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER listing_doubted AFTER INSERT OR UPDATE OR DELETE ON places_factconfidence
FOR EACH ROW EXECUTE FUNCTION places_doubt_listing();
"""

UNDOUBT = """
DROP TRIGGER listing_doubted ON places_factconfidence;
DROP FUNCTION places_doubt_listing();
"""

# Of places that were there before. One that is written meanwhile has its listing already; a place
# cannot go while its listing is made.
FILL = f"""
CREATE FUNCTION places_fill_listings(first bigint, last bigint) RETURNS void LANGUAGE sql AS $$
INSERT INTO places_placelisting ({COLUMNS}, has_doubted_hours)
SELECT {values('p')},
    EXISTS (SELECT FROM places_factconfidence d
            WHERE d.place_id = p.id AND d.fact = 'hours' AND d.is_doubted)
FROM places_place p WHERE p.id BETWEEN first AND last
FOR KEY SHARE OF p
ON CONFLICT (place_id) DO NOTHING
$$;
"""  # noqa: S608 - built from the constants above


# Few places have a mood, and of most moods very few.
MOODS = (
    'quiet', 'lively', 'cozy', 'romantic', 'vintage', 'modern', 'trendy', 'scenic', 'nature', 'traditional',
    'artsy', 'hidden',
)


def mood_indexes() -> Iterator[models.Index]:
    for number, mood in enumerate(MOODS):
        bit = CombinedExpression(models.F('moods'), '&', models.Value(1 << number))
        has = models.Q(('is_active', True), Exact(bit, 1 << number))
        yield django.contrib.postgres.indexes.GistIndex(condition=has, fields=['spot'], name=f'listing_{mood}_spot')
        yield models.Index(condition=has, fields=['-popularity', 'place_id'], name=f'listing_{mood}_known')


class Migration(migrations.Migration):

    dependencies = [
        ('places', '0040_drop_place_location_index'),
    ]

    operations = [
        migrations.CreateModel(
            name='PlaceListing',
            fields=[
                ('place_id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('spot', places.brief_models.PlanarPointField()),
                ('city', models.CharField(max_length=32)),
                ('category', models.CharField(max_length=16)),
                ('is_active', models.BooleanField()),
                ('popularity', models.FloatField()),
                ('moods', models.IntegerField()),
                ('names', models.JSONField()),
                ('name_search', models.TextField()),
                ('letters', models.TextField()),
                ('hours', models.BinaryField(null=True)),
                ('has_doubted_hours', models.BooleanField(db_default=False, default=False)),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.GistIndex(condition=models.Q(('is_active', True)), fields=['spot'], name='listing_spot'), django.contrib.postgres.indexes.GistIndex(condition=models.Q(('is_active', True)), fields=['category', 'spot'], name='listing_category_spot'), django.contrib.postgres.indexes.GistIndex(condition=models.Q(('is_active', True), ('popularity__gte', 0.6)), fields=['spot'], name='listing_band0_spot'), django.contrib.postgres.indexes.GistIndex(condition=models.Q(('is_active', True), ('popularity__gte', 0.45), ('popularity__lt', 0.6)), fields=['spot'], name='listing_band1_spot'), django.contrib.postgres.indexes.GistIndex(condition=models.Q(('is_active', True), ('popularity__gte', 0.4), ('popularity__lt', 0.45)), fields=['spot'], name='listing_band2_spot'), models.Index(condition=models.Q(('is_active', True)), fields=['-popularity', 'place_id'], name='listing_known'), models.Index(condition=models.Q(('is_active', True)), fields=['category', '-popularity', 'place_id'], name='listing_category_known'), *mood_indexes()],
            },
        ),
        migrations.RunSQL(MOOD_BITS, 'DROP FUNCTION places_mood_bits(jsonb)'),
        migrations.RunSQL(LIST, UNLIST),
        migrations.RunSQL(DOUBT, UNDOUBT),
        migrations.RunSQL(FILL, 'DROP FUNCTION places_fill_listings(bigint, bigint)'),
    ]
