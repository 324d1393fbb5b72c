"""System checks: the encoder can be loaded, and the stored vectors are its own."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Caution
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

from places.services.encoding import count_outdated, current_encoder


@register()
def check_encoder(**_: object) -> list[CheckMessage]:
    """Tell whether the encoder that the settings name is usable."""
    try:
        current_encoder()
    except ImproperlyConfigured as error:
        return [Error(str(error), hint="Correct or unset ENCODER_ONNX_PATH.", id="places.E001")]
    return []


@register(Tags.database)
def check_vectors(*, databases: Sequence[str] | None = None, **_: object) -> list[CheckMessage]:
    """Tell whether places have vectors of another encoder: they are not compared until redone."""
    if not databases:
        return []
    try:
        outdated = count_outdated(encoder=current_encoder())
    except (DatabaseError, ImproperlyConfigured):
        return []  # not migrated yet, or told by the check above
    if not outdated:
        return []
    return [
        Caution(
            f"{outdated:,} places have no vector of the encoder in use, so that what a sentence "
            "means does not rank them.",
            hint="Run `manage.py encode_places`.",
            id="places.W001",
        )
    ]
