"""Print how long a large ServiceNow export takes to load, and the most memory that takes.

Usage: python benchmarks/load_servicenow.py [ROWS [RELATIONS]]

The export is made anew, always the same: by default 100,000 configuration items of 30 fields, half of them with a
display value, some of these references with a link, and 100,000 relationships between them.
"""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

CLASSES = {
    "cmdb_ci_linux_server": ("Linux Server", 40),
    "cmdb_ci_win_server": ("Windows Server", 20),
    "cmdb_ci_appl": ("Application", 15),
    "cmdb_ci_db_mssql_instance": ("MSSQL Instance", 8),
    "cmdb_ci_ip_switch": ("IP Switch", 7),
    "cmdb_ci_service_auto": ("Service Instance", 4),
    "cmdb_ci_business_app": ("Business Application", 3),
    "service_offering": ("Service Offering", 2),
    "cmdb_ci_service_business": ("Business Service", 1),
}
RELATIONS = ("Depends on::Used by", "Runs on::Runs", "Contains::Contained by", "Consumes::Consumed by")
SITE = "https://example.service-now.com/api/now/table"


def sys_id(kind: str, number: int) -> str:
    """Give a sys_id, always the same for the same thing."""
    return f"{kind.encode().hex():>8.8}{number:024x}".replace(" ", "0")


def shown(value: str, display: str | None = None) -> dict[str, str]:
    """Give a value as it is with sysparm_display_value=all."""
    return {"display_value": value if display is None else display, "value": value}


def reference(table: str, number: int, display: str) -> dict[str, str]:
    """Give a reference as it is with sysparm_display_value=all."""
    key = sys_id(table, number)
    return {"display_value": display, "link": f"{SITE}/{table}/{key}", "value": key}


def items(count: int, chance: random.Random) -> Iterator[dict[str, Any]]:
    """Give configuration items."""
    classes, weights = list(CLASSES), [weight for _, weight in CLASSES.values()]
    for number, table in enumerate(chance.choices(classes, weights, k=count)):
        user, group, company = chance.randrange(2_000), chance.randrange(200), chance.randrange(50)
        status = chance.choice([("1", "Operational"), ("1", "Operational"), ("2", "Non-Operational"), ("6", "Retired")])
        yield {
            "sys_id": sys_id("ci", number),
            "sys_class_name": shown(table, CLASSES[table][0]),
            "name": f"{table.rpartition('_')[2]}-{number:06}",
            "short_description": f"Item {number} of the süd-west site, kept for measuring",
            "version": f"{number % 9}.{number % 7}",
            "owned_by": reference("sys_user", user, f"User {user}"),
            "managed_by": reference("sys_user", (user + 1) % 2_000, f"User {(user + 1) % 2_000}"),
            "support_group": reference("sys_user_group", group, f"Group {group}"),
            "assignment_group": reference("sys_user_group", group, f"Group {group}"),
            "company": reference("core_company", company, f"Company {company}"),
            "vendor": reference("core_company", company + 1, f"Company {company + 1}"),
            "location": reference("cmn_location", company, f"Site {company}"),
            "operational_status": shown(*status),
            "install_status": shown("1", "Installed"),
            "life_cycle_stage": shown("Operational"),
            "busines_criticality": shown("2 - somewhat critical"),
            "used_for": shown("Production"),
            "environment": shown("Production"),
            "ip_address": f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}",
            "fqdn": f"host-{number:06}.example.com",
            "serial_number": f"SN{number:08}",
            "asset_tag": f"P{number:07}",
            "attestation_score": "",
            "cost_center": "",
            "discovery_source": "ServiceNow",
            "first_discovered": "2025-01-01 08:00:00",
            "last_discovered": "2025-06-01 08:00:00",
            "sys_created_by": "admin",
            "sys_created_on": "2025-01-01 08:00:00",
            "sys_updated_on": "2025-06-01 08:00:00",
        }


def relationships(count: int, rows: int, chance: random.Random) -> Iterator[dict[str, Any]]:
    """Give relationships between the items."""
    for number in range(count):
        parent, child = chance.randrange(rows), chance.randrange(rows)
        name = RELATIONS[number % len(RELATIONS)]
        yield {
            "sys_id": sys_id("rel", number),
            "parent": reference("cmdb_ci", 0, f"item {parent}") | {"value": sys_id("ci", parent)},
            "child": reference("cmdb_ci", 0, f"item {child}") | {"value": sys_id("ci", child)},
            "type": shown(sys_id("type", number % len(RELATIONS)), name),
        }


def write(path: Path, rows: int, relations: int) -> None:
    """Write the export."""
    chance = random.Random(20_000)
    with path.open("w", encoding="utf-8") as stream:
        stream.write('{"result":[\n')
        for number, record in enumerate(items(rows, chance)):
            stream.write((",\n" if number else "") + json.dumps(record, ensure_ascii=False, separators=(",", ":")))
        for record in relationships(relations, rows, chance):
            stream.write(",\n" + json.dumps(record, ensure_ascii=False, separators=(",", ":")))
        stream.write("\n]}\n")


def load(path: str) -> None:
    """Load the export, and print what it took."""
    import itsm_ontology as itsm

    itsm.load(b"<urn:a> a <https://w3id.org/itsm-ontology/itsm#Server> .")  # what every first load takes once
    started = time.perf_counter()
    model = itsm.load(path)
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    report = model.reports[0]
    print(report.summary)
    print(f"{len(model.elements)} elements; {seconds:.1f} s, {peak:.0f} MiB at the most")


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    relations = int(sys.argv[2]) if len(sys.argv) > 2 else rows
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.json"
        write(path, rows, relations)
        print(f"{rows} items and {relations} relationships, {path.stat().st_size / (1 << 20):.0f} MiB", flush=True)
        subprocess.run([sys.executable, __file__, "--load", str(path)], check=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--load"]:
        load(sys.argv[2])
    else:
        main()
