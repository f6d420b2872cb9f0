"""The text fields of the answer models, and which of them an answer shows poisoned."""

from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel

from retab_mcp.answers.common.answer import Answer
from tests.system.poison import MARK, texts_in

Json = Any


def text_fields(model: type[BaseModel]) -> set[str]:
    """Return `Model.field` for every field, however deep, that may hold text."""
    names: set[str] = set()
    seen: set[type[BaseModel]] = set()
    ahead = [model]
    while ahead:
        part = ahead.pop()
        if part in seen:
            continue
        seen.add(part)
        for name, field in part.model_fields.items():
            parts = models_in(field.annotation)
            ahead += parts
            if not parts and may_hold_text(field.annotation):
                names.add(_name(part, name))
    return names


def poisoned_fields(model: type[BaseModel], answer: Json) -> set[str]:
    """Return `Model.field` for every field of an answer that shows a poisoned text."""
    return {name for name, value in _leaves(model, answer) if _is_poisoned(value)}


def models_in(annotation: Any) -> list[type[BaseModel]]:
    """Return the models that an annotation names: `Cause | None`, `list[Row]`, …"""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in models_in(part)]


def may_hold_text(annotation: Any) -> bool:
    """Return whether an annotation allows text: str, any JSON, or a container of them."""
    return annotation in (str, Any) or any(map(may_hold_text, get_args(annotation)))


def _leaves(model: type[BaseModel], value: Json) -> Iterator[tuple[str, Json]]:
    if not isinstance(value, dict):
        return
    for name, field in model.model_fields.items():
        child = value.get(name)
        parts = models_in(field.annotation)
        if not parts:
            yield _name(model, name), child
        for item in child if isinstance(child, list) else [child]:
            for part in parts:
                yield from _leaves(part, item)


def _is_poisoned(value: Json) -> bool:
    return any(MARK in text for text in texts_in(value))


def _name(model: type[BaseModel], field: str) -> str:
    # What all answers share is one field, not one for each tool.
    owner = Answer if field in Answer.model_fields else model
    return f"{owner.__name__}.{field}"
