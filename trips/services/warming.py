"""Makes a process ready, so that its first answer is as quick as its tenth."""

from __future__ import annotations

import structlog
from django.db import DatabaseError

from engine.planner.solving import warm
from places import selectors as places
from places.services.encoding import current_encoder
from places.vocabulary import vocabulary_of

logger = structlog.get_logger(__name__)


def warm_up() -> None:
    """
    Compile the planner or read its machine code, and read the lexicons and the gazetteer.

    Without a database the names are read with the first question instead.

    Raises:
        ImproperlyConfigured: the encoder that the settings name is not usable.
    """
    warm()
    current_encoder()
    try:
        vocabulary_of(tuple(city.data_version for city in places.list_cities()))
    except DatabaseError as error:
        logger.warning("names_not_read", error=type(error).__name__)
