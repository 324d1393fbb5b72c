"""
The best known with a mood, with their categories beside them: those of a kind are found in one index alone.

Each is made beside the one that stands before it takes its name, so that no search goes without.
"""

from django.db import migrations, models
from django.db.models.expressions import CombinedExpression
from django.db.models.lookups import Exact

MOODS = (
    'quiet', 'lively', 'cozy', 'romantic', 'vintage', 'modern', 'trendy', 'scenic', 'nature', 'traditional',
    'artsy', 'hidden',
)


def index(number: int, *, include: tuple[str, ...]) -> models.Index:
    bit = CombinedExpression(models.F('moods'), '&', models.Value(1 << number))
    has = models.Q(('is_active', True), Exact(bit, 1 << number))
    return models.Index(
        condition=has, fields=['-popularity', 'place_id'], include=include, name=f'listing_{MOODS[number]}_known'
    )


def statements(include: str) -> list[str]:
    """Return what makes the indexes anew without blocking writers, from wherever it was broken off."""
    return [
        sql
        for number, mood in enumerate(MOODS)
        for sql in (
            f'DROP INDEX CONCURRENTLY IF EXISTS listing_{mood}_known_anew',
            f'CREATE INDEX CONCURRENTLY listing_{mood}_known_anew ON places_placelisting (popularity DESC, place_id)'
            f' INCLUDE ({include}) WHERE is_active AND (moods & {1 << number}) = {1 << number}',
            f'DROP INDEX CONCURRENTLY IF EXISTS listing_{mood}_known',
            f'ALTER INDEX listing_{mood}_known_anew RENAME TO listing_{mood}_known',
        )
    ]


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('places', '0049_clean_places_room'),
    ]

    operations = [
        migrations.RunSQL(
            statements('moods, category'),
            statements('moods'),
            state_operations=[
                operation
                for number, mood in enumerate(MOODS)
                for operation in (
                    migrations.RemoveIndex('placelisting', f'listing_{mood}_known'),
                    migrations.AddIndex('placelisting', index(number, include=('moods', 'category'))),
                )
            ],
        ),
    ]
