"""Failures whose message shows no kind: the right answer is `unknown`."""

from retab_mcp.sandbox.builder.graph import block
from tests.labelled.scenario import CURRENT, EVERY_SHAPE, LabelledRun, Scenario


def _opaque(
    name: str,
    title: str,
    message: str,
    *,
    middle: str = "extract",
    label: str = "Do the work",
    stage: str | None = None,
    category: str | None = None,
    code: str | None = None,
    hinted: bool = True,
    generations: tuple[str, ...] = CURRENT,
) -> Scenario:
    build = LabelledRun(
        name,
        title,
        (
            block("paper-tray", "start_document", "Paper tray"),
            block("do-the-work", middle, label),
            block("pass-it-on", "api_call", "Pass it on"),
        ),
        "paper-tray > do-the-work > pass-it-on",
    )
    build.start("paper-tray")
    step = build.fail("do-the-work", message, stage=stage, category=category, code=code)
    build.skip("Not reached", "pass-it-on")
    hint = step if hinted else None
    return build.ended_in_error("unknown", step, 1, hint=hint, generations=generations)


def _before_any_step() -> Scenario:
    build = LabelledRun(
        "never-began",
        "The run ended before any of its steps began, and says no more than that",
        (
            block("paper-tray", "start_document", "Paper tray"),
            block("do-the-work", "extract", "Do the work"),
        ),
        "paper-tray > do-the-work",
    )
    build.unreached("paper-tray", "pending")
    build.unreached("do-the-work", "pending")
    return build.ended_in_error("unknown", None, hint=None, message="Could not be started")


def scenarios() -> tuple[Scenario, ...]:
    """Return the scenarios of this file."""
    return (
        _opaque(
            "reference-only",
            "A number for the support desk, and nothing else",
            "Something went wrong on our side. Reference: 7f3a-4290-5031",
            generations=EVERY_SHAPE,
        ),
        _opaque("no-words", "No message at all, and no step is named", "", hinted=False),
        _opaque(
            "said-in-french",
            "A sentence in French that says nothing either",
            "Une erreur est survenue lors du traitement",
            stage="execution",
            generations=EVERY_SHAPE,
        ),
        _opaque(
            "killed-worker",
            "A worker that ended with a number",
            "Process ended with exit code 137",
            middle="function",
            stage="execution",
            category="transient",
        ),
        _opaque(
            "unlucky-numbers",
            "Numbers that look like a status and are none",
            "Item 429 of 503 could not be handled (ticket 401)",
            stage="execution",
            category="permanent",
        ),
        _opaque(
            "telling-label",
            "The block's own label is all that the message has of a reason",
            "Block 'Check credits and timeout' ended in error",
            label="Check credits and timeout",
            stage="execution",
        ),
        _opaque(
            "unknown-block-kind",
            "The registry does not have this version of the block",
            "extract@2026-09 is not registered here",
            stage="registry_lookup",
            code="E1107",
        ),
        _before_any_step(),
    )
