"""An ONNX model of texts (a fine-tuned BERT, say) as the tagger, for operators who have one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from engine.embedding.onnx import (
    TOKENIZER,
    checksum_of,
    name_of,
    open_text_model,
    run_on_texts,
)
from engine.tagging.gathering import parts_of
from engine.tagging.labelling import Labels, labels_of, read_sidecar
from engine.tagging.measures import cost_of, stay_of
from engine.tagging.types import Document, Reading

_BATCH: Final = 32


@dataclass(frozen=True, slots=True)
class OnnxTextTagger:
    """
    Tags by a model that makes one output for each label; costs and stays are read as ever.

    The model sees names, description and remarks, one a line, as many tokens as the tokenizer keeps.
    """

    label: str
    session: Any = field(repr=False)  # onnxruntime.InferenceSession
    tokenizer: Any = field(repr=False)  # tokenizers.Tokenizer
    labels: Labels = field(repr=False)

    def read(self, documents: Sequence[Document]) -> Sequence[Reading]:
        """
        Return what each document says, in the order given.

        Raises:
            UnusableModel: the model makes something else than when it was loaded.
        """
        readings: list[Reading] = []
        for at in range(0, len(documents), _BATCH):
            readings += self._read(documents[at : at + _BATCH])
        return readings

    def _read(self, documents: Sequence[Document]) -> list[Reading]:
        parts = [list(parts_of(document)) for document in documents]
        texts = ["\n".join(part.text for part in of_one) for of_one in parts]
        made, _ = run_on_texts(self.session, self.tokenizer, texts)
        guesses = self.labels.guesses(made, count=len(texts))
        return [
            Reading(
                tags=tuple(guess for guess in of_one if guess.tag != document.category),
                cost=cost_of(said),
                stay=stay_of(said),
            )
            for document, said, of_one in zip(documents, parts, guesses, strict=True)
        ]


def load_onnx_text_tagger(path: Path) -> OnnxTextTagger:
    """
    Return the tagger of the model at `path`; `tokenizer.json` and the labels lie beside it.

    Raises:
        UnusableModel: a file is missing or broken, a package is not installed, or what the model
            makes of a text is not one output for each label.
    """
    session, tokenizer = open_text_model(path)
    labels = labels_of(read_sidecar(path), path=path)
    tagger = OnnxTextTagger(
        label=f"{name_of(path)}/{checksum_of(path, path.with_name(TOKENIZER))}",
        session=session,
        tokenizer=tokenizer,
        labels=labels,
    )
    tagger.read([Document(names=("조용한 카페",))])
    return tagger
