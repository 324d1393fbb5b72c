import pytest

from benchmarks.api.measuring import holds
from benchmarks.api.synthesising import version_of
from places.models import City, Place
from places.services.describing import label_of_vectors
from places.services.encoding import current_encoder
from tests.builders.places import make_city, make_place

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _filled() -> None:
    city = make_city(data_version=version_of(1))
    make_place(city=city, encoder=label_of_vectors(current_encoder()))


def test_a_database_that_holds_the_places_is_kept() -> None:
    assert holds(places=1)


def test_another_number_of_places_is_filled_anew() -> None:
    assert not holds(places=2)


def test_a_database_that_was_left_half_filled_is_filled_anew() -> None:
    make_city(slug="elsewhere", data_version="")

    assert City.objects.count() == 2
    assert not holds(places=1)


def test_vectors_of_another_encoder_are_filled_anew() -> None:
    Place.objects.update(encoder="another/1")

    assert not holds(places=1)
