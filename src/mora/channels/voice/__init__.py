"""Calls: handed over to a dialler or voice-robot provider, by signed HTTP or as a list; and people's own calls by link.

Three ways, one result:

- ``send.py`` posts one call to the provider's address. ``Idempotency-Key`` is the outbox's key: a provider that honours
  it makes one call of two hand-overs; since not all do, a lost answer is *possibly sent* all the same.
- ``call_list.py`` writes many calls as a CSV for diallers that take files, ``click.py`` makes the link a person clicks.
- ``receipts.py`` takes results back: signed callbacks, or the results of a list. A result says how the call ended in
  the gate's words, how long it lasted, where the recording lies; ``transcript.py`` reads what was said.

One ``call_id`` is one dialling: a provider that dials again by itself makes contacts nobody asked the gate about, so
the contract must forbid it.

Both directions are signed the same way (``signing.py``): HMAC-SHA256 over moment, method, path and body. The callback's
moment must be within the window, and a repeated one within it is harmless, because receipts are a set. The provider's
interface is our own, plain and written down in ``send.py``; a provider with another one needs a small bridge.
"""
