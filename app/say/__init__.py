"""Numbers, names and sentences, each worded once."""
