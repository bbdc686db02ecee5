"""Scenarios that there are: listed, shown, copied to edit."""
