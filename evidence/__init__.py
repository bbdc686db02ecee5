"""What a report is worth: the tables of docs/evidence.md, each made anew by ``python -m evidence``."""
