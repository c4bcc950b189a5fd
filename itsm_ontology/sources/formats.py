"""The formats that models are read from: to add one, write its reader and its mapping, and give it a row here."""

from __future__ import annotations

from . import (
    archimate,
    backstage,
    cyclonedx,
    glpi,
    itop,
    kubernetes,
    netbox,
    opentelemetry,
    rdf,
    servicenow,
    spdx,
    sql,
    structurizr,
    tables,
)
from .input import Format, each

FORMATS: tuple[Format, ...] = (
    Format(
        "archi",
        "Archi's native ArchiMate file (.archimate)",
        archimate.is_archi,
        archimate.read_archi,
        mapping=archimate.MAPPING,
    ),
    Format(
        "coarchi",
        "ArchiMate model in a folder, a file a concept, as Archi's collaboration plug-in coArchi keeps it",
        archimate.is_folder,
        archimate.read_folder,
        mapping=archimate.MAPPING,
    ),
    Format(
        "archimate-exchange",
        "ArchiMate model exchange file, namespaces 2.1 and 3.0 (.xml)",
        archimate.is_exchange,
        archimate.read_exchange,
        mapping=archimate.MAPPING,
    ),
    Format(
        "backstage",
        "Backstage entities: catalog-info.yaml with the files it points to, or what the catalogue's API answers",
        backstage.is_backstage,
        backstage.read_backstage,
        "backstage",
    ),
    Format(
        "structurizr",
        "Structurizr workspace of a C4 model (.json)",
        structurizr.is_structurizr,
        structurizr.read_structurizr,
        "structurizr",
    ),
    Format(
        "itop",
        "iTop objects: sets in XML, or what its REST interface answers (core/get)",
        itop.is_itop,
        itop.read_itop,
        "itop",
    ),
    Format(
        "cyclonedx",
        "CycloneDX bill of materials, JSON or XML",
        cyclonedx.is_cyclonedx,
        cyclonedx.read_cyclonedx,
        "cyclonedx",
    ),
    Format(
        "servicenow",
        "ServiceNow tables: what the Table API answers, or exports in JSON, CSV and XML, a file or a folder of them",
        servicenow.is_servicenow,
        servicenow.read_servicenow,
        "servicenow",
    ),
    Format("spdx-3", "SPDX 3 document (JSON-LD)", spdx.is_spdx, spdx.read_spdx, "spdx-3"),
    Format(
        "kubernetes",
        "Kubernetes manifests in YAML, or what kubectl get -o yaml or json answers",
        kubernetes.is_kubernetes,
        kubernetes.read_kubernetes,
        "kubernetes",
    ),
    Format(
        "opentelemetry",
        "OpenTelemetry: exports in OTLP JSON (also line by line), and compose files",
        opentelemetry.is_opentelemetry,
        opentelemetry.read_opentelemetry,
        "opentelemetry",
    ),
    Format(
        "netbox",
        "NetBox: a dump of its database, or what its REST interface answers (.json)",
        netbox.is_netbox,
        netbox.read_netbox,
        "netbox",
    ),
    Format(
        "glpi",
        "GLPI: what its REST interfaces answer (.json), or lists that it exports (.csv)",
        glpi.is_glpi,
        glpi.read_glpi,
        "glpi",
    ),
    *(Format(name, f"RDF: {title}", sniff, each(read)) for name, title, sniff, read in rdf.FORMATS),
    Format(
        "tables",
        "tables of any kind, by a mapping of your own: CSV, JSON, JSON Lines, Parquet, Excel, data frames",
        tables.is_table,
        tables.read_tables,
        opens=tables.open_frames,
        needs_mapping=True,
    ),
    Format(
        "sql",
        "a database, by its URL (anything that SQLAlchemy reaches) and a mapping of your own",
        sql.is_no_document,
        tables.read_tables,
        opens=sql.open_database,
        needs_mapping=True,
    ),
)
"""Every format, in the order in which content is held against them."""
