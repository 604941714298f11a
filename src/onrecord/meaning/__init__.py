"""Texts by what they mean: an encoder that comes with the package, and an index of its vectors on disk."""
