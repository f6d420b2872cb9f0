"""The prompts that the server offers: one Markdown file each, with TOML front matter."""

import tomllib
from collections.abc import Awaitable, Callable
from pathlib import Path
from string import Template

from mcp.server.mcpserver.prompts.base import Prompt, PromptArgument

_FENCE = "+++\n"
# A wheel contains the prompts inside the package; a checkout has them next to it.
_FOLDERS = (Path(__file__).parent / "_prompts", Path(__file__).parent.parent / "prompts")


def load_prompts() -> list[Prompt]:
    """Return the prompts of the package, sorted by file name.

    Raises ValueError for a file without front matter between two lines of `+++`.
    """
    folder = next(folder for folder in _FOLDERS if folder.is_dir())
    return [_load(path) for path in sorted(folder.glob("*.md"))]


def _load(path: Path) -> Prompt:
    start, found, rest = path.read_text(encoding="utf-8").partition(_FENCE)
    header, closed, body = rest.partition(_FENCE)
    if start or not found or not closed:
        raise ValueError(f"{path.name} has no front matter between two lines of +++")
    front = tomllib.loads(header)
    arguments = [PromptArgument.model_validate(item) for item in front.get("arguments", [])]
    return Prompt(
        name=path.stem,
        title=front["title"],
        description=front["description"],
        arguments=arguments,
        fn=_renderer(Template(body.strip()), arguments),
    )


def _renderer(template: Template, arguments: list[PromptArgument]) -> Callable[..., Awaitable[str]]:
    """Return a function that fills in the template; optional arguments default to empty text."""
    defaults = {argument.name: "" for argument in arguments}

    async def render(**given: str) -> str:
        return template.substitute(defaults | given).strip()

    return render
