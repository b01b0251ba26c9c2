"""Why records were put together is told the same from memory and from the folder."""

import json
from dataclasses import replace

import pandas as pd
import pyarrow as pa
import pytest

import matcher
from matcher.errors import RecordsError, SettingsError
from matcher.output import MatchResult

ROWS = [
    ("tv1", "Lumera TV LX-43M6300 [bold] 43 inch", "Lumera", "", "", "", "400"),
    ("tv2", 'LUMERA 43" TV lx43m6300', "Lumera", "", "", "", "840"),
    ("tv3", "Lumera TV LX-55K9100 55 inch", "Lumera", "", "", "", "900"),
    ("s1", "Fjordlin Crew T-Shirt Black", "Fjordlin", "4006381333931", "Black", "M", "15.00"),
    ("s2", "Fjordlin Crew T-Shirt Blue", "Fjordlin", "", "Blue", "M", "15.00"),
    ("s3", "Fjordlin Crew T-Shirt", "Fjordlin", "4006381333931", "schwarz", "", "15.90"),
    ("s4", "Fjordlin Crew T-Shirt Blue", "Fjordlin", "4006381333931", "Blue", "M", "15.00"),
    ("d1", "Bosch GSR 12V cordless screwdriver", "Bosch", "", "", "", ""),
    ("n1", "N/A", "", "", "", "", "3.00"),
]
COLUMNS = ["id", "title", "brand", "gtin", "color", "size", "price"]


@pytest.fixture(scope="module")
def offers() -> pd.DataFrame:
    return pd.DataFrame(ROWS, columns=COLUMNS)


@pytest.fixture(scope="module")
def result(offers) -> MatchResult:
    return matcher.dedupe(offers)


def texts(found: matcher.Explanation) -> dict[str, str]:
    return {reason.text: reason.favours for reason in found.reasons}


def chained(result: MatchResult) -> MatchResult:
    """Return the result with tv1, s1 and d1 in one group, tv1 and d1 never compared."""
    records = result.records.assign(match_id="m-1", family_id="f-1")
    rows = [("tv1", "s1", "exact", 0.7, 0.0, 0.3), ("d1", "s1", "exact", 0.6, 0.1, 0.3)]
    names = ["left_id", "right_id", "relation", "p_exact", "p_variant", "p_different"]
    pairs = pd.DataFrame(rows, columns=names).assign(differs_in="")
    table = result.tables().records.select(COLUMNS)
    for name in ("match_id", "family_id", "match_score"):
        table = table.append_column(name, [records[name].tolist()])
    listed = pa.Table.from_pandas(pairs, preserve_index=False)
    return replace(result, _frame=lambda: records, _pairs=listed, _table=table)


def test_the_same_model_number_and_the_ratio_of_prices_are_told(result):
    found = result.explain("tv1", "tv2")
    told = texts(found)
    assert told["same model number: LX-43M6300"] == "same"
    assert told["same brand: Lumera"] == "same"
    assert told["price 2.1x: 400.00 / 840.00"] == "different"
    assert (found.left.id, found.right.id) == ("tv1", "tv2")
    assert found.left.title == "Lumera TV LX-43M6300 [bold] 43 inch"


def test_model_numbers_that_differ_are_told(result):
    assert texts(result.explain("tv1", "tv3"))["model number differs: LX-43M6300 / LX-55K9100"] == (
        "different"
    )


def test_amounts_that_differ_and_words_of_one_title_are_told(result):
    told = texts(result.explain("tv1", "tv3"))
    assert told["amount differs: 43inch / 55inch"] == "different"
    assert told["only the first has: bold (1 of 9 titles)"] == "different"


def test_a_color_that_differs_makes_variants_where_it_is_ignored(result):
    found = result.explain("s1", "s2")
    assert texts(found)["color differs: Black / Blue, ignored: variants of one product"] == (
        "variant"
    )
    assert found.left.title == "Fjordlin Crew T-Shirt [Black]"


def test_a_color_that_differs_decides_where_it_is_kept(offers):
    found = matcher.dedupe(offers, ignore=["size"]).explain("s1", "s2")
    assert found.relation != "exact"
    assert found.left.title == "Fjordlin Crew T-Shirt Black"
    first = next(reason for reason in found.reasons if reason.kind == "rule:axis")
    assert first.text == (
        "color differs: Black / Blue, and color is not ignored: that alone keeps them apart"
    )
    if found.relation is None:
        assert found.reasons[0].text == (
            "not listed: a rule makes them different, whatever else they say"
        )


def test_values_that_are_unknown_on_a_side_or_spelt_in_two_ways_are_no_conflict(result):
    told = texts(result.explain("s1", "s3"))
    assert told["size of the second is unknown, the other is M: no conflict"] == "neither"
    assert told["same color: Black = schwarz"] == "same"


def test_equal_gtins_are_told_and_a_mistake_in_them_too(result):
    assert texts(result.explain("s1", "s3"))["same GTIN: 4006381333931"] == "same"
    told = texts(result.explain("s1", "s4"))
    assert told["same GTIN: 4006381333931, a mistake in the data, for color differs"] == "neither"


def test_records_that_share_nothing_are_no_candidates(result):
    found = result.explain("tv1", "d1")
    assert (found.together, found.relation, found.probabilities) == ("apart", None, None)
    assert found.verdict == "Two products of two families: the pair is not listed."
    assert found.reasons[0].text == (
        "not a candidate: they share no rare word, model number or code"
    )
    told = texts(found)
    assert told["brand differs: Lumera / Bosch"] == "different"
    assert told["the titles share no word beside options and brand"] == "different"


def test_a_record_without_identity_is_told(result):
    reason = next(one for one in result.explain("tv1", "n1").reasons if one.kind == "rule:identity")
    assert reason.text == (
        "the second has no title, model number or code: nothing tells which product it is"
    )


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_records_of_a_group_that_were_never_compared_have_a_chain(result, tmp_path, ending):
    joined = chained(result)
    joined.write(tmp_path / "result", format=ending)
    for found in (
        joined.explain("tv1", "d1"),
        matcher.explain(tmp_path / "result", "tv1", "d1"),
    ):
        assert (found.together, found.relation) == ("product", None)
        assert [(one.step, one.left_id, one.right_id, one.probability) for one in found.chain] == [
            (2, "s1", "d1", 0.6),
            (1, "tv1", "s1", 0.7),
        ]
        assert found.verdict == (
            "One product: the pair is not listed, but other records join the two by 2 links, of "
            "which the weakest has 60 %."
        )


def test_a_pair_that_looks_exact_and_was_kept_apart_says_why(result):
    names = ["left_id", "right_id", "relation", "p_exact", "p_variant", "p_different"]
    rows = [("s1", "s2", "exact", 0.9, 0.1, 0.0), ("tv1", "d1", "exact", 0.9, 0.1, 0.0)]
    pairs = pd.DataFrame(rows, columns=names).assign(differs_in="")
    listed = replace(result, _pairs=pa.Table.from_pandas(pairs, preserve_index=False))
    assert listed.explain("s1", "s2").reasons[0].text == (
        "the pair looks exact, but records of its two groups differ in color"
    )
    assert listed.explain("d1", "tv1").reasons[0].text == (
        "the pair looks exact, but on the whole the records of its two groups do not: groups are "
        "joined by the average of all their pairs"
    )


def test_a_folder_tells_the_same_as_the_result(result, tmp_path):
    result.write(tmp_path / "result")
    for pair in (("tv1", "tv2"), ("s1", "s2"), ("s1", "s4")):
        assert matcher.explain(tmp_path / "result", *pair) == result.explain(*pair)


def test_an_explanation_is_ready_for_json(result):
    found = json.loads(json.dumps(result.explain("s1", "s2").to_dict()))
    assert found["left"]["id"] == "s1"
    assert set(found["needed"]) == {"exact", "family"}
    assert all(set(reason) == {"kind", "text", "favours", "weight"} for reason in found["reasons"])


def test_the_model_is_asked_where_it_is_wanted(result):
    plain, weighed = result.explain("tv1", "tv2"), result.explain("tv1", "tv2", weigh=True)
    assert plain.contributions == ()
    assert replace(weighed, contributions=()) == plain
    weights = [abs(one.weight) for one in weighed.contributions]
    assert weights == sorted(weights, reverse=True)
    assert "model and part numbers" in {one.text for one in weighed.contributions}


def test_a_model_of_its_own_has_to_be_given_to_be_asked(result):
    own = replace(result, run={**result.run, "model": "shoes"})
    with pytest.raises(SettingsError, match=r"model: the result was made by a model of its own"):
        matcher.explain(own, "tv1", "tv2", weigh=True)


def test_an_unknown_id_is_an_error_with_the_nearest(result):
    with pytest.raises(RecordsError) as error:
        result.explain("tv1", "tv22")
    assert str(error.value) == (
        "explain: there is no record 'tv22' in the result. Did you mean 'tv2'? Give an id as the "
        "table of pairs has it."
    )


def test_one_record_twice_is_an_error(result):
    with pytest.raises(RecordsError, match=r"two records are needed, got 'tv1' twice"):
        result.explain("tv1", "tv1")


def test_a_folder_without_a_result_is_an_error(tmp_path):
    with pytest.raises(RecordsError, match=r"holds no result, got no records"):
        matcher.explain(tmp_path, "a", "b")


def test_ids_that_occur_in_two_inputs_are_told_apart(tmp_path):
    for shop, title in (("north", "Sony KD-43X80L"), ("south", "SONY KD43X80L TV")):
        frame = pd.DataFrame({"id": ["1", "2"], "title": [title, f"Bosch drill {shop}"]})
        frame.to_csv(tmp_path / f"{shop}.csv", index=False)
    names = [str(tmp_path / f"{shop}.csv") for shop in ("north", "south")]
    matcher.dedupe(names).write(tmp_path / "result")
    found = matcher.explain(tmp_path / "result", f"{names[0]}/1", f"{names[1]}/1")
    assert texts(found)["same model number: KD-43X80L"] == "same"
    with pytest.raises(RecordsError, match=r"Did you mean '.*north.csv/1' or '.*south.csv/1'\?"):
        matcher.explain(tmp_path / "result", "1", f"{names[1]}/1")


def test_a_link_looks_each_id_up_in_its_own_table():
    left = pd.DataFrame({"id": ["1", "2"], "title": ["Sony KD-43X80L", "Bosch GSR drill"]})
    right = pd.DataFrame({"id": ["1", "2"], "title": ["Bosch drill GSR", "SONY KD43X80L TV"]})
    result = matcher.link(left, right)
    found = result.explain("1", "2")
    assert (found.left.title, found.right.title) == ("Sony KD-43X80L", "SONY KD43X80L TV")


def test_ids_may_be_numbers():
    result = matcher.dedupe(pd.DataFrame({"id": [1, 2], "title": ["Sony TV", "Bosch drill"]}))
    assert result.explain(1, 2) == result.explain("1", "2")


def test_ids_that_were_made_can_be_asked_for(offers, tmp_path):
    result = matcher.dedupe(offers.drop(columns="id"))
    result.write(tmp_path / "result")
    made = result.records.set_index("title")["record_id"]
    pair = made["Fjordlin Crew T-Shirt Black"], made["Fjordlin Crew T-Shirt"]
    assert "same GTIN: 4006381333931" in texts(matcher.explain(tmp_path / "result", *pair))


def coded(**columns: list[str]) -> MatchResult:
    """Return a result of six drills, two of each kind, with these columns of codes."""
    titles = [f"Bosch drill GSR {power}V" for power in (12, 12, 18, 18, 24, 24)]
    return matcher.dedupe(pd.DataFrame({"id": list("abcdef"), "title": titles} | columns))


EANS = ["4006381333931", "4006381333931", "4006381333948", "4006381333955"]
EANS += ["4006381333962", "4006381333979"]
PARTS = ["BX-77120", "BX-77120", "BX-88300", "BX-88311", "BX-99100", "BX-99121"]


def of_codes(found: matcher.Explanation) -> list[str]:
    return [reason.text for reason in found.reasons if reason.kind in ("gtin", "mpn", "model")]


def test_only_what_was_compared_as_a_gtin_is_called_one_whichever_column_comes_first():
    for number in ("sku", "part_number"):
        result = coded(**{number: PARTS, "code": EANS})
        assert "same GTIN: 4006381333931" in of_codes(result.explain("a", "b"))
        told = " ".join(of_codes(result.explain("a", "b")) + of_codes(result.explain("c", "d")))
        assert "GTIN: BX" not in told
        assert "GTIN differs: 4006381333948 / 4006381333955" in told
        assert "part number: 4006" not in told


def test_gtins_in_a_column_of_part_numbers_are_called_gtins():
    told = of_codes(coded(mpn=EANS).explain("a", "b"))
    assert "same GTIN: 4006381333931" in told
    assert not [text for text in told if "part number" in text]


def test_a_part_number_is_told_beside_gtins_under_another_name_and_not_in_their_place():
    result = coded(code=EANS, part_number=["77 120", "77/120", "88", "89", "90", "91"])
    assert "same part number: 77 120" in of_codes(result.explain("a", "b"))


def test_what_is_no_valid_gtin_is_never_called_one():
    wrong = ["4006381333932", "4006381333932", *EANS[2:]]  # the check digit of the first two
    told = coded(ean=wrong).explain("a", "b")
    assert not [reason.text for reason in told.reasons if "GTIN" in reason.text]
    told = coded(ean=PARTS).explain("a", "b")
    assert not [reason.text for reason in told.reasons if "GTIN" in reason.text]


def test_the_gtin_that_is_told_is_the_first_valid_one_of_several_columns():
    first = ["4006381333932", "4006381333932", *EANS[2:]]
    told = of_codes(coded(ean=first, upc=EANS).explain("a", "b"))
    assert "same GTIN: 4006381333931" in told
