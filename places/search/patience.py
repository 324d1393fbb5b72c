"""What is said when the database is not let look any longer for what a search asks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError
from psycopg.errors import QueryCanceled

from common.deadlines import DeadlinePassed
from common.errors import DomainError, Kind
from common.languages import Bilingual


class SearchTooSlow(DomainError):
    """The time of the statement or of the request was over before the places were found."""

    kind = Kind.UNAVAILABLE
    code = "places/search-too-slow"
    detail = Bilingual(
        ko="찾는 데 시간이 너무 오래 걸려서 멈췄어요. 범위나 조건을 좁히거나 잠시 뒤에 다시 시도해 주세요.",
        en="The search took too long and was stopped: narrow it down, or try again shortly.",
    )


@contextmanager
def within_time() -> Iterator[None]:
    """
    Tell apart a search that took too long from a database that is away.

    Raises:
        SearchTooSlow: a statement ran into its timeout, or the request into its deadline.
    """
    try:
        yield
    except OperationalError as error:
        if isinstance(error, DeadlinePassed) or isinstance(error.__cause__, QueryCanceled):
            raise SearchTooSlow from error
        raise
