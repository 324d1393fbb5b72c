import pytest

from common.caching import find_cached, store_cached
from common.redis_client import cache_redis


def test_keeps_an_answer_for_as_long_as_asked() -> None:
    assert store_cached(key="a", value=b"x", keep_s=30)

    assert find_cached(key="a") == b"x"
    assert cache_redis().ask(lambda client: client.ttl("dongne-test:cache:a")) == 30


def test_finds_nothing_where_nothing_is() -> None:
    assert find_cached(key="b") is None


@pytest.mark.usefixtures("_redis_away")
def test_a_cache_that_is_away_is_an_empty_one() -> None:
    assert not store_cached(key="a", value=b"x", keep_s=30)
    assert find_cached(key="a") is None
