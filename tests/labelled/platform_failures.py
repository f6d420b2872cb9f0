"""Failures of the platform itself: quota, models, timeouts, storage, registry, cancellation."""

from retab_mcp.sandbox.builder.graph import block
from tests.labelled.scenario import CURRENT, EVERY_SHAPE, LabelledRun, Scenario


def _begin(name: str, title: str, middle: str = "extract") -> LabelledRun:
    build = LabelledRun(
        name,
        title,
        (
            block("mailbox-in", "start_document", "Mailbox"),
            block("understand-mail", middle, "Understand the mail"),
            block("forward-mail", "api_call", "Forward"),
        ),
        "mailbox-in > understand-mail > forward-mail",
    )
    build.start("mailbox-in")
    return build


def _stumble(
    name: str,
    title: str,
    kind: str,
    message: str,
    *,
    stage: str | None = "execution",
    category: str | None = "permanent",
    code: str | None = None,
    middle: str = "extract",
    seconds: float = 1.2,
    hinted: bool = True,
    generations: tuple[str, ...] = CURRENT,
) -> Scenario:
    """Return a run whose second block failed with these words."""
    build = _begin(name, title, middle)
    step = build.fail(
        "understand-mail", message, seconds, stage=stage, category=category, code=code
    )
    build.skip("Not reached", "forward-mail")
    hint = step if hinted else None
    return build.ended_in_error(kind, step, 1, hint=hint, generations=generations)


def _stopped_by_operator() -> Scenario:
    build = _begin("mail-called-off", "Somebody stopped the run while a mail was being read")
    step = build.step("understand-mail", 4.0, status="cancelled", reason="Stopped by operator")
    build.unreached("forward-mail", "cancelled", "Stopped by operator")
    return build.stopped("cancelled", "cancelled", step, 1, reason="Stopped by operator")


def _waits_for_a_person() -> Scenario:
    build = _begin("mail-held-back", "The run waits until somebody approves the extraction")
    step = build.begin("understand-mail", "awaiting_review")
    build.unreached("forward-mail", "pending")
    return build.stopped(
        "awaiting_review",
        "waiting_for_review",
        step,
        waiting_for_block_ids=("understand-mail",),
        generations=EVERY_SHAPE,
    )


def scenarios() -> tuple[Scenario, ...]:
    """Return the scenarios of this file."""
    return (
        _stumble(
            "pages-of-the-month",
            "The plan's pages of this month are used up",
            "credits_exhausted",
            "Monthly page allowance reached: 5,000 of 5,000",
            category="quota",
            generations=EVERY_SHAPE,
        ),
        _stumble(
            "billing-plan",
            "A model provider wants another plan",
            "credits_exhausted",
            "You exceeded your current quota, please check your plan and billing details.",
            code="insufficient_quota",
        ),
        _stumble(
            "tokens-per-minute",
            "A model provider allows no more tokens this minute",
            "rate_limited",
            "Rate limit reached for model on tokens per min (TPM): Limit 200000, Used 199871, "
            "Requested 4120. Please try again in 1.197s.",
            category="transient",
            generations=EVERY_SHAPE,
        ),
        _stumble(
            "activity-too-long",
            "An orchestrator gave up on the activity, and no step is named",
            "timeout",
            "activity StartToClose timeout",
            category="transient",
            seconds=300.0,
            hinted=False,
            generations=EVERY_SHAPE,
        ),
        _stumble(
            "deadline-of-a-call",
            "A remote procedure did not come back within its deadline",
            "timeout",
            "rpc error: code = DeadlineExceeded desc = context deadline exceeded",
            category="transient",
            seconds=120.0,
            middle="classifier",
        ),
        _stumble(
            "answer-breaks-schema",
            "A model's answer that the schema does not take",
            "schema_violation",
            "1 validation error for Mail\nreceived_on\n  Input should be a valid date "
            "[type=date_from_datetime_parsing, input_value='soon', input_type=str]",
            generations=EVERY_SHAPE,
        ),
        _stumble(
            "output-not-kept",
            "What the block made could not be kept",
            "storage",
            "PutObject: 503 Slow Down",
            stage="output_storage",
            category="transient",
        ),
        _stumble(
            "history-too-long",
            "A payload too large for the run's own history",
            "storage",
            "Complete result exceeds size limit.",
            stage="history_payload",
        ),
        _stopped_by_operator(),
        _waits_for_a_person(),
    )
