import csv
import gzip
import io
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.errors import RecordsError
from matcher.records.delimited import (
    ENCODINGS,
    _guess_encoding,
    _read_fast,
    _read_slowly,
    read_delimited,
    unique_names,
)


@pytest.fixture
def write(tmp_path):
    def write_file(content: bytes | str, name: str = "shop.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write_file


def read(path):
    table, notices = read_delimited(path)
    return table.to_pydict(), {notice.kind: notice for notice in notices}


def test_values_come_out_as_they_went_in(write):
    values, notices = read(write("id,price,note\n007,'1.234',  x \n1e5,NULL,\n"))
    assert values == {"id": ["007", "1e5"], "price": ["'1.234'", "NULL"], "note": ["  x ", ""]}
    assert notices == {}


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(write, delimiter):
    rows = [["id", "title", "price"], ["1", "a, b; c", "1.234,56"], ["2", "d", "7,5"]]
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    values, _ = read(write(text.getvalue()))
    assert values == {"id": ["1", "2"], "title": ["a, b; c", "d"], "price": ["1.234,56", "7,5"]}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_is_read_without_a_word(write, encoding):
    values, notices = read(write("id,title\n1,Kühlschrank ürün\n".encode(encoding)))
    assert values == {"id": ["1"], "title": ["Kühlschrank ürün"]}
    assert notices == {}


def test_another_encoding_is_read_as_windows_1252_and_said(write):
    path = write("id,title\n1,ok\n2,Kühlschrank 5 €\n".encode("cp1252"))
    values, notices = read(path)
    assert values["title"] == ["ok", "Kühlschrank 5 €"]
    assert notices["not_utf8"].message == (
        f"{path}: not UTF-8, first in line 3. It was read as Windows-1252; save it as UTF-8 if "
        "letters look wrong."
    )


@pytest.mark.parametrize(
    ("encoding", "title", "name"),
    [
        ("cp1252", "Réfrigérateur américain, théière émaillée", "Windows-1252"),
        ("cp1252", "Geschirrspüler weiß groß", "Windows-1252"),
        ("cp1252", "Men\u2019s \u201cslim fit\u201d \u2013 caf\u00e9", "Windows-1252"),
        ("cp1252", "Kettle \u00a325, 5 m\u00b3, crème brûlée, naïve", "Windows-1252"),
        ("cp1250", "Żelazko parowe z ceramiczną stopą, kołdra", "Windows-1250"),
        ("cp1250", "Žehlička napařovací, dětské boty růžové", "Windows-1250"),
        ("cp1250", "Gőzölős vasaló, ütvefúró, felültöltős mosógép", "Windows-1250"),
        (
            "cp1254",
            "Çamaş\u0131r makinesi, ofis koltuğu, buharl\u0131 ütü, İndüksiyonlu ocak",
            "Windows-1254",
        ),
        ("cp1257", "Dulkių siurblys mėlynas, įmontuojamas šaldytuvas", "Windows-1257"),
        ("cp1251", "Чайник электрический белый", "Windows-1251"),
        ("cp1253", "Κινητό τηλέφωνο μαύρο", "Windows-1253"),
        ("cp932", "ソニー ワイヤレスヘッドホン ブラック", "Shift JIS"),
        ("euc_jp", "象印 電気ケトル 大容量", "EUC-JP"),
        ("gb18030", "小米 无线蓝牙耳机 2.5L 黑色, 苏泊尔电饭煲大容量", "GB 18030"),
        ("big5", "無線藍牙耳機黑色", "Big5"),
        ("cp949", "삼성전자 갤럭시 울트라 블랙", "EUC-KR"),
    ],
)
def test_the_encoding_of_a_file_is_guessed_from_its_lines(write, encoding, title, name):
    rows = [f"{number};{title} {number}" for number in range(5)]
    values, notices = read(write("\n".join(["id;title", *rows]).encode(encoding)))
    assert values["title"] == [f"{title} {number}" for number in range(5)]
    assert f"It was read as {name};" in notices["not_utf8"].message


@pytest.mark.parametrize("noise", [b"\xb4\x16", b"\xa0\x9a\x9a", b"\x81\x8d"])
def test_bytes_that_are_no_text_are_read_as_something(write, noise):
    values, notices = read(write(b"id,title\n1," + noise + b"\n"))
    assert values["id"] == ["1"]
    assert set(notices) >= {"not_utf8"}


@given(st.binary(max_size=60))
def test_an_encoding_is_guessed_of_any_bytes(data):
    assert _guess_encoding(data + b"\xff") in ENCODINGS


def test_stray_bytes_do_not_spoil_the_letters_of_a_file(write):
    good = "1,Kühlschrank größer\n2,Čajník bílý\n".encode()
    path = write(b"id,title\n" + good + "3,Caf\u00e9\n".encode("cp1252"))
    values, notices = read(path)
    assert values["title"] == ["Kühlschrank größer", "Čajník bílý", "Café"]
    assert notices["not_utf8"].message == (
        f"{path}: not UTF-8, first in line 4. Such bytes were read as Windows-1252; save it as "
        "UTF-8 if letters look wrong."
    )


def test_gzip_is_read_whatever_the_name(write):
    values, _ = read(write(gzip.compress(b"id,title\n1,tv\n"), "shop.csv"))
    assert values == {"id": ["1"], "title": ["tv"]}


def test_a_damaged_gzip_is_an_error(write):
    path = write(gzip.compress(b"id,title\n1,tv\n" * 100)[:-10], "shop.csv.gz")
    with pytest.raises(RecordsError, match=r"shop\.csv\.gz: cannot be read, got .* complete\."):
        read(path)


def test_ragged_rows_are_kept_and_counted(write):
    path = write("id,title,price\n1,tv\n2,radio,5,extra,more\n3,fan,7\n4,\n")
    values, notices = read(path)
    assert values == {
        "id": ["1", "2", "3", "4"],
        "title": ["tv", "radio", "fan", ""],
        "price": [None, "5", "7", None],
        "surplus_fields": [None, "extra,more", None, None],
    }
    assert notices["short_rows"].message == (
        f"{path}: 2 short rows, first line 2. They were filled with nulls."
    )
    assert notices["long_rows"].message == (
        f"{path}: 1 long rows, first line 3. What exceeds the header is kept in column "
        "'surplus_fields'."
    )


def test_a_quote_that_is_never_closed_swallows_no_row(write):
    path = write('id,title\n1,"broken\n2,fine\n3,15.6 inch\n')
    values, notices = read(path)
    assert values == {"id": ["1", "2", "3"], "title": ['"broken', "fine", "15.6 inch"]}
    assert "a quotation mark is opened and never closed" in notices["unclosed_quote"].message


def test_inch_marks_in_plain_fields_are_kept(write):
    values, notices = read(write('id,title\n1,TV 15.6" black\n2,17" or 19"\n3,fan\n'))
    assert values["title"] == ['TV 15.6" black', '17" or 19"', "fan"]
    assert notices == {}


def test_embedded_newlines_quotes_nul_and_a_megabyte_are_values(write):
    big = "x" * 1_000_000
    rows = [["1", 'two\nlines, "quoted"'], ["2", big], ["3", "a\x00b"]]
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([["id", "title"], *rows])
    values, notices = read(write(text.getvalue()))
    assert [list(row) for row in zip(*values.values(), strict=True)] == rows
    assert notices == {}


def test_a_header_over_two_lines_is_one_header(write):
    values, _ = read(write('\n"id","long\ntitle"\n1,tv\n'))
    assert values == {"id": ["1"], "long\ntitle": ["tv"]}


@pytest.mark.parametrize("content", ["", "\n\n", "\ufeff", " \r\n"])
def test_an_empty_file_is_an_error(write, content):
    path = write(content)
    with pytest.raises(RecordsError) as error:
        read(path)
    assert str(error.value) == (f"{path}: the file is empty. Give a file with a header and rows.")


def test_a_header_alone_is_no_rows(write):
    assert read(write("id,title\n"))[0] == {"id": [], "title": []}


def test_names_that_occur_twice_are_renamed_and_said(write):
    path = write("id,color,color,\n1,red,blue,x\n")
    values, notices = read(path)
    assert values == {"id": ["1"], "color": ["red"], "color_2": ["blue"], "column_4": ["x"]}
    assert notices["renamed_columns"].message == (
        f"{path}: 2 column names are empty or occur twice. They were renamed, 'color' to "
        "'color_2', '' to 'column_4'."
    )


@given(st.lists(st.sampled_from(["a", "b", "a_2", "", " "])))
def test_renamed_names_are_unique_and_as_many(names):
    unique, _ = unique_names(names, "x")
    assert len(unique) == len(names) == len(set(unique))


FIELDS = st.text(
    st.characters(exclude_categories=("Cs",), exclude_characters="\x00\r\ufeff"), max_size=8
)


@given(st.lists(st.tuples(FIELDS, FIELDS, FIELDS), max_size=8))
def test_the_fast_reader_agrees_with_the_slow_one(rows):
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerows([["a", "b", "c"], *rows])
    names = ["a", "b", "c"]
    fast = _read_fast(text.getvalue().encode(), names, ",")
    slow, notices = _read_slowly(text.getvalue(), names, ",", Path("x"))
    assert notices == []
    assert isinstance(fast, pa.Table)
    assert fast.to_pylist() == slow.to_pylist()
    assert [tuple(row.values()) for row in slow.to_pylist()] == rows
