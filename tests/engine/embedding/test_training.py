from itertools import product

import numpy as np
import pytest

from engine.embedding.encoding import LexiconEncoder, Projection, make_encoder
from engine.embedding.features import BUCKETS
from engine.embedding.lexicon import read_lexicon
from engine.embedding.training import TooFewTexts, train
from engine.embedding.types import Description

LEXICON = read_lexicon()
HEADS = ("가온", "누리", "다솜", "라온", "미르", "바론", "새록", "아람")
TAILS = ("마루", "나래", "한울", "벗", "결", "샘", "솔", "터")
KINDS = ("카페 cafe", "박물관 museum", "공원 park", "시장 market")
PLACES = [
    Description(names=(f"{head}{tail}", f"Place {at}"), about=KINDS[at % len(KINDS)])
    for at, (head, tail) in enumerate(product(HEADS, TAILS))
]


def learn(places: list[Description] = PLACES, *, seed: int = 0, epochs: int = 12) -> Projection:
    return train(descriptions=places, lexicon=LEXICON, seed=seed, epochs=epochs, batch=32)


def encoder_of(projection: Projection) -> LexiconEncoder:
    return make_encoder(lexicon=LEXICON, projection=projection, version="test")


def right_ones(encoder: LexiconEncoder, *, cut: int) -> int:
    """Return how many names without their syllable `cut` still find their own place first."""
    asked = encoder.encode([place.names[0][:cut] + place.names[0][cut + 1 :] for place in PLACES])
    found = encoder.encode([place.text for place in PLACES])
    return int((np.argmax(asked @ found.T, axis=1) == np.arange(len(PLACES))).sum())


def test_the_same_texts_and_seed_teach_the_same() -> None:
    first, again, other = learn(epochs=2), learn(epochs=2), learn(epochs=2, seed=1)

    assert first.to_bytes() == again.to_bytes()
    assert first.to_bytes() != other.to_bytes()


def test_training_finds_more_misspelt_names_than_no_training() -> None:
    before, after = encoder_of(learn(epochs=0)), encoder_of(learn())

    assert right_ones(after, cut=2) > right_ones(before, cut=2)


def test_what_every_place_is_weighs_less_than_what_few_are() -> None:
    cafes = [Description(names=place.names, about="카페 cafe") for place in PLACES[:60]]
    museums = [Description(names=place.names, about="카페 cafe 박물관") for place in PLACES[60:]]

    weights = learn([*cafes, *museums]).weights

    assert weights["museum"] > 1.5 * weights["cafe"] > 0


def test_it_learns_a_direction_for_every_bucket_and_a_weight_for_every_concept() -> None:
    projection = learn(epochs=1)

    assert projection.letters.shape[0] == BUCKETS
    assert list(projection.weights) == list(LEXICON.concepts)
    assert np.isfinite(projection.letters).all()


def test_each_epoch_is_reported_and_the_loss_falls() -> None:
    losses: list[float] = []

    train(
        descriptions=PLACES,
        lexicon=LEXICON,
        epochs=10,
        batch=32,
        report=lambda epoch, loss: losses.append(loss),
    )

    assert len(losses) == 10
    assert sum(losses[-3:]) < sum(losses[:3])


def test_fewer_places_than_one_batch_are_refused() -> None:
    with pytest.raises(TooFewTexts, match="64 places; at least 512"):
        train(descriptions=PLACES, lexicon=LEXICON)
