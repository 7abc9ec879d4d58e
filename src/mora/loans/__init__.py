"""What is owed? Terms, schedules, postings, the waterfall and penalty interest.

Adds the words of :mod:`mora.loans.terms`. ``replay`` is the truth for one loan, day by
day; :mod:`mora.loans.kernels` holds the compiled pieces the book-wide run is made of.
Law read here: the waterfall's order and switch (Civil Code 561, card measures art. 57)
reaches a loan through its product's terms.
"""
