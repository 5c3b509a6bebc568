"""What machines are told of the data: Data Package with Table Schema, CSV on the Web, and DCAT.

Sources: datapackage.org, version 2; W3C, Metadata Vocabulary for Tabular Data (2015); W3C, DCAT 3 (2024).
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

from amends.openness.publishing.about import About, Words
from amends.openness.publishing.showing import MEANINGS, Shown

_PACKAGE: Final = "https://datapackage.org/profiles/2.0/datapackage.json"
_RESOURCE: Final = "https://datapackage.org/profiles/2.0/dataresource.json"
_SCHEMA: Final = "https://datapackage.org/profiles/2.0/tableschema.json"
_CSVW: Final = "http://www.w3.org/ns/csvw"
_TYPES: Final = {
    ".csv": "text/csv",
    ".html": "text/html",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
}


def written(document: Mapping[str, Any]) -> str:
    """*document* as JSON, in the order that it has."""
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _marker_text() -> str:
    return "; ".join(f"{marker}: {means}" for marker, means in MEANINGS.items())


def _count_text(table: Shown) -> str:
    return f"Number of {table.unit}; empty where it is withheld"


# --- Data Package -----------------------------------------------------------------------------------


def datapackage(
    about: About, words: Words, tables: Sequence[Shown], files: Mapping[str, bytes]
) -> str:
    """The Data Package: each CSV file with its bytes, its digest and its schema."""
    return written(
        {
            "$schema": _PACKAGE,
            "name": about.id,
            "title": about.title,
            "description": " ".join((words.headline, *words.summary)),
            "created": f"{about.published.isoformat()}T00:00:00Z",
            "licenses": [{"path": about.licence}],
            "contributors": [{"title": about.publisher, "roles": ["publisher"]}],
            "resources": [_resource(about, table, files[f"{table.sheet}.csv"]) for table in tables],
        }
    )


def _resource(about: About, table: Shown, data: bytes) -> dict[str, Any]:
    return {
        "$schema": _RESOURCE,
        "name": table.sheet,
        "type": "table",
        "path": f"{table.sheet}.csv",
        "title": table.title,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(data),
        "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
        "schema": _schema(about, table),
    }


def _schema(about: About, table: Shown) -> dict[str, Any]:
    fields: list[dict[str, Any]] = [
        {
            "name": name,
            "type": "string",
            "description": about.columns[name],
            "constraints": {"required": True},
        }
        for name in table.names
    ]
    fields.append(
        {
            "name": "count",
            "type": "integer",
            "description": _count_text(table),
            "constraints": {"minimum": 0},
        }
    )
    fields.append(
        {
            "name": "marker",
            "type": "string",
            "description": _marker_text(),
            "constraints": {"enum": list(MEANINGS)},
        }
    )
    key = {"primaryKey": list(table.names)} if table.names else {}
    return {"$schema": _SCHEMA, "fields": fields, "missingValues": [""], **key}


# --- CSV on the Web ---------------------------------------------------------------------------------


def csvw(about: About, table: Shown) -> str:
    """The metadata that lie beside a CSV file, where a reader of CSV on the Web looks for them."""
    columns: list[dict[str, Any]] = [
        {
            "titles": name,
            "name": quote(name, safe=""),
            "dc:description": about.columns[name],
            "datatype": "string",
            "required": True,
        }
        for name in table.names
    ]
    columns.append(
        {
            "titles": "count",
            "name": "count",
            "dc:description": _count_text(table),
            "datatype": {"base": "integer", "minimum": 0},
        }
    )
    columns.append(
        {
            "titles": "marker",
            "name": "marker",
            "dc:description": _marker_text(),
            "datatype": {"base": "string", "format": _either(MEANINGS)},
        }
    )
    key = {"primaryKey": [quote(name, safe="") for name in table.names]} if table.names else {}
    return written(
        {
            "@context": [_CSVW, {"@language": about.language}],
            "url": f"{table.sheet}.csv",
            "dc:title": table.title,
            "dc:publisher": about.publisher,
            "dc:license": {"@id": about.licence},
            "dc:issued": {"@value": about.published.isoformat(), "@type": "xsd:date"},
            "tableSchema": {"columns": columns, **key},
        }
    )


def _either(markers: Mapping[str, str]) -> str:
    """A regular expression for one of *markers*."""
    return "|".join(marker.replace("[", r"\[").replace("]", r"\]") for marker in markers)


# --- DCAT -------------------------------------------------------------------------------------------


def dcat(about: About, words: Words, files: Mapping[str, bytes]) -> str:
    """The publication as a dataset of a catalogue, as JSON-LD; addresses are those beside the file itself."""
    return written(
        {
            "@context": {
                "dcat": "http://www.w3.org/ns/dcat#",
                "dct": "http://purl.org/dc/terms/",
                "foaf": "http://xmlns.com/foaf/0.1/",
                "spdx": "http://spdx.org/rdf/terms#",
                "vcard": "http://www.w3.org/2006/vcard/ns#",
                "xsd": "http://www.w3.org/2001/XMLSchema#",
            },
            "@id": "#dataset",
            "@type": "dcat:Dataset",
            "dct:identifier": about.id,
            "dct:title": {"@value": about.title, "@language": about.language},
            "dct:description": {
                "@value": " ".join((words.headline, *words.summary)),
                "@language": about.language,
            },
            "dct:issued": {"@value": about.published.isoformat(), "@type": "xsd:date"},
            "dct:publisher": {"@type": "foaf:Organization", "foaf:name": about.publisher},
            "dcat:contactPoint": {"@type": "vcard:Organization", "vcard:fn": about.contact},
            "dct:license": {"@id": about.licence},
            "dcat:landingPage": {"@id": "index.html"},
            "dcat:distribution": [
                _distribution(about, name, data)
                for name, data in sorted(files.items())
                if _ending(name) in _TYPES
            ],
        }
    )


def _ending(name: str) -> str:
    return name[name.rindex(".") :]


def _distribution(about: About, name: str, data: bytes) -> dict[str, Any]:
    kind = _TYPES[_ending(name)]
    return {
        "@id": f"#{name}",
        "@type": "dcat:Distribution",
        "dct:title": name,
        "dct:license": {"@id": about.licence},
        "dcat:downloadURL": {"@id": name},
        "dcat:mediaType": {"@id": f"https://www.iana.org/assignments/media-types/{kind}"},
        "dcat:byteSize": {"@value": str(len(data)), "@type": "xsd:nonNegativeInteger"},
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": {
                "@value": hashlib.sha256(data).hexdigest(),
                "@type": "xsd:hexBinary",
            },
        },
    }
