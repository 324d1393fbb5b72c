import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from engine.tagging.model import LinearModel
from engine.tagging.training import BATCH
from places.adapters.museums import Museums
from places.services.teaching import Teaching


def write_museums(folder: Path, names: Sequence[str], *, introduction: str = "") -> None:
    records = [
        {
            "시설명": name,
            "위도": "37.57",
            "경도": "126.98",
            "소재지도로명주소": "서울특별시 종로구 세종대로 1",
            "박물관미술관소개": introduction,
        }
        for name in names
    ]
    (folder / "museums_standard.json").write_text(
        json.dumps({"fields": [], "records": records}, ensure_ascii=False), "utf-8"
    )


class MuseumsOfSomebody(Museums):
    """The same records under terms that keep them where they are."""

    terms = replace(Museums.terms, may_ship=False)


def test_what_is_learned_from_the_files_is_written(tmp_path: Path) -> None:
    kinds = ("박물관", "미술관")
    write_museums(tmp_path, [f"{at} {kinds[at % 2]}" for at in range(BATCH)])

    call_command("train_tagger", tmp_path, to=tmp_path / "one.npz", epochs=1)
    call_command("train_tagger", tmp_path, to=tmp_path / "again.npz", epochs=1)

    written = (tmp_path / "one.npz").read_bytes()
    assert {"museum", "gallery"} <= set(LinearModel.from_bytes(written, name="one.npz").tags)
    assert written == (tmp_path / "again.npz").read_bytes()


def test_a_folder_without_our_files_teaches_nothing(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="0 texts; at least"):
        call_command("train_tagger", tmp_path, to=tmp_path / "one.npz")

    assert list(tmp_path.iterdir()) == []


def test_a_lesson_is_what_the_record_states_and_each_text_is_one(tmp_path: Path) -> None:
    write_museums(tmp_path, ["한뼘갤러리", "한뼘갤러리"], introduction="조용한 동네 화랑")

    (lesson,) = Teaching().lessons(folder=tmp_path)

    assert lesson.document.names == ("한뼘갤러리",)
    assert lesson.document.description == "조용한 동네 화랑"
    assert lesson.document.category == ""
    assert lesson.category == "gallery"
    assert lesson.moods == {"artsy": 0.75, "quiet": 0.5}


def test_texts_that_may_not_ship_are_no_lessons(tmp_path: Path) -> None:
    write_museums(tmp_path, ["한뼘갤러리"])

    assert list(Teaching(adapters=(MuseumsOfSomebody(),)).lessons(folder=tmp_path)) == []
    assert len(list(Teaching(adapters=(Museums(),)).lessons(folder=tmp_path))) == 1
