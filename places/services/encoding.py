"""Which encoder the project uses, and making all places' vectors by it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction
from django.db.models import QuerySet

from common.postgis import copying
from engine.embedding.loading import load_encoder
from engine.embedding.onnx import UnusableModel
from engine.embedding.types import Encoder, VectorArray
from places.models import Place
from places.services.describing import SAID_OF, describe_row, label_of_vectors

BATCH: Final = 500
_STAGE: Final = """
CREATE TEMP TABLE made_vectors (id bigint PRIMARY KEY, embedding vector) ON COMMIT DROP
"""
_STORE: Final = """
UPDATE places_place p SET embedding = v.embedding, encoder = %s
FROM made_vectors v WHERE p.id = v.id
"""


def encoder_at(path: str) -> Encoder:
    """
    Return the ONNX encoder at `path`, or the engine's own where it is empty.

    Raises:
        ImproperlyConfigured: nothing usable lies there.
    """
    try:
        return load_encoder(path)
    except UnusableModel as error:
        raise ImproperlyConfigured(f"ENCODER_ONNX_PATH: {error}") from error


def current_encoder() -> Encoder:
    """
    Return the encoder that the settings name.

    Raises:
        ImproperlyConfigured: ENCODER_ONNX_PATH names nothing usable.
    """
    return encoder_at(settings.ENCODER_ONNX_PATH)


def as_text(vector: Sequence[float]) -> str:
    """Return a vector as PostgreSQL reads it, to the digits that matter."""
    return "[" + ",".join(["%.5g"] * len(vector)) % tuple(vector) + "]"


def copy_vectors(cursor: Any, *, into: str, keys: Sequence[int], vectors: VectorArray) -> None:
    """
    Write rows of a key (bigint) and its vector into the table and columns `into`, by one COPY.

    In binary: to write and read a vector's numbers as text costs more than to make it.
    """
    said = zip(keys, copying.vectors(vectors), strict=True)
    rows = (copying.row_of((copying.int8(key), vector)) for key, vector in said)
    copying.copy_rows(cursor, into=into, rows=rows)


def count_outdated(*, encoder: Encoder) -> int:
    """Return how many active places have no vector of `encoder`."""
    return Place.objects.active().exclude(encoder=label_of_vectors(encoder)).count()


@dataclass(frozen=True)
class Encodings:
    """Makes anew what another encoder made."""

    encoder: Encoder = field(default_factory=current_encoder)

    def run(self, *, report: Callable[[int], None] | None = None) -> int:
        """
        Encode every place that has no vector of this encoder, and return how many there were.

        Each batch is a transaction of its own, under lock, so that it may be stopped and run again
        beside a working service. `report` is called with the places done so far.
        """
        done, after = 0, 0
        while True:
            last, count = self._batch(after)
            if last is None:
                return done
            done, after = done + count, last
            if report is not None:
                report(done)

    def fill(self, *, city: str) -> Iterator[int]:
        """Encode the places of a city that were stored without a vector; yield how many, by batch."""
        waiting, last = Place.objects.filter(city_id=city, encoder=""), 0
        while True:
            with transaction.atomic():
                ids = self._encode(waiting.filter(pk__gt=last))
            if not ids:
                return
            last = ids[-1]
            yield len(ids)

    @transaction.atomic(durable=True)
    def _batch(self, after: int) -> tuple[int | None, int]:
        """Encode the next places behind the key `after`; return the last key and how many."""
        label = label_of_vectors(self.encoder)
        ids = self._encode(Place.objects.exclude(encoder=label).filter(pk__gt=after))
        return (ids[-1], len(ids)) if ids else (None, 0)

    def _encode(self, places: QuerySet[Place]) -> list[int]:
        """Encode the first of the places, under lock; return their keys in order."""
        rows = list(places.only(*SAID_OF).order_by("pk").select_for_update()[:BATCH])
        vectors = self.encoder.encode([describe_row(place).text for place in rows])
        ids = [place.pk for place in rows]
        if ids:
            with connection.cursor() as cursor:
                cursor.execute(_STAGE)
                copy_vectors(cursor, into="made_vectors (id, embedding)", keys=ids, vectors=vectors)
                cursor.execute(_STORE, [label_of_vectors(self.encoder)])
                cursor.execute("DROP TABLE made_vectors")
        return ids
