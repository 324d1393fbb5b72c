"""What the indexes go by that a search asks: how well known a place is, and how its name is spelt."""

import unicodedata

from django.db.models import Func

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
# What an index of words has put off is read through by every search, eight times over for the bands: no more than this.
PENDING_KB = 64
# Made by the migration 0030, which has these constants as they were then.
WORDS = Func("names", template="place_words(names, popularity)")


def words_of(name: str, /) -> list[str]:
    """Return the words of a name in lower case letter by letter, as the function `place_name_words` does."""
    letters = unicodedata.normalize("NFD", name[:NAME_LENGTH].translate(_SPACES))
    return [word for word in letters.split(" ") if word]
