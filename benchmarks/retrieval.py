"""
How well questions find places by meaning: `python -m benchmarks.retrieval`.

The questions and the places judged for them stand in `benchmarks/data/retrieval.jsonl`, each with
the rule by which it was judged; the texts are those of the sample cities. Compared are the shipped
encoder, TF-IDF over words and letters, and PostgreSQL's trigrams (`--trigrams`, with the database).
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import os
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import django
import numpy as np
import numpy.typing as npt

from engine.embedding.encoding import default_encoder
from places.services.describing import describe

Scores = npt.NDArray[np.float64]
Search = Callable[[Sequence[str]], Scores]  # questions → (questions, places), higher is better

QUESTIONS: Final = Path(__file__).parent / "data" / "retrieval.jsonl"
CITIES: Final = Path(__file__).parent.parent / "places" / "data" / "cities"
SPLITS: Final = ("dev", "held-out")
LANGUAGES: Final = ("ko", "en")
SHOWN: Final = 20  # places looked at
TOP: Final = 10
GRAMS: Final = (2, 3, 4)
# What a sample city leaves out where a record is silent.
SILENT: Final = {"source_class": "", "description": "", "mood_scores": {}, "facts": {}}
ROUNDS: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question in both languages; `grades` are 2 for what is asked, 1 for what will do."""

    id: str
    city: str
    split: str
    asked: Mapping[str, str]  # by language
    grades: Mapping[str, int]  # by reference of the place's first source row


@dataclass(frozen=True, slots=True)
class City:
    """A sample city's places: how each is referred to, and its text."""

    references: Mapping[str, int]
    texts: Sequence[str]


def read_questions(path: Path = QUESTIONS) -> list[Question]:
    """Return the questions in file order."""
    return [_question(json.loads(line)) for line in path.read_text("utf-8").splitlines()]


def _question(row: Mapping[str, Any]) -> Question:
    return Question(
        id=row["id"],
        city=row["city"],
        split=row["split"],
        asked={language: row[language] for language in LANGUAGES},
        grades={place: int(grade) for grade, found in row["places"].items() for place in found},
    )


def read_city(name: str) -> City:
    """Return the shipped places of a city with the texts that the project encodes."""
    with gzip.open(CITIES / name / "places.jsonl.gz", "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    firsts = [row["sources"][0] for row in rows]
    return City(
        references={f"{row['source']}:{row['ref']}": at for at, row in enumerate(firsts)},
        texts=[describe({**SILENT, **row["fields"]}).text for row in rows],
    )


def measure(*, order: Sequence[int], grades: Mapping[int, int]) -> dict[str, float]:
    """
    Return recall and nDCG of one answer; `order` are places, best first, at least `SHOWN`.

    Recall is over min(SHOWN, relevant), so that it can be 1. The gain is 2^grade - 1 (Burges 2005).
    """
    hits = sum(place in grades for place in order[:SHOWN])
    return {
        f"recall@{SHOWN}": hits / min(SHOWN, len(grades)),
        f"ndcg@{TOP}": _ndcg(order, grades, TOP),
        f"ndcg@{SHOWN}": _ndcg(order, grades, SHOWN),
    }


def _ndcg(order: Sequence[int], grades: Mapping[int, int], depth: int) -> float:
    def gain(found: Sequence[int]) -> float:
        shares = (1 / math.log2(at + 2) for at in range(depth))
        return math.fsum(
            share * (2**grade - 1) for share, grade in zip(shares, found, strict=False)
        )

    return gain([grades.get(place, 0) for place in order]) / gain(
        sorted(grades.values(), reverse=True)
    )


def judge(
    *, search: Search, questions: Sequence[Question], city: City, language: str
) -> list[dict[str, float]]:
    """Return the measures of each question."""
    scores = search([question.asked[language] for question in questions])
    return [
        measure(
            order=np.argsort(-row, kind="stable")[:SHOWN].tolist(),
            grades={city.references[place]: grade for place, grade in question.grades.items()},
        )
        for question, row in zip(questions, scores, strict=True)
    ]


def encoder_search(texts: Sequence[str]) -> Search:
    """Return the search by the cosine of the shipped encoder's vectors."""
    vectors = default_encoder().encode(texts)
    return lambda asked: np.asarray(default_encoder().encode(asked) @ vectors.T, dtype=np.float64)


def tf_idf_search(texts: Sequence[str]) -> Search:
    """Return TF-IDF over words and over letters within them: 1 + log tf, smooth idf, cosine."""
    bags = [_bag(text) for text in texts]
    seen = Counter(term for bag in bags for term in bag)
    idf = {term: math.log((1 + len(texts)) / (1 + count)) + 1 for term, count in seen.items()}
    postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for at, bag in enumerate(bags):
        for term, weight in _weighed(bag, idf).items():
            postings[term].append((at, weight))

    def search(asked: Sequence[str]) -> Scores:
        scores = np.zeros((len(asked), len(texts)))
        for row, question in enumerate(asked):
            for term, weight in _weighed(_bag(question), idf).items():
                for at, other in postings[term]:
                    scores[row, at] += weight * other
        return scores

    return search


def _bag(text: str) -> Counter[str]:
    words = re.findall(r"\w+", text.lower())
    grams = (
        f"{size}{f' {word} '[at : at + size]}"
        for word in words
        for size in GRAMS
        for at in range(len(word) + 3 - size)
    )
    return Counter(words) + Counter(grams)


def _weighed(bag: Mapping[str, int], idf: Mapping[str, float]) -> dict[str, float]:
    weights = {t: (1 + math.log(count)) * idf[t] for t, count in bag.items() if t in idf}
    length = math.sqrt(sum(weight**2 for weight in weights.values())) or 1.0
    return {term: weight / length for term, weight in weights.items()}


def trigram_search(texts: Sequence[str]) -> Search:
    """Return `word_similarity` of pg_trgm, the better of its two for a word in a long text."""
    from django.db import connection

    def search(asked: Sequence[str]) -> Scores:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT array_agg(word_similarity(lower(q.asked), lower(t.text)) ORDER BY t.n)"
                " FROM unnest(%s::text[]) WITH ORDINALITY AS q(asked, n),"
                " unnest(%s::text[]) WITH ORDINALITY AS t(text, n) GROUP BY q.n ORDER BY q.n",
                [list(asked), list(texts)],
            )
            return np.array([row[0] for row in cursor.fetchall()])

    return search


def compare(
    *, searches: Mapping[str, Callable[[Sequence[str]], Search]], questions: Sequence[Question]
) -> dict[str, dict[str, dict[str, float]]]:
    """Return the mean measures by search, and by split and language."""
    cities = {name: read_city(name) for name in sorted({one.city for one in questions})}
    table: dict[str, dict[str, dict[str, float]]] = {}
    for name, make in searches.items():
        ready = {city: make(cities[city].texts) for city in cities}
        table[name] = {}
        for split in SPLITS:
            for language in LANGUAGES:
                found = [
                    one
                    for city in cities
                    for one in judge(
                        search=ready[city],
                        questions=[q for q in questions if q.city == city and q.split == split],
                        city=cities[city],
                        language=language,
                    )
                ]
                table[name][f"{split} {language}"] = {
                    key: round(sum(one[key] for one in found) / len(found), 3) for key in found[0]
                }
    return table


def microseconds_per_text(texts: Sequence[str]) -> float:
    """Return the encoder's processor time a text, the mean over `ROUNDS` passes."""
    encoder = default_encoder()
    encoder.encode(texts[:1])
    began = time.process_time()
    for _ in range(ROUNDS):
        for text in texts:
            encoder.encode([text])
    return (time.process_time() - began) / (ROUNDS * len(texts)) * 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=Path, default=QUESTIONS)
    parser.add_argument("--trigrams", action="store_true", help="compare with pg_trgm as well")
    arguments = parser.parse_args()
    questions = read_questions(arguments.questions)
    searches = {"encoder": encoder_search, "tf-idf": tf_idf_search}
    if arguments.trigrams:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
        django.setup()
        searches["trigrams"] = trigram_search
    table = compare(searches=searches, questions=questions)
    asked = [question.asked[language] for question in questions for language in LANGUAGES]
    judged = sum(len(question.grades) for question in questions)
    print(
        json.dumps(
            {
                "questions": len(asked),
                "judgements": judged,
                "measures": table,
                "us_per_question": round(microseconds_per_text(asked), 1),
                "us_per_place": round(microseconds_per_text(read_city("seoul").texts[:500]), 1),
            },
            ensure_ascii=False,
        )
    )


if __name__ == "__main__":
    main()
