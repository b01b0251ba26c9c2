"""Titles in scripts without spaces are matched as those with spaces are."""

import itertools

import pandas as pd
import pytest

import matcher

JAPANESE = {
    "brands": ["ソニー", "山善", "アイリスオーヤマ", "象印", "東芝", "無印"],
    "kinds": ["ワイヤレスイヤホン", "電気ケトル", "加湿器", "デスクライト", "炊飯器"],
    "features": ["防水", "軽量", "静音", "大容量"],
    "colors": ["ブラック", "ホワイト", "レッド"],
}
CHINESE = {
    "brands": ["小米", "美的", "海尔", "苏泊尔", "九阳", "格力"],
    "kinds": ["无线蓝牙耳机", "电热水壶", "空气加湿器", "护眼台灯", "电饭煲"],
    "features": ["防水", "轻便", "静音", "大容量"],
    "colors": ["黑色", "白色", "红色"],
}


def catalogue(words):
    """Return offers of two shops, of which one leaves spaces out and both say things apart."""
    rows = []
    made = itertools.product(words["brands"], words["kinds"], words["features"])
    for number, (brand, kind, feature) in enumerate(made):
        color = words["colors"][number % 3]
        liters = f"{1 + number % 7}.{number % 5}L"
        rows.append((f"a{number}", f"{brand} {feature} {kind} {liters} {color}", f"p{number}"))
        rows.append((f"b{number}", f"{brand}{kind}{liters}{feature}{color}", f"p{number}"))
    return pd.DataFrame(rows, columns=["id", "title", "product"])


def pairwise_f1(found, truth):
    def count(*keys):
        sizes = pd.DataFrame({str(i): list(key) for i, key in enumerate(keys)}).value_counts()
        return (sizes * (sizes - 1) // 2).sum()

    return 2 * count(found, truth) / (count(found) + count(truth))


@pytest.mark.parametrize("words", [JAPANESE, CHINESE])
def test_offers_without_spaces_are_found(words):
    offers = catalogue(words)
    result = matcher.dedupe(offers.drop(columns="product"))
    records = result.records.set_index("id").loc[offers["id"]]
    assert pairwise_f1(records["match_id"], offers["product"]) > 0.98


def test_colors_inside_runs_of_letters_are_ignored():
    kinds = [f"{brand}{kind}" for brand in CHINESE["brands"] for kind in CHINESE["kinds"]]
    rows = [
        (f"{number}{color}", f"{kind}KX-{137 + 61 * number}{color}家用", f"f{number}")
        for number, kind in enumerate(kinds)
        for color in CHINESE["colors"]
    ]
    offers = pd.DataFrame(rows, columns=["id", "title", "family"])
    result = matcher.dedupe(offers.drop(columns="family"), ignore=["color"])
    records = result.records.set_index("id").loc[offers["id"]]
    assert records["match_id"].nunique() == len(offers)
    assert pairwise_f1(records["family_id"], offers["family"]) > 0.98


def test_columns_are_known_by_their_names_in_many_languages():
    offers = pd.DataFrame(
        {
            "商品名": ["ソニー WH-1000XM5 ブラック", "ソニー WH-1000XM5 ホワイト"] * 10,
            "ブランド": ["ソニー"] * 20,
            "価格": ["49,500円"] * 20,
            "カラー": ["ブラック", "ホワイト"] * 10,
        }
    )
    columns = {column.name: column for column in matcher.inspect(offers).schema.attributes}
    roles = {name: (column.type, column.role, column.axis) for name, column in columns.items()}
    assert roles == {
        "商品名": ("text", "identity", ""),
        "ブランド": ("category", "identity", ""),
        "価格": ("number", "offer", ""),
        "カラー": ("color", "axis", "color"),
    }


def test_reasons_name_runs_of_letters_and_no_pieces(tmp_path):
    offers = pd.DataFrame(
        {
            "id": ["1", "2"],
            "title": [
                "象印 ワイヤレスノイズキャンセリング",
                "象印 ワイヤレス ノイズキャンセリング 防水加工",
            ],
        }
    )
    result = matcher.dedupe(offers)
    reasons = [reason.text for reason in result.explain("1", "2").reasons]
    assert any("both titles have: " in text and "ノイズキャンセリング" in text for text in reasons)
    assert any(text.startswith("only the second has: 防水加工") for text in reasons)
    assert not any(text.startswith("only the first has") for text in reasons)
