"""An answer of the API as a person likes to read it in a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from engine.catalogue import major_units
from trips.types import Locale

WIDTH: Final = 96

WORDS: Final[dict[Locale, dict[str, str]]] = {
    "ko": {
        "no_cards": "추천할 수 있는 코스가 없어요.",
        "understood": "이해한 내용",
        "assumed": "가정한 내용",
        "ignored": "이해하지 못한 말",
        "minutes": "분",
        "slack": "여유",
        "travel": "이동",
        "wait": "대기",
        "open_until": "까지 영업",
        "assumed_hours": "까지로 추정",
        "free": "무료",
        "trade_offs": "다른 코스와 비교",
        "warnings": "확인하세요",
        "arrive_at_end": "도착지",
        "nearest": "가까운 곳",
    },
    "en": {
        "no_cards": "No plan can be recommended.",
        "understood": "Understood",
        "assumed": "Assumed",
        "ignored": "Not understood",
        "minutes": " min",
        "slack": "to spare",
        "travel": "on the way",
        "wait": "wait",
        "open_until": " closing time",
        "assumed_hours": " assumed closing time",
        "free": "free",
        "trade_offs": "Against the others",
        "warnings": "Check first",
        "arrive_at_end": "destination",
        "nearest": "Nearest with enough places",
    },
}

# What was understood, by the words that said it; `mostly` and counts repeat their categories.
FIELD_LABELS: Final[dict[Locale, dict[str, str]]] = {
    "ko": {
        "area": "지역",
        "time_budget_min": "시간",
        "budget": "예산",
        "budget_band": "예산 수준",
        "day": "날",
        "daypart": "때",
        "start_time": "출발",
        "end_time": "끝",
        "mode": "이동",
        "categories": "원하는 곳",
        "moods": "분위기",
        "avoid": "피할 것",
        "companions": "함께",
        "party_size": "인원",
        "indoor": "실내외",
        "needs": "필요한 것",
        "low_walking": "적게 걷기",
        "max_stops": "최대 장소",
    },
    "en": {
        "area": "area",
        "time_budget_min": "length",
        "budget": "budget",
        "budget_band": "budget band",
        "day": "day",
        "daypart": "part of the day",
        "start_time": "start",
        "end_time": "end",
        "mode": "way to travel",
        "categories": "wanted",
        "moods": "mood",
        "avoid": "avoided",
        "companions": "company",
        "party_size": "people",
        "indoor": "indoors",
        "needs": "needs",
        "low_walking": "little walking",
        "max_stops": "stops at most",
    },
}

MODE_SIGNS: Final = {"walk": "🚶", "transit": "🚇", "bike": "🚲", "car": "🚗"}
CURRENCY_SIGNS: Final = {"KRW": "₩", "EUR": "€", "USD": "$", "JPY": "¥", "CZK": "Kč "}


def render_text(*, body: dict[str, Any], locale: Locale) -> str:
    """Return the cards of an answer as lines of text, for people and not for programs."""
    words = WORDS[locale]
    lines = list(_understanding(body["interpretation"], words, locale))
    if not body["cards"]:
        lines += ["", words["no_cards"]]
    for number, card in enumerate(body["cards"], start=1):
        lines += ["", *_card(number, card, words)]
    lines += _what_would_help(body, words)
    return "\n".join(lines)


def _understanding(
    interpretation: dict[str, Any], words: dict[str, str], locale: Locale
) -> Iterator[str]:
    labels = FIELD_LABELS[locale]
    said = [
        f"{labels[field]} ‘{', '.join(dict.fromkeys(word for piece in pieces for word in piece['words']))}’"
        for field, pieces in interpretation["evidence"].items()
        if field in labels
    ]
    if said:
        yield from _wrapped(f"{words['understood']}: ", " · ".join(said), indent=0)
    assumed = [assumption["text"] for assumption in interpretation["assumed"]]
    if assumed:
        yield from _wrapped(f"{words['assumed']}: ", " ".join(assumed), indent=0)
    ignored = [piece["text"] for piece in interpretation["ignored"]]
    if ignored:
        yield from _wrapped(f"{words['ignored']}: ", ", ".join(ignored), indent=0)


def _card(number: int, card: dict[str, Any], words: dict[str, str]) -> Iterator[str]:
    yield f"━━ {number}. {card['title']}  [{card['kind']}, {card['score']:.2f}]"
    yield (
        f"   {_clock(card['starts_at'])}–{_clock(card['ends_at'])}"
        f" · {_minutes(card['duration_min'], words)}"
        f" · {_money(card['cost_low'], card['cost_high'], card['currency'], words)}"
        f" · {MODE_SIGNS[card['mode']]} {_distance(card['distance_m'])}"
        f" · {words['slack']} {_minutes(card['slack_min'], words)}"
    )
    for node, leg in zip(card["nodes"], card["legs"], strict=False):
        yield from _node(node, leg["mode"], card["currency"], words)
    if card["end_travel_min"] > 0:
        yield (
            f"   │ {MODE_SIGNS[card['legs'][-1]['mode']]} {_minutes(card['end_travel_min'], words)}"
            f" → {words['arrive_at_end']}"
        )
    for sentence in card["explanation"]:
        yield from _wrapped("   ", sentence, indent=3)
    for heading in ("trade_offs", "warnings"):
        for sentence in card[heading]:
            yield from _wrapped(f"   {words[heading]}: ", sentence, indent=6)


def _node(node: dict[str, Any], mode: str, currency: str, words: dict[str, str]) -> Iterator[str]:
    wait = f", {words['wait']} {_minutes(node['wait_min'], words)}" if node["wait_min"] >= 1 else ""
    yield (
        f"   │ {MODE_SIGNS[mode]} {_minutes(node['travel_min'], words)}"
        f" ({_distance(node['travel_m'])}){wait}"
    )
    place = node["place"]
    label = "open_until" if node["hours"]["status"] == "known" else "assumed_hours"
    closing = f" · {_clock(node['open_until'])}{words[label]}" if node["open_until"] else ""
    yield (
        f"   ● {_clock(node['arrive'])}–{_clock(node['leave'])}  {place['name']}"
        f" ({place['category_name']})"
        f" · {_money(node['cost_low'], node['cost_high'], currency, words)}{closing}"
    )
    for reason in node["reasons"]:
        yield from _wrapped("   │    ", reason, indent=8)


def _what_would_help(body: dict[str, Any], words: dict[str, str]) -> list[str]:
    lines = [body[name]["detail"] for name in ("why_fewer", "relaxation") if body.get(name)]
    nearest = (body.get("why_fewer") or {}).get("nearest_area")
    if nearest:
        lines.append(f"{words['nearest']}: {nearest['name']}")
    return ["", *lines] if lines else []


def _wrapped(prefix: str, text: str, *, indent: int) -> list[str]:
    return textwrap.wrap(text, width=WIDTH, initial_indent=prefix, subsequent_indent=" " * indent)


def _clock(time: str) -> str:
    return datetime.fromisoformat(time).strftime("%H:%M")


def _minutes(minutes: float, words: dict[str, str]) -> str:
    return f"{round(minutes)}{words['minutes']}"


def _distance(metres: float) -> str:
    return f"{round(metres, -1):.0f} m" if metres < 1000 else f"{metres / 1000:.1f} km"


def _money(low: int, high: int, currency: str, words: dict[str, str]) -> str:
    if high == 0:
        return words["free"]
    sign = CURRENCY_SIGNS.get(currency, f"{currency} ")
    ends = [major_units(amount=amount, currency=currency) for amount in dict.fromkeys((low, high))]
    return f"{sign}{'–'.join(ends)}"
