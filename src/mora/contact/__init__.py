"""What is written to people: templates as data, the figures in them typed, the words read by the guard before anybody
else reads them.

    >>> from mora.contact import Amount, fill, starter
    >>> sorted(starter()["days_1_3.sms"].names)[:3]
    ['account_end', 'arrears', 'as_of']

A template is a text in two languages with variables such as ``{arrears:money}``; there is no code in it. Filling it
(:mod:`~mora.contact.filling`) takes values of the right types and nothing else. Checking
(:mod:`~mora.contact.checking`) reads a template with sample values, and a message with its real ones, through
:mod:`mora.gate.words`. Letters and statements become PDF in :mod:`mora.contact.statement`.

docs/reference/templates.md describes the form.
"""

from mora.contact.checking import TemplateFinding, check, check_filled
from mora.contact.filling import Filled, fill
from mora.contact.reading import read_template, read_templates
from mora.contact.starter import starter
from mora.contact.terms import Kind, Medium, Template, Text, Tone
from mora.contact.variables import Variable, variables
from mora.contact.written import Amount, Type, Value, written

__all__ = [
    "Amount", "Filled", "Kind", "Medium", "Template", "TemplateFinding", "Text", "Tone", "Type", "Value", "Variable",
    "check", "check_filled", "fill", "read_template", "read_templates", "starter", "variables", "written",
]  # fmt: skip
