import numpy as np
from blocking_helpers import build_records
from hypothesis import given
from hypothesis import strategies as st

from matcher.blocking.shared import N_SORT_TOKENS, title_ranks

words = st.sampled_from(["a", "b", "c1"])


@given(st.lists(st.lists(words, max_size=10), min_size=1, max_size=20))
def test_records_rank_by_their_first_words_then_by_number(titles):
    records = build_records([" ".join(title) for title in titles])
    ranks = title_ranks(records, np.arange(len(titles)))
    order = sorted(range(len(titles)), key=lambda n: (titles[n][:N_SORT_TOKENS], n))
    assert ranks.tolist() == [order.index(n) for n in range(len(titles))]
