"""Lets what is said of places by tags take effect on their rows: moods, costs, stays, vectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from engine.embedding.types import Encoder
from places.models import Place, PlaceSyncLog
from places.services.describing import ENCODED, describe_row, label_of_vectors
from places.services.encoding import current_encoder
from places.services.tagging.overlaying import load_held, overlay

TAGS: Final = "tags"
READ_COLUMNS: Final = (
    "category", "city_id", "mood_scores", "facts", "cost_low", "cost_high", "cost_band",
    "cost_provenance", "stay_min", "stay_provenance",
)  # fmt: skip
_WRITTEN: Final = (
    "mood_scores", "facts", "cost_low", "cost_high", "cost_band", "stay_min", "updated_at",
)  # fmt: skip
_ENCODED: Final = (*_WRITTEN, "embedding", "encoder")
_BATCH: Final = 200


@dataclass(frozen=True)
class TagEffects:
    """Writes the effect of tags; a place that they do not change is not written."""

    encoder: Encoder | None = None  # None: the one that the settings name

    def apply(self, *, places: Sequence[Place], now: datetime) -> int:
        """
        Bring the columns of `places` in line with what is held of them; return how many changed.

        The places are locked by the caller, whose transaction this belongs to.
        """
        held = load_held([place.pk for place in places])
        plain: list[Place] = []
        encoded: list[Place] = []
        logs = []
        for place in places:
            fields = {name: getattr(place, name) for name in READ_COLUMNS}
            new = overlay(fields, held=held[place.pk], edited=place.edited_fields)
            if not new:
                continue
            diff = {name: [fields[name], value] for name, value in new.items()}
            logs.append(PlaceSyncLog(place=place, source=TAGS, diff=diff, at=now))
            for name, value in new.items():
                setattr(place, name, value)
            place.updated_at = now
            (plain if ENCODED.isdisjoint(new) else encoded).append(place)
        self._encode(encoded)
        Place.objects.bulk_update(plain, _WRITTEN, batch_size=_BATCH)
        Place.objects.bulk_update(encoded, _ENCODED, batch_size=_BATCH)
        PlaceSyncLog.objects.bulk_create(logs)
        return len(logs)

    def _encode(self, places: Sequence[Place]) -> None:
        if not places:
            return
        encoder = self.encoder or current_encoder()
        vectors = encoder.encode([describe_row(place).text for place in places])
        for place, vector in zip(places, vectors, strict=True):
            place.embedding, place.encoder = vector, label_of_vectors(encoder)
