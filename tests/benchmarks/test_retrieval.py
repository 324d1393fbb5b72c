import math

import pytest

from benchmarks.retrieval import (
    City,
    Question,
    compare,
    encoder_search,
    judge,
    measure,
    read_city,
    read_questions,
    tf_idf_search,
)

GRADES = {7: 2, 3: 1}


def test_the_right_places_first_measure_one() -> None:
    assert set(measure(order=[7, 3, *range(100, 120)], grades=GRADES).values()) == {1.0}


def test_the_second_best_first_measures_what_burges_wrote() -> None:
    measured = measure(order=[3, 7, *range(100, 120)], grades=GRADES)

    second = 1 / math.log2(3)
    assert measured["ndcg@10"] == pytest.approx((1 + 3 * second) / (3 + second))
    assert measured["recall@20"] == 1.0


def test_what_comes_after_twenty_is_not_found() -> None:
    measured = measure(order=[*range(100, 120), 7, 3], grades=GRADES)

    assert measured == {"recall@20": 0.0, "ndcg@10": 0.0, "ndcg@20": 0.0}


def test_recall_can_be_one_though_more_is_right_than_is_shown() -> None:
    measured = measure(order=list(range(20)), grades=dict.fromkeys(range(50), 1))

    assert measured["recall@20"] == 1.0


def test_tf_idf_finds_words_and_parts_of_words() -> None:
    search = tf_idf_search(["달빛서점", "조용한 카페", "카페 거리"])

    ((bookshop, *others), (_, quiet, street)) = search(["달빛서", "조용한 카페"])

    assert bookshop > max(others)
    assert quiet > street > 0


def test_questions_are_judged_in_the_language_asked() -> None:
    city = City(references={"a:1": 0, "a:2": 1}, texts=["책방", "pub"])
    question = Question(
        id="books", city="x", split="dev", asked={"ko": "책방", "en": "pub"}, grades={"a:1": 2}
    )
    search = tf_idf_search(city.texts)

    (korean,) = judge(search=search, questions=[question], city=city, language="ko")
    (english,) = judge(search=search, questions=[question], city=city, language="en")

    assert korean["ndcg@10"] == 1.0
    assert english["ndcg@10"] < 1.0


def test_every_judged_place_is_one_of_the_sample_cities() -> None:
    questions = read_questions()
    cities = {name: read_city(name).references for name in {one.city for one in questions}}

    assert sum(len(one.grades) for one in questions) >= 5_000
    assert len({one.id for one in questions}) == len(questions) >= 150
    for question in questions:
        assert question.grades.keys() <= cities[question.city].keys()
        assert set(question.grades.values()) <= {1, 2}
        assert question.split in ("dev", "held-out")


@pytest.mark.promise
def test_the_encoder_is_ahead_of_tf_idf_in_both_languages_and_splits() -> None:
    table = compare(
        searches={"encoder": encoder_search, "tf-idf": tf_idf_search},
        questions=read_questions(),
    )

    for group, measured in table["encoder"].items():
        assert measured["recall@20"] > table["tf-idf"][group]["recall@20"] + 0.08
        assert measured["ndcg@10"] > table["tf-idf"][group]["ndcg@10"] + 0.05
