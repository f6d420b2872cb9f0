"""What the Retab API returns, in one form for every generation of the API."""

from retab_mcp.models.artifact import Artifact
from retab_mcp.models.base import Json, Record
from retab_mcp.models.error_kind import RETRYABLE_KINDS, ErrorKind
from retab_mcp.models.experiment_job import ExperimentJob
from retab_mcp.models.failure import Category, ErrorDetails, Failure, Stage
from retab_mcp.models.failure_kind import FailureKind
from retab_mcp.models.finding_kind import FindingKind
from retab_mcp.models.graph import Block, Edge, Graph
from retab_mcp.models.operation import Operation, OperationWord
from retab_mcp.models.review import Review, ReviewVerdict
from retab_mcp.models.run import Run, RunInputs
from retab_mcp.models.status import FINISHED, Status, StatusWord, normal_status
from retab_mcp.models.step import ArtifactRef, LoopPosition, Step, StepPayload, StepSummary

__all__ = [
    "FINISHED",
    "RETRYABLE_KINDS",
    "Artifact",
    "ArtifactRef",
    "Block",
    "Category",
    "Edge",
    "ErrorDetails",
    "ErrorKind",
    "ExperimentJob",
    "Failure",
    "FailureKind",
    "FindingKind",
    "Graph",
    "Json",
    "LoopPosition",
    "Operation",
    "OperationWord",
    "Record",
    "Review",
    "ReviewVerdict",
    "Run",
    "RunInputs",
    "Stage",
    "Status",
    "StatusWord",
    "Step",
    "StepPayload",
    "StepSummary",
    "normal_status",
]
