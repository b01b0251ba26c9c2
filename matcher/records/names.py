"""Names that columns and axes go by."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from matcher.types import AttributeType, Role


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a column name says.

    Attributes
    ----------
    concept : str
        Name of the idea; columns with one concept are synonyms.
    type : AttributeType
        Type that its values have.
    role : Role
        Role that it plays.
    axis : str
        The axis that it fills, or empty.
    """

    concept: str
    type: AttributeType
    role: Role
    axis: str = ""


def _axis(name: str, kind: AttributeType) -> Meaning:
    return Meaning(name, kind, "axis", name)


AXES = {
    "color": (
        _axis("color", "color"),
        "colour color farbe couleur coloris colore cor kleur kolor barva boja цвет боја shade"
        " color_name",
    ),
    "size": (
        _axis("size", "size"),
        "size groesse größe grosse taille talla taglia tamaño tamanho maat rozmiar velikost"
        " veličina размер величина sizes shoe_size clothing_size size_name",
    ),
    "storage": (
        _axis("storage", "quantity"),
        "storage storage_capacity internal_storage internal_memory speicher rom capacity_gb"
        " disk_size hdd ssd flash_memory storage_size speicherkapazität stockage almacenamiento"
        " armazenamento opslagcapaciteit úložiště skladište встроенная_память pamięć"
        " pamięć_wewnętrzna pamięć_wbudowana interní_paměť interna_memorija memoria_interna"
        " mémoire_interne память",
    ),
    "memory": (
        _axis("memory", "quantity"),
        "memory ram ram_size memory_size arbeitsspeicher memoria_ram werkgeheugen pamięć_ram"
        " operační_paměť radna_memorija оперативная_память",
    ),
    "volume": (
        _axis("volume", "quantity"),
        "volume volumen capacity content inhalt contenance capacité capacidad capacidade capacità"
        " inhoud pojemność objem zapremina объем",
    ),
    "weight": (
        _axis("weight", "quantity"),
        "weight gewicht poids peso waga hmotnost težina вес тежина net_weight item_weight"
        " nettogewicht",
    ),
    "length": (
        _axis("length", "quantity"),
        "length laenge länge longueur longitud lunghezza comprimento lengte długość délka dužina"
        " длина дужина cable_length",
    ),
    "pack": (
        _axis("pack", "quantity"),
        "pack pack_size packsize pack_count quantity_per_pack package_quantity multipack"
        " unit_count units_per_pack number_of_items packungsgröße stückzahl",
    ),
    "material": (
        _axis("material", "category"),
        "material fabric stoff matiere materiau materiale materiaal materiał materijal материал"
        " материјал",
    ),
    "pattern": (
        _axis("pattern", "category"),
        "pattern muster motif print estampado padrão patroon wzór vzor dezen узор",
    ),
    "flavor": (
        _axis("flavor", "category"),
        "flavor flavour geschmack taste gout saveur sabor gusto smaak smak příchuť ukus вкус укус"
        " scent fragrance",
    ),
    "condition": (
        _axis("condition", "category"),
        "condition zustand etat estado condizione stan stav stanje состояние стање item_condition",
    ),
}

_OTHERS = (
    (
        Meaning("title", "text", "identity"),
        "title name product_name product_title item_name item_title productname producttitle"
        " offer_title offer_name titel bezeichnung produktname artikelbezeichnung nom titre nombre"
        " nome label_name short_name",
    ),
    (
        Meaning("brand", "category", "identity"),
        "brand manufacturer brand_name manufacturer_name marke hersteller marque fabricant marca"
        " producer maker vendor_brand",
    ),
    (
        Meaning("description", "text", "identity"),
        "description desc long_description short_description product_description beschreibung"
        " details body body_html body_(html) bullet_points bullets features spec_table_content"
        " key_value_pairs specifications specs",
    ),
    (
        Meaning("options", "text", "identity"),
        "options option variant variants variant_title variant_name variation variations"
        " selected_options option_values option1 option2 option3 option1_value option2_value"
        " option3_value ausfuehrung ausführung variante varianten opciones opzioni varianti opcje"
        " wariant varianty opcije opcija varijanta вариант варианты опции опције",
    ),
    (
        Meaning("category", "category", "identity"),
        "category categories product_type product_category kategorie categorie type department"
        " google_product_category taxonomy breadcrumb category_name",
    ),
    (
        Meaning("model", "code", "code"),
        "model modelno model_no model_number modelnumber mpn part_number partnumber part_no"
        " manufacturer_part_number mfr_part_number mfg_part_number modell teilenummer"
        " herstellernummer reference",
    ),
    (
        Meaning("gtin", "code", "code"),
        "gtin ean upc isbn ean13 gtin13 gtin14 gtin12 gtin8 barcode jan ean_code upc_code isbn13"
        " isbn10 ean_upc ean_gtin",
    ),
    (Meaning("sku", "code", "code"), "sku asin article_number artikelnummer item_number"),
    (
        Meaning("price", "number", "offer"),
        "price list_price sale_price regular_price msrp rrp preis prix precio cost amount"
        " original_price selling_price offer_price price_eur price_usd price_amount uvp",
    ),
    (
        Meaning("currency", "category", "offer"),
        "currency price_currency pricecurrency waehrung währung devise",
    ),
    (
        Meaning("stock", "number", "offer"),
        "stock quantity inventory availability qty stock_quantity bestand in_stock verfuegbarkeit"
        " stock_status shipping shipping_cost delivery delivery_time",
    ),
    (
        Meaning("rating", "number", "offer"),
        "rating ratings stars reviews review_count n_reviews num_reviews rating_count discount",
    ),
    (Meaning("url", "text", "offer"), "url link href product_url permalink handle deeplink page"),
    (
        Meaning("image", "image", "media"),
        "image images image_url image_urls image_link picture pictures photo photos img img_url"
        " thumbnail bild image_src main_image",
    ),
    (Meaning("language", "category", "identity"), "language lang sprache langue idioma"),
    (Meaning("genre", "category", "identity"), "genre"),
    (Meaning("year", "number", "identity"), "year jahr annee release_year model_year"),
    (
        Meaning("truth", "category", "unused"),
        "cluster cluster_id cluster_label label truth gold match_id family_id ground_truth"
        " true_label is_match entity_id",
    ),
)

ID_NAMES = (
    *("id", "offer_id", "offerid", "record_id", "recordid", "row_id", "item_id", "product_id"),
    *("productid", "listing_id", "uid", "uuid", "key", "_id", "sku", "asin", "article_number"),
    *("artikelnummer", "item_number", "nr"),
)
SOURCE_NAMES = (
    *("source", "seller", "shop", "vendor", "merchant", "feed", "retailer", "store", "marketplace"),
    *("supplier", "site", "website", "domain", "quelle", "haendler", "händler", "anbieter"),
    *("source_id", "seller_id", "shop_id", "vendor_id", "merchant_id", "feed_id", "retailer_id"),
    *("store_id", "seller_name", "shop_name", "vendor_name", "merchant_name", "store_name"),
)

_SEPARATORS = re.compile(r"[^\w()]+|_+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def _unaccented(name: str) -> str:
    """Return a name in lower case without accents: ``matière`` is ``matiere``."""
    letters = unicodedata.normalize("NFKD", name.lower())
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return plain.replace("ł", "l").replace("ß", "ss")


BY_NAME: dict[str, Meaning] = {
    name: meaning
    for meaning, names in (*AXES.values(), *_OTHERS)
    for name in _unaccented(names).split()
}
AXIS_BY_NAME = {
    name: axis for axis, (_, names) in AXES.items() for name in _unaccented(names).split()
}


def plain_name(name: str) -> str:
    """Return a column name in lower case with single underscores.

    Examples
    --------
    >>> plain_name("Product Name"), plain_name("priceCurrency"), plain_name("Model-No.")
    ('product_name', 'price_currency', 'model_no')
    """
    return _SEPARATORS.sub("_", _CAMEL.sub("_", name.strip())).strip("_").lower() or name


@lru_cache(maxsize=1024)  # every search asks for its columns
def meaning_of(name: str) -> Meaning | None:
    """Return what a column name says, None where it says nothing.

    Examples
    --------
    >>> meaning_of("Manufacturer").concept, meaning_of("farbe").axis, meaning_of("venue")
    ('brand', 'color', None)
    """
    plain = _unaccented(plain_name(name))
    return BY_NAME.get(plain) or BY_NAME.get(plain.replace("_", ""))


def concept_of(name: str) -> str:
    """Return the concept that a column name says, empty where it says nothing."""
    meaning = meaning_of(name)
    return meaning.concept if meaning else ""


def axis_name(name: str) -> str:
    """Return the canonical name of an axis: ``colour`` is ``color``; unknown names stay.

    Examples
    --------
    >>> axis_name("Colour"), axis_name("neck style")
    ('color', 'neck_style')
    """
    plain = plain_name(name)
    return AXIS_BY_NAME.get(_unaccented(plain), plain)
