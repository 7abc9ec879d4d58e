"""How bad? Five classes, accounting stage, provision, write-off and the status a credit bureau is told.

Adds the words of :mod:`mora.riskclass.terms`. ``rules`` puts together the truth for one loan
from the files named for their questions (``five_class``, ``contagion``, ``observation``,
``stage``, ``provision``, ``expected_loss``, ``us_retail``, ``eu_default``, ``write_off``,
``bureau``); ``frames`` is the same truth over a whole book and an independent witness held
to it. Law read here: the riskclass packs, through :mod:`mora.riskclass.numbers`, which keeps
what was verified apart from what may only warn.
"""
