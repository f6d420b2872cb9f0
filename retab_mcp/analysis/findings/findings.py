"""What is wrong or doubtful in a run that did not fail."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from retab_mcp.analysis.cause.root_cause import failed_on_their_own
from retab_mcp.analysis.loops.containers import CONTAINER_TYPES
from retab_mcp.analysis.operations import api_call, evaluations, extraction, split
from retab_mcp.analysis.summary import as_dict, as_dicts, as_text
from retab_mcp.analysis.values.likelihoods import LOW_LIKELIHOOD, is_likelihood, low_likelihoods
from retab_mcp.analysis.values.schema_check import check_schema
from retab_mcp.analysis.values.votes import count_votes
from retab_mcp.models import Artifact, FindingKind, Json, Operation, Review, Status, StepSummary

# A step stands out when it took this much, this part of all steps' time, and this many times the
# median of the others.
SLOW_MS = 10_000
SLOW_SHARE = 0.5
SLOW_TIMES = 5
# Fields and step ids that one finding names.
MAX_NAMED = 3

# Which artifacts tell most, where not all can be read.
_PROMISE = (
    Operation.EXTRACTION,
    Operation.WHILE_LOOP_TERMINATION,
    Operation.REVIEW_TRIGGER_EVALUATION,
    Operation.CONDITIONAL_EVALUATION,
    Operation.SPLIT,
    Operation.CLASSIFICATION,
    Operation.PARTITION,
    Operation.API_CALL_INVOCATION,
    Operation.EDIT,
    Operation.PARSE,
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a reader should know, in a sentence, and the fact it rests on.

    `paths` are pointers into the record of the step's artifact, where the kind has such.
    """

    kind: FindingKind
    message: str
    reason: str
    step_id: str | None = None
    block_id: str | None = None
    paths: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Fact:
    """A finding before it is known of which step."""

    kind: FindingKind
    message: str
    reason: str
    paths: tuple[str, ...] = ()


def worth_reading(steps: Iterable[StepSummary]) -> list[StepSummary]:
    """Return the steps with an artifact, those first whose artifact can say most.

    Steps that were tried again come before all others: their artifact says what was hidden.
    """
    order: dict[str, int] = {operation: number for number, operation in enumerate(_PROMISE)}

    def promise(step: StepSummary) -> tuple[bool, int]:
        operation = step.artifact.operation if step.artifact is not None else None
        return step.retry_count == 0, order.get(operation or "", len(order))

    return sorted((step for step in steps if step.artifact is not None), key=promise)


def findings(
    steps: Sequence[StepSummary],
    artifacts: Iterable[tuple[StepSummary, Artifact]] = (),
    reviews: Iterable[Review] = (),
) -> list[Finding]:
    """Return what is doubtful in a run by its steps, artifacts and reviews, worst first.

    Meant for a completed run; of one that goes on or waits it tells what is known so far.
    """
    reviews = tuple(reviews)
    reviewed = {review.block_id for review in reviews}
    found = [*_of_steps(steps, reviewed), *_of_reviews(reviews)]
    for step, artifact in artifacts:
        known = _BY_OPERATION.get(artifact.operation)
        if known is not None:
            found += [_located(fact, step) for fact in known(artifact.data)]
    return worst_first(found)


def worst_first(found: Iterable[Finding]) -> list[Finding]:
    """Return findings, each once, the worst first."""
    unique = {(one.kind, one.step_id, one.message): one for one in found}
    return sorted(unique.values(), key=lambda one: one.kind.rank)


def _located(fact: _Fact, step: StepSummary) -> Finding:
    return Finding(fact.kind, fact.message, fact.reason, step.step_id, step.block_id, fact.paths)


def _of_steps(steps: Sequence[StepSummary], reviewed: Collection[str]) -> list[Finding]:
    found = []
    failed = [step for step in failed_on_their_own(steps) if step.status == Status.ERROR]
    if failed:
        message = failed[0].failure.message if failed[0].failure else ""
        found.append(
            _of(
                failed[0],
                FindingKind.FAILED_STEP,
                f"{len(failed)} failed; first: {message}",
                "step status",
            )
        )
    found += [
        _of(step, FindingKind.RETRIES, f"{step.retry_count} retries", "retry_count")
        for step in steps
        if step.retry_count and step.status == Status.COMPLETED
    ]
    skipped = [step for step in steps if step.status == Status.SKIPPED]
    if skipped:
        reasons = Counter(step.reason or "no reason given" for step in skipped)
        reason, count = reasons.most_common(1)[0]
        message = f"{len(skipped)} skipped; {count} of them: {reason}"
        found.append(_of(skipped[0], FindingKind.STEPS_SKIPPED, message, "step status"))
    # A step that was reviewed took the time of a person.
    slow = _slowest([step for step in steps if step.block_id not in reviewed])
    if slow is not None:
        message = f"took {slow.elapsed_ms} ms, most of the time of all steps"
        found.append(_of(slow, FindingKind.SLOW_STEP, message, "step times"))
    return found


def _of(step: StepSummary, kind: FindingKind, message: str, reason: str) -> Finding:
    return Finding(kind, message, reason, step.step_id, step.block_id)


def _slowest(steps: Sequence[StepSummary]) -> StepSummary | None:
    """The step that stands out; a loop is not one, its steps are."""
    timed = [
        (elapsed, step)
        for step in steps
        if (elapsed := step.elapsed_ms) is not None and step.type not in CONTAINER_TYPES
    ]
    if len(timed) < 2:
        return None
    longest, slow = max(timed, key=lambda one: one[0])
    others = [elapsed for elapsed, step in timed if step is not slow]
    stands_out = (
        longest >= SLOW_MS
        and longest >= SLOW_SHARE * (sum(others) + longest)
        and longest >= SLOW_TIMES * median(others)
    )
    return slow if stands_out else None


def _of_reviews(reviews: Iterable[Review]) -> list[Finding]:
    return [
        Finding(
            FindingKind.REVIEW_REJECTED,
            f"rejected: {review.reason or 'no reason given'}",
            f"review {review.id}",
            review.step_id,
            review.block_id,
        )
        for review in reviews
        if review.verdict == "rejected"
    ]


def _extraction(data: dict[str, Json]) -> Iterable[_Fact]:
    output = data.get("output")
    if output is None:
        return
    report = check_schema(output, data.get("json_schema"), extraction.OUTPUT)
    missing = [entry for entry in report.missing if not entry.nullable] or report.missing
    if missing:
        names = ", ".join(entry.field for entry in missing[:MAX_NAMED])
        count = sum(entry.count for entry in missing)
        paths = tuple(entry.path for entry in missing[:MAX_NAMED])
        allowed = " (the schema allows null)" if missing[0].nullable else ""
        yield _Fact(
            FindingKind.REQUIRED_MISSING,
            f"{count} required null or missing: {names}{allowed}",
            "json_schema",
            paths,
        )
    if report.mismatches:
        worst = report.mismatches[0]
        count = sum(entry.count for entry in report.mismatches)
        paths = tuple(entry.path for entry in report.mismatches[:MAX_NAMED])
        message = f"{count} of another type than the schema's, first: expected {worst.expected}"
        yield _Fact(FindingKind.TYPE_MISMATCH, message, "json_schema", paths)
    likelihoods = as_dict(data.get("consensus")).get("likelihoods")
    low = low_likelihoods(likelihoods, output, MAX_NAMED, extraction.OUTPUT)
    if low.count:
        message = f"{low.count} under {LOW_LIKELIHOOD}, lowest {low.worst[0].likelihood}"
        yield _Fact(
            FindingKind.LOW_LIKELIHOOD,
            message,
            "likelihoods",
            tuple(entry.path for entry in low.worst),
        )


def _pages(data: dict[str, Json]) -> Iterable[_Fact]:
    covered = split.coverage(data)
    if "pages_unassigned" in covered:
        message = f"pages {covered['pages_unassigned']} are in no part"
        yield _Fact(
            FindingKind.PAGES_UNASSIGNED, message, "page numbers of the parts", ("/output",)
        )
    if "pages_overlapping" in covered and data.get("allow_overlap") is not True:
        message = f"pages {covered['pages_overlapping']} are in more than one part"
        yield _Fact(
            FindingKind.PAGES_OVERLAPPING, message, "page numbers of the parts", ("/output",)
        )
    likelihoods = as_dict(data.get("consensus")).get("likelihoods")
    low = low_likelihoods(likelihoods, data.get("output"), MAX_NAMED, "/consensus/likelihoods")
    if low.count:
        message = f"{low.count} under {LOW_LIKELIHOOD}, lowest {low.worst[0].likelihood}"
        paths = tuple(entry.path for entry in low.worst)
        yield _Fact(FindingKind.LOW_LIKELIHOOD, message, "likelihoods", paths)


def _classification(data: dict[str, Json]) -> Iterable[_Fact]:
    consensus = as_dict(data.get("consensus"))
    category = as_dict(data.get("output")).get("category")
    likelihood = consensus.get("likelihoods")
    if is_likelihood(likelihood) and likelihood < LOW_LIKELIHOOD:
        yield _Fact(
            FindingKind.LOW_LIKELIHOOD, f"category {category} at {likelihood}", "likelihoods"
        )
    votes = count_votes([choice.get("category") for choice in as_dicts(consensus.get("choices"))])
    if len(votes) > 1:
        counts = ", ".join(f"{vote.value} {vote.count}" for vote in votes)
        yield _Fact(
            FindingKind.VOTES_DISAGREE, f"votes: {counts}", "choices", ("/consensus/choices",)
        )


def _conditions(data: dict[str, Json]) -> Iterable[_Fact]:
    lines = evaluations.condition_lines(data, evaluations.MAX_CONDITIONS)
    for number, line in enumerate(lines):
        if "types" in line:
            types = line["types"]
            message = (
                f"{line.get('path')} {line.get('operator')}: "
                f"expected {types['expected']}, actual {types['actual']}"
            )
            yield _Fact(
                FindingKind.CONDITION_TYPES_DIFFER,
                message,
                "evaluations",
                (f"/evaluations/{number}",),
            )
    if evaluations.took_default(data):
        yield _Fact(
            FindingKind.DEFAULT_BRANCH, "no condition matched: the default branch", "evaluations"
        )


def _while_loop(data: dict[str, Json]) -> Iterable[_Fact]:
    if data.get("termination_reason") == "max_iterations_reached":
        yield _Fact(FindingKind.LOOP_LIMIT, "the loop ran out of iterations", "termination_reason")


def _review(data: dict[str, Json]) -> Iterable[_Fact]:
    if data.get("review_decision") == "rejected":
        notes = as_text(data.get("review_notes")) or "no reason given"
        yield _Fact(FindingKind.REVIEW_REJECTED, f"rejected: {notes}", "review_decision")


def _api_call(data: dict[str, Json]) -> Iterable[_Fact]:
    attempts = as_dicts(data.get("attempts"))
    failing = [attempt for attempt in attempts if _went_wrong(attempt)]
    if not failing:
        return
    lost = sum(
        duration for attempt in failing if isinstance(duration := attempt.get("duration_ms"), int)
    )
    status = api_call.response_status(failing[0])
    reason = api_call.error_message(failing[0].get("error")) or f"status {status}"
    message = f"{len(failing)} of {len(attempts)} attempts failed, {lost} ms lost: {reason}"
    yield _Fact(FindingKind.FAILED_ATTEMPTS, message, "attempts", ("/attempts",))


def _went_wrong(attempt: dict[str, Json]) -> bool:
    status = api_call.response_status(attempt)
    return bool(attempt.get("error")) or (status is not None and status >= api_call.CLIENT_ERROR)


def _parse(data: dict[str, Json]) -> Iterable[_Fact]:
    output = as_dict(data.get("output"))
    if output and not as_text(output.get("text")).strip() and not output.get("pages"):
        yield _Fact(FindingKind.NO_TEXT, "no text was found in the document", "output")


def _edit(data: dict[str, Json]) -> Iterable[_Fact]:
    fields = as_dicts(as_dict(data.get("output")).get("form_data"))
    empty = [
        (number, entry)
        for number, entry in enumerate(fields)
        if not str(entry.get("value") or "").strip()
    ]
    if empty:
        names = ", ".join(str(entry.get("key")) for _, entry in empty[:MAX_NAMED])
        paths = tuple(f"/output/form_data/{number}" for number, _ in empty[:MAX_NAMED])
        yield _Fact(
            FindingKind.FIELDS_LEFT_EMPTY,
            f"{len(empty)} of {len(fields)} empty: {names}",
            "form_data",
            paths,
        )


_BY_OPERATION: dict[str, Callable[[dict[str, Json]], Iterable[_Fact]]] = {
    Operation.EXTRACTION: _extraction,
    Operation.SPLIT: _pages,
    Operation.PARTITION: _pages,
    Operation.CLASSIFICATION: _classification,
    Operation.CONDITIONAL_EVALUATION: _conditions,
    Operation.WHILE_LOOP_TERMINATION: _while_loop,
    Operation.REVIEW_TRIGGER_EVALUATION: _review,
    Operation.API_CALL_INVOCATION: _api_call,
    Operation.PARSE: _parse,
    Operation.EDIT: _edit,
}
