"""Sizes of clothes, shoes and the like: their normal form, and the system that they belong to."""

import re
from collections.abc import Mapping, Sequence
from functools import cache

from matcher.records.quantities import parse_quantity


def _word_set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ONE_SIZE = _word_set(
    """
    os onesize 1size osfa osfm onesizefitsall onesizefitsmost onesizefitmost freesize free onesz
    o/s einheitsgrosse einheitsgroesse universal universalgrosse universell tailleunique tu unique
    tallaunica tallaunika unica unico tagliaunica tamanhounico maatuniek eenmaat unisize
    rozmiaruniwersalny uniwersalny uniwersalna jedenrozmiar univerzalni univerzalnivelikost
    jednavelikost univerzalnavelicina jednavelicina univerzalna универзална универзалнавеличина
    единыиразмер одинразмер универсальныи универсальныиразмер безразмерныи безразмера
    """
)
LABELS = _word_set(
    """
    size sizes sz groesse grosse gr taille talla taglia tg tamano tamanho tam maat rozmiar
    velikost vel velicina размер разм величина вел konfektionsgrosse schuhgrosse pointure misura
    numero storlek storrelse koko meret marimea розмір μεγεθος νουμερο dydis izmers suurus ukuran
    beden مقاس מידה سايز साइज 사이즈
    """
)
"""Words behind which a size stands."""

PLAIN_LABELS = LABELS - _word_set("gr tg tam vel вел разм numero")
"""Those that are no abbreviations, and hardly anything else."""

SIZED = _word_set(
    """
    queen king full twin double single one plus travel pack family super fun trial mini pocket life
    standard sample half quarter any all screen print paper font page bra
    """
)
"""Words before "size" that say it is of something else, or which it is."""

_SYSTEMS: Mapping[str, str] = {
    **dict.fromkeys(("eu", "eur", "euro", "europe", "european", "de", "ger"), "eu"),
    **dict.fromkeys(("uk", "gb"), "uk"),
    **dict.fromkeys(("us", "usa"), "us"),
    **{country: country for country in ("fr", "it", "jp", "au", "cn", "br", "ru")},
}
_AMBIGUOUS = frozenset({"de", "it", "au", "fr"})
# Words of some language: countries only beside a single number.
_FIRST = ("eu", "uk", "us")
# Of "EU 42 / UK 8" the first of these is kept, so that shops which name several agree.

_YEARS = _word_set(
    """
    y yr yrs year years yo yrold jahr jahre jahren j an ans anos ano anni anno jaar jaren lat lata
    rok roku roky let god godina godine г год года лет година године a
    """
)
_MONTHS = _word_set(
    """
    m mo mos mon mth mths mnth mnths month months monat monate monaten mois mes meses mesi mese
    maand maanden miesiac miesiace miesiecy mesic mesice mesicu mesec meseca meseci мес месяц
    месяца месяцев месеци месец
    """
)
_AGE_FILLERS = frozenset({"old", "alt", "age", "alter", "to", "bis", "do", "ans", "rast", "рост"})
_NEWBORN = frozenset({"newborn", "nb", "neugeborene", "neugeborenes", "naissance", "noworodek"})
_MONTHS_ALONE = frozenset({"3", "6", "9", "12", "18", "24", "36"})
# "6m" of clothes is an age; "5m" is a length.
_OLDEST = 18

_WORDS = {
    "s": "small sm sml smal klein petit pequeno piccolo maly mala mali",
    "m": "medium med md mittel moyen mediano medio sredni stredni srednji",
    "l": "large lg lge lrg gross grand grande duzy velky veliki",
    "xs": "xsmall extrasmall xsm",
    "xl": "xlarge extralarge xlg xlrg xlge",
}
_FRACTIONS = {
    ("1", "2"): 0.5,
    ("1", "3"): 1 / 3,
    ("2", "3"): 2 / 3,
    ("1", "4"): 0.25,
    ("3", "4"): 0.75,
    **{(str(eighths), "8"): eighths / 8 for eighths in (1, 3, 5, 7)},
}
_NUMBER = re.compile(r"\d+(\.\d+)?")
_NUMBERS = re.compile(r"\d+(\.\d+)?(/\d+(\.\d+)?)*")
_GLUED = re.compile(r"(eu|eur|uk|us|fr|it)(\d+(?:\.\d+)?)|(\d+(?:\.\d+)?)(eu|eur|uk|us|fr|it)")
_WAIST = re.compile(r"w ?(\d\d) ?[x/]? ?l ?(\d\d)|(\d\d) ?w ?[x/]? ?(\d\d) ?l|(\d\d) ?x ?(\d\d)")
_JACKET = re.compile(r"(\d\d) ?(?:(s|short|r|reg|regular|l|long|t|tall|xl))")
_SIDE = re.compile(r"(\d+(?:\.\d+)?) ?([a-zа-я]+)?")
_EXTENT = re.compile(r"[\d.]+(x[\d.]+){1,2}")
_ALPHA = re.compile(r"\d?x[sl]|[sml]")


def size_form(text: str) -> str:
    """Return the normal form of a size.

    Parameters
    ----------
    text : str
        Tokens of the value, normalised, joined by spaces.

    Examples
    --------
    >>> size_form("x large"), size_form("xxl"), size_form("s m"), size_form("one size")
    ('xl', '2xl', 's/m', 'one size')
    >>> size_form("42 2 3"), size_form("uk8"), size_form("eu 42 uk 8"), size_form("38.0")
    ('42.67', 'uk 8', 'eu 42', '38')
    >>> size_form("5ft x 7ft") == size_form("5x7 ft"), size_form("60 x 90")
    (True, '60x90')
    >>> size_form("3 4y"), size_form("12 jahre"), size_form("32x34"), size_form("16.5 34 35")
    ('3-4 years', '12 years', 'w32 l34', '16.5/34/35')
    """
    words = _unlabelled(_separated(text.split()))
    if "".join(words) in _ONE_SIZE:
        return "one size"
    words = _join_fractions(words)
    for read in (_waist, _extent, _age, _alpha, _in_system, _numbers, _jacket):
        form = read(words)
        if form:
            return form
    return " ".join(_base_form(word) for word in words) or text


def size_system(form: str) -> str:
    """Return the system of a normal form; sizes of different systems are not comparable.

    Returns
    -------
    str
        ``alpha``, ``eu``, ``uk``, ``us``, ``age``, ``one``; ``number`` for numbers of any system;
        ``waist`` for waist and length; ``extent`` for two or three lengths, ``numbers`` for these
        without a unit; ``measure`` for quantities; ``""`` where it is unknown.

    Examples
    --------
    >>> [size_system(form) for form in ("2xl", "eu 42", "38", "3-4 years", "queen")]
    ['alpha', 'eu', 'number', 'age', '']
    """
    words = form.split()
    if form == "one size":
        return "one"
    if words and all(_ALPHA.fullmatch(part) for part in form.split("/")):
        return "alpha"
    if len(words) > 1 and words[0] in _FIRST:
        return words[0]
    if words[-1:] in (["years"], ["months"]) or form == "newborn":
        return "age"
    if _NUMBERS.fullmatch(form):
        return "number"
    if _WAIST.fullmatch(form):
        return "waist"
    if _EXTENT.fullmatch(words[0] if words else ""):
        return "extent" if words[1:] else "numbers"
    is_measure = len(words) % 2 == 0 and all(_NUMBER.fullmatch(word) for word in words[::2])
    return "measure" if words and is_measure and words[1].isalpha() else ""


def _separated(words: Sequence[str]) -> list[str]:
    """Return the words with the systems apart from their numbers: ``uk8`` is ``uk 8``."""
    found: list[str] = []
    for word in words:
        match = _GLUED.fullmatch(word)
        found += [part for part in match.groups() if part] if match else [word]
    return found


def _unlabelled(words: list[str]) -> list[str]:
    if len(words) == 2 and words[0] == "t" and _NUMBER.fullmatch(words[1]):
        return words[1:]  # "T 42" is "taille 42"
    if "".join(words) in _ONE_SIZE:
        return words
    return [word for word in words if word not in LABELS] or words


def _join_fractions(words: Sequence[str]) -> list[str]:
    """Return the words with ``8 1 2`` as ``8.5``; the parts of a fraction are rounded to 2 digits.

    Shops cut the thirds of shoe sizes as they like: 42.6, 42.66 and 42.7 are 42 2/3.
    """
    found: list[str] = []
    place = 0
    while place < len(words):
        number, *rest = words[place : place + 3]
        whole = _NUMBER.fullmatch(number)
        cut = re.fullmatch(r"(\d)([a-z]*)", rest[1]) if len(rest) == 2 else None
        part = _FRACTIONS.get((rest[0], cut[1])) if cut and number.isdecimal() else None
        if part and cut:
            found.append(f"{round(int(number) + part, 2):.9g}{cut[2]}")
            place += 3
            continue
        found.append(_third(number) if whole else number)
        place += 1
    return found


def _third(number: str) -> str:
    whole, _, part = number.partition(".")
    if part in ("33", "333") or (part == "3" and 34 < int(whole) < 51):
        return f"{whole}.33"
    if part in ("66", "67", "666", "667") or (part in ("6", "7") and 34 < int(whole) < 51):
        return f"{whole}.67"
    return f"{float(number):.9g}"


def _waist(words: Sequence[str]) -> str:
    match = _WAIST.fullmatch(" ".join(words))
    if not match:
        return ""
    waist, length = (part for part in match.groups() if part)
    is_trousers = "w" in match[0] or (24 <= int(waist) <= 56 and 24 <= int(length) <= 40)
    return f"w{waist} l{length}" if is_trousers else ""


def _extent(words: Sequence[str]) -> str:
    """Return two or three lengths in millimetres; a unit at the end is that of all."""
    sides = [_SIDE.fullmatch(side) for side in re.split(r" ?x ?", " ".join(words))]
    if len(sides) not in (2, 3):
        return ""
    read = [(side[1], side[2] or "") for side in sides if side]
    if len(read) < len(sides):
        return ""
    last = read[-1][1]
    if not last:
        return "x".join(f"{float(number):.9g}" for number, _ in read)
    found = [parse_quantity(number + (unit or last)) for number, unit in read]
    if not all(quantity and quantity.unit.dimension == "length" for quantity in found):
        return ""
    return "x".join(f"{quantity.base:.5g}" for quantity in found if quantity) + " length"


def _age(words: Sequence[str]) -> str:
    if "".join(words) in _NEWBORN:
        return "newborn"
    if len(words) == 1 and re.fullmatch(r"\dt", words[0]):
        return f"{words[0][0]} years"  # "3T" is for toddlers of three
    numbers, unit = _numbers_and_unit(words)
    if not numbers or not unit or float(numbers[-1]) > (60 if unit == "months" else _OLDEST):
        return ""
    if len(numbers) == 1 and re.fullmatch(r"\d*m", words[-1]) and numbers[0] not in _MONTHS_ALONE:
        return ""
    if len(numbers) == 1 and unit == "months" and float(numbers[0]) % 12 == 0:
        return f"{float(numbers[0]) / 12:.0f} years"
    return f"{'-'.join(numbers)} {unit}"


def _numbers_and_unit(words: Sequence[str]) -> tuple[list[str], str]:
    """Return the one or two numbers of an age and their unit, empty where it is no age."""
    numbers: list[str] = []
    unit = ""
    for part in re.findall(r"\d+(?:\.\d+)?|[^\W\d]+", " ".join(words)):
        if _NUMBER.fullmatch(part):
            if len(numbers) == 2 or (unit and float(part) > _OLDEST * 2):
                break  # the height that goes with the age: "4 ans (102 cm)"
            numbers.append(part)
        elif part in _YEARS or part in _MONTHS:
            if not numbers:
                return [], ""
            unit = "months" if part in _MONTHS else "years"
        elif part not in _AGE_FILLERS:
            return [], ""
    return numbers, unit


@cache
def letter_sizes() -> Mapping[str, str]:
    """Return the spellings of sizes in letters, as one word each, to their normal form.

    Examples
    --------
    >>> letter_sizes()["xxl"], letter_sizes()["extralarge"]
    ('2xl', 'xl')
    """
    table = {spelling: form for form, words in _WORDS.items() for spelling in words.split()}
    table |= {form: form for form in ("xs", "s", "m", "l", "xl")}
    for count in range(2, 9):
        for letter, word in (("s", "small"), ("l", "large")):
            form = f"{count}x{letter}"
            spelled = (f"{count}x{letter}", f"{count}x{word}", "x" * count + letter)
            table |= dict.fromkeys((*spelled, "x" * count + word, "extra" * count + word), form)
    table |= {f"{count}x": f"{count}xl" for count in range(2, 9)}
    return table


def _alpha(words: Sequence[str]) -> str:
    """Return the form of one or two sizes in letters, with or without the numbers they mean."""
    letters = letter_sizes()
    joined = "".join(words)
    if joined in letters and list(words) != ["s", "m"]:
        return letters[joined]
    # "XL" is not "x" and "l", so two sizes are looked for at every place between words.
    for place in range(1, len(words)):
        first, second = "".join(words[:place]), "".join(words[place:])
        if first in letters and second in letters:
            return f"{letters[first]}/{letters[second]}"
    first, numbers = letters.get(words[0], "") if words else "", words[1:]
    is_plain = all(_NUMBER.fullmatch(number) for number in numbers)
    if first and is_plain and (len(numbers) == 2 or (len(numbers) == 1 and len(first) > 1)):
        return first
    return ""


def _in_system(words: Sequence[str]) -> str:
    """Return the form of a size with the system that it is in: ``42 eu`` is ``eu 42``."""
    systems: dict[str, str] = {}
    for place, word in enumerate(words):
        system = _SYSTEMS.get(word)
        if not system or (word in _AMBIGUOUS and len(words) > 2):
            continue
        after = _numbers_at(words[place + 1 :])
        before = _numbers_at(words[:place][::-1])[::-1]
        number = before if place and _NUMBER.fullmatch(words[0]) else after
        if number:
            systems.setdefault(system, "/".join(number))
    for system in (*_FIRST, *systems):
        if system in systems:
            return f"{system} {systems[system]}"
    return ""


def _numbers_at(words: Sequence[str]) -> list[str]:
    found = []
    for word in words:
        match = re.fullmatch(r"(\d+(?:\.\d+)?)m?", word)
        if match:
            found.append(match[1])
        elif word in ("m", "d", "b") and not found:
            continue  # the usual width: "9 D(M) US"
        else:
            break
    return found


def _numbers(words: Sequence[str]) -> str:
    if words and all(_NUMBER.fullmatch(word) for word in words):
        return "/".join(words)
    return ""


def _jacket(words: Sequence[str]) -> str:
    """Return chest and length of a jacket: ``42 regular`` is ``42r``."""
    match = _JACKET.fullmatch(" ".join(words))
    if not match or not 32 <= int(match[1]) <= 60:
        return ""
    return match[1] + ("xl" if match[2] == "xl" else match[2][0])


def _base_form(word: str) -> str:
    quantity = parse_quantity(word)
    if quantity:
        return f"{quantity.base:.9g} {quantity.unit.dimension}"
    return f"{float(word):.9g}" if _NUMBER.fullmatch(word) else word
