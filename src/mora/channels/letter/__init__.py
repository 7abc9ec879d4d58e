"""Letters: a batch for the printer, with an address sheet and a register of posting (交寄登记表).

A batch is a folder. Each hand-over puts one PDF and its address into it; closing the batch writes ``addresses.csv`` and
``register.csv`` and renames the folder, so a printer never sees half a batch. Every file is written beside its place,
made durable and renamed: a crash leaves the letter whole or absent, and handing the same key over again finds it, so
a letter is never "possibly sent".

Needs a folder the printer can reach. The PDF is given; its pages are counted by whoever made it. The printer fills in
tracking number and day of posting in the register, later how it ended; ``receipts.read`` takes the register back. A
letter counts as delivered only on the word of the post.
"""
