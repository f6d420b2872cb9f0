"""G2e, 30 May to 16 June 2026: as G3, but runs have no metadata."""

from dataclasses import replace

from retab_mcp.retab.generations.g3 import G3, is_settled

G2E = replace(G3, name="g2e", recognizes=is_settled, steps_by_workflow=False, usage=False)
