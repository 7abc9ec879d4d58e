"""Text messages by SMPP 3.4: one transceiver connection to a short-message centre (gateway).

Needs host, port, system id, password and the sender's number from the gateway's operator, who also says how many
messages a second, in which zone its receipts tell the time, and whether their ids are written as in the answers.
SMPP has no encryption of its own: reach the gateway by a private line or a tunnel.

- Long messages are split by us (``segments.py``) and carry a user data header.
- What comes in is acknowledged only after it was recorded; the gateway repeats what was not.
- SMPP knows no idempotency: when the connection is lost between a segment and its answer the message is *possibly
  sent*, and so it is when later segments are refused after the first were taken.
- Refusals for lack of room (throttled, queue full) come with a waiting time that doubles while they last.
"""
