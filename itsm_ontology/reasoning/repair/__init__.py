"""Repairs: the smallest changes to a model under which an element meets a definition."""
