"""Lists and groups name the cause that get_run names, or say that they have a run's own words."""

from typing import Any

from retab_mcp.sandbox.app import create_app
from retab_mcp.sandbox.records import SampleRun
from tests.labelled import all_scenarios
from tests.support.asking import Asker, asking


def several_failed(run: SampleRun) -> bool:
    assert not callable(run.steps)
    return sum(step.status == "error" for step in run.steps) > 1


# The failures of one step are alike, so half of them are enough.
LABELLED = [
    each
    for number, each in enumerate(all_scenarios())
    if each.run.status == "error" and (number % 2 or several_failed(each.run))
]
DAY = LABELLED[0].run.created_at[:10]


async def every_page(asker: Asker, tool: str, part: str, **arguments: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    answer = await asker.ask(tool, **arguments)
    found += answer[part]
    while following := (answer.get("truncated") or {}).get("next"):
        answer = await asker.ask(tool, **following["arguments"])
        found += answer[part]
    return found


async def test_rows_and_groups_agree_with_get_run() -> None:
    app = create_app("g3", [each.sample for each in LABELLED])
    async with asking(app) as asker:
        # The lists come first: get_run's explanations would be taken from the cache.
        rows = await every_page(asker, "list_runs", "rows", status="error", limit=100)
        days = {"from_date": DAY, "to_date": DAY}
        groups = await every_page(asker, "find_failures", "groups", limit=100, **days)
        causes = {
            each.run.id: (await asker.ask("get_run", run_id=each.run.id))["cause"]
            for each in LABELLED
        }
    assert {row["run_id"] for row in rows} == set(causes)
    disagreeing = [row for row in rows if not is_own_words(row) and not agrees(row, causes)]
    assert not disagreeing
    # Each labelled run has a workflow of its own, so not all graphs are read.
    assert sum(map(is_own_words, rows)) <= len(rows) / 5
    wrong = [
        group
        for group in groups
        if not (group.get("by_own_words") or group.get("with_other_cause"))
        and (named(group), group["kind"])
        not in [(named(cause), cause["kind"]) for cause in causes.values()]
    ]
    assert not wrong


def named(part: dict[str, Any]) -> str | None:
    """Return the block or, where its step has the same short id, the step that a part names."""
    found: str | None = part.get("block_id") or part.get("step_id")
    return found


def is_own_words(row: dict[str, Any]) -> bool:
    return any(name.startswith("reported_") for name in row)


def agrees(row: dict[str, Any], causes: dict[str, Any]) -> bool:
    cause = causes[row["run_id"]]
    begins = row.get("message", "")[:30] == (cause.get("message") or "")[:30]
    return named(row) == named(cause) and begins
