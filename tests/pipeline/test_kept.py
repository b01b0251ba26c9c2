"""What is kept of records tells the same as the records, after rows came and went too."""

import numpy as np
import pandas as pd
import pytest

from matcher.blocking import hash_words, index_terms
from matcher.engine.shelf import Shelf
from matcher.output import Stopwatch
from matcher.pipeline.kept import Kept, Words, keep
from matcher.pipeline.near_rows import near_rows
from matcher.pipeline.stages import parse, parse_part
from matcher.pipeline.weights import STEMS, weights_of
from matcher.progress import silent
from matcher.records import read_catalogue
from matcher.settings import BlockingSettings, Settings

TITLES = [
    "Sony Bravia KD-43X80L TV black",
    "Bosch drill GSR 12V",
    "Lenovo ThinkPad X1 Carbon",
    "Sony KD43X80L television",
    "Makita hammer HR2470 drill",
]


def offers(titles, first=0):
    ids = [f"id-{number}" for number in range(first, first + len(titles))]
    codes = ["4548736151949" if "Sony" in title else None for title in titles]
    return pd.DataFrame({"id": ids, "title": titles, "gtin": codes})


def parsed(titles):
    return parse(read_catalogue([offers(titles)]), Settings(), silent, Stopwatch())


def kept_of(titles):
    found = parsed(titles)
    return keep(found.records, found.schema, ())


def replaced(kept, left, titles):
    catalogue = read_catalogue([offers(titles, first=90)])
    new = parse_part(catalogue, kept.schema, kept.axes, Settings(), Stopwatch(), Shelf())
    return kept.replaced(np.array(left), new.records)


def words_of(kept, row):
    words, known = kept.words["vocabulary"], kept.weights.words["vocabulary"]
    return {int(each) for each in known[words.terms[words.starts[row] : words.starts[row + 1]]]}


def hashed(*words):
    return {int(each) for each in hash_words(np.array(words, dtype=object))}


def test_a_row_has_its_words():
    assert words_of(kept_of(TITLES), 1) == hashed("bosch", "drill", "gsr", "12v")


def test_rows_that_are_left_keep_their_words_and_new_ones_stand_behind():
    kept = kept_of(TITLES)
    changed = replaced(kept, [1, 4], ["Bosch zorblatt", "Sony TV"])
    assert len(changed) == 4
    assert [words_of(changed, row) for row in (0, 1)] == [words_of(kept, row) for row in (1, 4)]
    assert words_of(changed, 2) == hashed("bosch", "zorblatt")
    assert changed.n_changed == 3 + 2
    assert changed.codes["gtin"].astype(bool).tolist() == [False, False, False, True]


def test_words_that_came_later_are_as_rare_as_those_of_one_record():
    kept = kept_of(TITLES)
    changed = replaced(kept, range(5), ["zorblatt"])
    words, idf = changed.weights.words["vocabulary"], changed.weights.idf["whole"]
    assert len(words) == len(idf) == len(kept.weights.words["vocabulary"]) + 1
    (new,) = hashed("zorblatt")
    (rare,) = hashed("lenovo")
    assert idf[words.tolist().index(new)] == pytest.approx(idf[words.tolist().index(rare)])


def test_what_is_kept_is_the_same_from_files():
    kept = kept_of(TITLES)
    again = Kept.from_stored(kept.to_stored())
    assert (again.schema, again.axes, again.n_changed) == (kept.schema, kept.axes, 0)
    for kind, words in kept.words.items():
        assert np.array_equal(again.words[kind].terms, words.terms)
        assert np.array_equal(again.words[kind].starts, words.starts)


def test_rows_are_taken_and_joined():
    words = Words(np.array([0, 2, 2, 3]), np.array([5, 6, 7], np.int32))
    taken = words.take(np.array([2, 0]))
    assert (taken.starts.tolist(), taken.terms.tolist()) == ([0, 1, 3], [7, 5, 6])
    joined = words.join(taken)
    assert joined.starts.tolist() == [0, 2, 2, 3, 4, 6]
    assert joined.terms.tolist() == [5, 6, 7, 7, 5, 6]


def near(kept, n_old, **settings):
    return near_rows(kept, n_old, BlockingSettings(**settings), 1)


def test_old_rows_with_a_rare_word_a_model_or_a_code_are_near():
    found = near(replaced(kept_of(TITLES), range(5), ["Makita", "Sony"]), 5)
    assert found.rows.tolist() == [0, 3, 4]


def test_a_row_with_the_model_number_but_for_its_last_letters_is_near():
    old = ["Makita HR2470QT hammer", "Makita HR2475 hammer"]
    kept = replaced(kept_of(old), range(2), ["HR2470 drill"])
    assert near(kept, 2).rows.tolist() == [0]


def test_weights_of_models_are_those_of_the_run_whatever_stems_there_are():
    run = parsed(["Makita HR2470QT drill", "Makita HR2470 hammer", "saw HR2470", "DTW1001Z"])
    found, schema = run.records, run.schema
    own = keep(found, schema, ()).weights
    places = own.places("models", np.array(found.model_words.to_pylist(), dtype=object))
    assert own.idf["models"][places].tolist() == found.models.idf.tolist()
    hr, dtw = own.places("models", np.array(["hr2470", "dtw1001"], dtype=object))
    assert own.idf[STEMS][hr] == pytest.approx(np.log(5 / 4) + 1)  # three have the stem
    assert own.idf["models"][hr] == pytest.approx(np.log(5 / 3) + 1)
    assert own.idf["models"][dtw] == pytest.approx(np.log(5 / 2) + 1)


def test_a_stem_of_many_model_numbers_makes_nothing_near():
    old = [f"Makita HR2470{one}{other} hammer" for one in "abcdefg" for other in "abcdef"]
    assert len(near(replaced(kept_of(old), range(42), ["HR2470ZZ"]), 42).rows) == 0


def test_the_nearest_rows_are_those_of_the_largest_cosine():
    rng = np.random.default_rng(0)
    spelled = [f"{one}{other}rk" for one in "bdfgklmp" for other in ("alo", "ino", "uto", "era")]
    titles = [" ".join(rng.choice(spelled, 6)) for _ in range(300)]
    kept = replaced(kept_of(titles), range(300), titles[:20])
    words, idf = kept.words["vocabulary"], kept.weights.idf["whole"]
    dense = np.zeros((320, len(idf)))
    for row in range(320):
        terms = words.terms[words.starts[row] : words.starts[row + 1]]
        dense[row, terms] = idf[terms]
    dense /= np.linalg.norm(dense, axis=1)[:, None]
    cosines = dense[300:] @ dense[:300].T
    found = near(kept, 300, pairs_per_record=2)
    best = {int(row) for each in cosines for row in np.argsort(-each, kind="stable")[:4]}
    assert len({*found.rows.tolist()} ^ best) <= 0.1 * len(best)  # equal cosines may change places
    assert {*range(20)} <= {*found.nearest.tolist()}


def test_a_word_of_very_many_rows_makes_nothing_near():
    kept = replaced(kept_of([f"cable n{number}q" for number in range(40)]), range(40), ["cable"])
    assert len(near(kept, 40, max_block=30).rows) == 0


def test_one_rare_word_among_many_others_makes_nothing_near():
    old, new = "zorkmid lamp cable hammer drill saw", "zorkmid shirt skirt trouser jacket coat"
    kept = replaced(kept_of([old, new.replace("coat", "hat")]), range(2), [new])
    assert near(kept, 2).rows.tolist() == [1]


def test_nothing_new_is_near_to_nothing():
    assert len(near(kept_of(TITLES), 5).rows) == 0


def test_every_word_has_the_place_at_which_it_is_found():
    records = parsed(TITLES).records
    stems, models = index_terms(records, "models")
    spelled = {"vocabulary": records.vocabulary.words, "models": models}
    words = {kind: np.array(each.to_pylist(), object) for kind, each in spelled.items()}
    weights, places = weights_of(records, stems, words["models"])
    for kind, each in words.items():
        assert len(each) > 2
        assert places[kind].tolist() == weights.places(kind, each).tolist()
