"""What tests of several stages need."""

import warnings

import pytest

_WORDS = ["acme", "drill", "saw", "kettle", "red", "18v", "lx43m", "##s"]


@pytest.fixture(scope="session")
def sentence_model(tmp_path_factory):
    """Return where a genuine SentenceTransformer is saved: BERT, WordPiece and mean pooling."""
    library = pytest.importorskip("sentence_transformers")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # moved in 6.0, still here for 3 to 5
        from sentence_transformers import models
    from transformers import BertConfig, BertModel, BertTokenizerFast, set_seed

    folder = tmp_path_factory.mktemp("bert")
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    (folder / "vocab.txt").write_text("\n".join(special + _WORDS))
    tokenizer = BertTokenizerFast(vocab=str(folder / "vocab.txt"))
    set_seed(0)
    config = BertConfig(
        vocab_size=len(special + _WORDS),
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
