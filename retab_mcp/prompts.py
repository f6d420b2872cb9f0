"""The prompts that the server offers: one Markdown file each, with TOML front matter."""

import tomllib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

from mcp.server.mcpserver.prompts.base import Prompt, PromptArgument

_FENCE = "+++\n"
# A wheel contains the prompts inside the package; a checkout has them next to it.
_FOLDERS = (Path(__file__).parent / "_prompts", Path(__file__).parent.parent / "prompts")
_FAILURE_KINDS = "failure_kinds"


@dataclass(frozen=True, kw_only=True)
class PromptFile:
    """A prompt: its name, its front matter, and the template of its text."""

    name: str
    front: Mapping[str, Any]
    template: Template

    @property
    def arguments(self) -> list[PromptArgument]:
        """The arguments that the front matter lists."""
        return [PromptArgument.model_validate(item) for item in self.front.get("arguments", [])]

    def fill(self, given: Mapping[str, str]) -> str:
        """Return the text with the arguments filled in; one that is not given becomes empty."""
        values = {argument.name: "" for argument in self.arguments} | dict(given)
        if _FAILURE_KINDS in self.template.get_identifiers():
            values[_FAILURE_KINDS] = failure_kind_list()
        return self.template.substitute(values).strip()


def prompt_files() -> list[PromptFile]:
    """Return the prompts of the package, sorted by file name.

    Raises ValueError for a file without front matter between two lines of `+++`.
    """
    folder = next(folder for folder in _FOLDERS if folder.is_dir())
    return [read_prompt(path) for path in sorted(folder.glob("*.md"))]


def read_prompt(path: Path) -> PromptFile:
    """Return the prompt in a file. Raises ValueError if it has no front matter."""
    start, found, rest = path.read_text(encoding="utf-8").partition(_FENCE)
    header, closed, body = rest.partition(_FENCE)
    if start or not found or not closed:
        raise ValueError(f"{path.name} has no front matter between two lines of +++")
    return PromptFile(name=path.stem, front=tomllib.loads(header), template=Template(body.strip()))


def load_prompts() -> list[Prompt]:
    """Return the prompts as the SDK serves them."""
    return [
        Prompt(
            name=file.name,
            title=file.front["title"],
            description=file.front["description"],
            arguments=file.arguments,
            fn=_renderer(file),
        )
        for file in prompt_files()
    ]


def failure_kind_list() -> str:
    """Return the kinds of failure and what each means, as a Markdown list."""
    # Imported here because a start does not need it.
    from retab_mcp.analysis.cause.failure_kinds import CATALOGUE

    return "\n".join(f"- `{kind}`: {text.explanation}" for kind, text in CATALOGUE.items())


def _renderer(file: PromptFile) -> Callable[..., Awaitable[str]]:
    async def render(**given: str) -> str:
        return file.fill(given)

    return render
