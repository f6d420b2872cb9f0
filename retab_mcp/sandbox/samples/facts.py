"""With what the facts of the samples are written: one function for each tool.

A fact holds in every generation that the sample is served in, unless it names its generations.
"""

from retab_mcp.sandbox.records import GENERATIONS, Fact, Json, SampleRef

# The steps that runs embed until g2a do not say why they were skipped, and jobs carry no attempt
# number: facts on fall-out and attempts hold from g2b on.
FROM_G2A = GENERATIONS[GENERATIONS.index("g2a") :]
FROM_G2B = GENERATIONS[GENERATIONS.index("g2b") :]
FROM_G2E = GENERATIONS[GENERATIONS.index("g2e") :]

_PRIMITIVES = ("split", "classification", "parse", "edit", "partition")


def run_says(
    run_id: str, path: str, value: Json, generations: tuple[str, ...] | None = None
) -> Fact:
    """get_run of the run has the value at the path of its answer."""
    return Fact(
        tool="get_run",
        arguments={"run_id": run_id},
        path=path,
        value=value,
        generations=generations,
    )


def steps_say(run_id: str, path: str, value: Json, **filters: Json) -> Fact:
    """list_steps of the run, with these filters, has the value at the path of its answer."""
    return Fact(tool="list_steps", arguments={"run_id": run_id, **filters}, path=path, value=value)


def step_says(
    run_id: str,
    step_id: str,
    path: str,
    value: Json,
    generations: tuple[str, ...] | None = None,
) -> Fact:
    """get_step of a step, or of a block by its id, has the value at the path of its answer."""
    return Fact(
        tool="get_step",
        arguments={"run_id": run_id, "step_id": step_id},
        path=path,
        value=value,
        generations=generations,
    )


def step_holds(run_id: str, step_id: str, pointer: str, value: Json) -> Fact:
    """get_step drilled down to the pointer finds this value in the step's record."""
    return Fact(
        tool="get_step",
        arguments={"run_id": run_id, "step_id": step_id, "path": pointer},
        path="/value",
        value=value,
    )


def artifact_says(
    ref: SampleRef, path: str, value: Json, generations: tuple[str, ...] | None = None
) -> Fact:
    """get_artifact has the value at the path of its answer."""
    return Fact(
        tool="get_artifact",
        arguments={"artifact_id": ref.id, "operation": ref.operation},
        path=path,
        value=value,
        generations=_readable(ref) if generations is None else generations,
    )


def artifact_holds(
    ref: SampleRef, pointer: str, value: Json, generations: tuple[str, ...] | None = None
) -> Fact:
    """get_artifact drilled down to the pointer finds this value in the artifact's record."""
    return Fact(
        tool="get_artifact",
        arguments={"artifact_id": ref.id, "operation": ref.operation, "path": pointer},
        path="/value",
        value=value,
        generations=_readable(ref) if generations is None else generations,
    )


def _readable(ref: SampleRef) -> tuple[str, ...] | None:
    # Extractions have had an endpoint all along, the other primitives since g2a; evaluations and
    # invocations are records only since g2b.
    if ref.operation == "extraction":
        return None
    return FROM_G2A if ref.operation in _PRIMITIVES else FROM_G2B
