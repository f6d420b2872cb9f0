"""What the Retab API speaks of, in one form, whatever generation of the API it came from."""

from retab_mcp.models.artifact import Artifact
from retab_mcp.models.base import Json, Record
from retab_mcp.models.experiment import ExperimentJob
from retab_mcp.models.failure import ErrorDetails, Failure
from retab_mcp.models.failure_kind import FailureKind
from retab_mcp.models.finding_kind import FindingKind
from retab_mcp.models.graph import Block, Edge, Graph
from retab_mcp.models.review import Review
from retab_mcp.models.run import Run, RunInputs
from retab_mcp.models.status import (
    AWAITING_REVIEW,
    CANCELLED,
    COMPLETED,
    ERROR,
    FINISHED,
    PENDING,
    QUEUED,
    RUNNING,
    SKIPPED,
    normal_status,
)
from retab_mcp.models.step import ArtifactRef, LoopPosition, Step, StepPayload, StepSummary

__all__ = [
    "AWAITING_REVIEW",
    "CANCELLED",
    "COMPLETED",
    "ERROR",
    "FINISHED",
    "PENDING",
    "QUEUED",
    "RUNNING",
    "SKIPPED",
    "Artifact",
    "ArtifactRef",
    "Block",
    "Edge",
    "ErrorDetails",
    "ExperimentJob",
    "Failure",
    "FailureKind",
    "FindingKind",
    "Graph",
    "Json",
    "LoopPosition",
    "Record",
    "Review",
    "Run",
    "RunInputs",
    "Step",
    "StepPayload",
    "StepSummary",
    "normal_status",
]
