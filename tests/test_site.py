"""The web pages: whole, well-formed, safe, and with links that lead somewhere."""

from __future__ import annotations

import importlib.util
import logging
import sys
from collections import Counter
from collections.abc import Mapping
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from posixpath import dirname, join, normpath

import pytest

import itsm_ontology as itsm
from itsm_ontology.cli import main
from itsm_ontology.names import local_name
from itsm_ontology.site import style
from itsm_ontology.site.grid import grid
from itsm_ontology.site.pages import catalogue_pages
from itsm_ontology.vocabulary import vocabulary

_VOID = {"meta", "link", "br", "hr", "img", "input"}


class Page(HTMLParser):
    """The links, names, cells and text of a page; what is not closed in order is an error."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.names: list[str] = []
        self.cells: dict[str, str] = {}
        self.text = ""
        self.tags: Counter[str] = Counter()
        self._open: list[tuple[str, str]] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag, attributes) -> None:
        said = dict(attributes)
        self.tags[tag] += 1
        if tag in ("a", "link"):
            self.links.append(said["href"])
            if self._open and self._open[-1][0] == "td":
                self.cells[said["href"]] = self._open[-1][1]
        assert "src" not in said
        self.names += [said["id"]] if "id" in said else []
        if tag not in _VOID:
            self._open.append((tag, said.get("class") or ""))

    def handle_endtag(self, tag) -> None:
        assert self._open.pop()[0] == tag

    def handle_data(self, data) -> None:
        self.text += data


@cache
def pages() -> Mapping[str, Page]:
    return {path: Page(text) for path, text in catalogue_pages(itsm.catalogue()).items()}


def inner_links(path: str, page: Page) -> list[tuple[str, str]]:
    """Give the pages and names that a page leads to."""
    found = []
    for address in page.links:
        if not address.startswith(("http://", "https://")):
            file, _, name = address.partition("#")
            found.append((normpath(join(dirname(path), file)) if file else path, name))
    return found


def test_every_term_and_framework_has_a_page() -> None:
    catalogue = itsm.catalogue()
    assert set(pages()) == {
        "index.html", *(f"terms/{token}.html" for token in catalogue.terms),
        *(f"frameworks/{token}.html" for token in catalogue.frameworks),
    }  # fmt: skip
    linked = {file for file, _ in inner_links("index.html", pages()["index.html"])}
    assert set(pages()) <= linked


def test_every_inner_link_leads_somewhere() -> None:
    words = {local_name(iri) for iri in vocabulary().kinds}
    followed = 0
    for path, page in pages().items():
        for file, name in inner_links(path, page):
            followed += 1
            if file.startswith("vocabulary/"):
                assert file in ("vocabulary/itsm.html", "vocabulary/meta.html")
                assert not name or name in words
            elif file != "style.css":
                assert file in pages(), (path, file)
                assert not name or name in pages()[file].names, (path, file, name)
    assert followed > 2000


def test_names_on_a_page_are_unique() -> None:
    assert [path for path, page in pages().items() if len(page.names) != len(set(page.names))] == []


@pytest.mark.parametrize(
    ("term", "framework", "sort"),
    [
        ("service", "itil-2011", "defined"),
        ("service", "iso-20000-2005", "absent"),
        ("service", "sfia-9", "mentioned"),
        ("service-delivery-manager", "itil-2011", "absent"),
        ("service-delivery-manager", "skeptic-2010", "defined"),
        ("application", "itil-4", "mentioned"),
    ],
)
def test_a_cell_says_what_the_notes_say(term: str, framework: str, sort: str) -> None:
    """These cells are D, - and m in the matrix of the domain notes."""
    assert pages()["index.html"].cells[f"terms/{term}.html#{framework}"] == sort


def test_every_entry_is_a_cell_and_nothing_else_is() -> None:
    entries = grid(itsm.catalogue())
    expected = {f"terms/{term}.html#{f}": entry.sort.replace(" ", "-") for (term, f), entry in entries.items()}
    assert pages()["index.html"].cells == expected
    assert len(expected) > 500


def test_a_definition_is_shown_with_text_source_and_english() -> None:
    definition = itsm.catalogue().definition("itil-2011:service")
    said = pages()["terms/service.html"].text
    assert definition.text in said
    assert "entry service" in said
    assert "It has at least one customer." in said
    for line in definition.english.splitlines()[1:]:
        assert line.removeprefix("  - ") in said


def test_every_definition_is_shown_on_the_page_of_its_term_and_of_its_framework() -> None:
    for definition in itsm.catalogue().definitions:
        assert definition.token.replace(":", "-") in pages()[f"terms/{definition.term}.html"].names
        assert definition.text in pages()[f"frameworks/{definition.framework}.html"].text


def test_what_looks_like_html_is_text() -> None:
    own = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        <urn:x:S> a sh:NodeShape ; rdfs:label "<script>alert(1)</script>" ; rdfs:comment "a <b> & \\"c\\"" ;
            sh:message "m" ; sh:nodeKind sh:IRI ."""
    text = catalogue_pages(itsm.catalogue().with_shapes(own.encode()))["terms/own.html"]
    assert "<script" not in text
    assert 'a <b> & "c"' in Page(text).text


def test_the_style_sheet_fetches_nothing() -> None:
    assert "{" in style()
    assert "url(" not in style()
    assert "@import" not in style()


# ----------------------------------------------------------------------------------------------------------------------
# With the reference of the vocabulary


def test_without_pylode_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "pylode", None)
    assert main(["site", str(tmp_path / "site")]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert "pip install 'itsm-ontology[docs]'" in said.err
    assert not (tmp_path / "site").exists()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if importlib.util.find_spec("pylode") is None:
        pytest.skip("pyLODE is not installed: the reference of the vocabulary can't be built")
    directory = tmp_path_factory.mktemp("site") / "docs"
    root = logging.getLogger()
    before = (list(root.handlers), root.level, root.manager.disable)
    assert main(["site", str(directory)]) == 0
    assert (list(root.handlers), root.level, root.manager.disable) == before
    return directory


def test_the_site_is_whole(built: Path) -> None:
    files = {path.relative_to(built).as_posix() for path in built.rglob("*") if path.is_file()}
    assert files == {*pages(), "style.css", "vocabulary/itsm.html", "vocabulary/meta.html"}


def test_every_link_into_the_vocabulary_leads_somewhere(built: Path) -> None:
    class Names(HTMLParser):
        def __init__(self, text: str) -> None:
            super().__init__()
            self.found: set[str] = set()
            self.feed(text)

        def handle_starttag(self, tag, attributes) -> None:
            self.found |= {value for key, value in attributes if key == "id"}

    names = {
        f"vocabulary/{name}.html": Names((built / "vocabulary" / f"{name}.html").read_text("utf-8")).found
        for name in ("itsm", "meta")
    }
    words = vocabulary()
    assert {local_name(iri) for iri in words.kinds | words.relations} <= names["vocabulary/itsm.html"]
    assert {"Definition", "Verdict", "framework", "Framework"} <= names["vocabulary/meta.html"]
    wanted = {link for path, page in pages().items() for link in inner_links(path, page) if link[0] in names}
    assert len(wanted) > 20
    assert [(file, name) for file, name in wanted if name and name not in names[file]] == []
