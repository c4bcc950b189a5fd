"""Runs the command line: `python -m itsm_ontology`."""

import sys

from .cli import main

sys.exit(main())
