"""An encoder is tuned on the titles of labelled pairs."""

from itertools import combinations

import numpy as np
import pytest
from blocking_helpers import build_records

from matcher.blocking import SentenceEncoder, title_pairs, tune, tuning
from matcher.errors import LabelsError, SettingsError
from matcher.types import DIFFERENT, EXACT, VARIANT, Labels, Pairs

WORDS = ("acme", "drill", "saw", "kettle", "red", "18v", "lx43m")
CHOSEN = [*combinations(WORDS, 3)]
TITLES = [" ".join(words) for words in CHOSEN]
PLURALS = [" ".join(f"{word}s" for word in reversed(words)) for words in CHOSEN]
N = len(TITLES)


def labels_of(rows):
    """Return labels from (left, right, relation), in any order."""
    rows = sorted((min(a, b), max(a, b), relation) for a, b, relation in rows)
    left, right, relations = np.array(rows).T
    return Labels(Pairs(left.astype(np.int32), right.astype(np.int32)), relations.astype(np.int8))


EXACT_ROWS = [(i, N + i, EXACT) for i in range(N)]


@pytest.fixture(scope="module")
def records():
    return build_records([*TITLES, *PLURALS])


@pytest.fixture
def quick(monkeypatch):
    """A model of 16 dimensions learns nothing at the rate of a real one."""
    monkeypatch.setattr(tuning, "LEARNING_RATE", 1e-2)


def cosines(model):
    vectors = model.encode([*TITLES, *PLURALS], normalize_embeddings=True)
    return vectors[:N] @ vectors[N:].T


def places(model):
    """Return how many other titles are nearer to each title than that of its exact pair."""
    found = cosines(model)
    return (found > np.diag(found)[:, None]).sum(axis=1)


def test_the_titles_of_exact_pairs_are_drawn_together(sentence_model, records, quick):
    pairs = title_pairs(records, labels_of(EXACT_ROWS))
    before = tuning.load_model(sentence_model)
    after, losses = tune(sentence_model, pairs, threads=1)
    assert places(after).mean() < places(before).mean() / 2
    assert 0 < losses[-1] < losses[0] / 2


def test_titles_that_are_labelled_different_are_held_apart(sentence_model, quick):
    others = [" ".join((f"{words[0]}s", *words[1:])) for words in CHOSEN]
    records = build_records([*TITLES, *PLURALS, *others])
    rows = [(i, 2 * N + i, DIFFERENT) for i in range(N)]

    def nearness(labels):
        model, _ = tune(sentence_model, title_pairs(records, labels_of(labels)), threads=1)
        first, second = (model.encode(each, normalize_embeddings=True) for each in (TITLES, others))
        return np.einsum("ij,ij->i", first, second).mean()

    assert nearness(EXACT_ROWS + rows) < nearness(EXACT_ROWS) - 0.05


def test_the_same_seed_gives_the_same_encoder_and_another_one_another(
    sentence_model, records, quick
):
    pairs = title_pairs(records, labels_of(EXACT_ROWS))
    first, again, other = (
        cosines(tune(sentence_model, pairs, seed=seed, threads=1)[0]) for seed in (3, 3, 4)
    )
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_tuning_changes_nothing_but_the_model_that_it_returns(sentence_model, records):
    torch = pytest.importorskip("torch")
    vectors = SentenceEncoder(sentence_model).encode(records)
    state, threads = torch.get_rng_state(), torch.get_num_threads()
    tune(sentence_model, title_pairs(records, labels_of(EXACT_ROWS)), threads=1)
    assert torch.equal(torch.get_rng_state(), state)
    assert torch.get_num_threads() == threads
    np.testing.assert_array_equal(SentenceEncoder(sentence_model).encode(records), vectors)


def test_progress_counts_the_steps(sentence_model, records):
    told = []
    pairs = title_pairs(records, labels_of(EXACT_ROWS))
    tune(sentence_model, pairs, threads=1, progress=lambda *step: told.append(step))
    assert told[0] == ("tuning", 0, tuning.LEAST_STEPS)
    assert told[-1] == ("tuning", tuning.LEAST_STEPS, tuning.LEAST_STEPS)


def test_many_pairs_are_gone_through_once_and_few_of_them_repeatedly(monkeypatch, records):
    pairs = title_pairs(records, labels_of(EXACT_ROWS))
    monkeypatch.setattr(tuning, "BATCH", 2)
    once = tuning._batches(pairs, np.random.default_rng(0))
    assert sorted(np.concatenate([rows for rows, _ in once])) == list(range(N))
    monkeypatch.setattr(tuning, "BATCH", 5)
    thrice = tuning._batches(pairs, np.random.default_rng(0))
    assert sorted(np.concatenate([rows for rows, _ in thrice])) == sorted([*range(N)] * 3)


def test_a_model_that_cannot_be_loaded_is_named(records, tmp_path):
    pytest.importorskip("sentence_transformers")
    pairs = title_pairs(records, labels_of(EXACT_ROWS))
    with pytest.raises(SettingsError, match=r"^encoder: the model '.*' cannot be loaded, got: "):
        tune(str(tmp_path), pairs)


def test_pairs_of_equal_or_empty_titles_teach_nothing_and_are_counted():
    records = build_records([*TITLES, *PLURALS, TITLES[0], ""])
    rows = [(0, 2 * N, EXACT), (1, 2 * N + 1, EXACT)]
    pairs = title_pairs(records, labels_of(EXACT_ROWS + rows))
    assert len(pairs.left) == N
    assert pairs.n_skipped == 2


def test_titles_that_are_one_product_or_one_family_are_not_apart(records):
    rows = [(0, 1, VARIANT), (1, N, DIFFERENT), (2, N, DIFFERENT)]
    pairs = title_pairs(records, labels_of(EXACT_ROWS + rows))
    assert len(set(pairs.groups[[pairs.texts.index(TITLES[i]) for i in (0, 1)]])) == 1
    assert pairs.n_apart == 1
    first, second = pairs.apart.nonzero()
    found = {
        frozenset((pairs.texts[a], pairs.texts[b])) for a, b in zip(first, second, strict=True)
    }
    assert found == {frozenset((TITLES[2], PLURALS[0]))}


def test_too_few_exact_pairs_are_an_error_that_counts_them(records):
    with pytest.raises(LabelsError) as caught:
        title_pairs(records, labels_of(EXACT_ROWS[: tuning.LEAST_PAIRS - 1]))
    assert str(caught.value) == (
        "labels: an encoder is tuned on at least 20 exact pairs of different titles, got 19, and "
        "0 of equal or empty titles. Label more exact pairs."
    )


def test_negatives_are_drawn_from_what_is_labelled_different_from_either_side(records):
    rows = [(0, N + 1, DIFFERENT), (0, N + 2, DIFFERENT), (3, N, DIFFERENT)]
    pairs = title_pairs(records, labels_of(EXACT_ROWS + rows))
    rng = np.random.default_rng(0)
    drawn = np.array([tuning._negatives(pairs, rng) for _ in range(50)])
    of_pair = {
        pairs.texts[left]: {pairs.texts[number] for number in drawn[:, row] if number >= 0}
        for row, left in enumerate(pairs.left)
    }
    assert of_pair[TITLES[0]] == {PLURALS[1], PLURALS[2], TITLES[3]}
    assert of_pair[TITLES[1]] == of_pair[TITLES[2]] == {TITLES[0]}
    assert of_pair[TITLES[3]] == {PLURALS[0]}
    assert not any(found for title, found in of_pair.items() if title not in TITLES[:4])


@pytest.mark.parametrize("prompt", [None, "red"])
def test_the_loss_is_what_multiple_negatives_ranking_says(sentence_model, records, prompt):
    rows = [(0, 1, VARIANT), (2, N + 5, DIFFERENT)]
    pairs = title_pairs(records, labels_of(EXACT_ROWS + rows))
    model = tuning.load_model(sentence_model).eval()
    model.prompts, model.default_prompt_name = {"red": "red kettle: "}, prompt
    batch = np.array([0, 1, 2, 3])
    negatives = np.array([pairs.texts.index(PLURALS[5])])
    found = float(tuning._loss(model, pairs, batch, negatives).detach())

    vectors = model.encode(pairs.texts, normalize_embeddings=True)
    losses = []
    for anchors, answers in ((pairs.left, pairs.right), (pairs.right, pairs.left)):
        for row in batch:
            documents = [answers[row]] + [
                number
                for number in [*answers[batch], *negatives]
                if pairs.groups[number] != pairs.groups[anchors[row]]
            ]
            scores = [20 * vectors[anchors[row]] @ vectors[number] for number in documents]
            losses.append(np.log(np.exp(scores).sum()) - scores[0])
    assert found == pytest.approx(np.mean(losses), abs=1e-4)


def test_the_learning_rate_rises_and_falls():
    rates = [tuning._rate(step, 50) for step in range(50)]
    assert rates[4] == 1.0
    assert np.all(np.diff(rates[:5]) > 0)
    assert np.all(np.diff(rates[4:]) < 0)
    assert rates[-1] > 0
    assert tuning._rate(0, 1) == 1.0
