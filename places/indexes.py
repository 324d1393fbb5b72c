"""The indexes that a search for places goes by: how well known a place is, and how its name is spelt."""

from django.contrib.postgres.indexes import GinIndex, GistIndex, OpClass
from django.db import models
from django.db.models import Func, Q

LETTERS = Func("name_search", template="NORMALIZE(name_search, NFD)")
SOUNDS = Func(
    "name_search",
    template="REGEXP_REPLACE(NORMALIZE(name_search, NFD), '[^ᄀ-ᄒ]', '', 'g')",
)
# Each twice: an index of three letters in a row then knows two of them.
DOUBLED_SOUNDS = Func(
    "name_search",
    template="REGEXP_REPLACE(REGEXP_REPLACE(NORMALIZE(name_search, NFD), '[^ᄀ-ᄒ]', '', 'g'),"
    " '(.)', '\\1\\1', 'g')",
)
# Popularities that part places into the famous, the well known, those one hears of, and all others.
BANDS = (0.6, 0.45, 0.4)

SEARCH_INDEXES = [
    # The best known of a map without passing over all that hardly anybody knows.
    GistIndex(
        fields=["planar"],
        name="place_famous_planar",
        condition=Q(is_active=True, popularity__gte=BANDS[0]),
    ),
    GistIndex(
        fields=["planar"],
        name="place_well_known_planar",
        condition=Q(is_active=True, popularity__gte=BANDS[1], popularity__lt=BANDS[0]),
    ),
    GistIndex(
        fields=["planar"],
        name="place_heard_of_planar",
        condition=Q(is_active=True, popularity__gte=BANDS[2], popularity__lt=BANDS[1]),
    ),
    GinIndex(fields=["name_search"], opclasses=["gin_trgm_ops"], name="place_name_trigram"),
    # Letter by letter, and by the first consonants of syllables: places.search.spelt seeks so.
    GinIndex(OpClass(LETTERS, "gin_trgm_ops"), name="place_letters_trigram"),
    GinIndex(OpClass(SOUNDS, "gin_trgm_ops"), name="place_sounds_trigram"),
    GinIndex(OpClass(DOUBLED_SOUNDS, "gin_trgm_ops"), name="place_doubled_sounds"),
    models.Index(
        fields=["-popularity", "id"], name="place_best_known", condition=Q(is_active=True)
    ),
    models.Index(
        fields=["category", "-popularity", "id"],
        name="place_best_of_its_kind",
        condition=Q(is_active=True),
    ),
]
