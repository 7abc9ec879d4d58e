"""The pages of staff: one small module a page or act. A view reads what was asked, asks casework, and renders."""
