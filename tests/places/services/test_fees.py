import pytest

from places.services.fees import with_noughts_believed
from places.types import Draft
from tests.builders.drafts import make_draft


def nought(*, publisher: str, is_public: bool = False, category: str = "museum") -> Draft:
    return make_draft(
        name="달빛박물관",
        category=category,
        source="museums-standard",
        fee_hint="nought",
        is_public=is_public,
        payload={"제공기관코드": publisher},
    )


VARIES = make_draft(name="달빛박물관", category="museum", fee_hint="varies")
DEAR = make_draft(name="달빛박물관", category="museum", cost=(18_000, 18_000))


@pytest.mark.parametrize(
    ("cluster", "costs"),
    [
        ([nought(publisher="A", is_public=True)], [(0, 0)]),
        ([nought(publisher="A", is_public=True), DEAR], [None, (18_000, 18_000)]),
        ([nought(publisher="A", is_public=True), VARIES], [None, None]),
        ([nought(publisher="A")], [None]),
        ([nought(publisher="A"), nought(publisher="A")], [None, None]),
        ([nought(publisher="A"), nought(publisher="B")], [(0, 0), (0, 0)]),
        (
            [nought(publisher=code, category="gallery") for code in ("A", "B")],
            [None, None],
        ),
    ],
)
def test_a_nought_is_free_where_nobody_has_a_reason_to_doubt_it(
    cluster: list[Draft], costs: list[tuple[int, int] | None]
) -> None:
    assert [draft.cost for draft in with_noughts_believed(cluster)] == costs
