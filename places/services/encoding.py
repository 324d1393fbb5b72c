"""Which encoder the project uses, and making all places' vectors by it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

from engine.embedding.loading import load_encoder
from engine.embedding.onnx import UnusableModel
from engine.embedding.types import Encoder
from places.models import Place
from places.services.describing import describe_row, label_of_vectors

BATCH: Final = 500


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


def count_outdated(*, encoder: Encoder) -> int:
    """Return how many active places have no vector of `encoder`."""
    return Place.objects.active().exclude(encoder=label_of_vectors(encoder)).count()


def encode_places(ids: Sequence[int], *, encoder: Encoder) -> None:
    """Make the vectors of these places anew, from what is stored of them."""
    places = list(Place.objects.filter(pk__in=ids))
    if not places:
        return
    vectors = encoder.encode([describe_row(place).text for place in places])
    for place, vector in zip(places, vectors, strict=True):
        place.embedding, place.encoder = vector, label_of_vectors(encoder)
    Place.objects.bulk_update(places, ["embedding", "encoder"])


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

    @transaction.atomic(durable=True)
    def _batch(self, after: int) -> tuple[int | None, int]:
        """Encode the next places behind the key `after`; return the last key and how many."""
        label = label_of_vectors(self.encoder)
        places = list(
            Place.objects.exclude(encoder=label)
            .filter(pk__gt=after)
            .order_by("pk")
            .select_for_update()[:BATCH]
        )
        if not places:
            return None, 0
        vectors = self.encoder.encode([describe_row(place).text for place in places])
        for place, vector in zip(places, vectors, strict=True):
            place.embedding, place.encoder = vector, label
        Place.objects.bulk_update(places, ["embedding", "encoder"])
        return places[-1].pk, len(places)
