"""Engines: what turns a plan into sets of nodes. The engine is named by whoever evaluates, never picked silently."""
