from config.celery import app


def test_the_settings_reach_celery() -> None:
    assert app.conf.task_acks_late
    assert app.conf.task_reject_on_worker_lost
    assert app.conf.worker_prefetch_multiplier == 1
    assert app.conf.task_default_queue == "default"


def test_a_message_reaches_its_own_queue_alone() -> None:
    queues = app.amqp.queues

    assert {name: (queue.exchange.name, queue.routing_key) for name, queue in queues.items()} == {
        name: ("dongne", name) for name in ("default", "ingest", "media", "push", "learn")
    }


def test_every_scheduled_task_exists() -> None:
    app.loader.import_default_modules()

    scheduled = {entry["task"] for entry in app.conf.beat_schedule.values()}

    assert scheduled <= set(app.tasks)
