"""How each seller writes."""

from dataclasses import dataclass

import numpy as np
from numpy.random import default_rng
from numpy.typing import NDArray

from matcher.types import Bools, Longs

N_SELLERS = 150
SLOTS = (
    *("praise", "brand", "line", "model", "name", "amount", "fact 1", "fact 2", "fact 3"),
    *("option", "ending"),
)
"""The parts of a title."""
JOINTS = ("", "-", " ", "/")
FLOATING = slice(4, 10)  # from the name to the option: everybody has an order of their own


@dataclass(frozen=True, slots=True)
class Sellers:
    """The habits of all sellers; arrays of shape (n_sellers,), shares between 0 and 1.

    Attributes
    ----------
    order : Longs
        Shape (n_sellers, n_slots): in which order they write the `SLOTS`.
    says_brand, says_line, says_model, says_name, says_amount, says_option : NDArray[np.float64]
        In which share of their titles each part stands.
    has_brand, has_gtin : NDArray[np.float64]
        Which share of their offers has it in its column.
    n_facts : Longs
        How many facts they tell.
    name, amount : Longs
        Which of three names, and which spelling of amounts, they use.
    joint : Longs
        What stands between the letters and the digits of a model number, by its place in `JOINTS`.
    is_cut : Bools
        Whether they leave the end of model numbers out.
    is_short : Bools
        Whether they abbreviate.
    case : Longs
        0 as it is, 1 small letters, 2 capitals.
    praise, company : Longs
        What they add to titles and to brands, by its number; -1 nothing.
    slips : NDArray[np.float64]
        In which share of their titles there is a slip.
    level, spread : NDArray[np.float64]
        Their prices, by those of the makers, and how far they differ from that.
    shelf : Longs
        Whether a category is the name of the goods, their department or both.
    """

    order: Longs
    says_brand: NDArray[np.float64]
    says_line: NDArray[np.float64]
    says_model: NDArray[np.float64]
    says_name: NDArray[np.float64]
    says_amount: NDArray[np.float64]
    says_option: NDArray[np.float64]
    has_brand: NDArray[np.float64]
    has_gtin: NDArray[np.float64]
    n_facts: Longs
    name: Longs
    amount: Longs
    joint: Longs
    is_cut: Bools
    is_short: Bools
    case: Longs
    praise: Longs
    company: Longs
    slips: NDArray[np.float64]
    level: NDArray[np.float64]
    spread: NDArray[np.float64]
    shelf: Longs


def make_sellers(seed: int, n_praise: int, n_companies: int) -> Sellers:
    """Return sellers; the same ones for the same seed."""
    random = default_rng([seed, 1])
    n = N_SELLERS

    def one_of(*values: float) -> NDArray[np.float64]:
        return random.choice(np.array(values), n)

    def often(share: float) -> Bools:
        return random.random(n) < share

    return Sellers(
        order=np.array([_order(random) for _ in range(n)]),
        says_brand=one_of(0.5, 0.9, 1, 1),
        says_line=one_of(0.6, 0.9, 1),
        says_model=one_of(0.8, 0.95, 1, 1, 1),
        says_name=one_of(0.5, 0.9, 1),
        says_amount=one_of(0.8, 0.95, 1, 1),
        says_option=one_of(0.7, 0.95, 1, 1),
        has_brand=one_of(0, 0.7, 0.95, 1, 1),
        has_gtin=one_of(0, 0, 0.1, 0.2, 0.5),
        n_facts=random.integers(0, 4, n),
        name=random.integers(0, 3, n),
        amount=random.integers(0, 3, n),
        joint=random.choice(len(JOINTS), n, p=(0.5, 0.3, 0.15, 0.05)),
        is_cut=often(0.12),
        is_short=often(0.25),
        case=random.choice(3, n, p=(0.75, 0.15, 0.1)),
        praise=np.where(often(0.4), random.integers(0, n_praise, n), -1),
        company=np.where(often(0.25), random.integers(0, n_companies, n), -1),
        slips=one_of(0, 0, 0.02, 0.05, 0.15),
        level=one_of(0.85, 0.95, 1, 1, 1.1),
        spread=one_of(0.02, 0.05, 0.15),
        shelf=random.integers(0, 3, n),
    )


def _order(random: np.random.Generator) -> Longs:
    order = np.arange(len(SLOTS))
    order[FLOATING] = random.permutation(order[FLOATING])
    if random.random() < 0.3:  # most begin with the maker; some write it anywhere
        order[1:-1] = random.permutation(order[1:-1])
    return order
