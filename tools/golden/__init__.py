"""Compare what two checkouts of Mien make: every output and every message of fixed commands.

Run as ``python -m tools.golden --out FOLDER/golden.json [--src CHECKOUT] [--only REGEX] [--jobs N]``
and ``python -m tools.golden --compare A.json B.json``.
"""
