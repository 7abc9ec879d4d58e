"""What did the person answer? Recognised conservatively: what is not plain is left to a person, and nothing is guessed.

Six things are looked for in what somebody wrote back or said to a robot: a refusal of the channel, "I paid", "wrong
number", a promise with a day or an amount, a call for help, a dispute. Each comes with the words it was read from.

**Certain** is only a refusal that is the whole message (``STOP``, ``TD``, 退订): it takes effect at once. Everything
else is *for a person*: it is put before somebody, with the day and amount already read. Words that speak of a danger to
life are marked urgent. What certain means is that the words say so, not that it is true.

    answers("下周五还五百", on=date(2026, 3, 4))    a promise: 2026-03-13, 500.00, for a person

Near misses are blanked out before anything is looked for (我没说不还, "don't stop"). The words are in ``words.yaml``;
worked sentences stand in ``tests/channels/cases/answers.yaml``. Texts that are neither Chinese nor English say nothing
here, and a person reads them.
"""

from mora.channels.answers.read import answers
from mora.channels.answers.terms import Answer, Meaning

__all__ = ["Answer", "Meaning", "answers"]
