import gzip
import json
from functools import cache
from pathlib import Path

import pytest

from engine.query.gazetteer import AreaName, Gazetteer, Match
from engine.types import Point

SHIPPED = Path(__file__).parents[3] / "places" / "data" / "gazetteer" / "seoul_areas.jsonl.gz"


def make_area(
    slug: str, name_ko: str, name_en: str, *aliases: str, at: tuple[float, float]
) -> AreaName:
    return AreaName(
        slug=slug,
        name_ko=name_ko,
        name_en=name_en,
        aliases=aliases,
        kind="neighbourhood",
        centre=Point(*at),
        radius_m=500,
    )


@cache
def seoul() -> Gazetteer:
    with gzip.open(SHIPPED, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    return Gazetteer(
        AreaName(
            slug=row["slug"],
            name_ko=row["name_ko"],
            name_en=row["name_en"],
            aliases=tuple(row["aliases"]),
            kind=row["kind"],
            centre=Point(row["lat"], row["lon"]),
            radius_m=row["radius_m"],
        )
        for row in rows
    )


@pytest.mark.parametrize(
    ("said", "slug"),
    [
        ("홍대", "hongdae"), ("홍대입구", "hongdae"), ("홍대입구역", "hongdae"), ("홍대앞", "hongdae"),
        ("홍대 앞", "hongdae"), ("Hongdae", "hongdae"), ("HONGDAE", "hongdae"), ("hong dae", "hongdae"),
        ("Hongik Univ.", "hongdae"), ("성수", "seongsu"), ("성수동", "seongsu"), ("성수역", "seongsu"),
        ("Sungsu", "seongsu"), ("Seongsu-dong", "seongsu"), ("을지로", "euljiro"), ("힙지로", "euljiro"),
        ("을지로 3가", "euljiro"), ("Euljiro", "euljiro"), ("강남역", "gangnam-station"),
        ("강남", "gangnam-station"), ("Gangnam Station", "gangnam-station"), ("강남구", "gangnam-gu"),
        ("Gangnam-gu", "gangnam-gu"), ("잠실", "jamsil"), ("잠실역", "jamsil"), ("Jamsil", "jamsil"),
        ("북촌", "bukchon"), ("북촌한옥마을", "bukchon"), ("북촌 한옥마을", "bukchon"),
        ("Bukchon Hanok Village", "bukchon"), ("익선동", "ikseon"), ("Ikseon-dong", "ikseon"),
        ("망원", "mangwon"), ("망원동", "mangwon"), ("망리단길", "mangwon"), ("Mangwon", "mangwon"),
        ("연남동", "yeonnam"), ("연트럴파크", "yeonnam"), ("서울숲", "seoul-forest"),
        ("Seoul Forest", "seoul-forest"), ("가로수길", "garosu-gil"), ("신사동 가로수길", "garosu-gil"),
        ("압구정로데오", "apgujeong-rodeo"), ("압구정 로데오거리", "apgujeong-rodeo"),
        ("청담", "cheongdam"), ("청담역", "cheongdam-station"), ("석촌호수", "seokchon-lake"),
        ("송리단길", "songnidan"), ("서촌", "seochon"), ("인사동", "insadong"), ("Insa-dong", "insadong"),
        ("삼청동", "samcheong"), ("이태원", "itaewon"), ("Itaewon", "itaewon"),
        ("경리단길", "gyeongnidan"), ("해방촌", "haebangchon"), ("한남동", "hannam"),
        ("여의도", "yeouido"), ("Yeouido", "yeouido"), ("문래", "mullae"), ("영등포", "yeongdeungpo"),
        ("신촌", "sinchon"), ("Sinchon", "sinchon"), ("Yonsei University", "sinchon"), ("이대", "ewha"),
        ("대학로", "daehangno"), ("혜화", "daehangno"), ("명동", "myeongdong"),
        ("Myeong-dong", "myeongdong"), ("남산", "namsan"), ("남산타워", "n-seoul-tower"),
        ("동대문", "dongdaemun"), ("DDP", "ddp"), ("ddp", "ddp"), ("광화문", "gwanghwamun"),
        ("종로", "jongno"), ("청계천", "cheonggyecheon"), ("여의도한강공원", "yeouido-hangang-park"),
        ("반포 한강공원", "banpo-hangang-park"), ("뚝섬", "ttukseom"), ("노량진", "noryangjin"),
        ("사당", "sadang"), ("건대", "konkuk"), ("건대입구역", "konkuk"), ("왕십리", "wangsimni"),
        ("회기", "hoegi"), ("수유", "suyu"), ("노원", "nowon"), ("목동", "mokdong"), ("마곡", "magok"),
        ("샤로수길", "sharosu-gil"), ("서울대입구", "sharosu-gil"), ("경복궁", "gyeongbokgung"),
        ("Gyeongbok Palace", "gyeongbokgung"), ("롯데월드타워", "lotte-world-tower"),
        ("광장시장", "gwangjang-market"), ("코엑스", "coex"), ("COEX", "coex"), ("서울역", "seoul-station"),
        ("시청", "city-hall"), ("마포구", "mapo-gu"), ("은평", "eunpyeong-gu"), ("방학동", "banghak-dong"),
        ("성신여대", "sungshin"), ("당산역", "dangsan"), ("안국역", "anguk"), ("DMC", "sangam"),
    ],
)  # fmt: skip
def test_a_name_means_its_area(said: str, slug: str) -> None:
    resolution = seoul().resolve(said)

    assert resolution.match is Match.NAME
    assert resolution.area is not None
    assert resolution.area.slug == slug


@pytest.mark.parametrize(
    ("said", "slugs"),
    [
        ("신사동", {"sinsa", "sinsa-dong-eunpyeonggu", "sinsa-dong-gwanakgu"}),
        ("마포", {"mapo-station", "mapo-gu"}),
        ("서대문", {"seodaemun-station", "seodaemun-gu"}),
    ],
)
def test_one_name_of_places_far_apart_is_ambiguous(said: str, slugs: set[str]) -> None:
    resolution = seoul().resolve(said)

    assert resolution.match is Match.AMBIGUOUS
    assert resolution.area is None
    assert {area.slug for area in resolution.candidates} == slugs


def test_the_river_means_any_of_its_parks() -> None:
    resolution = seoul().resolve("한강")

    assert resolution.match is Match.AMBIGUOUS
    assert all(area.slug.endswith("-hangang-park") for area in resolution.candidates)


@pytest.mark.parametrize(
    ("said", "slug"),
    [("홍데", "hongdae"), ("Gyeongbokkung", "gyeongbokgung"), ("Yeonam-dong", "yeonnam")],
)
def test_a_misspelling_finds_the_nearest_name(said: str, slug: str) -> None:
    resolution = seoul().resolve(said)

    assert resolution.match is Match.SIMILAR
    assert resolution.area is not None
    assert resolution.area.slug == slug
    assert 0.5 <= resolution.confidence < 1


@pytest.mark.parametrize(
    "said",
    [
        "부산", "해운대", "부산 해운대", "하남", "Hanam", "Haeundae", "수원", "판교", "제주도", "인천", "Incheon", "도쿄",
        "Pangyo", "Tokyo", "asdfgh", "쀍뷁", "", "   ", "🍜", "'; DROP TABLE places; --", "스타벅스",
    ],
)  # fmt: skip
def test_what_lies_elsewhere_or_nowhere_is_unknown(said: str) -> None:
    resolution = seoul().resolve(said)

    assert resolution.match is Match.UNKNOWN
    assert resolution.area is None
    assert len(resolution.candidates) <= 5


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("홍대에서 3시간, 2만원으로 조용한 카페 위주", ["홍대"]),
        ("성수동 힙한 카페랑 편집샵 두 시간", ["성수동"]),
        ("성수쪽에서 놀자", ["성수"]),
        ("북촌 한옥마을 근처 전통적인 느낌으로", ["북촌"]),
        ("친구 셋이랑 강남역에서 술 한잔", ["강남역"]),
        ("오후 2시부터 5시까지 을지로 빈티지 감성", ["을지로"]),
        ("자전거로 한강 따라 반나절", ["한강"]),
        ("퇴근하고 잠실에서 두시간", ["잠실"]),
        ("토요일 하루 종일 이태원 전시랑 루프탑 바", ["이태원"]),
        ("일요일 점심에 광장시장", ["광장시장"]),
        ("3 hours around Hongdae under 20,000 won", ["Hongdae"]),
        ("museum then lunch near Gyeongbokgung tomorrow", ["Gyeongbokgung"]),
        ("hidden local restaurants in Mangwon, 15k won", ["Mangwon"]),
        ("walk from Seoul Forest to Seongsu-dong", ["Seoul Forest", "Seongsu-dong"]),
        ("연남동에서 망원동까지 산책", ["연남동", "망원동"]),
        ("홍대카페 말고 연남동맛집", ["홍대", "연남동"]),
        ("사당 근처 맛집", ["사당"]),
        ("사당, 3시간", ["사당"]),
        ("교대에서 만나", ["교대"]),
        ("신사역 근처", ["신사역"]),
        ("방학역에서 산책", ["방학역"]),
        ("near Mia station", ["Mia station"]),
        ("DDP에서 전시", ["DDP"]),
    ],
)
def test_finds_the_names_in_a_sentence(sentence: str, said: list[str]) -> None:
    mentions = seoul().find_all(sentence)

    assert [mention.text for mention in mentions] == said
    assert [sentence[m.start : m.end] for m in mentions] == said
    assert all(mention.areas for mention in mentions)


@pytest.mark.parametrize(
    "sentence",
    [
        "이대로 쭉 걷고 싶어", "고대 유적 같은 곳", "신사적인 바", "회사당일 반차", "성수기 여행", "여름 방학에 갈 곳",
        "시청률 높은 드라마 촬영지", "영화 시청 후 산책", "개봉 영화 보고", "온수 나오는 곳", "교대로 운전하면서",
        "강남스타일 노래", "홍대리와 점심", "중화요리 먹고 싶다", "방화 사건", "돌곶", "a mia moglie", "hongdaesque bars",
        "아무거나 추천해줘", "가볍게 커피 한 잔", "두 시간 산책", "Gangnamstyle dance", "명동교자 말고",
        "조용한 카페 위주로 2만원", "남성 혼자 3시간", "약수터까지 산책",
    ],
)  # fmt: skip
def test_finds_no_name_inside_other_words(sentence: str) -> None:
    assert seoul().find_all(sentence) == ()


def test_names_what_lies_elsewhere_without_an_area() -> None:
    (mention,) = seoul().find_all("부산 해운대 바닷가 보면서 회 먹고 싶다")

    assert mention.text == "부산 해운대"
    assert mention.areas == ()


def test_a_name_right_after_a_place_elsewhere_lies_there_too() -> None:
    (mention,) = seoul().find_all("인천 차이나타운에서 짜장면")

    assert mention.text == "인천 차이나타운"
    assert mention.areas == ()


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("near Bukchon Hanok Village", "Bukchon"),
        ("Gyeongbokgung Palace at noon", "Gyeongbokgung"),
        ("around Gangnam Station", "Gangnam Station"),
        ("Olympic Park picnic", "Olympic Park"),
    ],
)
def test_reports_a_name_without_the_kind_of_place(sentence: str, said: str) -> None:
    (mention,) = seoul().find_all(sentence)

    assert mention.text == said


def test_takes_up_the_whole_name_but_reports_what_people_say() -> None:
    (mention,) = seoul().find_all("내일 북촌 한옥마을에서")

    assert (mention.start, mention.end, mention.matched_end) == (3, 5, 10)


def test_offsets_count_in_the_sentence_as_given() -> None:
    (mention,) = seoul().find_all("  ＨＯＮＧＤＡＥ  카페")

    assert (mention.start, mention.end, mention.text) == (2, 9, "ＨＯＮＧＤＡＥ")


def test_longest_match_begins_where_it_is_asked() -> None:
    gazetteer = seoul()

    assert gazetteer.longest_match("서울숲 카페", 0) is not None
    assert gazetteer.longest_match("서울숲 카페", 1) is None


def test_names_close_together_mean_the_more_particular_area() -> None:
    street = make_area("street", "꽃길", "Flower Street", at=(37.5, 127.0))
    station = make_area("station", "꽃길역", "Flower Station", "꽃길", at=(37.505, 127.0))
    far = make_area("far", "꽃길동", "Flower-dong", "꽃길", at=(37.6, 127.0))

    near = Gazetteer([street, station]).resolve("꽃길")
    apart = Gazetteer([street, station, far]).resolve("꽃길")

    assert near.area == station
    assert [area.slug for area in apart.candidates] == ["far", "station"]


def test_finds_an_area_by_its_slug() -> None:
    area = make_area("flower", "꽃길", "Flower Street", at=(37.5, 127.0))

    gazetteer = Gazetteer([area])

    assert gazetteer.find("flower") == area
    assert gazetteer.find("tree") is None
