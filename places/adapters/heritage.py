"""Seoul's designated heritage: sites and buildings, and the many movable objects kept in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from places.adapters import cleaning
from places.adapters.public_data import korean_public_data, stable_ref
from places.adapters.reading import read_table
from places.adapters.source import Feed, SourceAdapter
from places.types import Draft, Refusal, Row, SourceTerms

INTANGIBLE: Final = ("무형유산", "국가무형유산")
SITES: Final = ("사적", "명승", "기념물", "천연기념물", "자연유산")
ASIDE: Final = re.compile(r"\([^)]*\)|&lt;.*|<.*")
# What stands on the ground, by the last word of its name: surely …
BUILDING: Final = re.compile(
    r"(?:가옥|고택|한옥|사옥|청사|관사|본관|강당|교회|성당|교당|정문|홍예|다리|수교|석탑|탑|비|신도비|묘|묘역|묘소|태실"
    r"|정|루|각|봉수대|관천대|헌|별당|사당|부군당|아기씨당|총국|서원|향교|공장|번사창|별장|별서|지주|마애\S*|공사관|영사관)$"
)
# … and where the name has a place in front: "서울 …", "경복궁 근정전".
STRUCTURE: Final = re.compile(
    r"(?:문|전|재|관|당|가|집|역사|역|교|릉|능|원|궁|단|터|아틀리에|화실|학교|병원|우물|아파트|상가|정수장|사지|산성"
    r"|성곽|도성|보루|수원|수도원|제작소|차고|벙커|고분|정각|묘표)$"
)
# But not where the word is of a book, a picture, a statue or a thing.
OBJECT: Final = re.compile(
    r"^전\s|천자문|호소문|교지$|역정|[해행초전예]서\s|초상|영정|진영|시집|문집|발원문|상량문|선서문|명문|법어|영험전|열전|실록|교과서|인장|현판|목판|책판|경판|원고"
    r"|[금은동]관|왕관|익선관|목각|조각|부도탑비탁본|무신도|일괄|복장|문서|서간|일기|첩$|도$|병$|호$|권\s*[\d~,·?-]+|좌상|입상"
    r"|불상|삼존|괘불|동종|범종|복식|의복|유물|유묵|성보|탱|화상|필세필가|주전자|헬기|자전거|사전|소인|전차|세단|승용차"
)
PRIVATE: Final = re.compile(r"\d+동\s*\d+호|\d+호(?:\s|\)|$)|아파트|빌라|맨션")
GROUND_MARK: Final = re.compile(
    r"터$|지$|비$|묘$|묘역$|묘소$|탑$|우물$|지주$|마애\S*$|신도비$|표석$|단$"
)


class Heritage(SourceAdapter):
    """Every designation with its class; what can be carried away is an object."""

    files: tuple[str, ...] = ("seoul_heritage.tsv",)
    terms: SourceTerms = korean_public_data(
        "seoul-heritage", "서울시 국가유산 현황", publisher="서울 열린데이터광장"
    )
    as_of: date = date(2024, 5, 17)  # the classes are named as the law of this day names them

    def fetch(self, feed: Feed) -> Iterator[Row | Refusal]:
        decoded = feed.open(self.files, marks=("dong_tokens", "category"))
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
        is_object = _is_object(cell["name"], cell["category"], cell["address"])
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


def _is_object(said: str, designation: str, address: str) -> bool:
    if designation in SITES:
        return False
    plain = ASIDE.sub("", said).strip()
    if OBJECT.search(plain) or PRIVATE.search(address):
        return True
    if BUILDING.search(plain):
        return False
    return not (" " in plain and STRUCTURE.search(plain))
