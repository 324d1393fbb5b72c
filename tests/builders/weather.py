"""What weather services and Seoul's city data answer, in their wire formats."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from engine.types import Weather
from places.conditions.types import HourForecast

DAWN = datetime(2026, 6, 6, 0, 0, tzinfo=UTC)  # a Saturday, 09:00 in Seoul


def make_hour(*, hour: int = 0, sky: Weather = Weather.CLEAR, **fields: Any) -> HourForecast:
    """Return a mild hour, `hour` hours after DAWN."""
    defaults: dict[str, Any] = {"feels_like_c": 21.0}
    return HourForecast(starts_at=DAWN + timedelta(hours=hour), sky=sky, **(defaults | fields))


def open_meteo(
    *, codes: list[int | None], begin: datetime = DAWN, **columns: Any
) -> dict[str, Any]:
    """Return Open-Meteo's answer for one position: an hour for each WMO code."""
    times = [int((begin + timedelta(hours=h)).timestamp()) for h in range(len(codes))]
    hourly = {
        "time": times,
        "apparent_temperature": [20.5] * len(codes),
        "precipitation": [0.0] * len(codes),
        "precipitation_probability": [10] * len(codes),
        "weather_code": codes,
    }
    return {
        "latitude": 37.55,
        "longitude": 126.92,
        "utc_offset_seconds": 0,
        "timezone": "GMT",
        "hourly_units": {"time": "unixtime", "apparent_temperature": "°C"},
        "hourly": hourly | columns,
    }


def kma(*, hours: list[dict[str, str]], begin: str = "20260606", code: str = "00") -> bytes:
    """Return the data portal's answer: an hour from 09:00 on for each set of categories."""
    usual = {"TMP": "21", "REH": "50", "WSD": "1.0", "SKY": "1", "PTY": "0", "POP": "0"}
    items = [
        {
            "baseDate": begin,
            "baseTime": "0500",
            "category": category,
            "fcstDate": begin,
            "fcstTime": f"{9 + index:02}00",
            "fcstValue": value,
            "nx": 59,
            "ny": 126,
        }
        for index, values in enumerate(hours)
        for category, value in {**usual, "PCP": "강수없음", **values}.items()
    ]
    response = {
        "header": {"resultCode": code, "resultMsg": "NORMAL_SERVICE"},
        "body": {
            "dataType": "JSON",
            "items": {"item": items},
            "pageNo": 1,
            "totalCount": len(items),
        },
    }
    return json.dumps({"response": response}, ensure_ascii=False).encode()


def city_data(
    *,
    level: str = "보통",
    later: tuple[str, ...] = ("약간 붐빔",),
    road: str = "서행",
    code: str = "INFO-000",
) -> bytes:
    """Return Seoul's city data of one area at 14:30 on 6 June 2026, and the full hours after it."""
    forecast = "".join(
        f"<FCST_PPLTN><FCST_TIME>2026-06-06 {15 + hour}:00</FCST_TIME>"
        f"<FCST_CONGEST_LVL>{word}</FCST_CONGEST_LVL></FCST_PPLTN>"
        for hour, word in enumerate(later)
    )
    return (
        "<SeoulRtd.citydata><list_total_count>1</list_total_count>"
        f"<RESULT><RESULT.CODE>{code}</RESULT.CODE><RESULT.MESSAGE>.</RESULT.MESSAGE></RESULT>"
        "<CITYDATA><AREA_NM>홍대 관광특구</AREA_NM><AREA_CD>POI007</AREA_CD>"
        "<LIVE_PPLTN_STTS><LIVE_PPLTN_STTS>"
        f"<AREA_CONGEST_LVL>{level}</AREA_CONGEST_LVL><PPLTN_TIME>2026-06-06 14:30</PPLTN_TIME>"
        f"<FCST_YN>Y</FCST_YN><FCST_PPLTN>{forecast}</FCST_PPLTN>"
        "</LIVE_PPLTN_STTS></LIVE_PPLTN_STTS>"
        f"<ROAD_TRAFFIC_STTS><AVG_ROAD_DATA><ROAD_TRAFFIC_IDX>{road}</ROAD_TRAFFIC_IDX>"
        "<ROAD_TRAFFIC_SPD>18</ROAD_TRAFFIC_SPD><ROAD_TRAFFIC_TIME>2026-06-06 14:30</ROAD_TRAFFIC_TIME>"
        "</AVG_ROAD_DATA></ROAD_TRAFFIC_STTS></CITYDATA></SeoulRtd.citydata>"
    ).encode()
