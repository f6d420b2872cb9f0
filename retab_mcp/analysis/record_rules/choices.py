"""Rules about names that a block may choose from: categories, and the parts of a document."""

from collections import Counter
from collections.abc import Iterator, Sequence

from retab_mcp.analysis.finding import Finding
from retab_mcp.analysis.record_rules.near_names import near_names
from retab_mcp.analysis.values.artifact_fields import MAX_NAMED, OUTPUT
from retab_mcp.analysis.values.json_types import as_dict, as_dicts, as_text
from retab_mcp.analysis.values.page_ranges import page_numbers, short_pages
from retab_mcp.models import Artifact, FindingKind

# Configured names that a finding lists.
_MAX_CONFIGURED = 6


def find_unknown_category(artifact: Artifact) -> Iterator[Finding]:
    """Yield a finding where the category is none of the configured ones."""
    configured = [as_text(each.get("name")) for each in as_dicts(artifact.data.get("categories"))]
    category = as_text(as_dict(artifact.data.get("output")).get("category"))
    if category and configured and category not in configured:
        message = f'category "{category}" is none of the configured: {_named(category, configured)}'
        yield Finding(
            FindingKind.UNKNOWN_CATEGORY, message, "categories", paths=("/output/category",)
        )


def find_unknown_parts(artifact: Artifact) -> Iterator[Finding]:
    """Yield a finding where parts have names that are none of the configured ones."""
    configured = [as_text(each.get("name")) for each in as_dicts(artifact.data.get("subdocuments"))]
    parts = [as_text(part.get("name")) for part in as_dicts(artifact.data.get("output"))]
    unknown = [number for number, name in enumerate(parts) if name and name not in configured]
    if configured and unknown:
        name = parts[unknown[0]]
        message = f'part "{name}" is none of the configured: {_named(name, configured)}'
        more = len({parts[number] for number in unknown}) - 1
        noun = "part" if more == 1 else "parts"
        message += f"; {more} more unknown {noun}" if more else ""
        paths = tuple(f"{OUTPUT}/{number}/name" for number in unknown[:MAX_NAMED])
        yield Finding(FindingKind.UNKNOWN_PART, message, "subdocuments", paths=paths)


def find_repeated_parts(artifact: Artifact) -> Iterator[Finding]:
    """Yield a finding where a document that may occur once was split in several."""
    once = {
        as_text(each.get("name"))
        for each in as_dicts(artifact.data.get("subdocuments"))
        if each.get("allow_multiple_instances") is False
    }
    yield from _find_repeated(artifact, "name", once, "may occur once and was split in {} parts")


def find_repeated_chunks(artifact: Artifact) -> Iterator[Finding]:
    """Yield a finding where several chunks have the same key, which names one document."""
    keys = {as_text(part.get("key")) for part in as_dicts(artifact.data.get("output"))}
    yield from _find_repeated(artifact, "key", keys, "is the key of {} chunks")


def _find_repeated(artifact: Artifact, field: str, once: set[str], said: str) -> Iterator[Finding]:
    parts = as_dicts(artifact.data.get("output"))
    counts = Counter(as_text(part.get(field)) for part in parts)
    for name, count in counts.items():
        if count > 1 and name and name in once:
            numbers = [number for number, part in enumerate(parts) if part.get(field) == name]
            pages = [short_pages(page_numbers(parts[number].get("pages"))) for number in numbers]
            message = f'"{name}" {said.format(count)}: pages ' + " and ".join(pages[:MAX_NAMED])
            paths = tuple(f"{OUTPUT}/{number}" for number in numbers[:MAX_NAMED])
            yield Finding(FindingKind.PART_REPEATED, message, field, paths=paths)


def _named(name: str, configured: Sequence[str]) -> str:
    near = near_names(name, configured)
    rest = [each for each in configured if each not in near]
    shown = [*near, *rest][:_MAX_CONFIGURED]
    more = len(configured) - len(shown)
    listed = ", ".join(shown) + (f" and {more} more" if more else "")
    return listed + (f" (near: {near[0]})" if near else "")
