"""What several records around a pair say, and several others do not, tells products apart."""

import numpy as np
import pandas as pd
from features_helpers import all_pairs, parse, swapped

from matcher.features import REPEATED_NAMES, RepeatedDifferences
from matcher.features.sets import as_set
from matcher.types import Pairs


def compare(titles, likely=None):
    """Return what is repeated of each pair, by the places of its titles, names of what is true."""
    records = parse(
        pd.DataFrame({"id": [f"o{n:02d}" for n in range(len(titles))], "title": titles})
    )
    pairs = all_pairs(records)
    chosen = pairs if likely is None else Pairs.from_unordered(*np.array(likely).T)
    repeated = RepeatedDifferences.among(records, as_set(records.title), chosen)
    found = repeated.compare(pairs)
    np.testing.assert_array_equal(found, repeated.compare(swapped(pairs)))
    return {
        (int(left), int(right)): {
            name for name, is_so in zip(REPEATED_NAMES, row, strict=True) if is_so
        }
        for left, right, row in zip(pairs.left, pairs.right, found, strict=True)
    }


SIBLINGS = ["Nova 64gb", "Nova 64gb phone", "Nova 128gb", "Nova 128gb phone"]


def test_a_number_that_two_have_against_one_that_two_others_have_is_repeated():
    found = compare(SIBLINGS)
    assert found[0, 2] == {"numbers_against", "words_against"}
    assert found[0, 1] == {"words_more"}  # "phone": two have it, two do not
    # In 64gb against 128gb phone a number stands against a number all the same.
    assert found[0, 3] == {"numbers_against", "words_against"}


def test_what_one_record_alone_says_is_not_repeated():
    found = compare(["Nova 64gb", "Nova 64gb phone", "Nova 128gb", "Nova phone"])
    assert found[0, 2] == set()


def test_two_words_that_a_third_record_has_both_do_not_exclude_each_other():
    found = compare([*SIBLINGS, "Nova 64gb 128gb"])
    assert found[0, 2] == set()


def test_a_number_more_is_repeated_where_two_have_it_and_two_do_not():
    found = compare(["Nova Pro", "Nova Pro", "Nova 5 Pro", "Nova 5 Pro"])
    assert found[0, 2] == {"numbers_more", "words_more"}
    assert found[0, 1] == set()


def test_words_count_as_numbers_do_but_not_as_numbers():
    found = compare(["Nova black", "Nova black case", "Nova red", "Nova red case"])
    assert found[0, 2] == {"words_against"}


def test_only_likely_matches_of_either_record_are_around():
    likely = [(0, 1), (2, 3)]
    assert compare(SIBLINGS, likely)[0, 2] == {"numbers_against", "words_against"}
    assert compare(SIBLINGS, [(0, 1)])[0, 2] == set()
    assert compare(SIBLINGS, [(0, 2)])[0, 2] == set()


def test_long_titles_and_records_without_one_do_no_harm():
    long = " ".join(f"w{number}" for number in range(500))
    found = compare([long, f"{long} 64gb", "", None, "Nova", "Nova 64gb"])
    assert found[2, 3] == set()


def test_two_words_that_are_rare_among_many_records_do_not_exclude_each_other():
    # By chance alone hardly any of 20 records would have both of two words that two of them have.
    others = [f"Nova w{number}" for number in range(16)]
    assert compare([*SIBLINGS[::2], *SIBLINGS[::2], *others])[0, 1] == set()
    assert compare([*SIBLINGS[::2], *SIBLINGS[::2]])[0, 1] == {"numbers_against", "words_against"}


def test_titles_of_the_same_words_do_not_differ():
    titles = ["Nova 64gb phone", "phone Nova 64gb", "Nova phone phone 64gb", "Nova 64gb", ""]
    records = parse(pd.DataFrame({"id": list("abcde"), "title": titles}))
    pairs = all_pairs(records)
    found = RepeatedDifferences.among(records, as_set(records.title), pairs).differ(pairs)
    same = {(0, 1), (0, 2), (1, 2)}
    expected = [(int(a), int(b)) not in same for a, b in zip(pairs.left, pairs.right, strict=True)]
    assert found.tolist() == expected


def slowly(titles, one, two, around):
    """Return what is repeated of a pair as the docstring says it, by words of its titles."""
    words = [set(titles[number].split()) for number in {one, two, *around}]
    first, second = set(titles[one].split()), set(titles[two].split())
    found = set()
    for kind in ("numbers", "words"):
        asked = [
            {word for word in only if kind == "words" or word[0].isdigit()}
            for only in (first - second, second - first)
        ]
        having = {word: [word in each for each in words] for word in asked[0] | asked[1]}
        if all(asked):
            found |= {
                f"{kind}_against"
                for ours in asked[0]
                for theirs in asked[1]
                if min(sum(having[ours]), sum(having[theirs])) > 1
                and not any(map(all, zip(having[ours], having[theirs], strict=True)))
                and sum(having[ours]) * sum(having[theirs]) >= len(words)
            }
        elif any(min(sum(has), len(words) - sum(has)) > 1 for has in having.values()):
            found.add(f"{kind}_more")
    return found


def test_it_finds_what_a_slow_look_does():
    rng = np.random.default_rng(0)
    words = ["red", "blue", "case", "pro", "64gb", "128gb", "256gb", "32gb"]
    titles = ["Nova " + " ".join(rng.choice(words, 3, replace=False)) for _ in range(24)]
    likely = sorted({tuple(sorted(rng.choice(24, 2, replace=False).tolist())) for _ in range(90)})
    around = [{a + b - n for a, b in likely if n in (a, b)} for n in range(24)]
    found = compare(titles, likely)
    told = {
        (one, two): slowly(titles, one, two, around[one] | around[two])
        if len({one, two, *around[one], *around[two]}) > 3
        else set()
        for one, two in found
    }
    assert sum(map(len, told.values())) > 50
    assert found == told
