"""Uploads stay in memory, up to the largest file the lender keeps: nothing is written in clear on its way in."""

from __future__ import annotations

import io
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from mora.casework.attachments import rule


class InMemory(FileUploadHandler):
    """Keeps what was sent while all files of the form are small enough together; beyond, only counts."""

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.kept_in_all = 0
        self.kept = io.BytesIO()

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """The next file begins."""
        super().new_file(*args, **kwargs)
        self.kept = io.BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:  # noqa: ARG002
        """Keep a piece, or count it only."""
        self.kept_in_all += len(raw_data)
        if self.kept_in_all <= rule().largest:
            self.kept.write(raw_data)
        else:
            self.kept = io.BytesIO()

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        """The file with the size that was sent; empty when it was too large."""
        self.kept.seek(0)
        return InMemoryUploadedFile(
            self.kept, self.field_name, self.file_name, self.content_type, file_size, self.charset
        )
