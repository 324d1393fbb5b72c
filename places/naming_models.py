"""The words that names of places are made of."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models

from places.indexes import PENDING_KB


class NameWord(models.Model):
    """
    A word that stands in the name of a place, or once did: a slip is mended by the words there are.

    Letter by letter (NFD: 자모), in lower case. One that no name has any more finds nothing, and does
    no harm; `manage.py learn_name_words` forgets it.
    """

    word = models.TextField(primary_key=True)

    class Meta:
        indexes = [
            GinIndex(
                fields=["word"],
                opclasses=["gin_trgm_ops"],
                name="name_word_trigram",
                gin_pending_list_limit=PENDING_KB,
            ),
        ]

    def __str__(self) -> str:
        return self.word
