from datetime import UTC, datetime

import pytest

from places.models import PlaceSyncLog
from places.services.editing import PlaceEdits
from tests.builders.places import make_place

pytestmark = pytest.mark.django_db


def test_a_correction_is_stored_with_what_it_was_before() -> None:
    place = make_place(name="옛이름", stay_min=50)
    place.stay_min = 70

    PlaceEdits().save(place=place, changed=["stay_min"], now=datetime(2026, 11, 21, tzinfo=UTC))

    place.refresh_from_db()
    log = PlaceSyncLog.objects.get()
    assert place.stay_min == 70
    assert (log.place_id, log.source, log.diff) == (place.pk, "operator", {"stay_min": [50, 70]})
