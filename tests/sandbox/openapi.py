"""Retab's OpenAPI documents, where they are present."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

FOLDER = Path(__file__).parents[3] / "shared" / "openapi"

# g2c-bare is the same revision except for the list of steps, a bare array until 18 May 2026.
FILES = {
    "g1": "g1-node",
    "g2a": "g2a-block",
    "g2b": "g2b-kind",
    "g2c-bare": "g2c-status",
    "g2c": "g2c-status",
    "g2e": "g2e-flat",
    "g3": "g3-bearer",
}


@cache
def document(generation: str) -> dict[str, Any]:
    """Return the OpenAPI document of a generation; the test is skipped where there is none."""
    path = FOLDER / f"{FILES.get(generation, generation)}.json"
    if not path.exists():
        pytest.skip(f"Retab's OpenAPI documents are not present ({path.name})")
    return dict(json.loads(path.read_text()))


def resolve_pointer(generation: str, pointer: str) -> jsonschema.Draft202012Validator:
    """Return a validator of the schema at a JSON pointer of the document."""
    contents = {**document(generation), "$schema": "https://json-schema.org/draft/2020-12/schema"}
    resource = Resource.from_contents(contents, default_specification=DRAFT202012)
    registry = Registry().with_resource("api", resource)
    return jsonschema.Draft202012Validator(
        {"$ref": f"api#{pointer}"},
        registry=registry,
        format_checker=jsonschema.FormatChecker(),
    )


@cache
def answer_of(generation: str, path: str) -> jsonschema.Draft202012Validator:
    """Return a validator of the 200 answer of GET `path`, as written in the document."""
    assert "get" in document(generation)["paths"][path], path
    escaped = path.replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D")
    return resolve_pointer(
        generation,
        f"/paths/{escaped}/get/responses/200/content/application~1json/schema",
    )


@cache
def component(generation: str, name: str) -> jsonschema.Draft202012Validator:
    """Return a validator of a named schema."""
    return resolve_pointer(generation, f"/components/schemas/{name}")


def problems(validator: jsonschema.Draft202012Validator, body: Any) -> list[str]:
    """Return at most five problems of a body, each with its path."""
    errors = sorted(validator.iter_errors(body), key=lambda error: error.json_path)
    return [f"{error.json_path}: {error.message[:300]}" for error in errors[:5]]
