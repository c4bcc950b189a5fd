"""The strict readers of JSON, YAML, CSV and XML: what they take, and how they refuse the rest."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from itsm_ontology import InputError
from itsm_ontology.document import Document
from itsm_ontology.sources.syntax.csv import read_csv
from itsm_ontology.sources.syntax.json import read_json, read_json_items, read_json_lines
from itsm_ontology.sources.syntax.xml import read_xml
from itsm_ontology.sources.syntax.yaml import MOST_NODES, read_plain_yaml, read_yaml


def doc(data: bytes | str) -> Document:
    return Document("file", data.encode() if isinstance(data, str) else data)


def yaml(data: bytes | str) -> list[Any]:
    return [one.value for one in read_yaml(doc(data))]


def csv(data: bytes | str) -> tuple[tuple[str, ...], list[tuple[int, list[str]]]]:
    table = read_csv(doc(data))
    return table.columns, list(table.rows())


def items(data: bytes | str) -> list[tuple[int, Any]]:
    return list(read_json_items(doc(data), "result", "results"))


def refused(read: Callable[[str | bytes], Any], data: bytes | str) -> InputError:
    with pytest.raises(InputError) as caught:
        read(data)
    assert caught.value.source == "file"
    return caught.value


# ---------------------------------------------------------------------------------------------------------------------
# YAML


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: no", {"a": "no"}),
        ("a: 012", {"a": "012"}),
        ("a: 1:30", {"a": "1:30"}),
        ("a: 2024-01-01", {"a": "2024-01-01"}),
        ("a: 1e3", {"a": "1e3"}),
        ("a: ~", {"a": None}),
        ("a:", {"a": None}),
        ("a: ''", {"a": ""}),
        ("a: 'null'", {"a": "null"}),
        ("a: [yes, off]", {"a": ["yes", "off"]}),
        ("a: |\n  x\n  y", {"a": "x\ny"}),
        ("\ufeffa: b", {"a": "b"}),
        ("a: &x {k: v}\nb: *x", {"a": {"k": "v"}, "b": {"k": "v"}}),
        ("a: &x {k: v, l: w}\nb:\n  <<: *x\n  l: z", {"a": {"k": "v", "l": "w"}, "b": {"k": "v", "l": "z"}}),
        ("a: &x {k: 1}\nb: &y {k: 2}\nc:\n  <<: [*x, *y]", {"a": {"k": "1"}, "b": {"k": "2"}, "c": {"k": "1"}}),
    ],
)
def test_yaml_stays_what_it_is(text: str, value: object) -> None:
    assert yaml(text) == [value]


def test_yaml_has_several_documents_with_their_lines() -> None:
    found = read_yaml(doc("# head\na: 1\n---\n---\n# none\n---\nb: 2\n"))
    assert [(one.value, one.line) for one in found] == [({"a": "1"}, 2), ({"b": "2"}, 7)]


@pytest.mark.parametrize(
    ("text", "line", "part"),
    [
        ("a: 1\nb: 2\na: 3", 3, "the key 'a' stands here twice"),
        ("a: [1, 2", 2, "not well-formed YAML"),
        ("a: 1\n b: 2", 2, "not well-formed YAML"),
        ("a: *none", 1, "stands for nothing before it"),
        ("a: &a\n  b: *a", 2, "stands for nothing before it"),
        ("[a, b]: c", 1, "a key that is no text"),
        ("a: " + "[" * 1000, 1, "nests deeper"),
        ("a: \x00", 1, "not well-formed YAML"),
        ("a:\n  <<: text", 2, "no mapping"),
        ("a: !!python/object/apply:os.system ['true']", None, ""),
    ],
)
def test_yaml_refuses(text: str, line: int | None, part: str) -> None:
    if not part:  # a tag is not obeyed: what it stands on is read as it is
        assert yaml(text) == [{"a": ["true"]}]
        return
    error = refused(yaml, text)
    assert part in error.problem
    assert error.line == line or "\x00" in text


def test_yaml_aliases_do_not_blow_up() -> None:
    lines = ["a: &a [" + ",".join("x" * 10) + "]"]
    lines += [f"{chr(98 + n)}: &{chr(98 + n)} [{','.join(['*' + chr(97 + n)] * 10)}]" for n in range(9)]
    assert f"more than {MOST_NODES}" in refused(yaml, "\n".join(lines)).problem


def test_plain_yaml_knows_truth_and_whole_numbers() -> None:
    value = read_plain_yaml(doc("a: true\nb: 12\nc: 012\nd: 'true'\ne: no"))
    assert value == {"a": True, "b": 12, "c": "012", "d": "true", "e": "no"}
    assert "2 documents" in refused(lambda data: read_plain_yaml(doc(data)), "a: 1\n---\nb: 2").problem


# ---------------------------------------------------------------------------------------------------------------------
# JSON


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": 1}', {"a": 1}),
        ("[1.10, 1e400, -0]", [Decimal("1.10"), Decimal("1e400"), 0]),
        ('\ufeff["\\ud83d\\ude00"]', ["😀"]),
        (" null ", None),
    ],
)
def test_json_stays_what_it_is(text: str, value: object) -> None:
    assert read_json(doc(text)) == value


JSON_FAULTS = [
    ('{"a": 1,\n "a": 2}', "the key 'a' stands in one object twice"),
    ("[NaN]", "NaN is no number"),
    ("[-Infinity]", "-Infinity is no number"),
    ('["\\ud800"]', "half of a surrogate pair"),
    ('{"\\udc00": 1, "\\ud800": 2}', "half of a surrogate pair"),
    ("[" * 200_000, "nests too deeply"),
    ("[" + "1" * 5000 + "]", "not read"),
    ("[1] 2", "after the end"),
    ("{'a': 1}", "not JSON"),
    ("[1, 2", "not JSON"),
    ("", "not JSON"),
]


@pytest.mark.parametrize(("text", "part"), JSON_FAULTS, ids=range(len(JSON_FAULTS)))
def test_json_refuses(text: str, part: str) -> None:
    assert part in refused(lambda data: read_json(doc(data)), text).problem


def test_json_that_is_cut_short_says_where() -> None:
    error = refused(lambda data: read_json(doc(data)), '{"a": [1,\n2,\n3')
    assert error.line == 3
    assert "cut short" in error.repair


def test_items_are_read_one_by_one_with_their_lines() -> None:
    text = '{ "result" : [\n{"a": 1},\n\n{"b": [\n2]} , 3\n] }'
    assert items(text) == [(2, {"a": 1}), (4, {"b": [2]}), (5, 3)]
    assert items("[]") == items('{"results": []}') == []


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ('{"result": [{"a": 1}', "ends in the middle"),
        ('{"result": [', "ends in the middle"),
        ('{"result": [1 2]}', "a comma or the end"),
        ('{"result": [1,]}', "a comma before the end"),
        ('{"result": [1], "result": []}', "twice"),
        ('{"result": [1]', "not JSON"),
        ('{"result": [1]} x', "after the end"),
        ('{"other": [1]}', "no list of records"),
        ('{"result": {}}', "no list of records"),
        ('{"result": [{"a": 1, "a": 2}]}', "twice"),
    ],
)
def test_items_refuse(text: str, part: str) -> None:
    assert part in refused(items, text).problem


def test_lines_of_json() -> None:
    def lines(data: str | bytes) -> list[tuple[int, Any]]:
        return list(read_json_lines(doc(data)))

    assert lines('{"a": 1}\n\n{"b": 2}\n') == [(1, {"a": 1}), (3, {"b": 2})]
    assert refused(lines, '{"a": 1}\n{"b": \n').line == 2


@settings(max_examples=200)
@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda s: st.lists(s, max_size=3)))
def test_items_equal_the_whole(value: Any) -> None:
    text = json.dumps({"result": [value, {"v": value}]}, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        return
    assert [item for _, item in items(text)] == read_json(doc(text))["result"]


@settings(max_examples=150)
@given(
    st.lists(
        st.recursive(st.none() | st.floats(-9, 9) | st.text(), lambda s: st.dictionaries(st.text(), s)), max_size=4
    ),
    st.integers(1, 40),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.floats(0, 1),
)
def test_items_are_the_same_however_little_is_looked_at(
    value: list[Any], chunk: int, encoding: str, kept: float
) -> None:
    """A long list is read in pieces: whole or cut short, it gives what reading it at once gives."""
    data = json.dumps({"result": value}, indent=1).encode(encoding)

    def outcome(part: bytes, read: Callable[[bytes], list[Any]]) -> list[Any] | None:
        try:
            return read(part)
        except InputError:
            return None

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("itsm_ontology.sources.syntax.json._CHUNK", chunk)
        for part in (data, data[: int(len(data) * kept)]):
            at_once = outcome(part, lambda data: list(read_json(doc(data))["result"]))
            assert repr(outcome(part, lambda data: [item for _, item in items(data)])) == repr(at_once)


def test_the_lines_of_items_are_those_of_the_file() -> None:
    text = '{"result": [\n' + ",\n".join(f'{{"number": {number}}}' for number in range(50)) + "\n]}"
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("itsm_ontology.sources.syntax.json._CHUNK", 100)
        assert [(line, item["number"]) for line, item in items(text)] == [(n + 2, n) for n in range(50)]
        assert refused(items, text.replace('"number": 30', '"number": 3x')).line == 32
        assert refused(items, text.replace('"number": 30', '"number": "\\ud800"')).line == 32


# ---------------------------------------------------------------------------------------------------------------------
# CSV


@pytest.mark.parametrize(
    ("text", "columns", "rows"),
    [
        ("a,b\n1,2\n", ("a", "b"), [(2, ["1", "2"])]),
        ("\ufeffa;b\r\n1;2\r\n", ("a", "b"), [(2, ["1", "2"])]),
        ("a\tb\n1,5\t2\n", ("a", "b"), [(2, ["1,5", "2"])]),
        ('a,b\n"x\ny","q""r"\n\n,\n', ("a", "b"), [(3, ["x\ny", 'q"r']), (5, ["", ""])]),
        ("a,b\nx\u2028y,z\x0bz\n", ("a", "b"), [(2, ["x\u2028y", "z\x0bz"])]),
        ("one\n1\n", ("one",), [(2, ["1"])]),
    ],
)
def test_csv_is_read(text: str, columns: tuple[str, ...], rows: list[tuple[int, list[str]]]) -> None:
    assert csv(text) == (columns, rows)


@pytest.mark.parametrize(
    ("text", "line", "part"),
    [
        ("a,b\n1,2\n3\n", 3, "1 cells, and the header names 2"),
        ("a,b\n1,2,3\n", 2, "3 cells"),
        ("a,a\n", 1, "two columns are called 'a'"),
        ("a,\n", 1, "has no name"),
        ('a,b\n"1,2\n3,4\n', 3, "not CSV"),
        ('a,b\n"1"x,2\n', 2, "not CSV"),
        ("a,b\n" + "x" * 200_000 + ",1\n", 2, "not CSV"),
    ],
)
def test_csv_refuses(text: str, line: int, part: str) -> None:
    error = refused(csv, text)
    assert part in error.problem
    assert error.line == line


def test_many_names_are_held_against_each_other_in_no_time() -> None:
    columns = [f"c{number}" for number in range(200_000)]
    assert len(csv(",".join(columns))[0]) == len(columns)
    twice = "{" + ",".join(f'"{name}": 1' for name in [*columns, columns[-1]]) + "}"
    assert "'c199999' stands in one object twice" in refused(lambda text: read_json(doc(text)), twice).problem


# ---------------------------------------------------------------------------------------------------------------------
# XML


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
        '<!DOCTYPE a SYSTEM "file:///etc/hostname"><a/>',
        "<a>" * 5000,
        "<a><b></a>",
        "<a>&#0;</a>",
        "text",
        '<?xml version="1.0" encoding="nonsense"?><a/>',
    ],
)
def test_xml_refuses(text: str) -> None:
    refused(lambda data: read_xml(doc(data)), text)


@settings(max_examples=300)
@given(st.binary(max_size=60))
def test_nothing_but_input_errors(data: bytes) -> None:
    for read in (yaml, csv, items, lambda raw: read_json(doc(raw)), lambda raw: read_xml(doc(raw))):
        try:
            read(data)
        except InputError as error:
            said = error
        else:
            continue
        assert said.source == "file"
