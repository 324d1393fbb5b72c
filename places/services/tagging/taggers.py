"""Which taggers the project uses."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from common.errors import DomainError, Kind
from common.languages import Bilingual
from engine.tagging.loading import UnusableTagger, load_image_tagger, load_text_tagger
from engine.tagging.types import ImageTagger, TextTagger


class NoImageTagger(DomainError):
    """Pictures are looked at only where an operator names a model."""

    kind = Kind.UNAVAILABLE
    code = "places/no-image-tagger"
    detail = Bilingual(
        ko="사진을 읽을 모델이 정해지지 않았어요. IMAGE_TAGGER_PATH를 정해 주세요.",
        en="No model looks at pictures here: set IMAGE_TAGGER_PATH.",
    )


def current_text_tagger() -> TextTagger:
    """
    Return the tagger of texts that the settings name.

    Raises:
        ImproperlyConfigured: TEXT_TAGGER_PATH names nothing usable.
    """
    path = settings.TEXT_TAGGER_PATH
    try:
        return load_text_tagger(Path(path) if path else None)
    except UnusableTagger as error:
        raise ImproperlyConfigured(f"TEXT_TAGGER_PATH: {error}") from error


def current_image_tagger() -> ImageTagger:
    """
    Return the tagger of pictures that the settings name.

    Raises:
        NoImageTagger: they name none.
        ImproperlyConfigured: IMAGE_TAGGER_PATH names nothing usable.
    """
    if not settings.IMAGE_TAGGER_PATH:
        raise NoImageTagger
    try:
        return load_image_tagger(Path(settings.IMAGE_TAGGER_PATH))
    except UnusableTagger as error:
        raise ImproperlyConfigured(f"IMAGE_TAGGER_PATH: {error}") from error
