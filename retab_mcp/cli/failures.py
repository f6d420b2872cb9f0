"""`retab-mcp failures`."""

from typing import Any

import click

from retab_mcp.cli.asking import output_options, show


@click.command
@click.option("--workflow", default="", metavar="W", help="Id or URL of a workflow. [default: all]")
@click.option(
    "--since",
    default="7d",
    show_default=True,
    metavar="DAY",
    help="First day: YYYY-MM-DD, today, yesterday, or 7d for the last seven days.",
)
@click.option(
    "--until",
    default="today",
    show_default=True,
    metavar="DAY",
    help="Last day, itself included: YYYY-MM-DD, today or yesterday.",
)
@click.option("--tz", default="", metavar="ZONE", help="Zone of the days, such as Europe/Paris.")
@output_options
def command(workflow: str, since: str, until: str, tz: str, form: str | None) -> int:
    """Group the failures of several days by cause."""
    from retab_mcp.cli.asking_again import ask_for_all_pages
    from retab_mcp.cli.day_words import last_day, window_of
    from retab_mcp.cli.views.failures_view import failures_page

    last = last_day(until, tz)
    arguments: dict[str, Any] = {
        "workflow_id": workflow,
        "time_zone": tz,
        "to_date": last.isoformat(),
        **window_of(since, last, tz),
    }
    answered = ask_for_all_pages("find_failures", arguments, "groups")
    return show(answered, form, failures_page)
