import json

import numpy as np
import pyarrow as pa
import pytest
from classify_helpers import NAMES, made_examples, made_features, made_model, model_of_trees

from matcher.classify import load_classifier, make_scorer, save_classifier
from matcher.classify.saved import FORMAT, MANIFEST, TREES, WORDS
from matcher.errors import SavedModelError
from matcher.types import LearnedWords


@pytest.fixture(scope="module")
def model():
    return made_model(prior=model_of_trees(made_examples(seed=2)))


@pytest.fixture
def folder(model, tmp_path):
    save_classifier(model, tmp_path / "model")
    return tmp_path / "model"


def change(folder, **changes):
    path = folder / MANIFEST
    manifest = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**manifest, **changes}), encoding="utf-8")


def test_a_loaded_model_gives_the_same_scores_bit_for_bit(model, folder):
    features, _ = made_features(500, seed=5)
    before = make_scorer(model, NAMES, features).probability(features)
    after = make_scorer(load_classifier(folder), NAMES, features).probability(features)
    np.testing.assert_array_equal(before, after)
    assert load_classifier(folder) == model


def test_a_saved_model_is_plain_text(folder):
    for path in folder.rglob("*"):
        if path.is_file():
            path.read_text(encoding="utf-8")
    assert "čeština" in (folder / MANIFEST).read_text(encoding="utf-8")


def test_learned_words_are_kept_bit_for_bit(folder):
    weights = np.random.default_rng(0).normal(size=(2, 3)).astype(np.float32)
    learned = LearnedWords(pa.array(["red", "čaj", '"x"']), *weights, shift=0.1)
    save_classifier(model_of_trees(made_examples(), words=learned), folder)
    words = load_classifier(folder).words
    assert words.words.to_pylist() == ["red", "čaj", '"x"']
    np.testing.assert_array_equal([words.shared, words.only], weights)
    assert words.shift == 0.1


def test_words_that_are_none_are_damaged(folder):
    change(folder, has_words=True)
    (folder / WORDS).write_text('{"words": []}', encoding="utf-8")
    with pytest.raises(SavedModelError, match="the model is damaged, got AttributeError"):
        load_classifier(folder)


def test_saving_again_replaces_the_model(folder):
    other = model_of_trees(made_examples(seed=8))
    save_classifier(other, folder)
    assert load_classifier(folder) == other


def test_a_model_of_a_newer_format_asks_for_an_update(folder):
    change(folder, format=FORMAT + 1)
    expected = f"has format {FORMAT + 1}, this version reads up to {FORMAT}. Update matcher"
    with pytest.raises(SavedModelError, match=expected):
        load_classifier(folder)


@pytest.mark.parametrize("found", [None, "1", [1]])
def test_a_format_that_is_no_number_is_refused(folder, found):
    change(folder, format=found)
    with pytest.raises(SavedModelError, match="the model has format"):
        load_classifier(folder)


def test_a_folder_without_a_model_says_how_one_comes_there(tmp_path):
    with pytest.raises(SavedModelError, match=r"no model here, got no file 'model.json'. Name a"):
        load_classifier(tmp_path / "nowhere")


@pytest.mark.parametrize("text", ["", "{", "[1]", "\udcff"])
def test_a_manifest_that_is_none_is_damaged(folder, text):
    (folder / MANIFEST).write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(SavedModelError, match="not a model's manifest, got"):
        load_classifier(folder)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"calibration": {"slope": 1.0}}, "TypeError"),
        ({"threshold_exact": "high"}, "ValueError"),
        ({"features": ["noise"]}, "trees that do not see the 1 features"),
        ({"features": None}, "TypeError"),
    ],
)
def test_a_manifest_with_wrong_values_is_damaged(folder, changes, reason):
    change(folder, **changes)
    with pytest.raises(SavedModelError, match=f"model is damaged, got .*{reason}"):
        load_classifier(folder)


def test_a_manifest_without_a_value_is_damaged(folder):
    (folder / MANIFEST).write_text(json.dumps({"format": FORMAT}), encoding="utf-8")
    with pytest.raises(SavedModelError, match="the model is damaged, got KeyError: 'features'"):
        load_classifier(folder)


@pytest.mark.parametrize("place", [TREES, f"prior/{TREES}"])
def test_cut_trees_are_damaged(folder, place):
    text = (folder / place).read_text(encoding="utf-8")
    (folder / place).write_text(text[: len(text) // 2], encoding="utf-8")
    with pytest.raises(SavedModelError, match=r"the model is damaged, .*Copy the whole folder"):
        load_classifier(folder)


def test_a_missing_part_is_named(folder):
    (folder / TREES).unlink()
    with pytest.raises(SavedModelError, match=r"damaged, got FileNotFoundError: .*trees.txt"):
        load_classifier(folder)


def test_an_unfinished_model_is_no_model(folder, model, monkeypatch):
    monkeypatch.setattr(json, "dumps", lambda *_, **__: 1 / 0)  # the manifest comes last
    with pytest.raises(ZeroDivisionError):
        save_classifier(model, folder)
    with pytest.raises(SavedModelError, match="no model here"):
        load_classifier(folder)
