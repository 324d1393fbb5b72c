import pytest

from engine.text.particles import Particle, attach_particle, choose_particle


@pytest.mark.parametrize(
    ("word", "particle", "written"),
    [
        ("카페", Particle.TOPIC, "카페는"),
        ("식당", Particle.TOPIC, "식당은"),
        ("미술관", Particle.SUBJECT, "미술관이"),
        ("공원", Particle.OBJECT, "공원을"),
        ("서점", Particle.WITH, "서점과"),
        ("카페", Particle.WITH, "카페와"),
        ("서울", Particle.TOWARD, "서울로"),
        ("서울", Particle.OBJECT, "서울을"),
        ("성수", Particle.TOWARD, "성수로"),
        ("강남", Particle.TOWARD, "강남으로"),
        ("친구", Particle.ALONG, "친구랑"),
        ("부모님", Particle.ALONG, "부모님이랑"),
        ("공원", Particle.COPULA, "공원이에요"),
        ("카페", Particle.COPULA, "카페예요"),
        ("카페", Particle.OR, "카페나"),
    ],
)
def test_follows_the_last_syllable(word: str, particle: Particle, written: str) -> None:
    assert attach_particle(word=word, particle=particle) == written


@pytest.mark.parametrize(
    ("number", "written"),
    [
        ("2", "2는"), ("3", "3은"), ("6", "6은"), ("10", "10은"), ("100", "100은"),
        ("0", "0은"), ("20,000", "20,000은"), ("4.5", "4.5는"), ("1000000000000", "1000000000000는"),
    ],
)  # fmt: skip
def test_reads_a_number_as_it_is_spoken(number: str, written: str) -> None:
    assert attach_particle(word=number, particle=Particle.TOPIC) == written


@pytest.mark.parametrize("number", ["1", "7", "8"])
def test_a_number_that_ends_in_rieul_takes_ro(number: str) -> None:
    assert choose_particle(word=number, particle=Particle.TOWARD) == "로"


@pytest.mark.parametrize(
    ("word", "written"),
    [
        ("Starbucks", "Starbucks는"), ("Seoul", "Seoul은"), ("Book", "Book은"), ("DDP", "DDP는"),
        ("MALL", "MALL은"), ("Onion", "Onion은"), ("House", "House는"), ("Table", "Table은"),
        ("Coffee", "Coffee는"), ("Lab", "Lab은"), ("Bar", "Bar는"), ("KTM", "KTM은"),
        ("Cat Café", "Cat Café는"), ("Karlín", "Karlín은"),
    ],
)  # fmt: skip
def test_reads_latin_letters_as_korean_writes_them(word: str, written: str) -> None:
    assert attach_particle(word=word, particle=Particle.TOPIC) == written


@pytest.mark.parametrize(
    ("word", "form"), [("호림박물관(신사)", "은"), ("'온지음'", "은"), ("카페!", "는")]
)
def test_passes_over_what_is_not_spoken(word: str, form: str) -> None:
    assert choose_particle(word=word, particle=Particle.TOPIC) == form


@pytest.mark.parametrize("word", ["", "…", "東京"])
def test_gives_both_forms_where_the_sound_is_unknown(word: str) -> None:
    assert choose_particle(word=word, particle=Particle.OBJECT) == "을(를)"
