"""Croissant metadata of a set (MLCommons Croissant 1.0): the manifests as records, the tars as files."""

from __future__ import annotations

from typing import Any

from mien.produce.facts import SetFacts
from mien.produce.rows import COLUMNS
from mien.version import __version__

CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
"""The context of Croissant 1.0, as its specification gives it."""

TYPES = {
    "string": "sc:Text",
    "int32": "sc:Integer",
    "int64": "sc:Integer",
    "double": "sc:Float",
    "list<string>": "sc:Text",
    "list<double>": "sc:Float",
}


def croissant(facts: SetFacts) -> dict[str, Any]:
    """Return a set's metadata as JSON-LD."""
    plan = facts.frozen.plan
    return {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": facts.name,
        "description": (
            f"{facts.made} synthetic facial micro-expressions ({plan.kind}) with exact labels, made with Mien "
            f"{__version__}. Nobody made these movements. Portraits: {facts.portraits_from}"
        ),
        "license": facts.licence,
        "creator": {"@type": "sc:Organization", "name": f"mien produce export, Mien {__version__}"},
        "version": f"1.0.0+{facts.frozen.hash[:12]}",
        "isLiveDataset": False,
        "keywords": ["synthetic", "micro-expression", "facial action units", *facts.sources],
        "citeAs": f"Made with Mien {__version__}, plan {facts.frozen.hash}",
        "distribution": [
            _files("samples", "shard-*.tar", "application/x-tar", "WebDataset tars of the samples"),
            _files(
                "manifests",
                "shard-*.parquet",
                "application/x-parquet",
                "A row for each sample of the tar with the same name",
            ),
        ],
        "recordSet": [
            {
                "@type": "cr:RecordSet",
                "@id": "rows",
                "name": "rows",
                "description": "One row for each sample, made or failed.",
                "key": {"@id": "rows/key"},
                "field": [_field(name, kind) for name, kind in COLUMNS],
            }
        ],
    }


def _files(name: str, pattern: str, kind: str, about: str) -> dict[str, Any]:
    return {
        "@type": "cr:FileSet",
        "@id": name,
        "name": name,
        "description": about,
        "encodingFormat": kind,
        "includes": f"shards/{pattern}",
    }


def _field(name: str, kind: str) -> dict[str, Any]:
    field: dict[str, Any] = {
        "@type": "cr:Field",
        "@id": f"rows/{name}",
        "name": name,
        "dataType": TYPES[kind],
        "source": {"fileSet": {"@id": "manifests"}, "extract": {"column": name}},
    }
    return field | ({"repeated": True} if kind.startswith("list") else {})
