"""Duties under the law of the United Kingdom."""
