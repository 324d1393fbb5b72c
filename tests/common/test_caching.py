import pytest

from common.caching import find_all_cached, find_cached, store_all_cached, store_cached
from common.redis_client import cache_redis, redis_key


def test_keeps_an_answer_for_as_long_as_asked() -> None:
    assert store_cached(key="a", value=b"x", keep_s=30)

    assert find_cached(key="a") == b"x"
    assert cache_redis().ask(lambda client: client.ttl(redis_key("cache", "a"))) == 30


def test_finds_nothing_where_nothing_is() -> None:
    assert find_cached(key="b") is None


def test_many_are_kept_and_found_in_the_order_of_their_keys() -> None:
    assert store_all_cached(values={"c": b"1", "d": b"2"}, keep_s=30)

    assert find_all_cached(keys=["d", "none", "c"]) == [b"2", None, b"1"]
    assert cache_redis().ask(lambda client: client.ttl(redis_key("cache", "d"))) == 30


def test_of_nothing_nothing_is_kept_or_found() -> None:
    assert store_all_cached(values={}, keep_s=30)
    assert find_all_cached(keys=[]) == []


@pytest.mark.usefixtures("_redis_away")
def test_a_cache_that_is_away_is_an_empty_one() -> None:
    assert not store_cached(key="a", value=b"x", keep_s=30)
    assert find_cached(key="a") is None
    assert not store_all_cached(values={"a": b"x"}, keep_s=30)
    assert find_all_cached(keys=["a", "b"]) == [None, None]
