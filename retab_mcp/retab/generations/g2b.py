"""G2b, 10 to 13 May 2026: `lifecycle.kind` on runs, `terminal` on steps."""

from dataclasses import replace

from retab_mcp.retab.generations.g2c import G2C
from retab_mcp.retab.generations.generation import status_is_kind

G2B = replace(
    G2C,
    name="g2b",
    recognizes=status_is_kind,
    families={**G2C.families, "experiment_job": ("nested",)},
    # Reviews came on 19 May.
    review_list=False,
    older_names={
        "record": {"terminal": "lifecycle"},
        "lifecycle": {"kind": "status"},
        "workflow": {"snapshot_id": "version_id"},
    },
)
