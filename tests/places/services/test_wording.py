from pathlib import Path
from unicodedata import normalize

import pytest

from places.models import NameWord
from places.services.importing import CityImport
from tests.builders import open_data
from tests.places.services.conftest import NOW

pytestmark = pytest.mark.django_db


def run(folder: Path) -> None:
    CityImport().run(folder=folder, city="seoul", now=NOW)


def test_the_words_of_an_imported_name_are_learnt_when_it_is_new_and_when_it_changes(
    folder: Path,
) -> None:
    cafe = open_data.feature(node=7, amenity="cafe", name="달빛다락", name_en="Attic")
    open_data.write_osm(folder, [cafe])
    run(folder)
    new = set(NameWord.objects.values_list("word", flat=True))

    cafe = open_data.feature(node=7, amenity="cafe", name="은하수", name_en="Attic")
    open_data.write_osm(folder, [cafe])
    run(folder)

    changed = set(NameWord.objects.values_list("word", flat=True))
    assert new == {normalize("NFD", "달빛다락"), "attic"}
    assert changed - new == {normalize("NFD", "은하수")}
