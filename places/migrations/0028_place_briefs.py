"""
Places in brief, kept by the database with the places themselves: whoever writes a place, by whatever
way, its brief is of the same transaction.
"""

import django.contrib.postgres.indexes
import pgvector.django.halfvec
import places.brief_models
from django.db import migrations, models

# As `places.near_rows.PACKED` reads it: every number big-endian, texts filled up with spaces.
PACK = """
CREATE FUNCTION places_packed(place places_place) RETURNS bytea
LANGUAGE sql STABLE PARALLEL SAFE AS $$
SELECT int8send(place.id) || uuid_send(place.public_id)
    || float8send(ST_X(place.planar)) || float8send(ST_Y(place.planar))
    || float8send(place.popularity) || float8send(place.quality) || float8send(place.freshness)
    || int4send(place.cost_high) || int4send(place.stay_min)
    || CASE WHEN place.hours IS NULL OR place.hours_provenance = 'prior'
            THEN decode(repeat('00', 16), 'hex')
            ELSE substr(sha256(convert_to(place.hours::text, 'UTF8')), 1, 16) END
    || convert_to(rpad(place.category, 16), 'UTF8') || convert_to(rpad(place.currency, 3), 'UTF8')
    || boolsend(place.hours_provenance <> 'prior') || boolsend(place.chain <> '')
$$;
CREATE FUNCTION places_mood_confidences(moods jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT coalesce(jsonb_object_agg(mood.key, mood.value -> 'confidence'), '{}') FROM jsonb_each(moods) AS mood
$$;
"""

DROP_PACK = """
DROP FUNCTION places_mood_confidences(jsonb);
DROP FUNCTION places_packed(places_place);
"""

# What is not named here changes no brief.
WRITE = """
CREATE FUNCTION places_write_brief() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        DELETE FROM places_placebrief WHERE place_id = OLD.id;
        RETURN NULL;
    END IF;
    INSERT INTO places_placebrief (
        place_id, spot, city, category, is_active, valid_from, valid_until, moods, encoder, vector,
        packed)
    VALUES (
        NEW.id, point(ST_X(NEW.planar), ST_Y(NEW.planar)), NEW.city_id, NEW.category, NEW.is_active,
        NEW.valid_from, NEW.valid_until, places_mood_confidences(NEW.mood_scores), NEW.encoder,
        NEW.embedding::halfvec, places_packed(NEW))
    ON CONFLICT (place_id) DO UPDATE SET
        spot = excluded.spot, city = excluded.city, category = excluded.category,
        is_active = excluded.is_active, valid_from = excluded.valid_from,
        valid_until = excluded.valid_until, moods = excluded.moods, encoder = excluded.encoder,
        vector = excluded.vector, packed = excluded.packed;
    RETURN NULL;
END
$$;
CREATE TRIGGER brief_written AFTER INSERT OR DELETE ON places_place
FOR EACH ROW EXECUTE FUNCTION places_write_brief();
CREATE TRIGGER brief_rewritten AFTER UPDATE ON places_place
FOR EACH ROW WHEN (
    (OLD.public_id, OLD.city_id, OLD.category, OLD.chain, OLD.currency, OLD.cost_high, OLD.stay_min,
     OLD.hours, OLD.hours_provenance, OLD.mood_scores, OLD.quality, OLD.popularity, OLD.freshness,
     OLD.embedding, OLD.encoder, OLD.is_active, OLD.valid_from, OLD.valid_until,
     ST_AsEWKB(OLD.location))
    IS DISTINCT FROM
    (NEW.public_id, NEW.city_id, NEW.category, NEW.chain, NEW.currency, NEW.cost_high, NEW.stay_min,
     NEW.hours, NEW.hours_provenance, NEW.mood_scores, NEW.quality, NEW.popularity, NEW.freshness,
     NEW.embedding, NEW.encoder, NEW.is_active, NEW.valid_from, NEW.valid_until,
     ST_AsEWKB(NEW.location)))
EXECUTE FUNCTION places_write_brief();
"""

DROP_WRITE = """
DROP TRIGGER brief_rewritten ON places_place;
DROP TRIGGER brief_written ON places_place;
DROP FUNCTION places_write_brief();
"""

DOUBT = """
CREATE FUNCTION places_doubt_brief() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.fact = 'hours' THEN
        UPDATE places_placebrief SET has_doubted_hours = false
        WHERE place_id = OLD.place_id AND has_doubted_hours
            AND (TG_OP = 'DELETE' OR NEW.place_id <> OLD.place_id OR NEW.fact <> 'hours');
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.fact = 'hours' THEN
        UPDATE places_placebrief SET has_doubted_hours = NEW.is_doubted
        WHERE place_id = NEW.place_id AND has_doubted_hours <> NEW.is_doubted;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER brief_doubted AFTER INSERT OR UPDATE OR DELETE ON places_factconfidence
FOR EACH ROW EXECUTE FUNCTION places_doubt_brief();
"""

DROP_DOUBT = """
DROP TRIGGER brief_doubted ON places_factconfidence;
DROP FUNCTION places_doubt_brief();
"""

# Of places that were there before. One that is written meanwhile has its brief already; a place
# cannot go while its brief is made.
FILL = """
CREATE FUNCTION places_fill_briefs(first bigint, last bigint) RETURNS void LANGUAGE sql AS $$
INSERT INTO places_placebrief (
    place_id, spot, city, category, is_active, valid_from, valid_until, moods, encoder, vector, packed,
    has_doubted_hours)
SELECT p.id, point(ST_X(p.planar), ST_Y(p.planar)), p.city_id, p.category, p.is_active, p.valid_from,
    p.valid_until, places_mood_confidences(p.mood_scores), p.encoder, p.embedding::halfvec,
    places_packed(p),
    EXISTS (SELECT FROM places_factconfidence d
            WHERE d.place_id = p.id AND d.fact = 'hours' AND d.is_doubted)
FROM places_place p WHERE p.id BETWEEN first AND last
FOR KEY SHARE OF p
ON CONFLICT (place_id) DO NOTHING
$$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('places', '0027_report_of_a_record'),
    ]

    operations = [
        migrations.CreateModel(
            name='PlaceBrief',
            fields=[
                ('place_id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('spot', places.brief_models.PlanarPointField()),
                ('city', models.CharField(max_length=32)),
                ('category', models.CharField(max_length=16)),
                ('is_active', models.BooleanField()),
                ('valid_from', models.DateField(null=True)),
                ('valid_until', models.DateField(null=True)),
                ('moods', models.JSONField()),
                ('encoder', models.CharField(max_length=64)),
                ('vector', pgvector.django.halfvec.HalfVectorField(dimensions=256, null=True)),
                ('packed', models.BinaryField()),
                ('has_doubted_hours', models.BooleanField(db_default=False, default=False)),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.GistIndex(condition=models.Q(('is_active', True)), fields=['spot'], name='brief_spot'), django.contrib.postgres.indexes.GistIndex(condition=models.Q(('category__in', ('club', 'museum', 'gallery', 'heritage', 'park', 'shop', 'bookstore', 'activity', 'viewpoint')), ('is_active', True)), fields=['spot'], name='brief_sights_spot'), django.contrib.postgres.indexes.GistIndex(condition=models.Q(('is_active', True)), fields=['category', 'spot'], name='brief_category_spot')],
            },
        ),
        migrations.RunSQL(PACK, DROP_PACK),
        migrations.RunSQL(WRITE, DROP_WRITE),
        migrations.RunSQL(DOUBT, DROP_DOUBT),
        migrations.RunSQL(FILL, 'DROP FUNCTION places_fill_briefs(bigint, bigint)'),
    ]
