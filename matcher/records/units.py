"""Units of measurement: spellings, canonical abbreviation, dimension and base unit."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as catalogues write it.

    Attributes
    ----------
    symbol : str
        Canonical abbreviation, used in tokens.
    dimension : str
        What it measures.
    factor : float
        How many base units of the dimension one unit is.
    spellings : tuple[str, ...]
        Further spellings, normalised.
    """

    symbol: str
    dimension: str
    factor: float
    spellings: tuple[str, ...]


# Base units: storage MB (binary, as memory is sold), volume ml, weight g, length mm, power W,
# voltage V, charge mAh, energy Wh, frequency Hz, time s, current A.  A test checks the factors
# against pint, whose own table takes a second to load.
UNITS = (
    Unit("kb", "storage", 1 / 1024, ("kilobyte", "kilobytes", "ko", "кб")),
    Unit("mb", "storage", 1, ("megabyte", "megabytes", "mbyte", "mo", "мб")),
    Unit("gb", "storage", 1024, ("gigabyte", "gigabytes", "gbyte", "gig", "gigs", "go", "гб")),
    Unit("tb", "storage", 1024**2, ("terabyte", "terabytes", "tbyte", "to", "тб")),
    Unit("ml", "volume", 1, ("milliliter", "milliliters", "millilitre", "millilitres", "мл")),
    Unit("cl", "volume", 10, ("centiliter", "centiliters", "centilitre", "centilitres")),
    Unit("dl", "volume", 100, ("deciliter", "decilitre")),
    Unit("l", "volume", 1000, ("liter", "liters", "litre", "litres", "ltr", "ltrs", "л")),
    Unit("floz", "volume", 29.5735295625, ()),
    Unit("pt", "volume", 473.176473, ("pint", "pints")),
    Unit("qt", "volume", 946.352946, ("quart", "quarts")),
    Unit("gal", "volume", 3785.411784, ("gallon", "gallons")),
    Unit("cuft", "volume", 28316.846592, ()),
    Unit("mg", "weight", 0.001, ("milligram", "milligrams", "мг")),
    Unit("g", "weight", 1, ("gram", "grams", "gramm", "gr", "gramme", "grammes", "г")),
    Unit(
        "kg", "weight", 1000, ("kilogram", "kilograms", "kilogramm", "kilo", "kilos", "kgs", "кг")
    ),
    Unit("oz", "weight", 28.349523125, ("ounce", "ounces")),
    Unit("lb", "weight", 453.59237, ("lbs", "pound", "pounds")),
    Unit("mm", "length", 1, ("millimeter", "millimeters", "millimetre", "millimetres", "мм")),
    Unit(
        "cm", "length", 10, ("centimeter", "centimeters", "centimetre", "centimetres", "cms", "см")
    ),
    Unit("m", "length", 1000, ("meter", "meters", "metre", "metres", "mtr", "м")),
    Unit("inch", "length", 25.4, ("in", "inches", "zoll", "pouces", "pulgadas")),
    Unit("ft", "length", 304.8, ("foot", "feet")),
    Unit("yd", "length", 914.4, ("yard", "yards", "yds")),
    Unit("w", "power", 1, ("watt", "watts", "вт")),
    Unit("kw", "power", 1000, ("kilowatt", "kilowatts")),
    Unit("btu", "power", 0.2930710701722222, ("btus",)),
    Unit("v", "voltage", 1, ("volt", "volts", "vdc", "vac")),
    Unit("kv", "voltage", 1000, ("kilovolt",)),
    Unit("mah", "charge", 1, ()),
    Unit("ah", "charge", 1000, ()),
    Unit("wh", "energy", 1, ()),
    Unit("kwh", "energy", 1000, ()),
    Unit("hz", "frequency", 1, ("hertz",)),
    Unit("khz", "frequency", 1e3, ("kilohertz",)),
    Unit("mhz", "frequency", 1e6, ("megahertz",)),
    Unit("ghz", "frequency", 1e9, ("gigahertz",)),
    Unit("ma", "current", 0.001, ("milliamp",)),
    Unit("amp", "current", 1, ("amps", "ampere", "amperes")),
    Unit("sec", "time", 1, ("second", "seconds", "secs")),
    Unit("min", "time", 60, ("mins", "minute", "minutes", "minuten")),
    Unit("hr", "time", 3600, ("hrs", "hour", "hours", "stunden")),
    Unit("mp", "pixels", 1, ("megapixel", "megapixels", "mpix", "mpx")),
    Unit("dpi", "resolution", 1, ()),
    Unit("rpm", "rotation", 1, ()),
    Unit("lm", "light", 1, ("lumen", "lumens")),
    Unit("db", "level", 1, ("decibel", "decibels")),
    Unit("bit", "bits", 1, ("bits",)),
    Unit("mbps", "rate", 1, ()),
    Unit("gbps", "rate", 1000, ()),
    Unit("pk", "pack", 1, ("pack", "packs", "pck", "pcs", "pc", "piece", "pieces", "count", "ct")),
    Unit("pk", "pack", 1, ("er", "stk", "stuck", "stueck", "pieza", "piezas", "uds", "unidades")),
    Unit("pk", "pack", 1, ("pz", "pezzi", "stuks", "szt", "sztuk", "ks", "kusu", "kom", "шт")),
)

# As normal text has them: no accents, Arabic and Persian letters alike, Hebrew in one word.
_IN_OTHER_LANGUAGES = {
    "ml": "mililitru mililitros mililitri millilitri milliliteres",
    "l": "litr litry litru litrow litro litros litri litara litras litraa litres lit",
    "g": "gramos gramas grammi gramow gramu",
    "kg": "kilogramow kilogramu kilograma kilogramos",
    "m": "metrow metry metru metros metri",
    "inch": "cali cale cala palcu palce polegadas pollici tum tommer tuumaa inc inci huvelyk",
    "pk": "sztuki ud unidad unidade pecas pcas adet buc bucati kpl kappaletta darab gab vnt",
}
_IN_OTHER_SCRIPTS = {
    "kb": "كيلوبايت",
    "mb": "ميجابايت",
    "gb": "ギガ ギガバイト 기가 جيجابايت جيجا",
    "tb": "テラ テラバイト 테라 تيرابايت تيرا",
    "ml": "毫升 ミリリットル 밀리리터 مل ميليليتر ميلي μλ מל มล มิลลิลิตร मिली मिलीलीटर мілілітрів",
    "l": "升 公升 リットル 리터 لتر ليتر литр литра литров літр літра літрів λιτρο λιτρα"
    " λιτρων λτ ליטר ลิตร लीटर",
    "g": "克 公克 グラム 그램 جرام غرام گرم جم грамм грам грама грамів γρ γραμμαρια"
    " γραμμαριων גרם กรัม ग्राम",
    "kg": "公斤 千克 キロ キログラム 킬로그램 키로 كجم كغ كغم كيلو كيلوجرام كيلوغرام"
    " كيلوگرم килограмм килограма кілограм κιλα κιλο κιλων κιλ קג קילו กก กิโลกรัม"
    " กิโล किलो किलोग्राम किग्रा",
    "mm": "毫米 公厘 ミリ 밀리미터 مم ميليمتر χιλ χιλιοστα ממ มม",
    "cm": "厘米 公分 センチ 센티미터 سم سانتيمتر εκ εκατοστα סמ ซม सेमी",
    "m": "メートル 미터 متر метр метра метров метрів μετρα μετρο מטר เมตร मीटर",
    "inch": "寸 英寸 吋 インチ 型 인치 بوصه اينچ انش дюим дюима дюимов дюимів ιντσες ιντσων"
    " ιντσα אינץ นิ้ว इंच",
    "w": "瓦 ワット 와트 واط وات ватт βατ ואט วัตต์ वाट",
    "v": "伏 ボルト 볼트 فولت ولت вольт вольта וולט",
    "pk": "个 個 枚 片 包 袋 本 缶 箱 錠 입 매 개 개입 قطعه حبه عدد штук штуки бр τεμ"
    " τεμαχια τμχ יחידות יח ชิ้น",
}
_BY_SYMBOL = {unit.symbol: unit for unit in UNITS}
BY_SPELLING = {
    **{spelling: unit for unit in UNITS for spelling in (unit.symbol, *unit.spellings)},
    **{
        spelling: _BY_SYMBOL[symbol]
        for table in (_IN_OTHER_LANGUAGES, _IN_OTHER_SCRIPTS)
        for symbol, spellings in table.items()
        for spelling in spellings.split()
    },
}
DIMENSIONS = tuple(dict.fromkeys(unit.dimension for unit in UNITS))

GLUED_ONLY = frozenset({"in", "er", "ma", "pt", "pc", "gr", "ko", "mo", "go", "to"})
# "2 in 1", "3 er" and "2 to 3" are no quantities; "2in", "3er" and "2to" are.

SINGLE = frozenset({"l", "m", "g", "w", "v", "л", "г", "м"})
# Joined by a space they are units ("3 l"), by a hyphen rather sizes and model numbers ("42-L").
