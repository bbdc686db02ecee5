"""Means, gaps and changes with their intervals: over runs, over pairs, together, and at what price."""
