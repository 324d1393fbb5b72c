import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from common.http import OutboundHttp
from engine.types import Point, Weather
from places.adapters.forecasting import ConditionsFailed
from places.adapters.open_meteo import OpenMeteo
from tests.builders.routers import Reply, RouterServer
from tests.builders.weather import DAWN, open_meteo

HONGDAE, PRAGUE = Point(37.5563, 126.9236), Point(50.0875, 14.4213)


def ask(server: RouterServer, *positions: Point, key: str = "") -> Any:
    service = OpenMeteo(url=server.url, http=OutboundHttp(allows_private=True), key=key)
    return service.forecast(positions=positions or (HONGDAE,), now=DAWN)


def say(server: RouterServer, body: object, status: int = 200) -> None:
    server.reply = Reply(status=status, body=json.dumps(body).encode())


def test_reads_hours_of_one_position(router: RouterServer) -> None:
    say(router, open_meteo(codes=[0, 2, 3, 61, 75, 80, 86, 96]))

    (forecast,) = ask(router)

    assert forecast.position == HONGDAE
    assert forecast.source == "Open-Meteo"
    assert [hour.sky for hour in forecast.hours] == [
        Weather.CLEAR, Weather.CLEAR, Weather.CLOUDS, Weather.RAIN,
        Weather.SNOW, Weather.RAIN, Weather.SNOW, Weather.RAIN,
    ]  # fmt: skip
    assert [hour.starts_at for hour in forecast.hours[:2]] == [DAWN, DAWN + timedelta(hours=1)]
    assert (forecast.hours[0].feels_like_c, forecast.hours[0].chance) == (20.5, 0.1)


def test_asks_for_several_positions_at_once(router: RouterServer) -> None:
    say(router, [open_meteo(codes=[0]), open_meteo(codes=[61])])

    found = ask(router, HONGDAE, PRAGUE, key="of a customer")

    assert [forecast.position for forecast in found] == [HONGDAE, PRAGUE]
    assert [forecast.hours[0].sky for forecast in found] == [Weather.CLEAR, Weather.RAIN]
    (question,) = router.questions
    assert question["latitude"] == ["37.5563,50.0875"]
    assert question["longitude"] == ["126.9236,14.4213"]
    assert (question["timeformat"], question["apikey"]) == (["unixtime"], ["of a customer"])


def test_hours_that_are_not_foretold_yet_are_left_out(router: RouterServer) -> None:
    say(
        router,
        open_meteo(
            codes=[0, None, 1, 2],
            apparent_temperature=[20.0, None, None, 20.0],
            precipitation=[0.0, None, 0.0, None],
            precipitation_probability=[None] * 4,
        ),
    )

    (forecast,) = ask(router)

    assert [hour.starts_at for hour in forecast.hours] == [datetime(2026, 6, 6, tzinfo=UTC)]


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply(status=429), "status_429"),
        (Reply(status=500), "status_500"),
        (Reply(body=b"<html>busy</html>", content_type="text/html"), "not_json"),
        (Reply(body=b'{"hourly": {"time": [1'), "not_json"),
        (Reply(body=b"[]"), "wrong_shape"),
        (Reply(body=b'{"hourly": null}'), "wrong_shape"),
        (
            Reply(body=json.dumps(open_meteo(codes=[0, 1], precipitation=[0])).encode()),
            "wrong_shape",
        ),
        (
            Reply(body=json.dumps(open_meteo(codes=[0], precipitation=["a lot"])).encode()),
            "not_a_number",
        ),
        (Reply(body=json.dumps(open_meteo(codes=[0], time=[10**12])).encode()), "not_a_number"),
        (Reply(status=302, location="http://169.254.169.254/"), "status_302"),
        (Reply(body=b"{}", promised_bytes=500), "ChunkedEncodingError"),
    ],
)
def test_an_answer_that_cannot_be_used_is_a_failure(
    router: RouterServer, reply: Reply, reason: str
) -> None:
    router.reply = reply

    with pytest.raises(ConditionsFailed) as failure:
        ask(router)

    assert failure.value.reason == reason


def test_a_failure_tells_nobody_the_key(router: RouterServer) -> None:
    router.reply = Reply(status=403)

    with pytest.raises(ConditionsFailed) as failure:
        ask(router, key="secret-of-a-customer")

    assert "secret" not in str(failure.value)
