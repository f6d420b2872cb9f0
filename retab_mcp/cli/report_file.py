"""Ask the tools about a run, and write the page of their answers."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from retab_mcp import __version__
from retab_mcp.cli.asking import Answered, Ask, ask_all, show
from retab_mcp.cli.command_error import CommandError
from retab_mcp.cli.private_file import write_private
from retab_mcp.cli.views.any_view import any_page
from retab_mcp.report.collect import (
    Answer,
    AnswerError,
    Picture,
    collect_picture,
    picture_fields,
)
from retab_mcp.report.html_page import report_page
from retab_mcp.report.without_payloads import without_payloads


def write_report(run: str, output: Path, *, payloads: bool, overwrite: bool) -> int:
    """Write the page about a run to a file; return the exit code of the process.

    Raises CommandError if the file cannot be written.
    """
    picture = _picture_of(run, payloads=payloads)
    if isinstance(picture, AnswerError):
        return show(Answered("", picture.answer, failed=True), None, any_page)
    about = {
        "version": __version__,
        "generated_at": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "payloads": payloads,
    }
    page = report_page(picture_fields(picture, about))
    try:
        write_private(output, page, overwrite=overwrite)
    except FileExistsError:
        raise CommandError(f"{output} exists. Pass --force to overwrite it.") from None
    except OSError as error:
        raise CommandError(f"cannot write {output}: {error.strerror}.") from None
    click.echo(f"Wrote {output} ({len(page) / 1024:,.0f} KiB). Open it in a browser.", err=True)
    return 0


def _picture_of(run: str, *, payloads: bool) -> Picture | AnswerError:
    async def question(ask_tool: Ask) -> Picture | AnswerError:
        async def ask(tool: str, arguments: Mapping[str, Any]) -> Answer:
            return (await ask_tool(tool, arguments)).fields

        try:
            picture = await collect_picture(ask, run, payloads=payloads)
        except AnswerError as error:
            # Returned, since an exception would leave the progress line in a group.
            return error
        return picture if payloads else without_payloads(picture)

    return ask_all(question)
