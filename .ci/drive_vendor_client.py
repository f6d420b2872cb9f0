"""Drive a running g3 sandbox with the vendor's own client, `retab` 0.0.160.

    RETAB_API_BASE_URL=http://127.0.0.1:8700 RETAB_API_KEY=… python drive_vendor_client.py

or pass the address and the key as arguments. Needs `retab` installed and imports nothing of this
project. Checks that every response fits the client's types, and the typed values. Prints what
failed and "N passed, M failed"; exits with 1 if anything failed.
"""

import os
import sys
from collections.abc import Callable
from datetime import datetime
from typing import Any

from retab import Retab
from retab.exceptions import AuthenticationError, NotFoundError, ValidationError

# Artifacts read of one run; loops have hundreds of the same kind.
MAX_ARTIFACTS = 20
# The largest page of steps, which the run of 2,000 steps exceeds.
STEPS_PAGE = 1000
# At least one sample run has each of these.
STATUSES = {"completed", "error", "awaiting_review", "cancelled", "running"}

PRIMITIVES = {
    "extraction": "extractions",
    "split": "splits",
    "classification": "classifications",
    "parse": "parses",
    "edit": "edits",
    "partition": "partitions",
}


class Checks:
    """Counts the checks that pass and names those that fail."""

    def __init__(self) -> None:
        self.passed = 0
        self.failed: list[str] = []

    def that(self, name: str, holds: bool) -> None:
        """Count one check."""
        if holds:
            self.passed += 1
        else:
            self.failed.append(name)

    def answers(self, name: str, call: Callable[[], Any]) -> Any:
        """Return what `call` returns; count an exception as a failed check and return None."""
        try:
            answer = call()
        except Exception as error:
            self.failed.append(f"{name}: {type(error).__name__}: {error}")
            return None
        self.passed += 1
        return answer

    def refuses(self, name: str, kind: type[Exception], call: Callable[[], Any]) -> None:
        """Check that `call` raises an error of `kind` with a request id."""
        try:
            call()
        except kind as error:
            self.that(f"{name}: request id", str(getattr(error, "request_id", "")) > "req_")
        except Exception as error:
            self.failed.append(f"{name}: {type(error).__name__} instead of {kind.__name__}")
        else:
            self.failed.append(f"{name}: was not refused")


def drive_runs(client: Retab, checks: Checks) -> list[Any]:
    """Check runs: paged three at a time, then each read by its id."""
    listed = checks.answers("runs.list", lambda: list(client.workflows.runs.list(limit=3))) or []
    checks.that("at least 20 runs", len(listed) >= 20)
    ids = [run.id for run in listed]
    checks.that("paging shows each run once", len(ids) == len(set(ids)))
    created = [run.timing.created_at for run in listed]
    checks.that("newest first", created == sorted(created, reverse=True))
    seen = {run.lifecycle.status for run in listed}
    checks.that(f"statuses seen: {sorted(seen)}", seen >= STATUSES)
    for run in listed:
        name = f"runs.get {run.id}"
        again = checks.answers(name, lambda run=run: client.workflows.runs.get(run.id))
        checks.that(f"{name}: the same as in the list", again == run)
        checks.that(f"{name}: created_at", isinstance(run.timing.created_at, datetime))
        if run.lifecycle.status == "error":
            checks.that(f"{name}: has a message", isinstance(run.lifecycle.message, str))
    failed = client.workflows.runs.list(status="error", limit=100)
    checks.that("filter by status", {run.lifecycle.status for run in failed.data} == {"error"})
    return listed


def drive_steps(client: Retab, checks: Checks, run_id: str) -> None:
    """Check the steps of a run: order, filters, and the last one read by its id."""
    name = f"steps of {run_id}"
    listing = lambda: list(client.workflows.steps.list(run_id=run_id, limit=STEPS_PAGE))  # noqa: E731
    steps = checks.answers(name, listing) or []
    started = [step.started_at for step in steps if step.started_at is not None]
    checks.that(f"{name}: by start time", started == sorted(started))
    checks.that(f"{name}: never started last", all(s.started_at for s in steps[: len(started)]))
    checks.that(f"{name}: all of the run", {step.run_id for step in steps} <= {run_id})
    for status in {step.lifecycle.status for step in steps}:
        found = client.workflows.steps.list(run_id=run_id, status=[status], limit=STEPS_PAGE)
        wanted = sum(step.lifecycle.status == status for step in steps)
        checks.that(f"{name}: status={status}", sum(1 for _ in found) == wanted)
    if steps:
        last = steps[-1]
        name = f"steps.get {last.step_id}"
        again = checks.answers(
            name, lambda: client.workflows.steps.get(last.step_id, run_id=run_id)
        )
        checks.that(f"{name}: the same as in the list", again == last)


def drive_artifacts(client: Retab, checks: Checks, run_id: str) -> set[str]:
    """Check the artifacts of a run and their primitives, each read by its id."""
    name = f"artifacts of {run_id}"
    listing = checks.answers(name, lambda: client.workflows.artifacts.list(run_id=run_id))
    seen: set[str] = set()
    for row in (listing.data if listing else [])[:MAX_ARTIFACTS]:
        name = f"artifacts.get {row.id}"
        record = checks.answers(name, lambda row=row: client.workflows.artifacts.get(row.id))
        operation = str(getattr(row.operation, "value", row.operation))
        checks.that(f"{name}: {operation}", getattr(record, "operation", None) == operation)
        seen.add(operation)
        if operation in PRIMITIVES:
            resource = getattr(client, PRIMITIVES[operation])
            primitive = checks.answers(
                f"{PRIMITIVES[operation]}.get {row.id}",
                lambda resource=resource, row=row: resource.get(row.id),
            )
            same = getattr(primitive, "output", None) == getattr(record, "output", None)
            checks.that(f"{PRIMITIVES[operation]}.get {row.id}: the same output", same)
    return seen


def drive_experiments(client: Retab, checks: Checks, workflow_id: str) -> int:
    """Check the experiments of a workflow, their runs, results and metrics; return their number."""
    experiments = client.workflows.experiments
    found = checks.answers(
        f"experiments of {workflow_id}", lambda: experiments.list(workflow_id=workflow_id)
    )
    for experiment in found.data if found else []:
        name = f"experiment {experiment.id}"
        again = checks.answers(name, lambda e=experiment: experiments.get(e.id))
        checks.that(f"{name}: the same as in the list", again == experiment)
        run_id = experiment.last_run_id
        run = checks.answers(f"{name}: run", lambda run_id=run_id: experiments.runs.get(run_id))
        results = checks.answers(
            f"{name}: results", lambda run_id=run_id: list(experiments.results.list(run_id))
        )
        statuses = [result.lifecycle.status for result in results or []]
        checks.that(
            f"{name}: as many failed as the run says",
            run is not None and statuses.count("error") == run.error_count,
        )
        for result in results or []:
            again = checks.answers(
                f"result {result.id}", lambda result=result: experiments.results.get(result.id)
            )
            checks.that(f"result {result.id}: the same as in the list", again == result)
        checks.answers(
            f"{name}: metrics", lambda run_id=run_id: experiments.metrics.get(run_id=run_id)
        )
    return len(found.data) if found else 0


def drive_workflow(client: Retab, checks: Checks, workflow_id: str) -> None:
    """Check a workflow, its versions, blocks and edges."""
    workflows = client.workflows
    checks.answers(f"workflows.get {workflow_id}", lambda: workflows.get(workflow_id))
    versions = checks.answers(
        f"versions of {workflow_id}", lambda: list(workflows.list_versions(workflow_id))
    )
    for version in versions or []:
        again = checks.answers(
            f"version {version.id}",
            lambda version=version: workflows.get_version(version.id, workflow_id),
        )
        checks.that(f"version {version.id}: the same as in the list", again == version)
    checks.answers(f"blocks of {workflow_id}", lambda: workflows.blocks.list(workflow_id))
    checks.answers(f"edges of {workflow_id}", lambda: workflows.edges.list(workflow_id))


def drive_reviews(client: Retab, checks: Checks) -> None:
    """Check reviews, open and decided, with their versions."""
    reviews = client.workflows.reviews
    everything = checks.answers("reviews.list", lambda: list(reviews.list(decision_status="all")))
    checks.that("at least one review", bool(everything))
    for review in everything or []:
        again = checks.answers(
            f"reviews.get {review.id}", lambda review=review: reviews.get(review.id)
        )
        checks.that(f"reviews.get {review.id}: the same as in the list", again == review)
        checks.answers(
            f"versions of {review.id}", lambda review=review: list(reviews.versions.list(review.id))
        )


def drive_refusals(client: Retab, checks: Checks, base_url: str) -> None:
    """Check the errors that the client raises for refused requests."""
    stranger = Retab(api_key="not-the-key", base_url=base_url, max_retries=0)
    checks.refuses("wrong key", AuthenticationError, lambda: stranger.workflows.runs.list())
    checks.refuses("unknown run", NotFoundError, lambda: client.workflows.runs.get("run_none"))
    checks.refuses("unknown step", NotFoundError, lambda: client.workflows.steps.get("none"))
    checks.refuses(
        "unknown artifact", NotFoundError, lambda: client.workflows.artifacts.get("extr_none")
    )
    checks.refuses("a limit", ValidationError, lambda: client.workflows.runs.list(limit=1000))


def main() -> int:
    """Run all checks; return the exit code."""
    arguments = sys.argv[1:]
    base_url = arguments[0] if arguments else os.environ["RETAB_API_BASE_URL"]
    key = arguments[1] if len(arguments) > 1 else os.environ["RETAB_API_KEY"]
    client, checks = Retab(api_key=key, base_url=base_url, max_retries=0), Checks()
    runs = drive_runs(client, checks)
    operations: set[str] = set()
    for run in runs:
        drive_steps(client, checks, run.id)
        operations |= drive_artifacts(client, checks, run.id)
    checks.that(f"all operations seen: {sorted(operations)}", len(operations) == 11)
    experiments = 0
    for workflow_id in sorted({run.workflow_id for run in runs}):
        drive_workflow(client, checks, workflow_id)
        experiments += drive_experiments(client, checks, workflow_id)
    checks.that("at least one experiment", experiments > 0)
    drive_reviews(client, checks)
    drive_refusals(client, checks, base_url)
    for name in checks.failed:
        print(f"FAILED {name}")
    print(f"{checks.passed} passed, {len(checks.failed)} failed")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
