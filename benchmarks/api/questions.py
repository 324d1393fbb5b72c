"""Distinct questions in the mix that people ask, as HTTP requests, and the accounts that ask them."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from uuid_utils.compat import uuid7

from benchmarks.api.synthesising import Neighbourhood, read_cities
from users.adapters import tokens
from users.models import SignInMethod, TokenFamily, User
from users.services.starting_sessions import LIFETIME
from users.types import Role

PATH: Final = "/api/v1/trips/recommendations"
ASKED_A_USER: Final = 8  # of the ten that the limit lets through in a minute

# Minutes by weight: mostly two to four hours, one in ten a whole day.
LENGTHS: Final = ((60, 4), (90, 6), (120, 20), (150, 12), (180, 28), (240, 20), (420, 5), (540, 5))
MODES: Final = (("walk", 75), ("transit", 18), ("bike", 3), ("car", 4))
WISHES: Final[dict[str, tuple[str, ...]]] = {
    "ko": (
        "조용한 카페", "맛집이랑 카페", "전시 보고 산책", "데이트 코스", "아이랑 갈 만한 곳",
        "로맨틱한 분위기", "고궁이랑 박물관", "시장 구경하고 점심", "혼자 조용히 책 읽을 곳",
        "친구랑 활기찬 곳", "카페 말고 공원", "저녁 먹고 야경", "비 오는데 실내로", "체인점은 빼고",
        "한적한 공원 산책", "디저트 카페 두 곳", "부모님 모시고 역사 유적", "적당히 걷는 코스",
    ),
    "en": (
        "quiet cafes", "lunch and a museum", "a walk and a gallery", "a romantic evening",
        "something with kids", "markets and street food", "history and a park", "no cafes please",
        "cozy places to read", "lively bars with friends", "indoor places, it rains",
        "a good dinner and a view", "galleries and dessert", "temples and palaces",
    ),
}  # fmt: skip
BUDGETS_KO: Final = ("", "", ", 2만원", ", 3만원 이하", ", 5만원", " 둘이서 10만원")


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who asks."""

    public_id: UUID
    token: str


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: its parameters, and the language it is asked in."""

    parameters: dict[str, Any]
    language: str

    def request(self, *, account: Account, port: int) -> bytes:
        """Return the request as it goes over the wire, like a proxy of ours passes it on."""
        return (
            f"GET {PATH}?{urlencode(self.parameters)} HTTP/1.1\r\n"
            f"Host: 127.0.0.1:{port}\r\n"
            f"Authorization: Bearer {account.token}\r\n"
            f"Accept-Language: {self.language}\r\n"
            "Accept: application/json\r\n"
            "X-Forwarded-Proto: https\r\n"
            "X-Forwarded-For: 203.0.113.7\r\n"
            "\r\n"
        ).encode()


def make_accounts(*, count: int) -> list[Account]:
    """Make accounts that nobody can sign in to by password, signed in once each."""
    now = datetime.now(UTC)
    users = User.objects.bulk_create(
        [
            User(email=f"{uuid7()}@benchmark.example", password="!")  # noqa: S106 - none fits it
            for _ in range(count)
        ],
        batch_size=1000,
    )
    families = TokenFamily.objects.bulk_create(
        [
            TokenFamily(
                user=user,
                method=SignInMethod.PASSWORD,
                created_at=now,
                rotated_at=now,
                last_used_at=now,
                expires_at=now + LIFETIME,
            )
            for user in users
        ],
        batch_size=1000,
    )
    return [
        Account(
            family.user.public_id,
            tokens.make_pair(family=family, roles=[Role.USER], now=now).access,
        )
        for family in families
    ]


def draw_questions(
    *, neighbourhoods: Sequence[Neighbourhood], today: datetime, seed: int
) -> Iterator[Asked]:
    """Yield questions without end; no two ask for the same plan."""
    draw = random.Random(seed)
    cities = read_cities()
    # As the places are shared out: where there are more, more people ask.
    weights = _weights(neighbourhoods)
    while True:
        where = draw.choices(neighbourhoods, weights)[0]
        language = "ko" if cities[where.city]["country"] == "KR" or draw.random() < 0.3 else "en"
        minutes = _pick(draw, LENGTHS)
        starts_at = datetime.combine(
            today.date() + timedelta(days=draw.randint(1, 20)),
            time(
                draw.randint(10, 12) if minutes > 300 else draw.randint(10, 18),
                5 * draw.randrange(12),
            ),
            ZoneInfo(cities[where.city]["zone"]),
        )
        parameters: dict[str, Any] = {
            "q": _sentence(draw, language, where),
            "time_budget_min": minutes,
            "mode": _pick(draw, MODES),
            "start_at": starts_at.isoformat(),
            "seed": draw.randrange(2**31),
            # Beside an area in the sentence, which wins, it tells of several areas of one name.
            "lat": round(where.latitude + draw.gauss(0, 0.004), 6),
            "lon": round(where.longitude + draw.gauss(0, 0.004), 6),
        }
        yield Asked(parameters, language)


def _sentence(draw: random.Random, language: str, where: Neighbourhood) -> str:
    wish = draw.choice(WISHES[language])
    if language == "en":
        return wish
    area = f"{where.name}에서 " if where.name and draw.random() < 0.5 else ""
    return f"{area}{wish}{draw.choice(BUDGETS_KO)}"


def _pick(draw: random.Random, weighted: Sequence[tuple[Any, float]]) -> Any:
    return draw.choices([value for value, _ in weighted], [weight for _, weight in weighted])[0]


def _weights(neighbourhoods: Sequence[Neighbourhood]) -> list[float]:
    cities = read_cities()
    totals: dict[str, float] = {}
    for each in neighbourhoods:
        totals[each.city] = totals.get(each.city, 0.0) + each.weight
    return [each.weight / totals[each.city] * cities[each.city]["share"] for each in neighbourhoods]
