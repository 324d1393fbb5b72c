"""Seoul's designated heritage: sites and buildings, and the many movable objects kept in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from places.adapters import cleaning
from places.adapters.public_data import korean_public_data, stable_ref
from places.adapters.reading import decode, read_table
from places.types import Draft, Refusal, Row, SourceTerms

INTANGIBLE: Final = ("무형유산", "국가무형유산")
SITES: Final = ("사적", "명승", "기념물", "천연기념물", "자연유산")
ASIDE: Final = re.compile(r"\([^)]*\)|&lt;.*|<.*")
# What stands on the ground, by the last word of its name …
STRUCTURE: Final = re.compile(
    r"(?:문|전|각|루|정|헌|재|관|당|대|가옥|고택|가|한옥|집|사옥|청사|관사|본관|강당|교회|성당|교당"
    r"|역사|역|다리|교|탑|비|묘|묘역|묘소|능|릉|원|궁|단|터|지|별장|별서|아틀리에|화실|학교|병원|공장|우물"
    r"|지주|마애\S*|아파트|상가|장|사지|돈대|산성|성곽|도성|보루|공사관|영사관|부군당|수원|강당|수도원)$"
)
# … unless the word is of a book, a picture, a statue or a thing.
OBJECT: Final = re.compile(
    r"초상|영정|진영|시집|문집|발원문|상량문|명문|법어|영험전|열전|실록|교과서|인장|현판|목판|책판|경판|원고"
    r"|금관|왕관|부도탑비탁본|무신도|일괄|복장|문서|서간|일기|첩$|도$|병$|호$|권\s*[\d~,·?-]+|좌상|입상|불상"
    r"|삼존|괘불|동종|범종|복식|의복|유물|유묵|성보|탱|화상|필세필가|주전자|헬기|자전거|사전|소인|전차"
)
PRIVATE: Final = re.compile(r"\d+동\s*\d+호|\d+호(?:\s|\)|$)|아파트|빌라|맨션")
GROUND_MARK: Final = re.compile(
    r"터$|지$|비$|묘$|묘역$|묘소$|탑$|우물$|지주$|마애\S*$|신도비$|표석$|단$"
)


class Heritage:
    """Every designation with its class; what can be carried away is an object."""

    files: tuple[str, ...] = ("seoul_heritage.tsv",)
    terms: SourceTerms = korean_public_data(
        "seoul-heritage", "서울시 국가유산 현황", publisher="서울 열린데이터광장"
    )
    as_of: date = date(2024, 5, 17)  # the classes are named as the law of this day names them

    def parse(self, files: Mapping[str, bytes]) -> Iterator[Row | Refusal]:
        decoded = decode(files[self.files[0]], marks=("dong_tokens", "category"))
        yield from read_table(decoded, delimiter="\t")

    def clean(self, row: Row) -> Draft | Refusal:
        cell = {key: cleaning.text(value) for key, value in row.values.items()}
        if cell["category"] in INTANGIBLE:
            return Refusal(row.where, "intangible heritage", cell["name"], expected=True)
        point = cleaning.position(row, "lat", "lon")
        if isinstance(point, Refusal):
            return point
        # The official name of a building begins with its city; on the spot nobody says it.
        name = re.sub(r"^서울\s+(?=\S)", "", cell["name"].split("<")[0].strip())
        is_object = _is_object(name, cell["category"], cell["address"])
        mark = "ground_mark" if GROUND_MARK.search(ASIDE.sub("", name).strip()) else ""
        return Draft(
            source=self.terms.slug,
            ref=stable_ref(cell["name"], cell["address"], cell["category"]),
            where=row.where,
            name=name,
            category="heritage",
            source_class=cell["category"],
            latitude=point[0],
            longitude=point[1],
            address=cell["address"],
            district=cell["gu"] or cleaning.district(cell["address"]),
            is_object=is_object,
            signs={mark: "name"} if mark else {},
            as_of=self.as_of,
            payload=row.values,
        )


def _is_object(name: str, designation: str, address: str) -> bool:
    if designation in SITES:
        return False
    plain = ASIDE.sub("", name).strip()
    if OBJECT.search(plain) or not STRUCTURE.search(plain):
        return True
    return bool(PRIVATE.search(address))
