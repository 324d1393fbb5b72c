import pytest

from places.services.spelling import english_name


@pytest.mark.parametrize(
    ("korean", "category", "english"),
    [
        ("망원시장", "market", "Mangwon Market"),
        ("광장시장", "market", "Gwangjang Market"),
        ("국립고궁박물관", "museum", "National Palace Museum"),
        ("국립민속박물관", "museum", "National Folk Museum"),
        ("세계장신구박물관", "museum", "World Jewelry Museum"),
        ("국제갤러리", "gallery", "International Gallery"),
        ("롯데월드 민속박물관", "museum", "Lotte World Folk Museum"),
        ("여의도한강공원 물빛광장", "park", "Yeouido Hangang Park Waterlight Plaza"),
        ("크리스프 웨지", "gallery", "Crisp Wedge"),
        ("피규어뮤지엄W", "museum", "Figure Museum W"),
        ("조계사", "heritage", "Jogyesa Temple"),
        ("진관사", "heritage", "Jingwansa Temple"),
        ("구 서울역사", "heritage", "Former Seoul Yeoksa"),
        ("종친부 터 우물", "heritage", "Jongchinbu Teo Well"),
        ("헌릉과 인릉", "heritage", "Heolleung and Illeung"),
        ("사당솔밭도서관", "library", "Sadangsolbat Library"),
        ("이순신 사당", "heritage", "Yi Sun-sin Shrine"),
        ("KBS홀", "theatre", "KBS Hall"),
        ("경복궁", "restaurant", "Gyeongbokgung"),
        ("청와옥", "restaurant", "Cheongwaok"),
    ],
)
def test_a_korean_name_is_spelled_for_english_readers(
    korean: str, category: str, english: str
) -> None:
    assert english_name(korean, category=category) == english


@pytest.mark.parametrize(
    ("korean", "english"),
    [
        ("박노수미술관", "Park No-su Museum of Art"),
        ("안중근의사기념관", "An Jung-geun Memorial Hall"),
        ("최순우 옛집", "Choe Sun-u Old House"),
        ("전쟁기념관", "War Memorial Hall"),
        ("송파책박물관", "Songpa Book Museum"),
    ],
)
def test_a_person_is_spelled_as_one(korean: str, english: str) -> None:
    assert english_name(korean, category="museum") == english


@pytest.mark.parametrize(
    ("korean", "english"),
    [
        ("성동구립청계도서관", "Seongdong-gu Cheonggye Library"),
        ("계동 배렴 가옥", "Gye-dong Baeryeom House"),
    ],
)
def test_wards_and_neighbourhoods_take_a_hyphen(korean: str, english: str) -> None:
    assert english_name(korean, category="heritage") == english


@pytest.mark.parametrize(
    ("korean", "english"),
    [
        ("오성당", "Oseongdang"),
        ("우정식당", "Ujeong Restaurant"),
        ("광장족발", "Gwangjang Jokbal"),
        ("은행빵집", "Eunhaeng Bakery"),
        ("도시락집", "Dosirak House"),
        ("만두랑", "Mandurang"),
    ],
)
def test_a_word_of_sights_is_not_read_into_the_name_of_a_restaurant(
    korean: str, english: str
) -> None:
    assert english_name(korean, category="restaurant") == english


def test_a_branch_at_a_station_says_so() -> None:
    assert english_name("뽕뜨락피자 까치산역점", category="restaurant") == (
        "Ppongtteurak Pizza Kkachisan Station"
    )
