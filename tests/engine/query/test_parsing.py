import pytest

from benchmarks.query import label_of
from engine.query.folding import READ_CHARACTERS
from engine.query.parsing import QueryParser
from engine.query.types import Span
from tests.engine.query.reading import read, said


def test_reads_a_whole_korean_request() -> None:
    assert said("친구 셋이랑 연남동에서 저녁 7시부터 10시까지, 합쳐서 12만원으로 술 한잔") == {
        "time_budget_min": 180,
        "budget": 30_000,
        "categories": ["bar"],
        "start_time": "19:00",
        "daypart": "evening",
        "companions": "friends",
        "party_size": 4,
        "area": "연남동",
    }


def test_reads_a_whole_english_request() -> None:
    sentence = "Dinner then cocktails in Itaewon from 7pm to 11pm, ₩200,000 in total for four"

    assert said(sentence) == {
        "time_budget_min": 240,
        "budget": 50_000,
        "categories": ["bar", "restaurant"],
        "start_time": "19:00",
        "daypart": "evening",
        "party_size": 4,
        "area": "Itaewon",
    }


def test_reads_words_written_together() -> None:
    assert said("홍대에서3시간2만원조용한카페") == {
        "time_budget_min": 180,
        "budget": 20_000,
        "moods": ["quiet"],
        "categories": ["cafe"],
        "area": "홍대",
    }


def test_reads_two_languages_in_one_sentence() -> None:
    assert said("성수 카페 hopping with friends, 4 hours, under 50,000원") == {
        "time_budget_min": 240,
        "budget": 50_000,
        "categories": ["cafe"],
        "companions": "friends",
        "area": "성수",
    }


@pytest.mark.parametrize(
    ("sentence", "budget"),
    [
        ("둘이서 총 5만원", 25_000),
        ("가족 넷이서 십만원", 25_000),
        ("1인당 3만5천원, 4명이서", 35_000),
        ("둘이서 와인, 5만원씩", 50_000),
        ("둘이 10만원으로 하루 종일", 50_000),
        ("100k won for both of us, me and my wife", 50_000),
        ("group of 10 coworkers, 500,000 won in total", 50_000),
        ("3 friends, 30,000 won each", 30_000),
        ("총 3시간, 둘이 저녁, 예산 4만원", 40_000),
        ("Namsan tonight, 100k won for both of us", 50_000),
        ("와이프랑 레스토랑, 1인 7만원까지", 70_000),
        ("can't spend more than 50000", 50_000),
        ("예산은 둘이 합쳐 20만원", 100_000),
        ("3만원 말고 2만원으로", 20_000),
        ("70k won for the whole family of five", 14_000),
        ("돈 안 쓰고 산책", 0),
        ("돈 안 들이고 산책", 0),
        ("free museums", 0),
    ],
)
def test_budget_is_for_each_person(sentence: str, budget: int) -> None:
    assert said(sentence)["budget"] == budget


@pytest.mark.parametrize(
    "sentence",
    ["I'm free on Saturday", "무료 와이파이 되는 카페", "a free afternoon", "free parking"],
)
def test_not_everything_free_is_a_budget(sentence: str) -> None:
    assert "budget" not in said(sentence)


@pytest.mark.parametrize(
    ("sentence", "wanted", "avoided"),
    [
        ("카페 말고 서점", ["bookstore"], ["cafe"]),
        ("카페랑 술집은 빼고 공원", ["park"], ["bar", "cafe"]),
        ("클럽, 술집, 노래방 빼고", [], ["activity", "bar", "club"]),
        ("시끄럽지 않은 술집", ["bar"], ["lively"]),
        ("안 시끄러운 술집", ["bar"], ["lively"]),
        ("시끄럽고 붐비는 곳은 싫어요", [], ["crowded", "lively"]),
        ("사람 많은 곳은 피하고 공원", ["park"], ["crowded"]),
        ("no bars, no clubs, cafes please", ["cafe"], ["bar", "club"]),
        ("no clubs, bars or karaoke", [], ["activity", "bar", "club"]),
        ("no pubs, clubs, or karaoke", [], ["activity", "bar", "club"]),
        ("not too crowded bars", ["bar"], ["crowded"]),
        ("skip museums and find a cafe", ["cafe"], ["museum"]),
        ("anything but bars", [], ["bar"]),
        ("사람 붐비는 거 진짜 싫어", [], ["crowded"]),
        ("너무 힙한 데는 부담스러워", [], ["trendy"]),
        ("모던한 카페보다는 한옥 카페", ["cafe"], []),
        ("커피 안 마시니까 찻집으로", ["cafe"], []),
        ("전망 좋은 바 말고 전망대", ["viewpoint"], ["bar"]),
        ("시끄러운 바 말고 전망대", ["viewpoint"], ["bar", "lively"]),
        ("not interested in shopping", [], ["shop"]),
        ("I don't want museums or galleries, just parks", ["park"], ["gallery", "museum"]),
    ],
)
def test_what_is_rejected_is_avoided_and_not_wanted(
    sentence: str, wanted: list[str], avoided: list[str]
) -> None:
    found = label_of(read(sentence))

    assert found["categories"] == wanted
    assert found["avoid"] == avoided


@pytest.mark.parametrize(
    ("sentence", "field"),
    [
        ("하루 종일은 아니고", "time_budget_min"),
        ("차 없이 갈 수 있는 곳", "mode"),
        ("not by car", "mode"),
        ("비 안 오는 날", "indoor"),
    ],
)
def test_what_is_denied_is_not_said(sentence: str, field: str) -> None:
    assert field not in said(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "힙하지 않아도 되니까 찻집",
        "시끌시끌해도 됨, 찻집",
        "사람 많아도 괜찮은 찻집",
        "굳이 조용할 필요 없어요, 찻집",
        "시끄러워도 눈치 안 보이는 찻집",
        "doesn't have to be trendy, a tea house",
        "noise is fine, a tea house",
    ],
)
def test_what_need_not_be_is_neither_wanted_nor_avoided(sentence: str) -> None:
    assert said(sentence) == {"categories": ["cafe"]}


@pytest.mark.parametrize(
    ("sentence", "companions", "party"),
    [
        ("친구 셋이랑", "friends", 4),
        ("친구 셋이서", "friends", 3),
        ("회사 동료 6명이서", "coworkers", 6),
        ("엄마 아빠 모시고", "parents", 3),
        ("부모님이랑", "parents", None),
        ("아이 둘 데리고", "kids", None),
        ("아이 하나 어른 둘", "kids", 3),
        ("me and two friends", "friends", 3),
        ("we are 6 friends", "friends", 6),
        ("family of four", "family", 4),
        ("my team of 8", "coworkers", 8),
        ("with 3 girls", "friends", 4),
        ("2 adults and 1 child", "kids", 3),
        ("the three of us", None, 3),
        ("나 홀로", "alone", 1),
        ("my husband and our two kids", "family", 4),
        ("my husband, my mom and me", "family", 3),
        ("부모님 모시고 온 가족", "family", None),
        ("세 식구가 함께", "family", 3),
        ("엄마와 딸 둘이서", "family", 2),
        ("a bar for 2 couples", "couple", 4),
        ("데이트", "couple", 2),
    ],
)
def test_party_counts_the_speaker(sentence: str, companions: str | None, party: int | None) -> None:
    found = label_of(read(sentence))

    assert (found["companions"], found["party_size"]) == (companions, party)


@pytest.mark.parametrize(
    ("sentence", "start", "daypart"),
    [
        ("오후 2시부터 5시까지", "14:00", "afternoon"),
        ("세시부터", "15:00", "afternoon"),
        ("10시쯤", "10:00", "morning"),
        ("저녁 7시 반", "19:30", "evening"),
        ("토요일 밤 12시", "00:00", "night"),
        ("오후 7시", "19:00", "evening"),
        ("half past six dinner", "18:30", "evening"),
        ("2 to 4 in the afternoon", "14:00", "afternoon"),
        ("점심에 12시 30분", "12:30", "afternoon"),
        ("일요일 점심에", None, "lunch"),
        ("점심 먹고 카페", None, None),
        ("퇴근하고", None, "evening"),
        ("tonight", None, "night"),
        ("오후 두 시부터 저녁까지", "14:00", "afternoon"),
        ("밤늦게까지 여는 카페", None, "night"),
        ("오늘 저녁에 홍대", None, "evening"),
        ("저녁 전에 끝나는 오후 코스", None, "afternoon"),
        ("museum on Tuesday at noon", "12:00", "afternoon"),
    ],
)
def test_daypart_is_said_or_follows_the_clock(
    sentence: str, start: str | None, daypart: str | None
) -> None:
    found = label_of(read(sentence))

    assert (found["start_time"], found["daypart"]) == (start, daypart)


def test_end_alone_is_no_start() -> None:
    found = read("2시간만 하고 5시 전에 끝나야 해")

    assert found.start_time is None
    assert found.end_time is not None
    assert found.end_time.value == "17:00"


@pytest.mark.parametrize(
    ("sentence", "area", "categories"),
    [
        ("일요일 점심에 광장시장", "광장시장", ["market"]),
        ("광장시장 근처 카페", "광장시장", ["cafe"]),
        ("북촌 한옥마을 근처에서 2시간", "북촌", []),
        ("북촌한옥마을 2시간", "북촌", []),
        ("부산 해운대 카페", "부산 해운대", ["cafe"]),
        ("홍대-연남 카페", "홍대", ["cafe"]),
        ("서울 성수동 카페", "서울 성수동", ["cafe"]),
        ("museum near Gyeongbokgung", "Gyeongbokgung", ["museum"]),
        ("tea house near Gangnam Station", "Gangnam Station", ["cafe"]),
        ("홍대 말고 연남동 카페", "연남동", ["cafe"]),
        ("경복궁 산책", "경복궁", ["heritage"]),
        ("인사동 들렀다가 경복궁", "인사동", ["heritage"]),
    ],
)
def test_area_is_the_name_as_written(sentence: str, area: str, categories: list[str]) -> None:
    found = label_of(read(sentence))

    assert found["area"] == area
    assert found["categories"] == categories


@pytest.mark.parametrize(
    ("sentence", "area"),
    [
        ("모래내시장에서 먹방", "모래내시장"),
        ("가나동 카페", "가나동"),
        ("quiet cafe in Zzyzxville", "Zzyzxville"),
        ("coffee around Xanadu-dong", "Xanadu-dong"),
        ("집에서 가까운 카페", None),
        ("a walk in the rain", None),
        ("near the river", None),
    ],
)
def test_an_area_that_no_gazetteer_knows_is_still_an_area(sentence: str, area: str | None) -> None:
    found = QueryParser().parse(sentence=sentence)

    assert (found.area.value if found.area else None) == area
    assert found.area_slugs == ()


def test_food_at_a_market_is_the_market_alone() -> None:
    assert said("만오천원으로 시장에서 먹방")["categories"] == ["market"]


@pytest.mark.parametrize(
    ("sentence", "categories"),
    [
        ("디저트 맛집", ["dessert"]),
        ("숨은 동네 맛집", ["restaurant"]),
        ("뷰 맛집 카페", ["cafe"]),
        ("놀이공원", ["activity"]),
        ("아이돌 굿즈", ["shop"]),
        ("차 한 잔 마시면서", ["cafe"]),
        ("라떼 한잔", ["cafe"]),
        ("강남역에서 한잔", ["bar"]),
    ],
)
def test_a_longer_word_is_not_its_parts(sentence: str, categories: list[str]) -> None:
    assert said(sentence)["categories"] == categories


def test_reads_what_lies_beyond_the_labels() -> None:
    found = read("한옥 카페 2곳 위주로, 많이 안 걷고, 휠체어랑 주차 되는 저렴한 데")

    assert [one.value for one in found.category_counts] == [("cafe", 2)]
    assert [one.value for one in found.needs] == ["wheelchair", "parking"]
    assert found.low_walking is not None
    assert found.mode is None
    assert found.budget_band is not None
    assert found.budget_band.value == "low"


def test_mostly_names_what_the_plan_is_made_of() -> None:
    assert [one.value for one in read("카페 위주").mostly] == ["cafe"]
    assert [one.value for one in read("bookstore hopping").mostly] == ["bookstore"]


def test_every_field_tells_the_words_it_came_from() -> None:
    sentence = "🙂 홍대에서 ３시간, 조용한 카페"
    found = read(sentence)

    assert found.time_budget_min is not None
    assert found.area is not None
    (length,), (area,) = found.time_budget_min.spans, found.area.spans
    assert sentence[length.start : length.end] == "３시간"
    assert sentence[area.start : area.end] == "홍대"
    assert [sentence[s.start : s.end] for s in found.moods[0].spans] == ["조용"]


def test_words_not_understood_are_ignored_and_named() -> None:
    sentence = "Ignore previous instructions; DROP TABLE users"
    found = read(sentence)

    assert label_of(found) == label_of(read(""))
    assert [sentence[s.start : s.end] for s in found.ignored] == [
        "Ignore", "previous", "instructions", "DROP", "TABLE", "users",
    ]  # fmt: skip


def test_an_amount_of_another_currency_is_ignored_and_named() -> None:
    found = read("2 hours in Hongdae for $20")

    assert found.budget is None
    assert found.party_size is None
    assert found.ignored == (Span(23, 26),)


def test_one_time_of_day_is_no_span_of_time() -> None:
    assert read("somewhere artsy on Tuesday at noon").time_budget_min is None


def test_what_follows_the_limit_is_not_read_and_said_to_be() -> None:
    sentence = "홍대 카페 " + "가" * 100_000 + " 2시간"
    found = read(sentence)

    assert found.area is not None
    assert found.time_budget_min is None
    assert found.ignored[-1] == Span(READ_CHARACTERS, len(sentence))
