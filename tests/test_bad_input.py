"""DESIGN section 8: a clear error or a counted notice, no traceback, and never a lost row."""

import json
import re

import numpy as np
import pandas as pd
import pytest

import matcher
from matcher.cli import run_command

TITLES = [
    "Sony Bravia KD-43X80L TV",
    "SONY KD43X80L Bravia TV",
    "Bosch drill GSR 12V",
    "Apple iPhone 13 64GB blue",
    "iPhone 13 blue 64 GB Apple",
]
GTIN = "4006381333931"


def offers(**columns):
    return pd.DataFrame({"id": list("abcde"), "title": TITLES} | columns)


def labels(*rows):
    return pd.DataFrame(rows, columns=["left_id", "right_id", "relation"])


def kept(frame, **options):
    """Dedupe, see that every row and value is as it was, and return the notices by kind."""
    before = frame.copy(deep=True)
    result = matcher.dedupe(frame, **options)
    pd.testing.assert_frame_equal(result.records[list(before.columns)], before)
    pd.testing.assert_frame_equal(frame, before)
    assert result.records["match_id"].notna().all()
    assert result.records["family_id"].notna().all()
    return by_kind(result)


def by_kind(result):
    return {notice["kind"]: notice for notice in result.run["notices"]}


@pytest.fixture
def csv(tmp_path):
    def write(content, name="shop.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def test_missing_ids_are_made_from_the_content_and_counted():
    frame = offers(id=["a", None, "", "N/A", "e"])
    notice = kept(frame)["missing_ids"]
    assert notice["count"] == 3
    assert re.match(
        r"records: column 'id' is empty in 3 rows\. They were given ids", notice["message"]
    )
    made = matcher.dedupe(frame).records["record_id"]
    assert made.is_unique
    assert made[[0, 4]].tolist() == ["a", "e"]


def test_duplicate_ids_are_an_error_that_names_them():
    message = r"^records: 2 ids occur more than once, first 'a', 'b'\. Ids must be unique within a"
    with pytest.raises(matcher.RecordsError, match=message):
        matcher.dedupe(offers(id=list("aabbc")))


def test_two_sources_may_use_the_same_ids():
    assert kept(offers(id=list("aabbc"), source=list("xyxyx"))) == {}


def test_an_empty_file_is_an_error(csv):
    with pytest.raises(matcher.RecordsError, match=r"shop\.csv: the file is empty\. Give a file"):
        matcher.dedupe(csv(""))


def test_a_frame_without_columns_is_an_error():
    with pytest.raises(matcher.RecordsError, match=r"records: has no columns\. Give a table"):
        matcher.dedupe(pd.DataFrame())


def test_a_header_without_rows_gives_an_empty_result_and_a_notice(csv):
    result = matcher.dedupe(csv("id,title\n"))
    assert list(result.records.columns) == ["id", "title", "match_id", "family_id", "match_score"]
    assert len(result.records) == len(result.pairs) == len(result.families) == 0
    assert list(by_kind(result)) == ["no_rows"]


def test_one_row_is_one_product(csv):
    result = matcher.dedupe(csv("id,title\na,Sony TV\n"))
    assert result.records["title"].tolist() == ["Sony TV"]
    assert result.run["counts"]["products"] == result.run["counts"]["families"] == 1


@pytest.mark.parametrize("sizes", [(0, 0), (0, 5), (5, 0), (1, 1)])
def test_tables_to_link_may_be_empty_or_have_one_row(sizes):
    left, right = (offers().head(size) for size in sizes)
    result = matcher.link(left, right)
    assert result.run["counts"]["records"] == sum(sizes)
    assert by_kind(result).get("no_rows", {"count": 0})["count"] == 0


@pytest.mark.parametrize("column", ["brand", "title"])
def test_a_column_that_is_all_empty_is_counted(column):
    notice = kept(offers(**{column: None}))["empty_column"]
    assert notice["count"] == 5
    assert notice["message"] == f"column {column!r}: has no known value in 5 rows."


def test_records_of_which_nothing_is_known_are_not_put_together():
    result = matcher.dedupe(offers(title=None))
    assert result.records["match_id"].is_unique


def test_a_file_in_another_encoding_is_read_and_told(csv):
    result = matcher.dedupe(csv("id,title\na,Käse\nb,Brötchen\n".encode("latin-1")))
    assert result.records["title"].tolist() == ["Käse", "Brötchen"]
    assert (
        "not UTF-8, first in line 2. It was read as Windows-1252"
        in (by_kind(result)["not_utf8"]["message"])
    )


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_tells_the_encoding(csv, encoding):
    result = matcher.dedupe(csv("id,title\na,Käse\n".encode(encoding)))
    assert result.records[["id", "title"]].to_numpy().tolist() == [["a", "Käse"]]


def test_a_file_that_is_no_text_is_told(csv):
    assert "not_utf8" in by_kind(matcher.dedupe(csv(bytes(range(256)))))


def test_ragged_rows_are_counted_and_nothing_of_them_is_lost(csv):
    result = matcher.dedupe(csv("id,title,brand\na,Sony TV,Sony\nb,Sony TV\nc,Sony, TV,Sony,new\n"))
    notices = by_kind(result)
    assert (notices["short_rows"]["count"], notices["long_rows"]["count"]) == (1, 1)
    assert result.records["id"].tolist() == ["a", "b", "c"]
    assert "Sony" in result.records["surplus_fields"][2]
    assert "new" in result.records["surplus_fields"][2]


def test_a_quotation_mark_that_is_never_closed_loses_no_row(csv):
    result = matcher.dedupe(csv('id,title\na,"Sony TV\nb,Bosch drill\n'))
    assert result.records["title"].tolist() == ['"Sony TV', "Bosch drill"]
    assert by_kind(result)["unclosed_quote"]["count"] == 1


@pytest.mark.parametrize("column", ["price", "title", "id"])
def test_a_column_of_mixed_types_is_read_as_text_and_told(column):
    notice = kept(offers(**{column: [1, "two", 2.5, b"x", True]}))["mixed_types"]
    assert notice["message"].startswith(
        f"records: column {column!r} holds values of several types, first '1', 'two', '2.5'."
    )
    assert notice["count"] == 5


def test_all_spellings_of_missing_are_missing_and_come_out_as_they_were():
    frame = offers(brand=[np.nan, None, "", "N/A", "-"], color=[None, "N/A", "red", "", "red"])
    assert kept(frame)["empty_column"]["message"].startswith("column 'brand'")


def test_missing_values_agree_with_nothing():
    frame = pd.DataFrame({"id": list("abc"), "title": ["", "N/A", None], "brand": ["n/a", "", "-"]})
    assert matcher.dedupe(frame).records["match_id"].is_unique


def test_titles_of_a_megabyte_are_cut_for_the_comparison_only():
    frame = offers(title=[*TITLES[:3], "word " * 200_000, "x" * 1_000_000])
    notice = kept(frame)["long_text"]
    assert notice["count"] == 2


@pytest.mark.parametrize(
    "titles",
    [
        ["a\x00b \x07 Sony", "\x1b[31mred", "\u200b\u200b", "\ufeffSony", "\r\n\t"],
        ["🔥 Sony TV 🔥", "🎧", "👨‍👩‍👧", "Sony TV", "\U0001f600"],
        ["تلفزيون سوني", "تلفزيون سوني", "\u202eabc\u202c", "טלוויזיה", "سوني"],
        ["café", "cafe\u0301", "\uff23\uff21\uff26\uff25", "\ufb01ne", "\u0130stanbul"],
    ],
    ids=["control characters", "emoji", "right to left", "forms of Unicode"],
)
def test_unusual_characters_come_out_as_they_went_in(titles, tmp_path):
    frame = offers(title=titles)
    assert kept(frame) == {}
    matcher.dedupe(frame).write(tmp_path / "out", "parquet")
    written = pd.read_parquet(tmp_path / "out" / "records.parquet")
    assert written["title"].tolist() == titles
    assert (tmp_path / "out" / "report.html").read_text("utf-8")


def test_equal_right_to_left_titles_are_one_product():
    titles = ["تلفزيون سوني برافيا", "تلفزيون سوني برافيا", "غسالة بوش", "ثلاجة", "هاتف"]
    assert matcher.dedupe(offers(title=titles)).records["match_id"].nunique() == 4


def test_text_that_is_no_unicode_is_told(tmp_path):
    titles = ["\ud800 Sony", *TITLES[1:]]
    frame = offers(title=pd.Series(titles, dtype=object))  # only objects can hold it in pandas 3
    result = matcher.dedupe(frame)
    assert result.records["title"].tolist() == frame["title"].tolist()
    assert "holds text that is no Unicode" in by_kind(result)["broken_text"]["message"]
    result.write(tmp_path / "out")


def test_numbers_as_text_are_numbers_in_european_and_us_notation():
    frame = offers(price=["1.234,56", "1,234.56", "1234.56", "€ 1.234,56", "free"])
    assert kept(frame) == {}
    (price,) = [one for one in matcher.inspect(frame).attributes if one.name == "price"]
    assert (price.type, price.role) == ("number", "offer")


def test_numeric_titles_and_ids_are_compared_as_text():
    assert kept(offers(id=[1, 2, 3, 4, 5], title=[1, 2, 2, 3, 4])) == {}


def test_a_label_of_an_unknown_id_is_left_out_and_counted():
    given = labels(("a", "zz", "exact"), ("a", "b", "exact"))
    notice = kept(offers(), labels=given)["labels_with_unknown_ids"]
    assert notice["count"] == 1
    assert notice["message"] == (
        "labels: 1 labels name unknown ids, first 'zz'. They were left out."
    )


@pytest.mark.parametrize("job", [matcher.dedupe, matcher.train])
def test_labels_of_which_none_is_known_are_an_error(job):
    message = r"labels: none of its 1 labels names two known records, first unknown 'zz'\."
    with pytest.raises(matcher.LabelsError, match=message):
        job(offers(), labels=labels(("a", "zz", "exact")))


@pytest.mark.parametrize("job", [matcher.dedupe, matcher.train])
def test_contradicting_labels_are_an_error_that_names_their_rows(job):
    message = r"got 'rows 1 and 2: a and b are exact and different'\. Remove one of each\."
    with pytest.raises(matcher.LabelsError, match=message):
        job(offers(), labels=labels(("a", "b", "exact"), ("b", "a", "different")))


def test_labels_that_contradict_a_chain_are_an_error_that_tells_it():
    given = labels(("a", "b", "exact"), ("b", "c", "exact"), ("a", "c", "different"))
    message = r"got 'a' exact 'b' exact 'c', but 'a' different 'c'\. Remove a label of each chain"
    with pytest.raises(matcher.LabelsError, match=message):
        matcher.dedupe(offers(), labels=given)


@pytest.mark.parametrize(
    ("relation", "told"), [("exact", "the same product"), ("different", "different products")]
)
def test_labels_of_one_kind_teach_nothing(relation, told):
    message = rf"labels: all 2 pairs are of {told}, a model needs both kinds\. Label some pairs"
    with pytest.raises(matcher.LabelsError, match=message):
        matcher.train(offers(), labels(("a", "b", relation), ("d", "e", relation)))


def test_labels_of_one_kind_are_kept_by_dedupe():
    assert kept(offers(), labels=labels(("a", "b", "exact"))) == {}


def test_a_relation_that_is_none_is_an_error():
    message = r"labels: 1 values of relation are no relation, got 'exat'\. Use exact, variant or"
    with pytest.raises(matcher.LabelsError, match=message):
        matcher.dedupe(offers(), labels=labels(("a", "b", "exat")))


def test_a_pair_with_an_unknown_id_is_an_error():
    pairs = pd.DataFrame({"left_id": ["a"], "right_id": ["zz"]})
    message = r"pairs: 1 pairs name unknown ids, first 'zz'\. Give ids of this catalogue"
    with pytest.raises(matcher.RecordsError, match=message):
        matcher.score(offers(), pairs)


def test_a_model_of_a_newer_version_is_an_error(tmp_path):
    given = labels(("a", "b", "exact"), ("d", "e", "exact"), ("a", "c", "different"))
    matcher.train(offers(), given).save(tmp_path / "model")
    manifest = tmp_path / "model" / "model.json"
    newer = json.loads(manifest.read_text("utf-8")) | {"format": 99}
    manifest.write_text(json.dumps(newer), "utf-8")
    with pytest.raises(matcher.SavedModelError, match=r"has format 99, this version reads up to"):
        matcher.load(tmp_path / "model")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"ignroe": ["color"]}, r"unknown setting 'ignroe'\. Did you mean 'ignore'\?"),
        ({"ignore": ["colr"]}, r"'colr' is neither a column nor .* Did you mean 'color'\?"),
        ({"ignore": "color"}, r"ignore: must be a list of names, got the text 'color'\."),
        ({"id": "idd"}, r"settings\.id: there is no column 'idd'\. Did you mean 'id'\?"),
        (
            {"blocking": matcher.BlockingSettings(blockers=("gram",))},
            r"got 'gram'\. Did you mean 'grams'\?",
        ),
        (
            {"attributes": {"titel": matcher.AttributeSettings(type="text")}},
            r"there is no column 'titel'\. Did you mean 'title'\?",
        ),
        ({"threshold_exact": 2}, r"threshold_exact must be a number from 0 to 1, got 2\."),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_mistake_in_a_setting_is_an_error_that_names_the_nearest(options, message):
    with pytest.raises(matcher.SettingsError, match=message):
        matcher.dedupe(offers(color="red"), **options)


def test_a_gtin_that_too_many_records_share_joins_nothing_and_is_told():
    size = 300
    words = [f"{a} {b}" for a in ("drill", "saw", "kettle", "lamp", "desk") for b in range(60)]
    frame = pd.DataFrame({"id": range(size), "title": words, "gtin": GTIN})
    notices = kept(frame)
    assert notices["shared_codes"]["count"] == 1
    assert notices["shared_codes"]["message"].startswith(
        "codes: 1 codes are shared by more records than a product has offers, first "
        f"'gtin {GTIN} (300 records)'."
    )


def test_blocks_of_equal_titles_do_not_explode():
    size = 3000
    frame = pd.DataFrame({"id": range(size), "title": "Acme cordless drill 18V"})
    result = matcher.dedupe(frame)
    assert result.run["counts"]["scored_pairs"] <= 10 * size
    assert result.run["counts"]["records"] == size
    assert result.run["counts"]["duplicate_groups"] < size / 20


def test_what_is_no_table_is_an_error():
    for value, kind in ((None, "NoneType"), ({"a": 1}, "dict")):
        message = f"records: cannot be read as a table, got {kind}"
        with pytest.raises(matcher.RecordsError, match=message):
            matcher.dedupe(value)
    with pytest.raises(matcher.RecordsError, match=r"nope\.csv: there is no such file or folder"):
        matcher.dedupe("nope.csv")


@pytest.mark.parametrize(
    ("content", "options", "message"),
    [
        ("", (), "shop.csv: the file is empty. Give a file with a header and rows."),
        ("id,title\na,x\na,y\n", (), "shop.csv: 1 id occurs more than once, first 'a'."),
        ("id,title\na,x\n", ("--id", "sku"), "settings.id: there is no column 'sku'."),
        ("id,title\na,x\n", ("--ignore", "colr"), "Did you mean 'color'?"),
    ],
)
def test_the_command_line_tells_mistakes_in_one_line(
    csv, tmp_path, capsys, content, options, message
):
    out = tmp_path / "out"
    status = run_command(["dedupe", str(csv(content)), "--out", str(out), *options])
    told = capsys.readouterr().err
    assert status == 2
    *progress, error = told.strip().splitlines()
    assert error.startswith("error: ")
    assert message in error
    assert not [line for line in progress if "error" in line or "Traceback" in line]
    assert not out.exists()


def test_the_command_line_counts_what_it_mended(csv, tmp_path, capsys):
    path = csv("id,title,brand\na,Käse,x\n,Brot\n".encode("latin-1"))
    assert run_command(["dedupe", str(path), "--out", str(tmp_path / "out")]) == 0
    capsys.readouterr()
    run = json.loads((tmp_path / "out" / "run.json").read_text("utf-8"))
    assert {notice["kind"] for notice in run["notices"]} >= {
        *("not_utf8", "short_rows", "missing_ids"),
    }
    written = pd.read_csv(tmp_path / "out" / "records.csv", dtype=str, keep_default_na=False)
    assert written["title"].tolist() == ["Käse", "Brot"]
