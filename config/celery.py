"""The Celery application: `celery -A config.celery worker` and `beat`."""

import os

from celery import Celery
from celery.signals import worker_ready
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
if not settings.configured:  # else another process queues tasks, whose kind is settled
    os.environ.setdefault("PROCESS_KIND", "worker")

app = Celery("dongne", task_cls="common.celery_tasks:TracedTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_ready.connect  # type: ignore[untyped-decorator] # Celery has no types
def show_life(**_: object) -> None:
    """Send the first heartbeat at once; beat sends the next only after its interval."""
    app.send_task("common.tasks.beat_heart")
