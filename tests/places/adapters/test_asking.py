from datetime import UTC, datetime

import pytest

from common.http import HttpFailed, OutboundHttp
from places.adapters.asking import Asker, NotAllowed
from places.adapters.source import SourceAbsent
from tests.builders.web import Page, Web, as_json

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
FINE = as_json({"fine": True})


class Clock:
    """Stands still while it is not slept; keeps how long each sleep was."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))

    def monotonic(self) -> float:
        return sum(self.slept)


def asker(clock: Clock, *, rate_per_s: float | None = None, timeout_s: float = 5) -> Asker:
    return Asker(
        http=OutboundHttp(allows_private=True, timeout_s=timeout_s),
        name="The service",
        rate_per_s=rate_per_s,
        sleep=clock.sleep,
        monotonic=clock.monotonic,
        now=lambda: NOW,
    )


@pytest.mark.parametrize(
    ("fault", "pauses"),
    [
        (Page(status=500), [1, 2]),
        (Page(status=429, headers={"Retry-After": "7"}), [7, 7]),
        (Page(status=503, headers={"Retry-After": "Sat, 21 Nov 2026 09:00:05 GMT"}), [5, 5]),
        (Page(status=429, headers={"Retry-After": "soon"}), [1, 2]),
        (Page(b'{"half": ', promised_bytes=500), [1, 2]),
    ],
)
def test_what_passes_is_asked_again(web: Web, fault: Page, pauses: list[float]) -> None:
    clock = Clock()
    web.say("/places", fault, fault, FINE)

    said, _ = asker(clock).get_json(f"{web.url}/places")

    assert said == {"fine": True}
    assert clock.slept == pauses


def test_an_answer_too_late_is_asked_again(web: Web) -> None:
    web.say("/places", Page(b"{}", after_s=1), FINE)

    said, _ = asker(Clock(), timeout_s=0.3).get_json(f"{web.url}/places")

    assert said == {"fine": True}


@pytest.mark.parametrize(
    ("page", "reason", "times"),
    [
        (Page(status=500), "status_500", 4),
        (Page(status=429, headers={"Retry-After": "3600"}), "status_429", 1),
        (Page(status=400), "status_400", 1),
        (Page(status=302, headers={"Location": "http://169.254.169.254/"}), "status_302", 1),
        (Page(b"<html>busy</html>", content_type="text/html"), "not_json", 1),
    ],
)
def test_what_does_not_pass_is_told(web: Web, page: Page, reason: str, times: int) -> None:
    web.say("/places", page)

    with pytest.raises(HttpFailed) as failure:
        asker(Clock()).get_json(f"{web.url}/places")

    assert failure.value.reason == reason
    assert len(web.asked) == times


@pytest.mark.parametrize("status", [401, 403])
def test_a_key_that_is_not_taken_turns_the_source_off(web: Web, status: int) -> None:
    web.say("/places", Page(status=status))

    with pytest.raises(SourceAbsent, match="The service does not take the key"):
        asker(Clock()).get(f"{web.url}/places")


def test_no_faster_than_the_rate(web: Web) -> None:
    clock = Clock()
    web.say("/places", FINE)
    polite = asker(clock, rate_per_s=4)

    for _ in range(3):
        polite.get(f"{web.url}/places")

    assert clock.slept == [0.25, 0.25]


def test_robots_are_asked_once_and_obeyed(web: Web) -> None:
    clock = Clock()
    web.say("/robots.txt", Page(b"User-agent: *\nDisallow: /*/private\nCrawl-delay: 2\n"))
    polite = asker(clock)

    polite.check_allowed(f"{web.url}/feed")
    with pytest.raises(NotAllowed):
        polite.check_allowed(f"{web.url}/blog/private")

    assert web.paths() == ["/robots.txt"]


def test_a_pause_that_a_site_asks_for_is_kept_there_alone(web: Web) -> None:
    clock, other = Clock(), web.url.replace("127.0.0.1", "localhost")
    web.say("/robots.txt", Page(b"User-agent: *\nCrawl-delay: 2\n"))
    web.say("/feed", FINE)
    polite = asker(clock)
    polite.check_allowed(f"{web.url}/feed")

    for site in (web.url, other, other, web.url):
        polite.get(f"{site}/feed")

    assert clock.slept == [2.0, 2.0]


def test_a_site_that_wants_to_be_asked_once_an_hour_is_left_alone(web: Web) -> None:
    web.say("/robots.txt", Page(b"User-agent: *\nCrawl-delay: 3600\n"))

    with pytest.raises(NotAllowed):
        asker(Clock()).check_allowed(f"{web.url}/feed")


def test_no_robots_txt_forbids_nothing(web: Web) -> None:
    asker(Clock()).check_allowed(f"{web.url}/feed")

    assert web.paths() == ["/robots.txt"]


def test_robots_that_do_not_answer_mean_not_now(web: Web) -> None:
    web.say("/robots.txt", Page(status=500))

    with pytest.raises(HttpFailed, match="robots_status_500"):
        asker(Clock()).check_allowed(f"{web.url}/feed")


def test_an_address_of_our_own_network_is_not_asked(web: Web) -> None:
    guarded = Asker(http=OutboundHttp(), name="The service", sleep=Clock().sleep)

    with pytest.raises(HttpFailed, match="address"):
        guarded.get(f"{web.url}/places")

    assert web.asked == []
