"""Find what failed runs have in common and good ones have not: metadata, trigger, time, inputs."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from math import comb
from typing import TypeAlias

from retab_mcp.models import Json, Run

# Values of a run by their path, each as JSON, so that 1, true and "1" differ.
Traits: TypeAlias = Mapping[str, str]

# Fewer failed runs have too much in common by chance.
MIN_FAILED = 3
# How probable it may be that failed runs have something in common by chance, over all paths.
_MAX_CHANCE = 0.01
# What is kept of the inputs of a run: values that deep, that short, and so many.
_MAX_DEPTH, _MAX_LENGTH, _MAX_VALUES = 4, 60, 60
# A time of the day is a pattern only if it failed on so many days: an outage has one hour too.
_MIN_DAYS = 3

_HOUR, _MINUTE = "hour", "minute"


@dataclass(frozen=True, slots=True)
class RunTraits:
    """A run's creation and its traits."""

    at: datetime
    traits: Traits


@dataclass(frozen=True, slots=True)
class CommonTrait:
    """A value that all failed runs have: `runs` have it, of which `failed` failed.

    `path` is the place in the run, or `time of day`; `value` is then the minute or the hour.
    """

    path: str
    value: Json
    runs: int
    failed: int


def traits_of(run: Run) -> dict[str, str]:
    """Return the short values of a run's trigger, metadata and inputs by path."""
    found: dict[str, str] = {}
    parts: dict[str, Json] = {
        "metadata": dict(run.metadata),
        "trigger": dict(run.trigger),
        "json_data": dict(run.inputs.json_data),
        "documents": dict(run.inputs.documents),
    }
    for name, part in parts.items():
        _add(found, f"/{name}", part, _MAX_DEPTH)
    return found


def common_traits(
    failed: Sequence[RunTraits], good: Sequence[RunTraits], zone: tzinfo
) -> list[CommonTrait]:
    """Return what all `failed` runs have in common and `good` ones lack, the surest first.

    A value counts only against runs that have a value at its path. Nothing is returned that could
    be chance, such as what two failed runs share. Times of the day are those of `zone`.
    """
    if len(failed) < MIN_FAILED or not good:
        return []
    bad = [_with_time(each, zone) for each in failed]
    fine = [_with_time(each, zone) for each in good]
    shared = set(bad[0].items())
    for each in bad[1:]:
        shared &= each.items()
    days = {each.at.astimezone(zone).date() for each in failed}
    if len(days) < _MIN_DAYS:
        shared = {(path, value) for path, value in shared if path not in (_HOUR, _MINUTE)}
    found: list[tuple[float, CommonTrait]] = []
    for path, value in shared:
        known = [traits[path] for traits in fine if path in traits]
        also = known.count(value)
        count = len(bad)
        chance = comb(count + also, count) / comb(count + len(known), count)
        if chance * len(shared) < _MAX_CHANCE:
            found.append((chance, CommonTrait(path, json.loads(value), count + also, count)))
    found.sort(key=lambda each: (each[0], each[1].path))
    return [_in_words(trait, zone) for trait in _without_repeats(trait for _, trait in found)]


def _add(found: dict[str, str], path: str, value: Json, depth: int) -> None:
    """Add the scalar values below `path`; lists are left out, since their items move."""
    if len(found) >= _MAX_VALUES:
        return
    if isinstance(value, dict):
        if depth:
            for key, member in value.items():
                _add(found, f"{path}/{_escaped(key)}", member, depth - 1)
    elif not isinstance(value, list):
        text = json.dumps(value)
        if len(text) <= _MAX_LENGTH:
            found[path] = text


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")


def _with_time(run: RunTraits, zone: tzinfo) -> dict[str, str]:
    at = run.at.astimezone(zone)
    return {**run.traits, _HOUR: f'"{at:%H}"', _MINUTE: f'"{at:%H:%M}"'}


def _without_repeats(found: Iterable[CommonTrait]) -> list[CommonTrait]:
    """Leave out the hour if the minute is known, and values that the same runs have."""
    kept: list[CommonTrait] = []
    for trait in found:
        if trait.path == _HOUR and any(other.path == _MINUTE for other in kept):
            continue
        if trait.path == _MINUTE:
            kept = [other for other in kept if other.path != _HOUR]
        kept.append(trait)
    return kept


def _in_words(trait: CommonTrait, zone: tzinfo) -> CommonTrait:
    if trait.path not in (_HOUR, _MINUTE):
        return trait
    value = trait.value if trait.path == _MINUTE else f"{trait.value}:00 to {trait.value}:59"
    return CommonTrait("time of day", f"{value} {zone}", trait.runs, trait.failed)
