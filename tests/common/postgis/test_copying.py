from datetime import UTC, date, datetime
from uuid import UUID

import numpy as np
import pytest
from django.db import connection

from common.postgis import copying

pytestmark = pytest.mark.django_db


def test_every_kind_of_field_is_read_back_as_it_was() -> None:
    said_at = datetime(2026, 11, 21, 23, 59, 59, 123456, tzinfo=UTC)
    public_id = UUID("018f0000-0000-7000-8000-000000000001")
    fields = (
        copying.text('탭\t "줄"\n\\N'),
        copying.jsonb('{"가": [1, null]}'.encode()),
        copying.int4(-7),
        copying.int8(1 << 40),
        copying.float8(0.1),
        copying.boolean(True),  # noqa: FBT003 - a field
        copying.iso_day("1999-12-31"),
        copying.instant(said_at),
        copying.uuid(public_id),
        copying.point(127.1, 37.5),
        copying.vectors(np.array([[0.5, -2.0]], dtype=np.float32))[0],
        copying.NULL,
    )

    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE copied (a text, b jsonb, c int, d bigint, e float8, f bool, g date,"
            " h timestamptz, i uuid, j geometry(Point, 4326), k vector, l text)"
        )
        copying.copy_rows(cursor, into="copied", rows=[copying.row_of(fields)] * 2)
        cursor.execute(
            "SELECT a, b::text, c, d, e, f, g, h, i, ST_AsEWKT(j), k::text, l FROM copied"
        )
        rows = cursor.fetchall()

    assert (
        rows
        == [
            (
                '탭\t "줄"\n\\N',
                '{"가": [1, null]}',
                -7,
                1 << 40,
                0.1,
                True,
                date(1999, 12, 31),
                said_at,
                public_id,
                "SRID=4326;POINT(127.1 37.5)",
                "[0.5,-2]",
                None,
            )
        ]
        * 2
    )
