"""Identity numbers and contact points that nobody can have.

- Chinese identity number: region 000000, which is no region, and a wrong check digit.
- Chinese company code: registration department 0, which is none, region 000000, and a wrong check character.
- US social security number: area 000, which is never issued, group 00, which is none.
- UK national insurance number: prefix QQ, which is never used, and suffix Z, which does not exist.
- Chinese mobile: +86 100 00xx xxxx. Subscribers' numbers begin with 13 to 19; what begins with 10 is kept for
  carriers' service codes, and read from abroad it is Beijing (area 10) with a local number beginning
  with 0 and of the wrong length. It keeps a mobile's eleven digits.
- US telephone: 555-0100 to 555-0199, set aside for fiction.
- UK mobile: 07700 900000 to 900999, set aside by the regulator for drama.
- E-mail: example.com and the top-level domain ``invalid``, which never resolve (RFC 2606).
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mora.feeds.synthetic.draws import Draws
from mora.feeds.synthetic.text import Bytes, constant, digits, numbered, strings

Ints = NDArray[np.int64]

_CN_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
_CN_CHECK = np.frombuffer(b"10X98765432", dtype=np.uint8)
"""GB 11643: the check character for each sum modulo 11."""
_USCC = np.frombuffer(b"0123456789ABCDEFGHJKLMNPQRTUWXY", dtype=np.uint8)
_USCC_WEIGHTS = np.array([1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28])
"""GB 32100: powers of three modulo 31."""


def chinese_person(born_on: Ints, draws: Draws) -> pa.Array:
    """000000, date of birth, three digits, a check digit one off the right one."""
    rows = len(born_on)
    day = born_on.astype("datetime64[D]")
    month = day.astype("datetime64[M]")
    year = month.astype("datetime64[Y]").astype(np.int64) + 1970
    body = np.concatenate([
        constant("000000", rows), digits(year, 4), digits(month.astype(np.int64) % 12 + 1, 2),
        digits((day - month.astype("datetime64[D]")).astype(np.int64) + 1, 2),
        digits(draws.below("id/cn", 1000, rows), 3),
    ], axis=1)  # fmt: skip
    right = (body.astype(np.int64) - ord("0")) @ _CN_WEIGHTS % 11
    return strings(body, _CN_CHECK[(right + 1) % 11][:, None])


def chinese_company(draws: Draws, rows: int) -> pa.Array:
    """00, region 000000, nine digits, a check character one off the right one."""
    body = np.concatenate([constant("00000000", rows), digits(draws.below("id/company", 10**9, rows), 9)], axis=1)
    right = (31 - (body.astype(np.int64) - ord("0")) @ _USCC_WEIGHTS % 31) % 31
    return strings(body, _USCC[(right + 1) % 31][:, None])


def american(draws: Draws, rows: int) -> pa.Array:
    """000-00-NNNN."""
    return numbered("000-00-", draws.below("id/us", 10_000, rows), 4)


def british(draws: Draws, rows: int) -> pa.Array:
    """QQNNNNNNZ."""
    return strings(constant("QQ", rows), digits(draws.below("id/gb", 10**6, rows), 6), constant("Z", rows))


def telephone(country: str, draws: Draws, rows: int) -> pa.Array:
    """A number of that country which no subscriber can have, in E.164."""
    name = f"phone/{country}"
    if country == "CN":
        return numbered("+8610000", draws.below(name, 10**6, rows), 6)
    if country == "GB":
        return numbered("+447700900", draws.below(name, 1000, rows), 3)
    area = digits(np.array(_US_AREAS)[draws.below(name + "/area", len(_US_AREAS), rows)], 3)
    return strings(constant("+1", rows), area, constant("55501", rows), digits(draws.below(name, 100, rows), 2))


_US_AREAS = [205, 213, 303, 312, 404, 415, 503, 602, 617, 702, 808, 917]


def email(country: str, party: Ints) -> pa.Array:
    """An address of the party's own number at a domain that does not exist."""
    domain = "@example.cn.invalid" if country == "CN" else "@example.com"
    rows = len(party)
    local: Bytes = digits(party, 11)
    return strings(constant("syn", rows), local, constant(domain, rows))
