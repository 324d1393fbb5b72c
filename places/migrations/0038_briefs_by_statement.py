"""
Briefs of new places, written by one statement for all that a statement stores.

For each place by itself they took twice as long as the place without its indexes. A change of a place,
and its end, stay a matter of that place.
"""

from django.db import migrations

# Most places have no mood at all: these are not asked for its confidence.
WRITE = """
CREATE FUNCTION places_write_briefs() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO places_placebrief (
        place_id, spot, city, category, is_active, valid_from, valid_until, moods, encoder, vector,
        packed)
    SELECT
        p.id, point(ST_X(p.planar), ST_Y(p.planar)), p.city_id, p.category, p.is_active,
        p.valid_from, p.valid_until,
        CASE WHEN p.mood_scores = '{}' THEN '{}' ELSE places_mood_confidences(p.mood_scores) END,
        p.encoder, p.embedding::halfvec, places_packed(p)
    FROM written p
    ON CONFLICT (place_id) DO UPDATE SET
        spot = excluded.spot, city = excluded.city, category = excluded.category,
        is_active = excluded.is_active, valid_from = excluded.valid_from,
        valid_until = excluded.valid_until, moods = excluded.moods, encoder = excluded.encoder,
        vector = excluded.vector, packed = excluded.packed;
    RETURN NULL;
END
$$;
DROP TRIGGER brief_written ON places_place;
CREATE TRIGGER briefs_written AFTER INSERT ON places_place
REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION places_write_briefs();
CREATE TRIGGER brief_removed AFTER DELETE ON places_place
FOR EACH ROW EXECUTE FUNCTION places_write_brief();
"""

WRITE_EACH = """
DROP TRIGGER brief_removed ON places_place;
DROP TRIGGER briefs_written ON places_place;
DROP FUNCTION places_write_briefs();
CREATE TRIGGER brief_written AFTER INSERT OR DELETE ON places_place
FOR EACH ROW EXECUTE FUNCTION places_write_brief();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('places', '0037_blogs_tell_tags_checked'),
    ]

    operations = [
        migrations.RunSQL(WRITE, WRITE_EACH),
    ]
