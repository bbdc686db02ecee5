"""Recorded numbers: they change only on purpose."""
