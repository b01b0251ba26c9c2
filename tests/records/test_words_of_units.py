import pyarrow as pa
import pytest

from matcher.records.quantities import parse_quantity
from matcher.records.text import normalize_text
from matcher.records.tokens import spell, split_tokens


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Молоко 1,5 л", ["молоко", "1.5л"]),
        ("Телефон 64ГБ", ["телефон", "64гб"]),
        ("чай 100 шт. 250 г", ["чаи", "100шт", "250г"]),
        ("Yogur 6 uds", ["yogur", "6uds"]),
        ("lot de 3", ["3pk"]),
        ("caja de 500 g", ["caja", "de", "500g"]),
        ("Shoe UK 8\u00bd", ["shoe", "uk", "8.5"]),
        ("pipe 2-1/2 inch", ["pipe", "2.5inch"]),
        ("rug 5' x 7'", ["rug", "5ft", "x", "7ft"]),
        ("3/4 pants", ["3", "4", "pants"]),
        ("SSD 1 TB SATA 6 Gb/s", ["ssd", "1tb", "sata", "6gbps"]),
        ("sata 6gb s 64MB cache", ["sata", "6gbps", "64mb", "cache"]),
        ("read 560 MB/s", ["read", "560mbps"]),
        ("Galaxy 64GB S Pen", ["galaxy", "64gb", "s", "pen"]),
        ("RAM 16 GB (2 x 8 GB)", ["ram", "16gb", "2x8gb"]),
        ("cola 6 x 330 ml", ["cola", "6pk", "330ml"]),
        ("Disque 6To 16Go", ["disque", "6to", "16go"]),
        ("2 to 3 people go", ["2", "to", "3", "people", "go"]),
        ("Σαμπουάν 250 μλ", ["σαμπουαν", "250μλ"]),
        ("καφές 3 κιλά", ["καφες", "3κιλα"]),
        ('שמפו 250 מ"ל', ["שמפו", "250מל"]),
        ("קפה 3 ק״ג", ["קפה", "3קג"]),
        ("मिक्सर 500 ग्राम", ["मिक्सर", "500ग्राम"]),
        ("شیر 1 لیتر", ["شير", "1ليتر"]),
        ("Telewizor 55 cali", ["telewizor", "55cali"]),
        ("Leche 1,5 litros", ["leche", "1.5litros"]),
        ("Trail 2 LT", ["trail", "2", "lt"]),
    ],
)
def test_amounts_are_one_token_in_several_languages(text, tokens):
    normal, _ = normalize_text(pa.array([text]), 400)
    assert split_tokens(spell(normal)).pieces.to_pylist() == tokens


@pytest.mark.parametrize(
    "words",
    [
        '250 ml|250мл|250 μλ|250 מ"ל|250 มล|250 मिली|250毫升|250 밀리리터|250 مل',
        '3 kg|3 кг|3 κιλά|3 ק"ג|3 กก|3 किलो|3公斤|3 키로|3 کیلو|3 kilogramów',
        '55"|55 cali|55 ίντσες|55 นิ้ว|55 inç|55 tum|55 pollici|55 дюймов|55 اینچ',
    ],
)
def test_an_amount_is_the_same_in_every_language(words):
    normal, _ = normalize_text(pa.array(words.split("|")), 400)
    tokens = [row.as_py() for row in split_tokens(spell(normal)).pieces]
    assert len({(each.base, each.unit.dimension) for each in map(parse_quantity, tokens)}) == 1
