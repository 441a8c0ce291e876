"""Settings of the site; `make docs` builds it with Sphinx, offline and with every warning an error."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # tools.docs_site
sys.path.insert(0, str(ROOT / "src"))

from mien.version import __version__  # noqa: E402

project = "Mien"
author = "The Mien contributors"
copyright = "the Mien contributors, Apache License 2.0"
release = version = __version__
language = "en"

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "tools.docs_site.extension",
]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]

# Markdown as GitHub reads it, so that a link works on both.
myst_heading_anchors = 4
myst_links_external_new_tab = False
myst_enable_extensions: list[str] = []

# Docstrings are Google style, their code between single backticks.
default_role = "code"
autodoc_typehints = "signature"
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True
napoleon_numpy_docstring = False
add_module_names = False
toc_object_entries = False

# Nothing comes from the web: furo uses the system's fonts, and the search runs in the browser.
html_theme = "furo"
html_title = f"Mien {__version__}"
html_copy_source = False
html_show_sphinx = False
html_last_updated_fmt = None

# TOML with comments of its own is fine; a lexer must not fail on output shown as text.
highlight_language = "text"
suppress_warnings = ["myst.header"]
