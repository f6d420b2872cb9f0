"""Show what differs between the versions of a workflow that two runs executed."""

from retab_mcp.analysis.compare.config_changes import ConfigChange, GraphChanges
from retab_mcp.analysis.compare.json_diff import ADDED, REMOVED
from retab_mcp.analysis.history import GoodRun
from retab_mcp.answers.common.answer import Part
from retab_mcp.models import Json

MAX_BLOCKS = 10
MAX_FIELDS = 6


class ConfigRow(Part):
    """A field of a block's configuration: `value` in the first run, `other` in the other one.

    `only_in` names the run if only one of the versions has the field.
    """

    block_id: str
    field: str
    only_in: str | None = None
    value: Json = None
    other: Json = None

    def _keeps(self, name: str) -> bool:
        values = {"run_id": {"value"}, "other_run_id": {"other"}}
        return name in values.get(self.only_in or "", {"value", "other"})


class VersionRow(Part):
    """Blocks that differ between the versions of the workflow, and which of their fields do."""

    changed: list[str] = []
    only_in_run: list[str] = []
    only_in_other: list[str] = []
    blocks: int | None = None
    edges: int | None = None
    config: list[ConfigRow] = []
    more_config: int | None = None


def version_row(changes: GraphChanges | None) -> VersionRow | None:
    """Return what differs between two versions, None if nothing is known to."""
    if changes is None:
        return None
    lists = (changes.changed, changes.removed, changes.added)
    cut = any(len(ids) > MAX_BLOCKS for ids in lists)
    return VersionRow(
        changed=list(changes.changed[:MAX_BLOCKS]),
        only_in_run=list(changes.removed[:MAX_BLOCKS]),
        only_in_other=list(changes.added[:MAX_BLOCKS]),
        blocks=sum(map(len, lists)) if cut else None,
        edges=changes.edges or None,
        config=[_config_row(one) for one in changes.fields[:MAX_FIELDS]],
        more_config=max(0, len(changes.fields) - MAX_FIELDS) or None,
    )


def why_chosen(good: GoodRun) -> str:
    """Return why a run was chosen to compare with."""
    order = "first completed run after" if good.later else "last completed run before"
    if good.same_inputs:
        return f"{order} it with the same inputs"
    if good.same_trigger:
        return f"{order} it with the same trigger; none had the same inputs"
    return f"{order} it; none had the same inputs or trigger"


def _config_row(one: ConfigChange) -> ConfigRow:
    change = one.change
    return ConfigRow(
        block_id=one.block_id,
        field=change.path,
        only_in={ADDED: "other_run_id", REMOVED: "run_id"}.get(change.kind),
        value=change.value,
        other=change.other,
    )
