"""Words for what was assumed: one sentence for each field and reason, in both languages."""

from __future__ import annotations

from typing import Any, Final

from common.languages import Bilingual
from engine.catalogue import MODES
from engine.types import Mode
from trips.types import Assumption, Locale

SENTENCES: Final[dict[tuple[str, str], Bilingual]] = {
    ("time_budget_min", "default"): Bilingual(
        ko="시간을 말하지 않아 {value}분으로 잡았어요.",
        en="No length was said, so {value} minutes.",
    ),
    ("time_budget_min", "until"): Bilingual(
        ko="말한 시각까지 {value}분이에요.", en="Until the time said it is {value} minutes."
    ),
    ("time_budget_min", "profile"): Bilingual(
        ko="시간은 프로필의 {value}분이에요.", en="The length is your profile's {value} minutes."
    ),
    ("budget", "default"): Bilingual(
        ko="예산을 말하지 않아 제한하지 않았어요.", en="No budget was said, so none is set."
    ),
    ("budget", "band"): Bilingual(
        ko="예산 수준에 따라 1인 {value:,}까지로 잡았어요.",
        en="The budget band stands for {value:,} a person.",
    ),
    ("budget", "profile"): Bilingual(
        ko="예산은 프로필 수준의 1인 {value:,}까지예요.",
        en="The budget is your profile's band: {value:,} a person.",
    ),
    ("mode", "default"): Bilingual(
        ko="이동 수단을 말하지 않아 {value}로 잡았어요.", en="No way to travel was said: {value}."
    ),
    ("mode", "profile"): Bilingual(
        ko="이동 수단은 프로필의 {value}예요.", en="You travel as your profile says: {value}."
    ),
    ("start_at", "now"): Bilingual(ko="지금 출발해요.", en="The start is now."),
    ("start_at", "daypart_start"): Bilingual(
        ko="{value}에 출발하는 것으로 잡았어요.", en="The start is taken to be {value}."
    ),
    ("start_at", "day_start"): Bilingual(
        ko="시각을 말하지 않아 {value}에 출발하는 것으로 잡았어요.",
        en="No time was said, so the start is {value}.",
    ),
    ("start_at", "moved_to_next_day"): Bilingual(
        ko="그 시간은 이미 지나 {value}로 옮겼어요.",
        en="That time is already over, so it moved to {value}.",
    ),
    ("area", "sentence_wins"): Bilingual(
        ko="보낸 위치 대신 문장에 나온 {value}에서 찾았어요.",
        en="The sentence names {value}, which wins over the position sent.",
    ),
    ("area", "parameter_wins"): Bilingual(
        ko="문장 대신 지정한 지역 {value}에서 찾았어요.",
        en="The area given, {value}, wins over the sentence.",
    ),
    ("area", "similar_name"): Bilingual(
        ko="‘{value}’ 지역으로 이해했어요.", en="Taken to mean {value}."
    ),
    ("area", "nearest_of_several"): Bilingual(
        ko="그 이름인 곳이 여럿이라 가장 가까운 {value}에서 찾았어요.",
        en="Several areas go by that name; {value} is the nearest.",
    ),
    ("area", "position_unused"): Bilingual(
        ko="보낸 위치 대신 지정한 지역 {value}에서 찾았어요.",
        en="The area given, {value}, wins over the position sent.",
    ),
    ("time_budget_min", "parameter_wins"): Bilingual(
        ko="문장 대신 지정한 {value}분으로 잡았어요.",
        en="The {value} minutes given win over the sentence.",
    ),
    ("budget", "parameter_wins"): Bilingual(
        ko="문장 대신 지정한 예산 {value:,}으로 잡았어요.",
        en="The budget given, {value:,}, wins over the sentence.",
    ),
    ("mode", "parameter_wins"): Bilingual(
        ko="문장 대신 지정한 이동 수단({value})으로 잡았어요.",
        en="The way to travel given ({value}) wins over the sentence.",
    ),
    ("party_size", "parameter_wins"): Bilingual(
        ko="문장 대신 지정한 {value}명으로 잡았어요.",
        en="The party of {value} given wins over the sentence.",
    ),
    ("categories", "meal"): Bilingual(
        ko="식사를 말해서 식당을 넣으려고 해요.", en="A meal was named, so a restaurant is wanted."
    ),
    ("weather", "default"): Bilingual(
        ko="날씨 예보가 없어 {value} 날씨로 계획했어요.",
        en="There is no forecast, so the plan is made for {value} weather.",
    ),
    ("weather", "forecast"): Bilingual(
        ko="{source} 예보({told_at})에 따라 {value} 날씨로 계획했어요.",
        en="The forecast of {source} ({told_at}) says {value} weather.",
    ),
    ("weather", "forecast_stale"): Bilingual(
        ko="{source}의 오래된 예보({told_at})에 따라 {value} 날씨로 계획했어요. 나서기 전에 날씨를 확인해 주세요.",
        en="An old forecast of {source} ({told_at}) says {value} weather: look again before you go.",
    ),
}

WEATHER_WORDS: Final = {
    "clear": Bilingual(ko="맑은", en="clear"),
    "clouds": Bilingual(ko="흐린", en="cloudy"),
    "rain": Bilingual(ko="비 오는", en="rainy"),
    "snow": Bilingual(ko="눈 오는", en="snowy"),
    "heat": Bilingual(ko="더운", en="hot"),
    "cold": Bilingual(ko="추운", en="cold"),
}


def say_assumption(*, assumption: Assumption, locale: Locale) -> str:
    """Return the sentence for one assumption."""
    sentence = SENTENCES[assumption.field, assumption.reason].in_language(locale)
    told_at = "" if assumption.told_at is None else f"{assumption.told_at:%m-%d %H:%M}"
    return sentence.format(
        value=_value(assumption, locale), source=assumption.source, told_at=told_at
    )


def _value(assumption: Assumption, locale: Locale) -> Any:
    if assumption.field == "mode":
        profile = MODES[Mode(assumption.value)]
        return profile.ko if locale == "ko" else profile.en
    if assumption.field == "weather":
        return WEATHER_WORDS[assumption.value].in_language(locale)
    if assumption.field == "start_at":
        return f"{assumption.value:%m-%d %H:%M}"
    if assumption.field == "time_budget_min":
        return f"{assumption.value:g}"
    return assumption.value
