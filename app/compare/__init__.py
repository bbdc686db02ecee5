"""``coproduce compare``: what is asked, found, said, printed, drawn and written."""
