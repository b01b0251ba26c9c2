import pyarrow as pa
import pytest

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
    ],
)
def test_amounts_are_one_token_in_several_languages(text, tokens):
    normal, _ = normalize_text(pa.array([text]), 400)
    assert split_tokens(spell(normal)).pieces.to_pylist() == tokens
