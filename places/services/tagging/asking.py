"""Has a worker tag a city after something came in, whoever brought it: a job, an import, a sample."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from celery import current_app

from common import outbox
from common.outbox import Effect, OutboxHandler, outbox_handlers

ASKED: Final = "places.tagging_asked"
# Who has just loaded a city wants its first answers now; the tagger takes a core for a while.
REST: Final = timedelta(seconds=20)


def ask_to_tag(*, city: str, now: datetime) -> None:
    """Have what is new or changed tagged, some time after the open transaction commits."""
    outbox.record(kind=ASKED, payload={"city": city}, not_before=now + REST)


def tags_follow(city: str) -> str:
    """Return what whoever loads a city by hand is told of its tags."""
    return f"tags follow: a worker makes them, or manage.py tag_places --city {city} at once"


def deliver_to_worker(effect: Effect) -> None:
    """Queue the task; a second delivery finds everything read."""
    current_app.send_task("places.tasks.tag_places", kwargs={"city": effect.payload["city"]})


def register_tagging() -> None:
    """Let the outbox know how tagging that was asked for reaches a worker."""
    outbox_handlers.add(OutboxHandler(name=ASKED, deliver=deliver_to_worker, is_in_database=False))
