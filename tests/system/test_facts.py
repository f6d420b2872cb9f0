"""The tools' answers contain every sample's facts, in every generation that serves it."""

from typing import Any

import pytest

from retab_mcp.sandbox.app import create_app
from retab_mcp.sandbox.generations import GENERATIONS
from retab_mcp.sandbox.records import Sample
from tests.facts import facts_of
from tests.samples import all_samples
from tests.support.asking import asking


@pytest.mark.parametrize("generation", GENERATIONS)
@pytest.mark.parametrize("sample", all_samples(), ids=lambda sample: sample.name)
async def test_every_fact_is_in_the_answer_it_names(sample: Sample, generation: str) -> None:
    facts = [fact for fact in facts_of(sample.name) if fact.is_of(generation)]
    if not sample.occurs_in(generation) or not facts:
        pytest.skip(f"{sample.name} cannot occur in {generation}")
    wrong = []
    async with asking(create_app(generation, [sample])) as asker:
        answers: dict[str, Any] = {}
        for fact in facts:
            key = repr((fact.tool, fact.arguments))
            if key not in answers:
                answers[key] = await asker.ask(fact.tool, **fact.arguments)
            if not fact.holds_in(answers[key]):
                wrong.append((fact, answers[key]))
    assert not wrong
