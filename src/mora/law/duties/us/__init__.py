"""Duties under the law of the United States."""
