"""`retab-mcp trace`."""

import click

from retab_mcp.cli.asking import ask, output_options, show


@click.command
@click.argument("run")
@click.argument("step")
@click.argument("path")
@output_options
def command(run: str, step: str, path: str, form: str | None) -> int:
    """Trace where a value came from, back to its origin.

    PATH is a JSON Pointer to the value in the record of STEP, such as
    /handle_inputs/input-json-0/data/total.
    """
    from retab_mcp.cli.views.trace_view import trace_page

    answered = ask("trace_value", {"run_id": run, "step_id": step, "path": path})
    return show(answered, form, trace_page)
