"""One run: its start, its events in order, and the tables, costs and certificate that come out."""
