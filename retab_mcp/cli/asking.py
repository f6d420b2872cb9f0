"""Ask the tools in this process, and show the answer: what the commands for people share."""

import json
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

import click

from retab_mcp.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from retab_mcp.cli.page.parts import Page

F = TypeVar("F", bound=Callable[..., Any])
R = TypeVar("R")

# Errors of the person who asked, or of the settings; for all others Retab is the reason.
_WRONG_USE = frozenset({"invalid_argument", "not_configured", "conflict"})


class Form(StrEnum):
    """How an answer is written."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"


@dataclass(frozen=True)
class Answered:
    """The answer of a tool: its JSON as sent, and the same decoded; `failed` for an error."""

    text: str
    fields: dict[str, Any]
    failed: bool = False

    @property
    def exit_code(self) -> int:
        """Return the exit code that the answer alone asks for."""
        if not self.failed:
            return ExitCode.ANSWERED
        wrong = self.fields.get("kind") in _WRONG_USE
        return ExitCode.WRONG_USE if wrong else ExitCode.NOT_ANSWERED


# Calls a tool by name with arguments. The same service answers all calls of one command.
Ask = Callable[[str, Mapping[str, Any]], Awaitable[Answered]]


def output_options(command: F) -> F:
    """Add --json and --markdown, which set the argument `form`."""
    for form, text in (
        (Form.MARKDOWN, "Write Markdown for a team chat."),
        (Form.JSON, "Write the tool's answer as JSON."),
    ):
        option = click.option(
            f"--{form}", "form", flag_value=form, type=click.Choice(list(Form)), help=text
        )
        command = option(command)
    return command


def run_argument(command: F) -> F:
    """Add the argument RUN, an id, a URL or the words of a sentence, as the text `run`."""

    def joined(_context: click.Context, _option: click.Parameter, words: tuple[str, ...]) -> str:
        return " ".join(words)

    return click.argument("run", nargs=-1, required=True, metavar="RUN", callback=joined)(command)


def exit_status_option(command: F) -> F:
    """Add --exit-status, the argument `exit_status`."""
    return click.option("--exit-status", is_flag=True, help="Exit with 1 if the run failed.")(
        command
    )


def ask(tool: str, arguments: Mapping[str, Any]) -> Answered:
    """Return the tool's answer; the same as through MCP."""

    async def question(ask_tool: Ask) -> Answered:
        return await ask_tool(tool, arguments)

    return ask_all(question)


def ask_all(question: Callable[[Ask], Awaitable[R]]) -> R:
    """Return what `question` makes of any number of calls, with a progress line meanwhile."""
    import anyio

    from retab_mcp.cli.progress import shown_progress
    from retab_mcp.server import key_of_settings, sdk_tool, service_of
    from retab_mcp.settings import Settings
    from retab_mcp.tools.catalog import TOOLS

    settings = Settings.from_environment()
    specs = {spec.name: spec for spec in TOOLS}

    async def run() -> R:
        from retab_mcp.answers.common.calling import CallError, answer_call

        service = service_of(settings)
        async with shown_progress() as report:

            async def ask_tool(name: str, arguments: Mapping[str, Any]) -> Answered:
                spec = specs[name]
                given = {key: value for key, value in arguments.items() if value is not None}
                try:
                    text = await answer_call(
                        spec,
                        sdk_tool(spec, structured=False),
                        given,
                        lambda: service.inspector(key_of_settings(settings)(None), report),
                    )
                except CallError as error:
                    return Answered(error.text, json.loads(error.text), failed=True)
                return Answered(text, json.loads(text))

            try:
                return await question(ask_tool)
            finally:
                with anyio.CancelScope(shield=True):
                    await service.aclose()

    return anyio.run(run)


def show(answered: Answered, form: str | None, view: "Callable[[dict[str, Any]], Page]") -> int:
    """Write an answer in the form asked for; return the exit code.

    `view` makes the page of an answer that is not an error. An error goes to stderr, except as
    JSON.
    """
    if form == Form.JSON:
        from retab_mcp.cli.page.inert import escaped_json

        click.echo(escaped_json(answered.text))
    elif answered.failed:
        from retab_mcp.cli.views.failure_view import failure_lines

        for line in failure_lines(answered.fields):
            click.echo(line, err=True)
    else:
        write_page(view(answered.fields), form)
    sys.stdout.flush()
    return answered.exit_code


def write_page(page: "Page", form: str | None) -> None:
    """Write a page as Markdown if asked for, else as text."""
    from retab_mcp.cli.page.markdown import as_markdown
    from retab_mcp.cli.page.terminal import write_line, write_text

    if form == Form.MARKDOWN:
        write_line(as_markdown(page))
    else:
        write_text(page)


def of_run(answered: Answered, code: int, *, exit_status: bool) -> int:
    """Return `code`, or RUN_FAILED if asked for and the run of the answer failed."""
    failed = not answered.failed and answered.fields.get("status") == "error"
    return ExitCode.RUN_FAILED if exit_status and failed else code
