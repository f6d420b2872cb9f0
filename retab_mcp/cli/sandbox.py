"""`retab-mcp sandbox`."""

import os

import click

from retab_mcp.cli.command_error import CommandError


@click.command(context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@click.option("--port", default=8765, show_default=True, help="Port on 127.0.0.1.")
@click.option(
    "--generation", default="g3", show_default=True, help="Generation of the Retab API to serve."
)
@click.argument("words", nargs=-1, type=click.UNPROCESSED, metavar="[COMMAND ...]")
def command(port: int, generation: str, words: tuple[str, ...]) -> int:
    """Serve a Retab API with sample runs on loopback.

    With COMMAND, run that command of retab-mcp about the sample runs instead, such as:
    retab-mcp sandbox failures
    """
    from retab_mcp.sandbox.generations import GENERATIONS
    from retab_mcp.sandbox.recent import recent_samples
    from retab_mcp.sandbox.server import running_sandbox, serve

    if generation not in GENERATIONS:
        raise CommandError(f"--generation must be one of {', '.join(GENERATIONS)}.")
    samples = recent_samples()
    if words:
        with running_sandbox(generation, samples) as sandbox:
            return _run(words, sandbox.base_url, sandbox.key)
    try:
        serve(generation, port, samples, notes=_to_try())
    except (OSError, OverflowError) as error:
        raise CommandError(f"cannot listen on port {port}: {error}") from None
    return 0


def _run(words: tuple[str, ...], base_url: str, key: str) -> int:
    """Run a command with the settings of the sandbox; return its exit code."""
    from retab_mcp.cli.main import cli
    from retab_mcp.settings import API_KEY_VARIABLE, BASE_URL_VARIABLE

    before = dict(os.environ)
    os.environ.update({BASE_URL_VARIABLE: base_url, API_KEY_VARIABLE: key})
    try:
        return int(cli.main(words, prog_name="retab-mcp", standalone_mode=False) or 0)
    finally:
        os.environ.clear()
        os.environ.update(before)


def _to_try() -> list[str]:
    """Return lines with the ids of runs to ask about, and what they are."""
    from retab_mcp.sandbox.samples import all_samples

    width = max(len(run.id) for sample in all_samples() for run in sample.runs)
    lines = [
        f"  {sample.runs[-1].id.ljust(width)}  {sample.title}"
        for sample in all_samples()
        if sample.runs
    ]
    return ["", "Runs to ask about, such as `retab-mcp why RUN` in another terminal:", *lines]
