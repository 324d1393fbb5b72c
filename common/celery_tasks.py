"""The base of every Celery task: it carries along who asked, and ends poisoned tasks."""

from typing import Any

import structlog
from celery import Task
from celery.exceptions import Reject

from .acting import NOBODY, Acting, Mode, acting, current_acting
from .redis_client import RedisAway, cache_redis, redis_key
from .request_ids import choose_request_id, current_request_id, set_request_id

logger = structlog.get_logger(__name__)

HEADER = "x_request_id"
ACTING_HEADER = "x_acting_user"
# A task that keeps killing its worker is set aside after so many deliveries.
DELIVERIES_HIGH = 5
COUNT_KEPT_S = 86_400


class TracedTask(Task):  # type: ignore[misc] # Celery has no types
    """
    A task whose log lines carry the id of the request that queued it.

    Queued for a user it acts for that user; else for nobody, until its service says that it acts for
    the system.
    """

    def apply_async(self, *args: Any, **options: Any) -> Any:
        headers = {**(options.pop("headers", None) or {})}
        headers.setdefault(HEADER, choose_request_id(offered=current_request_id()))
        asking = current_acting()
        if asking.mode is Mode.USER:
            headers.setdefault(ACTING_HEADER, str(asking.user_id))
        return super().apply_async(*args, headers=headers, **options)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        before = current_request_id()
        headers = self.request.headers or {}
        set_request_id(choose_request_id(offered=headers.get(HEADER)))
        user_id = headers.get(ACTING_HEADER)
        try:
            self._refuse_poison()
            with acting(NOBODY if user_id is None else Acting(Mode.USER, int(user_id))):
                return super().__call__(*args, **kwargs)
        finally:
            set_request_id(before)

    # With `task_reject_on_worker_lost` a task that kills its process comes back for ever.
    def _refuse_poison(self) -> None:
        delivery = self.request.delivery_info or {}
        if not delivery.get("redelivered"):
            return
        key = redis_key("deliveries", str(self.request.id))

        def count(client: Any) -> int:
            with client.pipeline() as pipe:
                counted: list[int] = pipe.incr(key).expire(key, COUNT_KEPT_S).execute()
            return counted[0]

        try:
            deliveries = cache_redis().ask(count)
        except RedisAway:
            return
        if deliveries >= DELIVERIES_HIGH:
            logger.error("task_poisoned", task=self.name, task_id=self.request.id)
            raise Reject("delivered too often", requeue=False)
