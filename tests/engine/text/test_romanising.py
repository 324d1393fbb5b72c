import pytest

from engine.text.romanising import romanise


@pytest.mark.parametrize(
    ("korean", "latin"),
    [
        ("서울", "Seoul"),
        ("종로", "Jongno"),
        ("왕십리", "Wangsimni"),
        ("신라", "Silla"),
        ("독립문", "Dongnimmun"),
        ("선릉", "Seolleung"),
        ("별내", "Byeollae"),
        ("을지로", "Euljiro"),
        ("압구정", "Apgujeong"),
        ("백마", "Baengma"),
        ("한강", "Hangang"),
        ("국립중앙박물관", "Gungnipjungangbangmulgwan"),
        ("묵호", "Mukho"),
        ("집현전", "Jiphyeonjeon"),
        ("해돋이", "Haedoji"),
        ("같이", "Gachi"),
        ("좋고", "Joko"),
        ("좋아", "Joa"),
        ("많다", "Manta"),
        ("닭이", "Dalgi"),
        ("값", "Gap"),
        ("꽃잎", "Kkochip"),
        ("낙동강", "Nakdonggang"),
        ("샛별", "Saetbyeol"),
        ("뚝섬", "Ttukseom"),
        ("의정부", "Uijeongbu"),
    ],
)
def test_writes_a_word_as_it_sounds(korean: str, latin: str) -> None:
    assert romanise(korean) == latin


def test_capitalises_each_word_and_keeps_the_rest() -> None:
    assert romanise("북촌 한옥마을 (Bukchon) №1") == "Bukchon Hanongmaeul (Bukchon) №1"


def test_starts_no_new_word_after_a_digit() -> None:
    assert romanise("종로3가") == "Jongno3ga"


def test_leaves_a_text_without_hangul_alone() -> None:
    assert romanise("Café 漢字 1-2") == "Café 漢字 1-2"
