"""``coproduce sensitivity``: what is asked, found, said, printed and drawn."""
