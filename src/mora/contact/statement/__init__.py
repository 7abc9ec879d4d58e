"""Statements, repayment guides and letters on paper: facts in, PDF out; the same facts give the same bytes.

    facts.py       what a statement says, in minor units, checked to add up
    words.py       its fixed words in both languages
    sheet.py       facts as plain strings for the page
    letters.py     a filled template as a letter on the same paper
    paper.py       the typesetter: fonts, compiler, PDF/A
    *.typ          the pages

What people and accounts are called goes to the typesetter as data, never as markup. The PDF is PDF/A-2a and PDF/UA-1:
it can be archived, and read aloud.
"""

from mora.contact.statement.facts import Component, Line, Loan, Sender, Statement, line_of
from mora.contact.statement.letters import Letter, letter_pdf
from mora.contact.statement.paper import NoGlyph, Paper, paper
from mora.contact.statement.sheet import statement_pdf

__all__ = [
    "Component", "Letter", "Line", "Loan", "NoGlyph", "Paper", "Sender", "Statement", "letter_pdf", "line_of", "paper",
    "statement_pdf",
]  # fmt: skip
