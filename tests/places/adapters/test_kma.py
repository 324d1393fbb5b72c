from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from common.http import OutboundHttp
from engine.types import Point, Weather
from places.adapters.forecasting import ConditionsFailed
from places.adapters.kma import Kma
from places.conditions.types import Forecast
from tests.builders.routers import Reply, RouterServer
from tests.builders.weather import kma

SEOUL = ZoneInfo("Asia/Seoul")
HONGDAE, PRAGUE = Point(37.5563, 126.9236), Point(50.0875, 14.4213)
MORNING = datetime(2026, 6, 6, 8, 20, tzinfo=SEOUL)


def ask(server: RouterServer, *positions: Point, now: datetime = MORNING) -> list[Forecast]:
    service = Kma(url=server.url, http=OutboundHttp(allows_private=True), key="a+key/of==portal")
    return list(service.forecast(positions=positions or (HONGDAE,), now=now))


def test_reads_the_hours_of_a_cell(router: RouterServer) -> None:
    router.reply = Reply(
        body=kma(
            hours=[
                {},
                {"SKY": "4", "TMP": "33", "REH": "70"},
                {"SKY": "4", "PTY": "1", "PCP": "3.5mm", "POP": "80"},
                {"PTY": "2", "PCP": "1mm 미만", "POP": "60"},
                {"PTY": "4", "PCP": "30.0~50.0mm", "POP": "90"},
            ]
        )
    )

    (forecast,) = ask(router)

    assert forecast.source == "기상청"
    assert [hour.sky for hour in forecast.hours] == [
        Weather.CLEAR, Weather.CLOUDS, Weather.RAIN, Weather.SNOW, Weather.RAIN,
    ]  # fmt: skip
    assert [hour.precipitation_mm for hour in forecast.hours] == [0.0, 0.0, 3.5, 0.5, 30.0]
    assert [hour.chance for hour in forecast.hours] == [0.0, 0.0, 0.8, 0.6, 0.9]
    assert forecast.hours[0].starts_at == datetime(2026, 6, 6, 9, tzinfo=SEOUL)
    assert forecast.hours[1].feels_like_c == pytest.approx(34.3, abs=0.1)


@pytest.mark.parametrize(
    ("now", "issued"),
    [
        (MORNING, ("20260606", "0800")),
        (datetime(2026, 6, 6, 8, 10, tzinfo=SEOUL), ("20260606", "0500")),
        (datetime(2026, 6, 6, 1, 0, tzinfo=SEOUL), ("20260605", "2300")),
        (datetime(2026, 6, 6, 0, 5, tzinfo=SEOUL), ("20260605", "2300")),
        (datetime(2026, 6, 5, 23, 20, tzinfo=ZoneInfo("UTC")), ("20260606", "0800")),
    ],
)
def test_asks_for_the_latest_issue_that_can_be_had(
    router: RouterServer, now: datetime, issued: tuple[str, str]
) -> None:
    router.reply = Reply(body=kma(hours=[{}]))

    ask(router, now=now)

    (question,) = router.questions
    assert (question["base_date"][0], question["base_time"][0]) == issued
    assert (question["nx"], question["ny"]) == (["59"], ["126"])
    assert question["serviceKey"] == ["a+key/of==portal"]


def test_positions_of_one_cell_are_asked_for_once_and_others_are_left_out(
    router: RouterServer,
) -> None:
    router.reply = Reply(body=kma(hours=[{}]))
    beside = Point(37.5573, 126.9246)

    found = ask(router, HONGDAE, PRAGUE, beside)

    assert [forecast.position for forecast in found] == [HONGDAE, beside]
    assert len(router.asked) == 1


def test_a_cell_without_data_is_left_out(router: RouterServer) -> None:
    router.reply = Reply(body=b'{"response": {"header": {"resultCode": "03"}, "body": {}}}')

    assert ask(router) == []


@pytest.mark.parametrize("value", ["-999", "900", "-", ""])
def test_an_hour_of_which_something_is_not_foretold_is_left_out(
    router: RouterServer, value: str
) -> None:
    router.reply = Reply(body=kma(hours=[{}, {"REH": value}]))

    (forecast,) = ask(router)

    assert [hour.starts_at.hour for hour in forecast.hours] == [9]


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply(body=kma(hours=[], code="22")), "result_22"),
        # The portal refuses a wrong key in XML, whatever was asked for.
        (Reply(body=b"<OpenAPI_ServiceResponse/>", content_type="text/xml"), "not_json"),
        (Reply(status=503), "status_503"),
        (Reply(body=b"[]"), "wrong_shape"),
        (Reply(body=kma(hours=[{"SKY": "much"}])), "not_a_number"),
        (Reply(body=kma(hours=[{}], begin="2026066")), "not_a_time"),
        (Reply(body=kma(hours=[{"TMP": "nan"}])), "not_a_number"),
    ],
)
def test_an_answer_that_cannot_be_used_is_a_failure(
    router: RouterServer, reply: Reply, reason: str
) -> None:
    router.reply = reply

    with pytest.raises(ConditionsFailed) as failure:
        ask(router)

    assert failure.value.reason == reason
