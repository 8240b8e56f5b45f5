"""Nested values: markup, settings and packed records, given as dicts and lists."""
