"""System checks: the encoder and the taggers can be loaded, and the stored vectors are its own."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Caution
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

from places.services.encoding import count_outdated, current_encoder
from places.services.tagging.taggers import NoImageTagger, current_image_tagger, current_text_tagger


@register()
def check_encoder(**_: object) -> list[CheckMessage]:
    """Tell whether the encoder that the settings name is usable."""
    try:
        current_encoder()
    except ImproperlyConfigured as error:
        return [Error(str(error), hint="Correct or unset ENCODER_ONNX_PATH.", id="places.E001")]
    return []


@register()
def check_taggers(**_: object) -> list[CheckMessage]:
    """Tell whether the taggers that the settings name are usable."""
    found: list[CheckMessage] = []
    try:
        current_text_tagger()
    except ImproperlyConfigured as error:
        found.append(Error(str(error), hint="Correct or unset TEXT_TAGGER_PATH.", id="places.E002"))
    try:
        current_image_tagger()
    except NoImageTagger:
        pass  # none is asked for
    except ImproperlyConfigured as error:
        found.append(
            Error(str(error), hint="Correct or unset IMAGE_TAGGER_PATH.", id="places.E003")
        )
    return found


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
