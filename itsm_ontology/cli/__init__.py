"""The command line `itsm-ontology`."""

from .commands import main

__all__ = ["main"]
