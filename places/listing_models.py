"""
What a list of places is chosen by, in rows so narrow that a million of them stay in memory.

A place has nearly two kilobytes: what a search passes over would push out of the buffers what the next
one needs. The database itself keeps a listing with its place (migration 0041), whoever writes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from django.contrib.gis.db import models
from django.contrib.postgres.indexes import GinIndex, GistIndex, OpClass
from django.db.models import F, Q
from django.db.models.lookups import Exact

from engine.catalogue import MOODS
from places.brief_models import PlanarPointField
from places.indexes import BANDS, PENDING_KB, WORDS

# What a mood counts in `PlaceListing.moods`; the function `places_mood_bits` knows the same.
MOOD_BITS: Final = {mood: 1 << number for number, mood in enumerate(MOODS)}
_ACTIVE: Final = Q(is_active=True)


def _indexes() -> Iterator[models.Index]:
    yield GistIndex(fields=["spot"], name="listing_spot", condition=_ACTIVE)
    yield GistIndex(fields=["category", "spot"], name="listing_category_spot", condition=_ACTIVE)
    # The best known of a map without passing over all that hardly anybody knows.
    above = None
    for number, low in enumerate(BANDS):
        band = (
            Q(popularity__gte=low)
            if above is None
            else Q(popularity__gte=low, popularity__lt=above)
        )
        yield GistIndex(
            fields=["spot"], name=f"listing_band{number}_spot", condition=_ACTIVE & band
        )
        above = low
    yield models.Index(fields=["-popularity", "place_id"], name="listing_known", condition=_ACTIVE)
    yield models.Index(
        fields=["category", "-popularity", "place_id"],
        name="listing_category_known",
        condition=_ACTIVE,
    )
    # Few places have a mood, and of most moods very few: each has its own, the nearest and the best known.
    for mood, bit in MOOD_BITS.items():
        has = _ACTIVE & Q(Exact(F("moods").bitand(bit), bit))
        yield GistIndex(fields=["spot"], name=f"listing_{mood}_spot", condition=has)
        # With the other moods and the category, so that two moods, or one of a kind, are looked for in it alone.
        yield models.Index(
            fields=["-popularity", "place_id"],
            include=["moods", "category"],
            name=f"listing_{mood}_known",
            condition=has,
        )
    # By words, consonants and whole names: places.search.spelt seeks so.
    yield GinIndex(
        OpClass(WORDS, "tsvector_ops"), name="listing_words", gin_pending_list_limit=PENDING_KB
    )


class PlaceListing(models.Model):
    """A place as lists and maps choose among all of them."""

    place_id = models.BigIntegerField(primary_key=True)
    spot = PlanarPointField()
    city = models.CharField(max_length=32)
    category = models.CharField(max_length=16)
    is_active = models.BooleanField()
    popularity = models.FloatField()
    moods = models.IntegerField()  # the sum of its MOOD_BITS
    names = models.JSONField()
    name_search = models.TextField()
    letters = (
        models.TextField()
    )  # a space before each word of `name_search`, letter by letter (자모)
    hours = models.BinaryField(null=True)  # by what name `places.stored_hours` keeps them
    has_doubted_hours = models.BooleanField(default=False, db_default=False)

    class Meta:
        indexes = list(_indexes())

    def __str__(self) -> str:
        return str(self.place_id)


def bits_of(moods: Sequence[str], /) -> int:
    """Return what a place with all of the moods has in `PlaceListing.moods`."""
    return sum(MOOD_BITS[mood] for mood in set(moods))
