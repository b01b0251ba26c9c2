import warnings

import numpy as np
import pytest
from blocking_helpers import build_records, listed

from matcher import extras
from matcher.blocking import ConcatEncoder, EmbeddingBlocker, LexicalEncoder, SentenceEncoder
from matcher.blocking.semantic import MAX_TOKENS, title_texts
from matcher.errors import MissingExtraError, SettingsError

WORDS = ["acme", "drill", "saw", "kettle", "red", "18v", "lx43m", "##s"]
TITLES = ["acme drill 18v", "acme drills 18v", "red kettle", "", "acme drill 18v"]


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """A genuine SentenceTransformer, BERT with WordPiece and mean pooling, saved to disk."""
    library = pytest.importorskip("sentence_transformers")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # moved in 6.0, still here for 3 to 5
        from sentence_transformers import models
    from transformers import BertConfig, BertModel, BertTokenizerFast, set_seed

    folder = tmp_path_factory.mktemp("bert")
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    (folder / "vocab.txt").write_text("\n".join(special + WORDS))
    tokenizer = BertTokenizerFast(vocab=str(folder / "vocab.txt"))
    set_seed(0)
    config = BertConfig(
        vocab_size=len(special + WORDS),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=64,
    )
    BertModel(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    transformer = models.Transformer(str(folder))
    pooling = models.Pooling(config.hidden_size)
    saved = tmp_path_factory.mktemp("saved") / "tiny"
    library.SentenceTransformer(modules=[transformer, pooling], device="cpu").save(str(saved))
    return str(saved)


def test_a_saved_model_encodes_titles_as_unit_vectors(model):
    vectors = SentenceEncoder(model).encode(build_records(TITLES))
    assert vectors.shape == (5, 16)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), [1, 1, 1, 0, 1], rtol=1e-5)
    np.testing.assert_array_equal(vectors[0], vectors[4])


def test_the_vectors_are_those_of_the_model_itself(model):
    import sentence_transformers

    own = sentence_transformers.SentenceTransformer(model).encode(
        ["red kettle"], normalize_embeddings=True
    )
    vectors = SentenceEncoder(model).encode(build_records(TITLES))
    np.testing.assert_allclose(vectors[2], own[0], atol=1e-5)


def test_a_saved_model_blocks_records(model):
    encoder = ConcatEncoder(SentenceEncoder(model), LexicalEncoder(seed=0), 0.5)
    found = EmbeddingBlocker(encoder, k=1).propose(build_records(TITLES))
    assert (0, 4) in listed(found.pairs)
    assert found.report["encoder"] == "tiny+lexical"
    assert found.report["records_without_vector"] == 1


def test_the_cache_keeps_vectors_and_only_new_texts_are_encoded(model, tmp_path):
    encoded = []

    def count(stage, done, total):
        if done == 0:
            encoded.append(total)

    encoder = SentenceEncoder(model, cache=str(tmp_path / "cache"), progress=count)
    first = encoder.encode(build_records(TITLES))
    again = encoder.encode(build_records(TITLES))
    more = encoder.encode(build_records([*TITLES, "acme saw"]))
    assert encoded == [4, 1]
    np.testing.assert_array_equal(first, again)
    np.testing.assert_array_equal(first, more[:5])
    assert len(list((tmp_path / "cache").iterdir())) == 2


def test_a_cache_whose_files_disagree_is_made_again(model, tmp_path):
    encoder = SentenceEncoder(model, cache=str(tmp_path))
    first = encoder.encode(build_records(TITLES))
    keys = next(tmp_path.glob("*.keys.npy"))
    np.save(keys, np.load(keys)[:1])
    np.testing.assert_array_equal(encoder.encode(build_records(TITLES)), first)


def test_progress_ends_at_the_number_of_texts(model):
    seen = []
    encoder = SentenceEncoder(model, progress=lambda *report: seen.append(report))
    encoder.encode(build_records(TITLES))
    assert seen == [("encoding", 0, 4), ("encoding", 4, 4)]


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
