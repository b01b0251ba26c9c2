"""Pairs of records of one brand that share a word rare in it."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from matcher.blocking.equal import empty_proposal, merge
from matcher.blocking.inverted import limit_postings
from matcher.blocking.shared import following, group_by_key, is_allowed
from matcher.types import Longs, Proposal, Records


@dataclass(frozen=True, slots=True)
class BrandBlocker:
    """Records of one brand that share one of their rarest title words.

    Attributes
    ----------
    name : str
        Name in reports.
    max_group : int
        Records of a brand that may share the word; longer lists are dropped and counted.
    max_keys : int
        Words per record, the rarest of the brand first.
    """

    name: str = "brand"
    max_group: int = 15
    max_keys: int = 3

    def propose(self, records: Records) -> Proposal:
        """Return the pairs; the strength is the inverse document frequency of the word."""
        owner, token = _branded_tokens(records)
        if not len(owner):
            return empty_proposal({"records_without_brand": int((records.brands < 0).sum())})
        keys = records.brands[owner].astype(np.int64) * len(records.title.idf) + token
        unique, key, frequency = np.unique(keys, return_inverse=True, return_counts=True)
        shared = frequency[key] > 1
        postings = sparse.csr_matrix(
            (np.ones(int(shared.sum()), np.float32), (owner[shared], key[shared])),
            shape=(len(records), len(unique)),
        )
        kept = limit_postings(postings, frequency, self.max_group, self.max_keys)
        numbers = np.repeat(np.arange(len(records)), np.diff(kept.indptr))
        groups = group_by_key(numbers, kept.indices, np.arange(len(records)))
        first, second, group, _ = following(groups, self.max_group)
        keep = is_allowed(records, first, second)
        words = unique[groups.keys] % len(records.title.idf)
        pairs, strength = merge(first[keep], second[keep], records.title.idf[words[group[keep]]])
        report = {
            "records_without_brand": int((records.brands < 0).sum()),
            "keys_too_frequent": int((frequency > self.max_group).sum()),
            "postings_dropped": int(postings.nnz - kept.nnz),
        }
        return Proposal(pairs, strength, report)


def _branded_tokens(records: Records) -> tuple[Longs, Longs]:
    """Return the distinct (record, title token) of the records whose brand is known."""
    owner = np.repeat(np.arange(len(records)), np.diff(records.title.indptr))
    keep = records.brands[owner] >= 0
    keys = np.unique(owner[keep] * len(records.title.idf) + records.title.terms[keep])
    owners, tokens = np.divmod(keys, max(len(records.title.idf), 1))
    return owners, tokens
