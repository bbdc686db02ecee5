"""``coproduce sweep``: what is asked, said, printed and drawn."""
