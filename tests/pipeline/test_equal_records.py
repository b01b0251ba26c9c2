"""Equal records are one duplicate group, however many there are."""

import pandas as pd

import matcher


def offers(n, **columns):
    same = pd.DataFrame({"id": [f"e{number:04d}" for number in range(n)]})
    same["title"] = "Kestrel GameEdge KG3215C curved gaming monitor"
    others = pd.DataFrame(
        {
            "id": [f"o{number:02d}" for number in range(20)],
            "title": [f"Brand{number} item{number * 7} kind{number % 3}" for number in range(20)],
        }
    )
    return pd.concat([same.assign(**columns), others], ignore_index=True)


def test_four_hundred_equal_records_are_one_group():
    records = matcher.dedupe(offers(400)).records
    assert len(set(records.match_id[:400])) == 1
    assert not set(records.match_id[:400]) & set(records.match_id[400:])


def test_equal_texts_with_different_colors_are_not():
    colors = ["red", "blue"] * 200
    records = matcher.dedupe(offers(400, color=colors)).records[:400]
    assert all(len(set(group)) == 1 for _, group in records.groupby("match_id").color)


def test_a_label_keeps_equal_records_apart():
    labels = pd.DataFrame({"left_id": ["e0000"], "right_id": ["e0001"], "relation": ["different"]})
    by_id = matcher.dedupe(offers(60), labels=labels).records.set_index("id").match_id
    assert by_id["e0000"] != by_id["e0001"]
