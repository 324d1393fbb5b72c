from datetime import date
from pathlib import Path

import pytest

from places.models import City, Place, PlaceSource, PlaceSyncLog
from places.services.cities import areas_version
from places.services.describing import label_of_vectors
from places.services.encoding import current_encoder
from places.services.importing import CityImport, ImportReport, NothingToImport
from places.services.storing import PlaceStore
from places.types import Refusal, SourceReport, StoreCounts
from tests.builders import open_data
from tests.builders.places import make_place
from tests.places.services.conftest import NOW

pytestmark = pytest.mark.django_db


def run(folder: Path, *, is_dry_run: bool = False) -> ImportReport:
    return CityImport().run(folder=folder, city="seoul", now=NOW, is_dry_run=is_dry_run)


def source(report: ImportReport, slug: str) -> SourceReport:
    return next(found for found in report.sources if found.source == slug)


def test_a_cafe_of_openstreetmap_becomes_a_place_with_priors_that_say_so(folder: Path) -> None:
    cafe = open_data.feature(
        node=5_500_000_000,
        amenity="cafe",
        name="달빛다락",
        name_en="Moonlight Attic",
        opening_hours="Mo-Su 10:00-22:00",
        outdoor_seating="yes",
    )
    open_data.write_osm(folder, [cafe])

    report = run(folder)

    place = Place.objects.get()
    assert report.counts == StoreCounts(created=1)
    assert place.names == {"ko": "달빛다락", "en": "Moonlight Attic"}
    assert (place.category, place.district) == ("cafe", "마포구")
    assert (place.cost_low, place.cost_high, place.cost_provenance) == (5000, 8000, "prior")
    assert (place.stay_min, place.stay_provenance) == (50, "prior")
    assert place.hours is not None
    assert (place.hours_provenance, place.hours_source) == ("stated", "osm")
    assert place.as_of == date(2017, 8, 1)
    assert place.mood_scores == {
        "romantic": {"confidence": 0.45, "evidence": "terrace: outdoor_seating=yes"}
    }
    assert place.embedding is not None
    assert PlaceSource.objects.get().external_ref == "node/5500000000"


def test_a_bulk_that_is_imported_has_its_vectors_at_the_end(folder: Path) -> None:
    open_data.write_museums(folder, [open_data.museum("달빛박물관")])

    later = CityImport(store=PlaceStore(encodes_later=True))
    later.run(folder=folder, city="seoul", now=NOW)

    assert Place.objects.get().encoder == label_of_vectors(current_encoder())


def test_importing_again_changes_nothing(folder: Path) -> None:
    open_data.write_museums(folder, [open_data.museum("달빛박물관")])
    run(folder)
    before = list(Place.objects.values())

    report = run(folder)

    assert report.counts == StoreCounts(unchanged=1)
    assert list(Place.objects.values()) == before
    assert not PlaceSyncLog.objects.exists()


def test_a_changed_record_keeps_the_place_and_logs_the_difference(folder: Path) -> None:
    open_data.write_museums(folder, [open_data.museum("달빛박물관")])
    run(folder)
    before = Place.objects.get()
    open_data.write_museums(folder, [open_data.museum("달빛박물관", 어른관람료="3000")])

    report = run(folder)

    after = Place.objects.get()
    assert report.counts == StoreCounts(updated=1)
    assert after.public_id == before.public_id
    assert (after.cost_low, after.cost_high, after.cost_provenance) == (3000, 3000, "stated")
    assert PlaceSyncLog.objects.get().diff["cost_high"] == [5000, 3000]


def test_a_place_no_source_knows_any_more_is_deactivated_not_deleted(folder: Path) -> None:
    other = open_data.museum(
        "별빛집", 소재지도로명주소="서울특별시 마포구 신촌로 2", 위도="37.5700"
    )
    open_data.write_museums(folder, [open_data.museum("달빛박물관"), other])
    run(folder)
    open_data.write_museums(folder, [open_data.museum("달빛박물관")])

    report = run(folder)

    assert report.counts == StoreCounts(unchanged=1, deactivated=1)
    assert Place.objects.get(name="별빛집").is_active is False


def test_a_place_made_by_an_operator_is_left_alone(folder: Path) -> None:
    own = make_place(name="우리집")
    open_data.write_museums(folder, [open_data.museum("달빛박물관")])

    run(folder)

    own.refresh_from_db()
    assert own.is_active is True


def test_a_dry_run_reports_and_stores_nothing(folder: Path) -> None:
    open_data.write_museums(folder, [open_data.museum("달빛박물관")])

    report = run(folder, is_dry_run=True)

    assert (report.places, report.counts) == (1, None)
    assert not City.objects.exists()


def test_a_truncated_file_loads_its_good_rows_and_names_the_bad_one(folder: Path) -> None:
    cafes = [
        open_data.feature(node=1, amenity="cafe", name="달빛다락"),
        open_data.feature(node=2, amenity="cafe", name="별빛다락"),
    ]
    path = open_data.write_osm(folder, cafes)
    path.write_bytes(path.read_bytes()[:-120])

    report = run(folder)

    assert list(Place.objects.values_list("name", flat=True)) == ["달빛다락"]
    (refusal,) = source(report, "osm").refusals
    assert (refusal.where, refusal.reason) == ("record 2", "malformed JSON")


def test_a_file_in_no_known_encoding_is_refused_and_the_others_load(folder: Path) -> None:
    (folder / "markets_standard.csv").write_bytes(bytes(range(128, 256)) * 3)
    open_data.write_museums(folder, [open_data.museum("달빛박물관")])

    report = run(folder)

    assert source(report, "markets-standard").refused_by_reason() == {"failed": 1}
    assert report.counts == StoreCounts(created=1)


def test_half_wrong_rows_are_refused_one_by_one(folder: Path) -> None:
    rows = [
        {"시장명": "달빛시장", "소재지도로명주소": "서울특별시 마포구 월드컵로 1", "위도": "37.556",
         "경도": "126.91", "점포수": "120", "취급품목": "음식점", "데이터기준일자": "2024-11-04"},
        {"시장명": "무좌표시장", "소재지도로명주소": "서울특별시 마포구 월드컵로 2"},
        {"시장명": "딴구시장", "소재지도로명주소": "서울특별시 종로구 종로 1", "위도": "37.556",
         "경도": "126.91"},
        {"시장명": "뒤바뀐시장", "소재지도로명주소": "서울특별시 마포구 월드컵로 3", "위도": "126.91",
         "경도": "37.556"},
        {"시장명": "부산시장", "소재지도로명주소": "부산광역시 중구 1", "위도": "35.1", "경도": "129.0"},
    ]  # fmt: skip
    open_data.write_cp949(folder, "markets_standard.csv", open_data.MARKET_COLUMNS, rows)

    report = run(folder)

    assert list(Place.objects.values_list("name", flat=True)) == ["달빛시장"]
    assert source(report, "markets-standard").refusals == [
        Refusal("line 3", "no coordinates"),
        Refusal(
            "line 4",
            "coordinate disagrees with the gu of the address",
            "딴구시장: 종로구, found in 마포구",
        ),
        Refusal("line 5", "latitude and longitude swapped", "126.91, 37.556"),
        Refusal("line 6", "outside the city", "부산시장", expected=True),
    ]


def test_one_museum_in_three_sources_is_one_place(folder: Path) -> None:
    culture = {
        "번호": "1", "주제분류": "박물관/기념관", "문화시설명": "달빛 박물관",
        "주소": "서울특별시 마포구 와우산로 1", "자치구": "마포구", "위도": "37.5583", "경도": "126.9236",
        "관람료": "무료", "휴관일": "매주 월요일",
    }  # fmt: skip
    open_data.write_museums(folder, [open_data.museum("달빛박물관")])
    open_data.write_cp949(folder, "culture_venues.csv", open_data.CULTURE_COLUMNS, [culture])
    open_data.write_osm(folder, [open_data.feature(node=1, tourism="museum", name="달빛박물관")])

    report = run(folder)

    place = Place.objects.get()
    assert report.counts == StoreCounts(created=1)
    assert place.sources.count() == 3
    assert (place.cost_low, place.cost_high, place.cost_provenance) == (0, 0, "stated")
    assert place.facts["cost"]["from"] == "culture-venues:1"
    assert source(report, "museums-standard").merged == 1


def test_objects_attach_to_the_museum_that_keeps_them(folder: Path) -> None:
    open_data.write_museums(folder, [open_data.museum("달빛박물관")])
    crown, jar = open_data.heritage("서봉총 금관", "보물"), open_data.heritage("백자 병", "국보")
    lone = open_data.heritage("어느 집 병풍", "보물", lat=37.58, address="서울특별시 마포구 어딘가")
    song = open_data.heritage("판소리", "무형유산")
    open_data.write_heritage(folder, [crown, jar, lone, song])

    report = run(folder)

    assert list(Place.objects.values_list("name", flat=True)) == ["달빛박물관"]
    assert source(report, "seoul-heritage").attached == 2
    assert source(report, "seoul-heritage").refused_by_reason() == {
        "movable object without a site": 1,
        "intangible heritage": 1,
    }


def test_the_halls_of_a_palace_attach_to_it_and_the_palace_outranks_a_stone(folder: Path) -> None:
    halls = [
        open_data.heritage(f"달빛궁 {hall}", "보물", lat=37.5590)
        for hall in ("근정전", "인정전", "명정전", "수정전", "경회루")
    ]
    palace = open_data.heritage("달빛궁", "사적", lat=37.5563)
    stone = open_data.heritage("별빛 정승 집터", "기념물", lat=37.5800, address="마포구 신수로 9")
    open_data.write_heritage(folder, [palace, *halls, stone])

    run(folder)

    first, second = Place.objects.order_by("-popularity")
    assert (first.name, first.cost_high, first.stay_min) == ("달빛궁", 3000, 100)
    assert (second.name, second.stay_min) == ("별빛 정승 집터", 15)
    assert first.popularity > second.popularity + 0.3


def test_a_geocoders_default_point_and_a_bare_district_are_not_believed(folder: Path) -> None:
    rows = [
        open_data.heritage(f"달빛 가옥 {n}", "사적", address=f"서울특별시 마포구 어떤로 {n}")
        for n in range(1, 5)
    ]
    bare = open_data.heritage("별빛 가옥", "사적", address="서울특별시 마포구", lat=37.57)
    open_data.write_heritage(folder, [*rows, bare])

    report = run(folder)

    assert not Place.objects.exists()
    assert source(report, "seoul-heritage").refused_by_reason() == {
        "point shared by many addresses": 4,
        "address names no more than a district": 1,
    }


def test_a_museum_that_does_not_operate_is_left_out(folder: Path) -> None:
    closed = [open_data.museum("쇳대박물관(휴관)"), open_data.museum("별빛관", 휴관정보="휴관")]
    open_data.write_museums(folder, closed)

    report = run(folder)

    assert not Place.objects.exists()
    assert source(report, "museums-standard").refused_by_reason() == {"does not operate": 2}


def test_hours_that_are_not_understood_are_counted_and_kept_as_text(folder: Path) -> None:
    library = {
        "도서관 일련번호": "7", "도서관명": "달빛도서관", "구명": "마포구",
        "주소": "서울특별시 마포구 와우산로 1", "운영시간": "사서 마음대로", "정기 휴관일": "",
        "도서관 구분명": "공공도서관", "위도": "37.5563", "경도": "126.9236",
    }  # fmt: skip
    open_data.write_with_mark(folder, "seoul_libraries.csv", open_data.LIBRARY_COLUMNS, [library])

    report = run(folder)

    place = Place.objects.get()
    found = source(report, "seoul-libraries")
    assert (place.hours, place.hours_provenance) == (None, "prior")
    assert place.hours_text == "사서 마음대로"
    assert (found.hours_said, found.hours_parsed, len(found.hours_refused)) == (1, 0, 1)


def test_a_menu_price_is_stated_and_hairdressers_stay_out(folder: Path) -> None:
    shops = """[
        {"id": 1, "category": "한식_일반", "name": "달빛국밥", "menu": "국밥", "price": 7000,
         "address": "와우산로 1", "latitude": 37.5563, "longitude": 126.9236},
        {"id": 2, "category": "기타서비스업", "name": "별빛커피", "menu": "아메리카노", "price": 2000,
         "address": "와우산로 2", "latitude": 37.5564, "longitude": 126.9240},
        {"id": 3, "category": "이미용업", "name": "달빛헤어", "menu": "커트", "price": 9000,
         "address": "와우산로 3", "latitude": 37.5565, "longitude": 126.9244}]"""
    (folder / "good_price_shops.json").write_text(shops, "utf-8")
    hours = {"업소명": "달빛국밥", "업소 주소": "서울특별시 마포구 와우산로 1",
             "업소정보": "영업시간 : 09:00~21:00 휴무일 : 매주 일요일"}  # fmt: skip
    open_data.write_cp949(folder, "good_price_hours_cp949.csv", open_data.HOURS_COLUMNS, [hours])

    run(folder)

    soup, coffee = Place.objects.order_by("name")
    assert (soup.name, soup.category, soup.cost_low, soup.cost_high) == (
        "달빛국밥", "restaurant", 7000, 10000,
    )  # fmt: skip
    assert (soup.cost_provenance, soup.hours_source) == ("stated", "good-price")
    assert (coffee.category, coffee.cost_low, coffee.cost_high) == ("cafe", 2000, 5000)


def test_a_big_park_is_entered_at_its_edge_near_a_station(folder: Path) -> None:
    park = open_data.feature(node=1, leisure="park", name="달빛숲")
    west, south, east, north = 126.915, 37.555, 126.925, 37.565
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    park["geometry"] = {"type": "Polygon", "coordinates": [ring]}
    open_data.write_osm(folder, [park])
    stations = "name_ko,name_en,lon,lat\n달빛,Moon,126.930,37.560\n"
    (folder / "stations.csv").write_text(stations, "utf-8")

    run(folder)

    place = Place.objects.get()
    assert (place.location.x, place.location.y) == (126.925, 37.56)
    assert place.facts["location"]["rule"] == "edge nearest to a station"


def test_a_chain_is_recognised_and_a_nameless_diner_is_not_loaded(folder: Path) -> None:
    open_data.write_osm(
        folder,
        [
            open_data.feature(node=1, amenity="cafe", name="스타벅스 홍대점"),
            open_data.feature(node=2, amenity="restaurant", name="식당"),
            open_data.feature(node=3, amenity="bank", name="달빛은행"),
            open_data.feature(node=4, amenity="cafe"),
        ],
    )

    report = run(folder)

    place = Place.objects.get()
    assert (place.chain, place.names["en"]) == ("스타벅스", "Starbucks Hongdae")
    assert place.has_romanised_name is True
    assert source(report, "osm").refused_by_reason() == {
        "no name of its own": 1,
        "not a trip stop": 1,
        "unnamed": 1,
    }


def test_a_folder_without_any_source_is_refused(folder: Path) -> None:
    with pytest.raises(NothingToImport):
        run(folder)


def test_importing_fewer_sources_keeps_what_the_others_said(folder: Path) -> None:
    open_data.write_museums(folder, [open_data.museum("달빛박물관", 어른관람료="3000")])
    osm = open_data.write_osm(
        folder, [open_data.feature(node=1, tourism="museum", name="달빛박물관")]
    )
    run(folder)
    (folder / "museums_standard.json").unlink()
    osm.write_text(osm.read_text("utf-8").replace('"tourism"', '"wheelchair": "yes", "tourism"'))

    report = run(folder)

    place = Place.objects.get()
    assert report.counts == StoreCounts(updated=1)
    assert (place.wheelchair, place.cost_high, place.cost_provenance) == (True, 3000, "stated")
    assert PlaceSource.objects.count() == 2


def test_the_data_version_names_the_places_and_the_areas(folder: Path) -> None:
    open_data.write_museums(folder, [open_data.museum("달빛박물관")])

    run(folder)

    version = City.objects.get().data_version
    assert version.startswith("import-")
    assert version.endswith(f"-{areas_version('seoul')}")


def test_a_cuisine_is_kept_with_the_row_it_came_from(folder: Path) -> None:
    open_data.write_osm(
        folder, [open_data.feature(node=1, amenity="restaurant", name="달빛", cuisine="japanese")]
    )

    run(folder)

    place = Place.objects.get()
    assert place.facts["cuisine"] == {
        "from": "osm:node/1", "provenance": "stated", "said": "japanese",
    }  # fmt: skip
    assert "음식 japanese" in place.description
