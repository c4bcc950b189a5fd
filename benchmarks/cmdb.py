"""Makes a CMDB of any size, the same one each time: as CSV files with their mapping, and as N-Triples.

    python benchmarks/cmdb.py 100000 /tmp/cmdb

An element has some six facts. All families of relations are there: parts, technology, provision, agreements, burden,
effect, organization, information, qualities.
"""

from __future__ import annotations

import csv
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ITSM = "https://w3id.org/itsm-ontology/itsm#"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
BASE = "urn:cmdb:"
SEED = 7


@dataclass(frozen=True)
class Link:
    """A column that names rows of another table.

    Attributes:
        relation: the relation that it states.
        table: the other table.
        least: the least number of rows that it names.
        most: the most.
        share: the share of rows that have it.
    """

    relation: str
    table: str
    least: int = 1
    most: int = 1
    share: float = 1.0


@dataclass(frozen=True)
class Table:
    """A table of the CMDB.

    Attributes:
        kinds: what its rows are.
        share: its share of all elements.
        links: its columns that name others.
        flags: its attributes that are true or false, with the share of rows that have them.
    """

    kinds: tuple[str, ...]
    share: float
    links: tuple[Link, ...] = ()
    flags: dict[str, float] = field(default_factory=dict)


TABLES: dict[str, Table] = {
    "service": Table(
        ("Arrangement",),
        0.06,
        (
            Link("hasPart", "application", 1, 3),
            Link("hasPart", "process", 1, 1, 0.5),
            Link("providedBy", "unit"),
            Link("customer", "unit", 1, 2, 0.8),
            Link("usedBy", "person", 1, 3, 0.7),
            Link("deliversValueTo", "unit", 1, 2, 0.6),
            Link("facilitates", "outcome", 1, 1, 0.7),
            Link("hasCostOrRisk", "cost", 1, 2, 0.6),
            Link("agreedIn", "agreement", 1, 1, 0.5),
            Link("hasQuality", "quality", 1, 2, 0.5),
            Link("listedIn", "document", 1, 1, 0.3),
        ),
    ),
    "application": Table(
        ("ApplicationSoftware",),
        0.18,
        (
            Link("runsOn", "server", 1, 3, 0.9),
            Link("dependsOn", "application", 1, 3, 0.6),
            Link("dependsOn", "database", 1, 2, 0.5),
            Link("ownedBy", "unit"),
            Link("hasPart", "component", 1, 4, 0.6),
            Link("supports", "process", 1, 2, 0.4),
            Link("usedBy", "unit", 1, 2, 0.5),
            Link("describedBy", "document", 1, 1, 0.3),
            Link("hasInterface", "interface", 1, 1, 0.4),
        ),
        {"operational": 0.8, "automated": 0.5},
    ),
    "component": Table(
        ("Software",), 0.16, (Link("dependsOn", "component", 1, 3, 0.8), Link("runsOn", "server", 1, 2))
    ),
    "server": Table(
        ("Server",),
        0.18,
        (Link("connectedTo", "switch", 1, 2), Link("managedBy", "unit"), Link("hasPart", "disk", 1, 3, 0.5)),
        {"operational": 0.9},
    ),
    "database": Table(
        ("StorageStructure",), 0.07, (Link("runsOn", "server"), Link("stores", "data", 1, 3), Link("managedBy", "unit"))
    ),
    "data": Table(
        ("DataSet",), 0.05, (Link("represents", "information", 1, 2, 0.7), Link("ownedBy", "unit", 1, 1, 0.6))
    ),
    "information": Table(("InformationKind",), 0.01, (Link("ownedBy", "unit", 1, 1, 0.8),)),
    "switch": Table(("NetworkDevice",), 0.03, (Link("connectedTo", "switch", 1, 3), Link("managedBy", "unit"))),
    "disk": Table(("StorageDevice",), 0.05, (Link("connectedTo", "switch", 1, 1),)),
    "interface": Table(("Interface",), 0.03, (Link("connectedTo", "interface", 0, 2),)),
    "process": Table(("Process",), 0.02, (Link("performedBy", "unit", 1, 2), Link("triggers", "process", 1, 2))),
    "unit": Table(("OrganizationalUnit",), 0.02, (Link("reportsTo", "unit", 1, 1, 0.95),)),
    "person": Table(("Person",), 0.08, (Link("belongsTo", "unit"), Link("reportsTo", "person", 1, 1, 0.9))),
    "document": Table(("Document",), 0.02, (Link("ownedBy", "person"),)),
    "agreement": Table(("Agreement",), 0.01, (Link("describedBy", "document", 1, 1, 0.8),)),
    "outcome": Table(("Outcome",), 0.01, (Link("desiredBy", "unit", 1, 3),)),
    "cost": Table(("CostOrRisk",), 0.01, (Link("ownedBy", "unit", 1, 1, 0.9),)),
    "quality": Table(("Quality",), 0.01, (Link("measuredBy", "unit", 1, 1, 0.7),)),
}


def rows(size: int) -> Iterator[tuple[str, dict[str, str]]]:
    """Give the rows of all tables, table by table.

    Args:
        size: how many elements there are to be; within a few of it.

    Yields:
        The name of the table, and its row from column to text.
    """
    chance = random.Random(SEED)
    counts = {name: max(1, round(size * table.share)) for name, table in TABLES.items()}
    for name, table in TABLES.items():
        for number in range(counts[name]):
            row = {"id": f"{name}-{number}", "name": f"{name.capitalize()} {number}"}
            for link in table.links:
                chosen = []
                if chance.random() < link.share:
                    many = chance.randint(link.least, link.most)
                    # what reports, depends or triggers does so to one before it: no circles
                    most = number if link.table == name else counts[link.table]
                    chosen = sorted({chance.randrange(most) for _ in range(many)}) if most else []
                row[f"{link.relation} {link.table}"] = ";".join(f"{link.table}-{one}" for one in chosen)
            for flag, share in table.flags.items():
                row[flag] = "true" if chance.random() < share else ""
            yield name, row


def write_csv(size: int, folder: Path) -> None:
    """Write the tables as CSV files, and `mapping.toml` beside them."""
    folder.mkdir(parents=True, exist_ok=True)
    writer, stream, current = None, None, ""
    for name, row in rows(size):
        if name != current:
            if stream:
                stream.close()
            stream = (folder / f"{name}.csv").open("w", newline="", encoding="utf-8")
            writer, current = csv.DictWriter(stream, row), name
            writer.writeheader()
        assert writer is not None
        writer.writerow(row)
    assert stream is not None
    stream.close()
    (folder / "mapping.toml").write_text(mapping(), "utf-8")


def mapping() -> str:
    """Give the mapping of the tables."""
    lines = ['system = "cmdb"', f'base = "{BASE}"', "[fields]", "name = { label = true }"]
    for name, table in TABLES.items():
        kinds = ", ".join(f'"{kind}"' for kind in table.kinds)
        lines += [f"[tables.{name}]", 'key = "id"', f"[classes.{name}]", f"kinds = [{kinds}]", 'reason = "made so"']
        lines.append(f"[classes.{name}.fields]")
        for link in table.links:
            fact = f'facts = [{{ relation = "{link.relation}" }}], to = "{link.table}", split = ";"'
            lines.append(f'"{link.relation} {link.table}" = {{ {fact} }}')
        lines += [f'{flag} = {{ attribute = "{flag}" }}' for flag in table.flags]
    return "\n".join(lines) + "\n"


def triples(size: int) -> Iterator[str]:
    """Give the same facts as lines of N-Triples."""
    for name, row in rows(size):
        table = TABLES[name]
        subject = f"<{BASE}{name}/{row['id']}>"
        for kind in table.kinds:
            yield f"{subject} <{RDF_TYPE}> <{ITSM}{kind}> ."
        yield f'{subject} <{LABEL}> "{row["name"]}" .'
        for link in table.links:
            for one in filter(None, row[f"{link.relation} {link.table}"].split(";")):
                yield f"{subject} <{ITSM}{link.relation}> <{BASE}{link.table}/{one}> ."
        for flag in table.flags:
            if row[flag]:
                yield f'{subject} <{ITSM}{flag}> "true"^^<http://www.w3.org/2001/XMLSchema#boolean> .'


def write_triples(size: int, file: Path) -> None:
    """Write the facts as N-Triples."""
    with file.open("w", encoding="utf-8") as stream:
        stream.writelines(f"{line}\n" for line in triples(size))


def main() -> None:
    size, folder = int(sys.argv[1]), Path(sys.argv[2])
    write_csv(size, folder / "csv")
    write_triples(size, folder / "cmdb.nt")


if __name__ == "__main__":
    main()
