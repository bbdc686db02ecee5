"""Renderers of a page, which know no study: the terminal, HTML, JSON."""
