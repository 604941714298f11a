"""Measurements of quality and speed that anyone can run: ``python -m bench.NAME`` from the repository's root."""
