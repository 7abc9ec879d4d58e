"""E-mail by SMTP to the lender's own mail server or provider, from the standard library.

Needs host, port, log-in and an address to send from; encryption is required unless the settings name the line private.
The ``Message-ID`` is made from the outbox's key, so a mail that left twice shows as one in many mailboxes, and bounces
(RFC 3464), complaint feedback (RFC 5965) and answers lead back to the message. Whoever fetches the mailboxes named in
``bounce_to``, ``reply_to`` and ``unsubscribe_to`` gives each mail's bytes to ``receipts.read``.

- Every mail says ``Auto-Submitted: auto-generated`` (RFC 3834), so answering machines keep silent, and offers to
  unsubscribe by mail and, with a link given, by one click (RFC 2369, RFC 8058).
- Lost before the end of the data was written: it did not leave. Lost after it, before the answer: *possibly sent*.
- Addresses whose part before the @ is not ASCII (RFC 6531) are refused; domains may be in any script.
- No tracking picture is ever put in: ``read`` is not known of mail.
"""
