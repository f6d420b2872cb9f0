"""Show what differs between the versions of a workflow that two runs executed."""

from retab_mcp.analysis.compare.config_changes import ConfigChange, GraphChanges
from retab_mcp.analysis.compare.json_diff import ADDED, REMOVED
from retab_mcp.analysis.history import GoodRun
from retab_mcp.answers.common.answer import Part
from retab_mcp.models import Json

# The run that alone has a value, by the kind of the change from a to b.
ONLY_IN = {ADDED: "b", REMOVED: "a"}
MAX_BLOCKS = 10
MAX_FIELDS = 6


class ConfigRow(Part):
    """A field of a block's configuration in the versions of runs a and b.

    `only_in` is a or b if only that version has the field.
    """

    block_id: str
    field: str
    only_in: str | None = None
    a: Json = None
    b: Json = None

    def _keeps(self, name: str) -> bool:
        return name in ({self.only_in} if self.only_in else {"a", "b"})


class VersionRow(Part):
    """Blocks that differ between the versions of the workflow, and which of their fields do."""

    changed: list[str] = []
    only_in_a: list[str] = []
    only_in_b: list[str] = []
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
        only_in_a=list(changes.removed[:MAX_BLOCKS]),
        only_in_b=list(changes.added[:MAX_BLOCKS]),
        blocks=sum(map(len, lists)) if cut else None,
        edges=changes.edges or None,
        config=[_config_row(one) for one in changes.fields[:MAX_FIELDS]],
        more_config=max(0, len(changes.fields) - MAX_FIELDS) or None,
    )


def why_chosen(good: GoodRun) -> str:
    """Return why a run was chosen to compare with."""
    order = "first completed run after" if good.later else "last completed run before"
    if good.same_time:
        order = "completed run that was created at the same time as"
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
        only_in=ONLY_IN.get(change.kind),
        a=change.value,
        b=change.other,
    )
