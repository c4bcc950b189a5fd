"""English: conditions as sentences, worked out from the conditions themselves."""

from __future__ import annotations

import re

from pyoxigraph import Literal

from . import conditions as c
from . import paths as p
from .conditions import Condition
from .names import shorten
from .paths import Path
from .rdf import Term
from .vocabulary import Vocabulary

_KINDS = {"IRI": "an IRI", "BlankNode": "a blank node", "Literal": "a literal"}
_COMPARISONS = {"<": "less than", "<=": "at most", ">": "more than", ">=": "at least"}
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def sentence(condition: Condition, words: Vocabulary) -> str:
    """Say a condition on an element as a sentence.

    Args:
        condition: the condition.
        words: where labels come from.

    Returns:
        A sentence with "it" for the element.

    Example:
        >>> from itsm_ontology.vocabulary import vocabulary
        >>> ITSM = "https://w3id.org/itsm-ontology/itsm#"
        >>> hardware = c.AtMost(0, p.Relation(ITSM + "hasPart"), c.OfClass(ITSM + "Hardware"))
        >>> sentence(hardware, vocabulary())
        'It has no parts that are hardware.'
    """
    text = clause(condition, words)
    return text[0].upper() + text[1:] + "."


def clause(condition: Condition, words: Vocabulary, subject: str = "it") -> str:
    """Say a condition as a clause about a subject, `it` or `they`."""
    return _Speaker(words).clause(condition, subject)


def predicate(condition: Condition, words: Vocabulary, plural: bool = False) -> str:
    """Say a condition as a predicate: `is hardware`, `are hardware`."""
    return _Speaker(words).predicate(condition, plural)


def values_named(path: Path, words: Vocabulary, plural: bool = True) -> str:
    """Name what a path leads to: `customers`, `owners of its specific costs or risks`."""
    return _Speaker(words).values(path, plural)


def term_named(term: Term) -> str:
    """Name a term."""
    return repr(term.value) if isinstance(term, Literal) else shorten(term.value)


_IT = re.compile(r"\bit\b")
_DONE = re.compile(r"^(?!.*\b(its?|by|of)\b).* (\w+ed|given|stored)$")
"""Names such as `outcomes facilitated`, which are so by something."""


def _with_owner(text: str, owner: str) -> str:
    """Put whose they are into the name of values: `owners` and `its risks` make `owners of its risks`."""
    if _IT.search(text):
        return _IT.sub(owner, text, count=1)
    return f"{text} {'by' if _DONE.search(text) else 'of'} {owner}"


class _Speaker:
    def __init__(self, words: Vocabulary) -> None:
        self.words = words

    # ----------------------------------------------------------------------------------------------------------------
    # Paths

    def values(self, path: Path, plural: bool) -> str:
        match path:
            case p.Relation(iri):
                return self.words.value_label(iri, plural)
            case p.Inverse(p.Relation(iri)):
                return self._backwards(iri, plural)
            case p.Inverse(inner):
                return f"things with it among their {self.values(inner, True)}"
            case p.Sequence(()):
                return "itself"
            case p.Sequence(paths):
                steps: list[Path] = [step for step in paths if not isinstance(step, p.ZeroOrMore)] or list(paths)
                optional = len(steps) < len(paths)
                text = self.values(steps[-1], plural)
                for step in reversed(steps[:-1]):
                    text = _with_owner(text, self._the(step, "it"))
                return text + (
                    self._beyond([one for one in paths if isinstance(one, p.ZeroOrMore)]) if optional else ""
                )
            case p.Alternative(paths):
                return " or ".join(self.values(inner, plural) for inner in paths)
            case p.OneOrMore(inner):
                return f"{self.values(inner, plural)} at any depth"
            case p.ZeroOrMore(inner):
                return f"{self.values(inner, plural)} at any depth, or itself"
            case p.ZeroOrOne(inner):
                return f"{self.values(inner, plural)}, or itself"

    def _backwards(self, iri: str, plural: bool) -> str:
        for edge, back in self.words.edges(iri, backwards=True):
            if not back and edge in self.words.entries:
                return self.words.value_label(edge, plural)
        thing = "things" if plural else "thing"
        label = self.words.label(iri)
        return (
            f"{thing} {label.removeprefix('is ')} it"
            if label.startswith("is ")
            else f"{thing} with it among their {self.words.value_label(iri, True)}"
        )

    def _beyond(self, steps: list[p.ZeroOrMore]) -> str:
        return "".join(f" (or {self.values(step.path, True)} of those, at any depth)" for step in steps)

    # ----------------------------------------------------------------------------------------------------------------
    # Conditions

    def clause(self, condition: Condition, subject: str) -> str:
        has, does = ("has", "does") if subject == "it" else ("have", "do")
        match condition:
            case c.Named(inner, _, message):
                return self.named(inner, message, subject)
            case c.All(()):
                return f"{subject} may be anything"
            case c.All(inner) if all(isinstance(one, c.AtLeast | c.AtMost) for one in inner):
                return " and ".join([self.clause(inner[0], subject), *(self._tail(one, subject) for one in inner[1:])])
            case c.All(inner):
                return ", and ".join(self.clause(one, subject) for one in inner)
            case c.AnyOf(inner):
                return "; or ".join(self.clause(one, subject) for one in inner)
            case c.ExactlyOne(inner):
                return "exactly one of these holds: " + "; or ".join(self.clause(one, subject) for one in inner)
            case c.Not(c.NoCommonValue(path, relation)):
                return (
                    f"at least one of {self._the(path, subject)} is also one of "
                    f"{self._the(p.Relation(relation), subject)}"
                )
            case c.Not(inner):
                return self._denied(inner, subject)
            case c.AtLeast(number, path, inner):
                return f"{subject} {has} at least {self._counted(number, path, inner)}"
            case c.AtMost(0, path, inner):
                return f"{subject} {has} no {self.values(path, True)}{self._that(inner)}"
            case c.AtMost(number, path, inner):
                return f"{subject} {has} at most {self._counted(number, path, inner)}"
            case c.Every(path, inner):
                return f"every one of {self._the(path, subject)} {self.predicate(inner, plural=False)}"
            case c.NoCommonValue(path, relation):
                return f"none of {self._the(path, subject)} is one of {self._the(p.Relation(relation), subject)}"
            case c.SameValues(path, relation):
                return f"{self._the(path, subject)} are the same as {self._the(p.Relation(relation), subject)}"
            case c.Precedes(path, relation, or_equal):
                order = "at most" if or_equal else "less than"
                return (
                    f"every one of {self._the(path, subject)} is {order} every one of "
                    f"{self._the(p.Relation(relation), subject)}"
                )
            case c.UniqueLanguages(path):
                return f"no two of {self._the(path, subject)} are in the same language"
            case c.Closed(relations):
                allowed = ", ".join(sorted(map(shorten, relations))) or "none"
                return f"{subject} {has} facts in no other relations than these: {allowed}"
            case c.Opaque(reason):
                return f"{subject} {does} what {reason} asks"
            case _:
                return f"{subject} {self.predicate(condition, plural=subject != 'it')}"

    def named(self, inner: Condition, message: str, subject: str) -> str:
        """Say what is inside, or the message where what is inside is not short."""
        if not message or sum(1 for _ in c.walk(inner)) <= 4:
            return self.clause(inner, subject)
        text = message.rstrip(".")
        return f"{subject} {text[0].lower()}{text[1:]}" if subject == "it" else f"“{text}” holds of {subject}"

    def _tail(self, condition: Condition, subject: str) -> str:
        return self.clause(condition, subject).removeprefix(f"{subject} ")

    def _the(self, path: Path, subject: str) -> str:
        """Name the values of a path with the determiner that fits: its parts, the owners of its risks."""
        text = self.values(path, True)
        if text == "itself":
            return text
        if _DONE.search(text):
            return f"the {text} by {subject}"
        if _IT.search(text) or " its " in f" {text} ":
            return f"the {text}"
        return f"{'its' if subject == 'it' else 'their'} {text}"

    def _counted(self, number: int, path: Path, inner: Condition) -> str:
        amount = _NUMBERS[number] if number < len(_NUMBERS) else str(number)
        return f"{amount} {self.values(path, number != 1)}{self._that(inner, plural=number != 1)}"

    def _that(self, inner: Condition, plural: bool = True) -> str:
        while isinstance(inner, c.Named) and not inner.message:
            inner = inner.condition
        if inner == c.TRUE:
            return ""
        return f" that {self.predicate(inner, plural)}"

    def _denied(self, inner: Condition, subject: str) -> str:
        while isinstance(inner, c.Named):
            inner = inner.condition
        match inner:
            case c.OfClass(kind):
                return f"{subject} {'is' if subject == 'it' else 'are'} not {self._a(kind, subject != 'it')}"
            case c.NoCommonValue():
                return self.clause(c.Not(inner), subject)
            case c.AnyOf(conditions):
                return ", and ".join(self._denied(one, subject) for one in conditions)
            case c.AtLeast(1, path, within):
                return self.clause(c.AtMost(0, path, within), subject)
            case _:
                return f"it is not so that {self.clause(inner, subject)}"

    def predicate(self, condition: Condition, plural: bool) -> str:
        """Say a condition as a predicate."""
        be = "are" if plural else "is"
        match condition:
            case c.Named(inner, _, message):
                if message and sum(1 for _ in c.walk(inner)) > 4:
                    text = message.rstrip(".")
                    return (
                        f"meets “{text[0].lower()}{text[1:]}”" if not plural else f"meet “{text[0].lower()}{text[1:]}”"
                    )
                return self.predicate(inner, plural)
            case c.OfClass(kind):
                return f"{be} {self._a(kind, plural)}"
            case c.AnyOf(inner) if all(isinstance(self._bare(one), c.OfClass) for one in inner):
                kinds = [self._a(one.kind, plural) for one in map(self._bare, inner) if isinstance(one, c.OfClass)]
                return f"{be} {' or '.join(kinds)}"
            case c.OneOf(terms):
                return f"{be} {' or '.join(map(term_named, terms))}"
            case c.NodeKind(sorts):
                return f"{be} {' or '.join(_KINDS[sort] for sort in sorted(sorts))}"
            case c.Datatype(iri):
                return f"{be} written as {shorten(iri)}"
            case c.Bound(comparison, literal):
                return f"{be} {_COMPARISONS[comparison]} {literal.value}"
            case c.Length(least, None):
                return f"{'have' if plural else 'has'} at least {least} characters"
            case c.Length(_, most):
                return f"{'have' if plural else 'has'} at most {most} characters"
            case c.Pattern(regex, _):
                return f"{'match' if plural else 'matches'} {regex!r}"
            case c.LanguageIn(ranges):
                return f"{be} in the language {' or '.join(ranges)}"
            case _:
                return self._tail(condition, "they" if plural else "it")

    def _bare(self, condition: Condition) -> Condition:
        while isinstance(condition, c.Named):
            condition = condition.condition
        return condition

    def _a(self, kind: str, plural: bool) -> str:
        label = self.words.label(kind)
        if label in UNCOUNTED:
            return label
        if plural:
            return (
                f"{label}es"
                if label.endswith(("s", "x", "ch"))
                else (f"{label[:-1]}ies" if label.endswith("y") and label[-2] not in "aeiou" else f"{label}s")
            )
        return f"{'an' if label[0] in 'aeiouAEIOU' else 'a'} {label}"


UNCOUNTED = frozenset(
    {
        "hardware", "software", "application software", "system software", "content", "behaviour", "functionality",
        "reliability", "maintainability", "serviceability", "performance", "capacity", "security", "confidentiality",
        "integrity", "kinds of information",
    }
)  # fmt: skip
