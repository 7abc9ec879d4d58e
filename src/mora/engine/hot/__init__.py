"""The hot partition: copies of the loans that a coming day may change, so that the day need read nothing else.

A loan is *standing* when days alone change it: something due is unpaid, or a clock runs for it
(restructured, once non-performing, a debtor with linked loans, something dated in the future).
Any other loan rests until its first unpaid due date, or until a posting comes. A whole run
sorts the book's loans into ``held`` (standing) and one file per coming due date; each later day
reads what is held, the due dates that have come and what was touched since, and nothing else.
"""
