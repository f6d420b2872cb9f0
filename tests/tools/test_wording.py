"""What an assistant reads with every call is plain English: short sentences, no odd words."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import retab_mcp
from retab_mcp.answers.common.hints import HINTS, HTTP_HINTS, UNAUTHORIZED_HINTS
from retab_mcp.guide import GUIDE
from retab_mcp.prompts import load_prompts, prompt_files
from retab_mcp.resources import TOOL_RESOURCES
from retab_mcp.server import INSTRUCTIONS
from retab_mcp.tools.catalog import TOOLS
from tests.tools.test_catalog import listed

PACKAGE = Path(retab_mcp.__file__).parent
MAX_WORDS_OF_A_SENTENCE = 30

# Idioms and literal translations that make a reader read twice, with their forms.
DROPPED = re.compile(
    r"\b("
    r"rooms?|stands?|stood|standing|lies|lying|tells?|telling|told|of ours|of theirs|who asks|"
    r"lets? go|let go|gives? way|gave way|be it|for lack of|at hand|in hand|beside|"
    r"what became of|came of what|carr(y|ies) on|puts? up with|was over|goes? on|went on|"
    r"to be had|looks? over|dear(er|est)|thereof|wherein"
    r")\b",
    re.IGNORECASE,
)
_END_OF_SENTENCE = re.compile(r"[.!?:;](?=\s|$)|\n\n")


def messages_of_errors() -> Iterator[tuple[str, str]]:
    """Yield the texts in each `QuestionError(...)`, `{}` in place of values."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
            if isinstance(node, ast.Call) and name == "QuestionError":
                for given in [*node.args, *(keyword.value for keyword in node.keywords)]:
                    if text := _text(given):
                        yield f"{path.name}:{node.lineno}", text


def _text(node: ast.expr) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(
            str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values
        )
    return ""


async def words() -> list[tuple[str, str]]:
    """Return every text that an assistant reads, besides what comes from runs."""
    texts = [("instructions", INSTRUCTIONS)]
    texts += [(f"hint {kind}", hint) for kind, hint in HINTS.items()]
    texts += [("hint over HTTP", hint) for hint in HTTP_HINTS.values()]
    texts += [("hint over HTTP", hint) for hint in UNAUTHORIZED_HINTS.values()]
    for tool in await listed():
        texts += [(tool.name, tool.title or ""), (tool.name, tool.description or "")]
        for name, schema in tool.input_schema["properties"].items():
            texts.append((f"{tool.name}.{name}", schema["description"]))
    for prompt in load_prompts():
        texts.append((prompt.name, prompt.description or ""))
        texts += [(prompt.name, argument.description or "") for argument in prompt.arguments or ()]
    texts += [(file.name, file.template.template) for file in prompt_files()]
    texts += [(file.name, file.front.get("skill", "")) for file in prompt_files()]
    texts += [("guide", GUIDE.template)]
    texts += [(resource.name, resource.description) for resource in TOOL_RESOURCES]
    return [*texts, *messages_of_errors()]


async def test_no_text_has_a_dropped_word() -> None:
    found = [(where, match[0]) for where, text in await words() for match in DROPPED.finditer(text)]
    assert found == []


async def test_sentences_are_short() -> None:
    long = [
        (where, sentence.strip())
        for where, text in await words()
        for sentence in _END_OF_SENTENCE.split(text)
        if sentence and len(sentence.split()) > MAX_WORDS_OF_A_SENTENCE
    ]
    assert long == []


def test_dropped_words_are_detected() -> None:
    for text in ("where it stands", "beside it", "the time was over", "a run that goes on"):
        assert DROPPED.search(text)
    for text in ("standard", "besides", "over", "between", "outlines", "retold"):
        assert not DROPPED.search(text)


@pytest.mark.parametrize("spec", TOOLS, ids=lambda spec: spec.name)
async def test_optional_arguments_say_their_default_and_limits(spec: Any) -> None:
    tool = next(each for each in await listed() if each.name == spec.name)
    required = tool.input_schema.get("required", [])
    for name, schema in tool.input_schema["properties"].items():
        text = schema["description"]
        assert name in required or "default" in text.lower(), name
        if schema["type"] == "integer":
            assert str(schema["default"]) in text, name
            for bound in ("minimum", "maximum"):
                assert bound not in schema or str(schema[bound]) in text, name


async def test_every_tool_that_a_text_names_exists() -> None:
    tools = {tool.name for tool in await listed()}
    for _, text in await words():
        for name in re.findall(r"\b(?:get|list|find|search)_[a-z_]+", text):
            assert name in tools, name
