import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import ean

from matcher.records.codes import encode_gtins, encode_mpns, expand_upc_e, parse_gtin, parse_gtins


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("4006381333931", "04006381333931"),
        ("04006381333931", "04006381333931"),
        ("4006381333931.0", "04006381333931"),
        ("400-6381-333931", "04006381333931"),
        ("036000291452", "00036000291452"),
        ("36000291452", "00036000291452"),
        ("96385074", "00000096385074"),
        ("04252614", "00042100005264"),
        ("0-306-40615-2", "09780306406157"),
        ("9780306406157", "09780306406157"),
        ("080442957x", "09780804429573"),
    ],
)
def test_every_spelling_of_a_gtin_has_one_form(value, code):
    assert parse_gtin(value).code == code


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("4006381333932", "invalid"),
        ("abc", "invalid"),
        ("4.00638e+12", "invalid"),
        ("135", "invalid"),
        ("0000000000000", "placeholder"),
        ("9999999999999", "placeholder"),
        ("123456789012", "placeholder"),
        ("1234567890128", "placeholder"),
        ("2012345678903", "restricted"),
        ("0200000000004", "restricted"),
    ],
)
def test_what_identifies_nothing_is_no_code(value, problem):
    assert parse_gtin(value).code == ""
    assert parse_gtin(value).problem == problem


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=16))
def test_a_code_has_fourteen_digits_and_a_valid_check_digit(value):
    code = parse_gtin(value.lower()).code
    assert not code or (len(code) == 14 and ean.is_valid(code))


@given(st.from_regex(r"[3-9][0-9]{11}", fullmatch=True))
def test_one_wrong_digit_makes_a_gtin_invalid(body):
    good = body + ean.calc_check_digit(body)
    wrong = good[:-1] + str((int(good[-1]) + 1) % 10)
    assert parse_gtin(wrong).problem in ("invalid", "placeholder")


def test_upc_e_expands_only_with_its_check_digit():
    assert expand_upc_e("04252614") == "042100005264"
    assert expand_upc_e("04252615") == ""
    assert expand_upc_e("94252614") == ""


def test_problems_are_counted_per_row():
    values = pa.array(["4006381333931", "4006381333931", "x", "x", "0000000000000", None])
    numbers, codes, problems = encode_gtins(values)
    assert numbers.tolist() == [0, 0, -1, -1, -1, -1]
    assert codes == ["04006381333931"]
    assert problems == {"invalid": 2, "placeholder": 1}


_GTINS = st.from_regex("[0-9]{1,15}|[0249]?([01])\\1{10,12}[0-9]", fullmatch=True)


@given(st.lists(_GTINS | st.text("0129x-.", max_size=14)))
def test_many_gtins_are_parsed_as_each_of_them_is(values):
    values += ["012345678901", "1234567890128", "2012345678903", "0012345000065"]
    # With each check digit: one of ten is right.
    every = [value[:-1] + digit for value in values for digit in "0123456789"]
    codes, problems = parse_gtins(pa.array(every))
    one_by_one = [parse_gtin(value) for value in every]
    assert codes.fill_null("").to_pylist() == [gtin.code for gtin in one_by_one]
    names = ("", "invalid", "placeholder", "restricted")
    assert [names[problem] for problem in problems] == [gtin.problem for gtin in one_by_one]


def test_part_numbers_are_squashed():
    assert encode_mpns(pa.array(["lx-43m", "lx43m", None, "--"]))[0].tolist() == [0, 0, -1, -1]
