"""The version of the library, and so of the catalogue."""

__version__ = "0.1.0"
