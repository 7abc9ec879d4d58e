"""How late? Days past due by a named rule, arrears by component, buckets, rolls and cures.

Adds the words of :mod:`mora.ageing.terms`. ``rules`` is the truth for one loan; ``kernels``
and ``frames`` are the same truth over a whole book, an independent witness held to it.
"""
