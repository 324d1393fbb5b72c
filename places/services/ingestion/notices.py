"""Tells operators that an ingestion failed: through the outbox, to a webhook of Slack."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any, Final

from django.conf import settings

from common import outbox
from common.http import HttpFailed, OutboundHttp
from common.outbox import Effect, OutboxHandler, outbox_handlers
from places.models import IngestionJob

KIND: Final = "places.ingestion_failed"
LEASE: Final = timedelta(minutes=1)
OK_LOW, OK_HIGH = 200, 299


def record_failure(job: IngestionJob) -> None:
    """Record the notice in the transaction that is open; each attempt of a job is told once."""
    if settings.SLACK_WEBHOOK_URL:
        outbox.record(
            kind=KIND,
            payload={
                "job": job.pk,
                "source": job.source_id,
                "city": job.city,
                "attempt": job.attempt,
                "error": job.error[:500],
                "next_attempt_at": job.next_attempt_at.isoformat() if job.next_attempt_at else None,
            },
            dedupe_key=f"{job.pk}/{job.attempt}",
        )


def send_failure(effect: Effect) -> None:
    """
    Post the notice.

    Raises:
        HttpFailed: Slack did not take it.
    """
    body = json.dumps({"text": text_of(effect.payload)}, ensure_ascii=False).encode()
    # The operator's own setting, and so allowed to lie within our network.
    answer = OutboundHttp(allows_private=True).post_json(url=settings.SLACK_WEBHOOK_URL, body=body)
    if not OK_LOW <= answer.status <= OK_HIGH:
        raise HttpFailed(f"status_{answer.status}")


def text_of(payload: Any) -> str:
    """Return the notice in words."""
    again = payload["next_attempt_at"]
    ends = f"Next attempt at {again}." if again else "It will not be tried again by itself."
    return (
        f"Ingestion of {payload['source']} for {payload['city']} failed "
        f"(job {payload['job']}, attempt {payload['attempt']}): {payload['error']}. {ends}"
    )


def register_notices() -> None:
    """Let the outbox know how a notice is delivered."""
    outbox_handlers.add(
        OutboxHandler(name=KIND, deliver=send_failure, is_in_database=False, lease=LEASE)
    )
