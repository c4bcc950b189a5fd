"""Strict readers of JSON, YAML, XML and CSV: nothing is executed, fetched, guessed or passed over in silence."""
