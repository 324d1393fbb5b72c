"""Says what no local would call a stop, and what a name tells better than a source's class."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from places.services.merging import ASIDE, FOOD, NOISE, is_entrance_of
from places.types import Draft, Refusal

# Words that say what a place is and not which one; a name of nothing else names no place.
GENERIC: Final = re.compile(
    r"(?:식당|한식|중식|일식|양식|분식|뷔페|부페|음식점|밥집|고기집|고깃집|치킨집|호프집|호프|횟집|회집|국수집|국밥집|칼국수"
    r"|중국집|중화요리|김밥|떡볶이|치킨|피자|빵집|제과점|베이커리|커피숍|커피점|커피전문점|커피|카페|까페|찻집|다방|매점"
    r"|(?:벼룩|수산|어|활어|회|전통|재래)?시장|휴게소|휴게실|쉼터|푸드코트|구내|학생|교직원|직원|포장마차|주점|술집|바|매장|가게|상점|편의점|마트|공원|놀이터"
    r"|restaurant|restaurants|cafe|cafes|coffee|shop|coffeeshop|house|bakery|food|court|koreanfood|korean|chinese|japanese"
    r"|bar|pub|snack|book|tea|store|park|pizza|chicken|the|and|drink"
    r"|restaurace|hospoda|hostinec|pivnice|bufet|jídelna|občerstvení|bistro|kavárna|čajovna|cukrárna|pekárna|pizzeria|pizzerie"
    r"|vinárna|kebab|čínská|česká|indická|vietnamská|italská)+",
    re.IGNORECASE,
)
NOT_A_STOP: Final = (
    ("canteen", re.compile(r"구내\s*식당|학생\s*식당|교직원|직원\s*식당|학식|생협|기숙사|함바|기사\s*식당\s*앞|cafeteria|\bmenza\b|jídelna", re.I)),
    ("study room", re.compile(r"스터디|독서실|고시(?:원|텔)|study\s*(?:cafe|room)", re.I)),
    ("PC room", re.compile(r"PC\s*방|피씨방|피시방|PC\s*bang|미디어\s*카페|\bmedia\s*cafe|멀티방|룸\s*카페", re.I)),
    ("gym", re.compile(r"헬스|휘트니스|피트니스|체육관|fitness|\bgym\b", re.I)),
    ("office", re.compile(r"출장소|사무소|관리소|주민센터|은행$|\bATM\b|주차장|화장실", re.I)),
    ("catering", re.compile(r"출장\s*뷔페|도시락\s*배달|케이터링|웨딩|예식장|장례", re.I)),
    ("practice room", re.compile(r"연습실|합주실|스터디룸|파티룸", re.I)),
    ("private address", re.compile(r"동\s*\d+호$|빌라|(?:단지|아파트)\s*(?:내\s*)?상가$")),
    ("charity or club house", re.compile(r"운동본부|복지관|경로당|노인정|자원봉사|동호회")),
    ("shut", re.compile(r"[(\[]\s*(?:폐업|폐점|닫음|closed)[^)\]]*[)\]]|^(?:폐업|폐점)\b|\bclosed\b", re.I)),
)  # fmt: skip
SCHOOL: Final = re.compile(r"(?:초등|중|고등)학교|경기고|여고\b")
CONVENIENCE: Final = re.compile(r"^(?:GS\s*25|CU|세븐일레븐|이마트24|미니스톱)(?![A-Za-z])", re.I)
LIBRARY_NOT_A_STOP: Final = re.compile(r"작은도서관|학교도서관|전자도서관|정보자료실|자료실$")
# What a name says of a place that its source calls a café or a restaurant.
BY_NAME: Final = (
    (re.compile(r"나이트\s*클럽|\bnight\s*club\b", re.I), "club"),
    (re.compile(
        r"호프|주점|선술집|이자카야|술집|맥주|막걸리|소주방|대폿집|실내포장|와인|칵테일|펍$|펍\b"
        r"|(?<!\w)(?:포차(?!이나)|주막|비어)|(?:포차|주막|비어)(?=(?:[가-힣]*점)?(?!\w))|\bpub\b|\bbeer\b|\bizakaya\b"
        r"|\bwine\b|\bvinárna\b|\bvinotéka\b|\btap\s*house\b|brew(?:ery|ing)|\b(?:cocktail|whisky|jazz)\b|\bbar$", re.I), "bar"),
    (re.compile(
        r"만화\s*(?:카페|방)|보드\s*(?:게임|카페)|방탈출|키즈\s*(?:카페|랜드)|애견|펫\s*카페|고양이\s*카페|노래방|당구|볼링|VR\s*카페|공방"
        r"|타로|사주|점술|포토\s*(?:카페|스튜디오)|(?:\bcat|\bdog|\bcomics?|\bboard\s*game|\bkids?|\btarot|\bfortune(?:\s*reading)?)\s*caf[eé]\b", re.I),
     "activity"),
    (re.compile(
        r"베이커리|제과|빵집|빵$|도넛|도너츠|빙수|아이스크림|젤라|젤라또|케이크|케익|마카롱|와플|타르트|디저트|팥죽|떡집|떡카페|떡$"
        r"|\bbakery\b|cukrárna|pekárna|pekařství|zmrzlina|donut|doughnut|\bcake\b|gelato|ice\s*cream|patisserie|\bwaffle", re.I), "dessert"),
    (re.compile(r"커피|카페|까페|찻집|다방|다원$|로스터|kavárna|čajovna|\bcafe\b|\bcaf[eé]|coffee|roaster|\btea\s*house\b|\bespresso\b", re.I), "cafe"),
)  # fmt: skip
CAFE_LAST: Final = re.compile(r"(?:커피숍|커피|카페|까페|찻집|다방|다원)$")
MEAL: Final = re.compile(
    r"식당|칼국수|국수|국밥|갈비|곱창|삼겹|고기|치킨|통닭|피자|파스타|스시|초밥|돈까스|돈가스|냉면|해장국|설렁탕|삼계탕|떡볶이|김밥"
    r"|짬뽕|짜장|쌀국수|버거|레스토랑|restaurant|bistro|grill|kitchen|burger|pizza|치즈케이크팩토리",
    re.IGNORECASE,
)
# What is eaten with a drink: beside a bar's word it makes no restaurant (치킨호프, 피자앤펍).
WITH_A_DRINK: Final = re.compile(r"치킨|통닭|피자|족발|곱창|chicken|pizza|grill", re.IGNORECASE)
PETS: Final = re.compile(r"애견|반려견|펫\s*카페|\bdog\s*cafe\b", re.IGNORECASE)


def names_nothing(name: str) -> bool:
    """Tell whether the name says what a place is but not which one."""
    bare = NOISE.sub("", ASIDE.sub("", name))
    return not bare or bool(GENERIC.fullmatch(bare))


def reason_to_refuse(draft: Draft, *, markets: Sequence[Draft]) -> str:
    """Return why the draft is no stop; "" where it may be one."""
    if names_nothing(draft.name):
        return "no name of its own"
    if is_entrance_of(draft, markets):
        return "entrance, not a place"
    if draft.category == "heritage" and SCHOOL.search(draft.name):
        return "inside a school"
    if CONVENIENCE.search(draft.name):
        return "convenience store"
    if draft.category == "library" and LIBRARY_NOT_A_STOP.search(draft.name):
        return "neighbourhood reading room"
    return _reason_by_name(f"{draft.name} {draft.name_en}") if draft.category in FOOD else ""


def _reason_by_name(said: str) -> str:
    return next((reason for reason, found in NOT_A_STOP if found.search(said)), "")


def screen(drafts: Sequence[Draft]) -> tuple[list[Draft], list[tuple[Draft, Refusal]]]:
    """Return the drafts that may be stops, filed by what their names say, and the others."""
    markets = [draft for draft in drafts if draft.category == "market"]
    kept: list[Draft] = []
    refused: list[tuple[Draft, Refusal]] = []
    for draft in drafts:
        reason = reason_to_refuse(draft, markets=markets)
        if reason:
            refused.append((draft, Refusal(draft.where, reason, draft.name, expected=True)))
        else:
            kept.append(refile(draft))
    return kept, refused


def refile(draft: Draft) -> Draft:
    """Return the draft under the category that its name says."""
    if draft.category not in ("cafe", "restaurant", "dessert"):
        return draft
    said = f"{draft.name} {draft.name_en}"
    category = _named_category(draft, said)
    # A list of menu prices knows what it is that one eats there, but not that it is a pub.
    if draft.source == "good-price" and category != "bar":
        return draft
    pets = True if PETS.search(said) else draft.pets_allowed
    if (category, pets) == (draft.category, draft.pets_allowed):
        return draft
    return replace(draft, category=category, pets_allowed=pets)


def _named_category(draft: Draft, said: str) -> str:
    category = next((kind for found, kind in BY_NAME if found.search(said)), draft.category)
    if category == "cafe" and _is_mapped_restaurant(draft):
        return draft.category
    if category == "bar":
        is_meal = MEAL.search(WITH_A_DRINK.sub("", said)) is not None
        return draft.category if is_meal else category
    if draft.category == "restaurant" and MEAL.search(said):
        return draft.category
    return "dessert" if category == "cafe" and draft.category == "dessert" else category


def _is_mapped_restaurant(draft: Draft) -> bool:
    """Tell whether a mapper chose the class: "cafe" in a name is often but a word."""
    is_mapped = draft.source == "osm" and draft.source_class == "restaurant" == draft.category
    return is_mapped and not CAFE_LAST.search(draft.name)
