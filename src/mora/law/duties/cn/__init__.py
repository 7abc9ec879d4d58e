"""Duties and legal clocks under the law of mainland China."""
