from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from common.http import OutboundHttp
from places.adapters.forecasting import ConditionsFailed
from places.adapters.seoul_city_data import SeoulCityData
from places.conditions.types import AreaConditions
from tests.builders.routers import Reply, RouterServer
from tests.builders.weather import city_data

SEOUL = ZoneInfo("Asia/Seoul")


def ask(server: RouterServer, area: str = "POI007") -> AreaConditions:
    service = SeoulCityData(url=server.url, http=OutboundHttp(allows_private=True), key="key")
    return service.conditions(area=area)


def test_reads_crowds_and_roads(router: RouterServer) -> None:
    router.reply = Reply(body=city_data(level="보통", later=("약간 붐빔", "붐빔"), road="정체"))

    told = ask(router)

    assert [(hour.starts_at, hour.level, hour.is_forecast) for hour in told.crowd] == [
        (datetime(2026, 6, 6, 14, 30, tzinfo=SEOUL), 0.45, False),
        (datetime(2026, 6, 6, 15, tzinfo=SEOUL), 0.7, True),
        (datetime(2026, 6, 6, 16, tzinfo=SEOUL), 0.95, True),
    ]
    assert (told.road_state, told.road_speed_kmh) == ("jammed", 18.0)
    assert router.asked == ["/key/xml/citydata/1/5/POI007"]


def test_a_name_is_quoted_in_the_address(router: RouterServer) -> None:
    router.reply = Reply(body=city_data())

    ask(router, area="광화문·덕수궁/../..")

    assert router.asked[0].endswith("%EB%8D%95%EC%88%98%EA%B6%81%2F..%2F..")


def test_reads_a_real_answer(router: RouterServer, shared_data: Path) -> None:
    sample = shared_data / "places" / "seoul_more" / "conditions" / "city_data_sample.xml"
    router.reply = Reply(body=sample.read_bytes())

    told = ask(router, area="POI009")

    assert [hour.level for hour in told.crowd] == [0.2] * 12 + [0.7]
    assert (told.road_state, told.road_speed_kmh) == ("slow", 18.0)


def test_roads_that_are_not_told_and_hours_that_are_not_foretold_cost_nothing_else(
    router: RouterServer,
) -> None:
    router.reply = Reply(body=city_data(later=("", "붐빔")).replace(b"18<", "점검중<".encode()))

    told = ask(router)

    assert [hour.level for hour in told.crowd] == [0.45, 0.95]
    assert (told.road_speed_kmh, told.road_state, told.observed_at) == (None, "", None)


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply(body=city_data(code="INFO-200")), "result_INFO-200"),
        (Reply(body=b"<RESULT><CODE>ERROR-337</CODE></RESULT>"), "result_ERROR-337"),
        (Reply(body=city_data(level="만원")), "level_unknown"),
        (Reply(body=city_data()[:-200]), "not_xml"),
        (Reply(body=b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'), "not_xml"),
        (Reply(body=b"{}"), "not_xml"),
        (Reply(status=500), "status_500"),
        (Reply(body=city_data().replace(b"14:30", b"25:30")), "not_a_time"),
    ],
)
def test_an_answer_that_cannot_be_used_is_a_failure(
    router: RouterServer, reply: Reply, reason: str
) -> None:
    router.reply = reply

    with pytest.raises(ConditionsFailed) as failure:
        ask(router)

    assert failure.value.reason == reason
