"""G1, until 14 April 2026: blocks are called nodes."""

from dataclasses import replace

from retab_mcp.retab.generations.g2a import G2A

G1 = replace(
    G2A,
    name="g1",
    # The oldest: a run that no newer generation recognizes.
    recognizes=lambda run: True,
    older_names={
        "run": {"waiting_for_node_ids": "waiting_for_block_ids"},
        "block": {
            "node_id": "block_id",
            "node_type": "block_type",
            "node_label": "block_label",
        },
        # Documentation examples of March 2026 only.
        "document": {"file_id": "id"},
        "extraction": {"predictions": "output"},
        "edit": {"data": "output"},
        "classification_consensus": {"likelihood": "likelihoods"},
    },
)
