import shutil

import numpy as np
import pytest
from blocking_helpers import build_records, listed

from matcher import extras
from matcher.blocking import (
    ConcatEncoder,
    EmbeddingBlocker,
    KnownVectors,
    LexicalEncoder,
    SentenceEncoder,
)
from matcher.blocking.sample import take
from matcher.blocking.semantic import MAX_TOKENS, title_texts
from matcher.errors import MissingExtraError, SettingsError

TITLES = ["acme drill 18v", "acme drills 18v", "red kettle", "", "acme drill 18v"]


def test_a_saved_model_encodes_titles_as_unit_vectors(sentence_model):
    vectors = SentenceEncoder(sentence_model).encode(build_records(TITLES))
    assert vectors.shape == (5, 16)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), [1, 1, 1, 0, 1], rtol=1e-5)
    np.testing.assert_array_equal(vectors[0], vectors[4])


def test_the_vectors_are_those_of_the_model_itself(sentence_model):
    import sentence_transformers

    own = sentence_transformers.SentenceTransformer(sentence_model).encode(
        ["red kettle"], normalize_embeddings=True
    )
    vectors = SentenceEncoder(sentence_model).encode(build_records(TITLES))
    np.testing.assert_allclose(vectors[2], own[0], atol=1e-5)


def test_a_saved_model_blocks_records(sentence_model):
    encoder = ConcatEncoder(SentenceEncoder(sentence_model), LexicalEncoder(seed=0), 0.5)
    found = EmbeddingBlocker(encoder, k=1).propose(build_records(TITLES))
    assert (0, 4) in listed(found.pairs)
    assert found.report["encoder"] == "tiny+lexical"
    assert found.report["records_without_vector"] == 1


def test_the_cache_keeps_vectors_and_only_new_texts_are_encoded(sentence_model, tmp_path):
    encoded = []

    def count(stage, done, total):
        if done == 0:
            encoded.append(total)

    encoder = SentenceEncoder(sentence_model, cache=str(tmp_path / "cache"), progress=count)
    first = encoder.encode(build_records(TITLES))
    again = encoder.encode(build_records(TITLES))
    more = encoder.encode(build_records([*TITLES, "acme saw"]))
    assert encoded == [4, 1]
    np.testing.assert_array_equal(first, again)
    np.testing.assert_array_equal(first, more[:5])
    assert len(list((tmp_path / "cache").iterdir())) == 2


def test_a_cache_whose_files_disagree_is_made_again(sentence_model, tmp_path):
    encoder = SentenceEncoder(sentence_model, cache=str(tmp_path))
    first = encoder.encode(build_records(TITLES))
    keys = next(tmp_path.glob("*.keys.npy"))
    np.save(keys, np.load(keys)[:1])
    np.testing.assert_array_equal(encoder.encode(build_records(TITLES)), first)


def test_a_model_that_was_saved_anew_is_encoded_anew(sentence_model, tmp_path):
    model, cache = tmp_path / "model", tmp_path / "cache"
    shutil.copytree(sentence_model, model)
    encoder = SentenceEncoder(str(model), cache=str(cache))
    encoder.encode(build_records(TITLES))
    (model / "config.json").write_text((model / "config.json").read_text() + "\n")
    encoder.encode(build_records(TITLES))
    assert len(list(cache.iterdir())) == 4


def test_progress_ends_at_the_number_of_texts(sentence_model):
    seen = []
    encoder = SentenceEncoder(sentence_model, progress=lambda *report: seen.append(report))
    encoder.encode(build_records(TITLES))
    assert seen == [("encoding", 0, 4), ("encoding", 4, 4)]


def test_known_vectors_answer_for_any_part_of_the_records():
    records = build_records(TITLES)
    known = KnownVectors.of(LexicalEncoder(seed=0), records)
    vectors = LexicalEncoder(seed=0).encode(records)
    np.testing.assert_array_equal(known.encode(records), vectors)
    chosen = np.array([1, 4])
    np.testing.assert_array_equal(known.encode(take(records, chosen)), vectors[chosen])


def test_a_folder_without_a_model_is_a_clear_error(tmp_path):
    pytest.importorskip("sentence_transformers")
    message = r"blocking\.encoder: the model '.*' cannot be loaded, got: .* Give the path of a fol"
    with pytest.raises(SettingsError, match=message):
        SentenceEncoder(str(tmp_path)).encode(build_records(["a"]))


def test_a_missing_package_names_the_command_that_installs_it(monkeypatch):
    def missing(name):
        raise ImportError(f"No module named {name!r}")

    monkeypatch.setattr(extras, "import_module", missing)
    with pytest.raises(MissingExtraError, match=r"pip install 'matcher\[semantic\]'"):
        SentenceEncoder("any").encode(build_records(["a"]))


def test_titles_are_cut_before_they_reach_the_model():
    texts = title_texts(build_records(["word " * 1000, "", "a b"])).to_pylist()
    assert texts == [" ".join(["word"] * MAX_TOKENS), "", "a b"]
