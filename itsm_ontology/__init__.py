"""Competing definitions of ITSM's disputed terms, held against a model of your landscape.

The names below are the whole public promise; anything else may change without notice.

Example:
    >>> import itsm_ontology as itsm
    >>> model = itsm.Model.from_records([
    ...     {"id": "crm", "kind": "Software", "runsOn": "s1"}, {"id": "s1", "kind": "Server"}])
    >>> verdicts = itsm.evaluate(model, definitions=["itil-2011:application"])
    >>> print(verdicts["crm", "itil-2011:application"].missing[0].message)
    Provides functionality that an IT service (ITIL 2011) requires.
"""

from __future__ import annotations

from .alignments import Alignment, alignment, alignments
from .analysis.comparison import Comparison, compare
from .analysis.coverage import Coverage, coverage
from .analysis.crosswalk import Crosswalk, crosswalk
from .analysis.declared import Declared, declared
from .analysis.difference import Difference, diff
from .analysis.disagreements import Disagreements, disagreements
from .analysis.identity import Samenesses, same
from .analysis.upholding import Upholding, holds
from .catalogue import Catalogue, catalogue
from .conflicts import Conflict
from .definitions import Definition, Framework
from .disputes import Dispute
from .errors import (
    AmbiguousNameError,
    EngineError,
    InputError,
    ItsmOntologyError,
    UnknownNameError,
    UnreadableShapeError,
)
from .evaluate import evaluate
from .load_report import Report
from .matrix import Matrix
from .model import Model, Problem
from .pictures import Picture
from .reasoning.compatible import Compatibility, compatible
from .reasoning.dispute import ShownDispute, dispute
from .reasoning.implication import Implication, Relation, implies, relation
from .reasoning.interview.questions import Interview, questions
from .reasoning.lattice import Lattice, lattice
from .reasoning.relations import Relations, relations
from .reasoning.repair.repairs import Repairs, repair
from .reasoning.thesis import ThesisMatrix, thesis
from .reasoning.witness import Witness
from .report import Explanation, explain
from .sources import Source, load
from .theses import Thesis
from .verdict import Finding, Outcome, Verdict
from .verdict_reading import VerdictRecord, read_verdicts
from .verdicts import Verdicts
from .version import __version__ as __version__

__all__ = [
    "Alignment",
    "AmbiguousNameError",
    "Catalogue",
    "Comparison",
    "Compatibility",
    "Conflict",
    "Coverage",
    "Crosswalk",
    "Declared",
    "Definition",
    "Difference",
    "Disagreements",
    "Dispute",
    "EngineError",
    "Explanation",
    "Finding",
    "Framework",
    "Implication",
    "InputError",
    "Interview",
    "ItsmOntologyError",
    "Lattice",
    "Matrix",
    "Model",
    "Outcome",
    "Picture",
    "Problem",
    "Relation",
    "Relations",
    "Repairs",
    "Report",
    "Samenesses",
    "ShownDispute",
    "Source",
    "Thesis",
    "ThesisMatrix",
    "UnknownNameError",
    "UnreadableShapeError",
    "Upholding",
    "Verdict",
    "VerdictRecord",
    "Verdicts",
    "Witness",
    "alignment",
    "alignments",
    "catalogue",
    "compare",
    "compatible",
    "coverage",
    "crosswalk",
    "declared",
    "diff",
    "disagreements",
    "dispute",
    "evaluate",
    "explain",
    "holds",
    "implies",
    "lattice",
    "load",
    "questions",
    "read_verdicts",
    "relation",
    "relations",
    "repair",
    "same",
    "thesis",
]
