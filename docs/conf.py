"""Settings of the documentation site; one command builds it: ``python -m sphinx -W docs docs/_build/html``.

Pages are Markdown, tutorials are Python (`tutorial_pages`), the reference comes from the docstrings. Nothing is fetched
while building, and built pages load nothing from the network.
"""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

project = "coproduce"
author = "The coproduce developers"
copyright = author

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "docstrings", "tutorial_pages"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build", "conf.py", "docstrings.py", "tutorial_*.py"]

autodoc_typehints = "none"  # the docstrings name types and shapes
autodoc_member_order = "bysource"
napoleon_google_docstring = False
napoleon_use_rtype = False
napoleon_use_param = False  # types stay words: "name" is no link to something of that name
default_role = "code"  # what docstrings put in single quotes

html_theme = "furo"
html_title = "coproduce"
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
