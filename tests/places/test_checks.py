from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.test import override_settings

from engine.embedding.encoding import default_encoder
from places.checks import check_encoder, check_taggers, check_vectors
from places.services.describing import label_of_vectors
from places.services.tagging.taggers import NoImageTagger, current_image_tagger
from tests.builders.places import make_place


def test_an_unusable_model_is_told_before_the_service_starts(tmp_path: Path) -> None:
    with override_settings(ENCODER_ONNX_PATH=str(tmp_path / "none.onnx")):
        (message,) = check_encoder()

    assert message.id == "places.E001"
    assert "none.onnx" in message.msg


@pytest.mark.parametrize(
    ("name", "code"), [("TEXT_TAGGER_PATH", "places.E002"), ("IMAGE_TAGGER_PATH", "places.E003")]
)
def test_an_unusable_tagger_is_told_before_the_service_starts(
    tmp_path: Path, name: str, code: str
) -> None:
    with override_settings(**{name: str(tmp_path / "none.onnx")}):
        (message,) = check_taggers()

    assert message.id == code
    assert message.msg.startswith(f"{name}: ")
    assert "none.onnx" in message.msg


def test_without_a_model_the_lexicon_tags_and_nobody_looks_at_pictures() -> None:
    assert check_taggers() == []
    with pytest.raises(NoImageTagger):
        current_image_tagger()


@pytest.mark.django_db
def test_vectors_of_another_encoder_are_told_with_the_command_that_helps() -> None:
    make_place(encoder="other/1")
    make_place(name="다른 곳", encoder=label_of_vectors(default_encoder()))

    (message,) = [m for m in run_checks(databases=["default"]) if m.id == "places.W001"]

    assert message.msg.startswith("1 places")
    assert "encode_places" in str(message.hint)


@pytest.mark.django_db
def test_nothing_is_told_while_all_vectors_are_of_the_encoder_in_use() -> None:
    make_place(encoder=label_of_vectors(default_encoder()))

    assert check_encoder() == []
    assert check_vectors(databases=["default"]) == []


def test_no_database_is_asked_unless_it_is_checked() -> None:
    assert check_vectors(databases=None) == []
