"""The indexes that a search for places goes by: how well known a place is, and how its name is spelt."""

import unicodedata

from django.contrib.postgres.indexes import GinIndex, GistIndex, OpClass
from django.db import models
from django.db.models import Func, Q

# Popularities that part places into the famous, the well known, those one hears of, and all others.
BANDS = (0.6, 0.45, 0.4)
# The words of names are kept apart by finer ones: a chain may be known to nobody in particular.
WORD_BANDS = (*BANDS, 0.36, 0.32, 0.28, 0.24)
# What parts words beside spaces.
MARKS = "()[]/,.·&-_:\"'"
_SPACES = str.maketrans(MARKS, " " * len(MARKS))
NAME_LENGTH = 400
SOUNDS_LENGTH = 4  # so many consonants in a row are known
WHOLE_LENGTH = 60  # so many letters of a whole name
# Made by the migration 0030, which has these constants as they were then.
WORDS = Func("names", template="place_words(names, popularity)")


def words_of(name: str, /) -> list[str]:
    """Return the words of a name in lower case letter by letter, as `place_name_words` does."""
    letters = unicodedata.normalize("NFD", name[:NAME_LENGTH].translate(_SPACES))
    return [word for word in letters.split(" ") if word]


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
    # By words, consonants and whole names: places.search.spelt seeks so.
    GinIndex(OpClass(WORDS, "tsvector_ops"), name="place_name_words"),
    models.Index(
        fields=["-popularity", "id"], name="place_best_known", condition=Q(is_active=True)
    ),
    models.Index(
        fields=["category", "-popularity", "id"],
        name="place_best_of_its_kind",
        condition=Q(is_active=True),
    ),
]
