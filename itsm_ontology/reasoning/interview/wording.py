"""Questions in English, made of the messages of constraints: a message says what holds where a clause is met."""

from __future__ import annotations

import re

_AUXILIARIES = frozenset({"is", "can"})
_NO_VERBS = frozenset({"its", "this", "those", "these"})
_IRREGULAR = {"has": "have", "does": "do"}
_SIBILANT = ("sses", "shes", "ches", "xes", "zes")
_THIRD_PERSON = r"[A-Za-z]+s\b"
_VERBS = re.compile(rf"{_THIRD_PERSON}(?:(?:, {_THIRD_PERSON})*,? (?:or|and) {_THIRD_PERSON})?")
"""The verbs that a message starts with: `Has`, or `Has, holds, uses or gives`."""
_STATEMENT = re.compile(
    r"^\w+ (?:itself )?(?:no|not|neither|nothing|nobody)\b|\bnothing else\b|\b(?:or|and) (?:has|is|finds)\b"
)
"""What can't be asked by turning the verb to the front: it denies, or goes on with another verb."""
_PASSIVE = re.compile(r"^(?:is|are|was|were|has|have)\b")
_RECORDS = (
    (re.compile(r"\bis recorded as having to\b"), "has to"),
    (re.compile(r"\bis recorded who\b"), "is known who"),
    (re.compile(r"\brecorded as (?!such)"), ""),
    (re.compile(r"\ba recorded (?=[aeiou])"), "an "),
    (re.compile(r"\brecorded (?!as such)"), ""),
)
"""What messages say of records, a question asks of the world."""


def question(message: str, label: str) -> str:
    """Turn the message of a constraint into a question about an element.

    Args:
        message: what holds where the constraint is met: a sentence about "it", or one that starts with its verb.
        label: the name of the element.

    Returns:
        A question to be answered by yes where the message is true, and by no where it is not.

    Example:
        >>> question("Facilitates an outcome that a customer of it wants.", "Mail")
        'Does Mail facilitate an outcome that a customer of it wants?'
        >>> question("Is not itself recorded as software.", "Mail")
        'Is it so that Mail is not itself software?'
    """
    text = _of_the_world(message.strip().rstrip("."))
    first, _, rest = text.partition(" ")
    verb = first.rstrip(",").lower()
    if first == "Somebody":
        return f"Has anybody {_named(rest[4:], label)}?" if rest.startswith("has ") else _does("anybody", rest, label)
    if not _is_verb(verb) or (verb != "has" and _PASSIVE.match(rest)):
        return _whether(text, label)
    if _STATEMENT.search(text) or (verb in _AUXILIARIES and first.endswith(",")):
        return f"Is it so that {label} {_uncapitalised(text)}?"
    if verb in _AUXILIARIES or rest.startswith("been "):
        return f"{first} {label} {rest}?"
    return f"Does {label} {_base_forms(text)}?"


def _of_the_world(text: str) -> str:
    for pattern, words in _RECORDS:
        text = pattern.sub(words, text)
    return re.sub(r"^Is service\b", "Is a service", text)


def _is_verb(word: str) -> bool:
    return word == "can" or (word.endswith("s") and word not in _NO_VERBS)


def _does(subject: str, text: str, label: str) -> str:
    return f"Does {subject} {_named(_base_forms(text), label)}?"


def _base_forms(text: str) -> str:
    """Put the verbs that a text starts with into their base form."""
    return _VERBS.sub(lambda verbs: re.sub(_THIRD_PERSON, _base_form, verbs[0]), text, count=1)


def _base_form(verb: re.Match[str]) -> str:
    return base(verb[0].lower())


def base(verb: str) -> str:
    """Give the base form of a verb in the third person.

    Example:
        >>> [base(verb) for verb in ("has", "crosses", "carries", "gives")]
        ['have', 'cross', 'carry', 'give']
    """
    if verb in _IRREGULAR:
        return _IRREGULAR[verb]
    if verb.endswith("ies"):
        return f"{verb[:-3]}y"
    return verb[:-2] if verb.endswith(_SIBILANT) else verb[:-1]


def _whether(text: str, label: str) -> str:
    """Ask whether a sentence is so, with the element's name for the first word that means it."""
    if text.startswith("It is known "):
        return f"Is it {_named(text.removeprefix('It is '), label)}?"
    sentence = _uncapitalised(text)
    named = _named(sentence, label)
    if named == sentence or sentence.startswith("all "):  # "it" may be what all of them do something to
        return f"Is this so of {label}: {sentence}?"
    return f"Is it so that {named}?"


def _named(text: str, label: str) -> str:
    return re.sub(r"\b(it|its)\b", lambda word: label if word[0] == "it" else f"{label}'s", text, count=1)


def _uncapitalised(text: str) -> str:
    return text[:1].lower() + text[1:]
