"""Which runs to make, making them, and what is taken from each."""
