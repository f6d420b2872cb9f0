"""A client that loads tools on demand finds the right one by what people say."""

import math
import re
from collections import Counter
from collections.abc import Mapping

import pytest

from retab_mcp.tools.catalog import TOOLS
from tests.tools.other_tools import OTHER_TOOLS
from tests.tools.spoken import SPOKEN, SPOKEN_HELD_OUT
from tests.tools.test_catalog import listed

# The usual parameters of BM25.
K1, B = 1.2, 0.75

LEAST_FOUND = 27
# Of sentences that no description was chosen for, about a third is found: many share no word with the
# right tool, and nouns such as invoice lead to tools of other servers.
LEAST_HELD_OUT, LEAST_SPOKEN, LEAST_SPOKEN_HELD_OUT = 6, 13, 6

# None names the server. They were written before the descriptions were changed.
SENTENCES = {
    "Why did run_8fKq2 fail last night?": "get_run",
    "The document workflow failed, what is the root cause?": "get_run",
    "Our invoice run is stuck, what is it waiting for?": "get_run",
    "This run completed but the result looks wrong": "get_run",
    "Why is this workflow run so slow today?": "get_run",
    "Show me all the steps of that run and which ones were skipped": "list_steps",
    "Which iterations of the loop failed?": "list_steps",
    "Which steps ran, and in what order?": "list_steps",
    "What inputs did the totals step get and what did it output?": "get_step",
    "Show the configuration of that block as it ran": "get_step",
    "What went into the function step?": "get_step",
    "How confident was the extraction about each field?": "get_artifact",
    "Show me the attempts of the API call and the response it got": "get_artifact",
    "Which pages did the split assign to each document?": "get_artifact",
    "What did the review condition compare?": "get_artifact",
    "List the runs from yesterday that ended in error": "list_runs",
    "Find the run id of the latest run of the claims workflow": "list_runs",
    "Which runs are waiting for a person's review?": "list_runs",
    "What fails most this week and since when?": "find_failures",
    "Group the failures of the past month by cause": "find_failures",
    "How many runs failed per day in March?": "find_failures",
    "It worked on Monday, what changed since then?": "compare_runs",
    "Compare today's run with the last good one": "compare_runs",
    "Where in the run does the number 4711 appear?": "search_run",
    "Search this run for the text Lyon": "search_run",
    "Where did the wrong total come from?": "trace_value",
    "The due date field is missing, trace it back to the document": "trace_value",
    "How did the documents in the experiment score compared with the one before?": (
        "get_experiment_run"
    ),
    "Why did one document of the experiment fail?": "get_experiment_job",
    "Which tests of the workflow's blocks failed their assertions?": "get_eval_run",
}
# Never used to choose words.
HELD_OUT = {
    "My document pipeline broke again, figure out why": "get_run",
    "Where does the wrong VAT number originate?": "trace_value",
    "Which runs took longer than five minutes last week?": "list_runs",
    "Did anything start failing after the new version?": "find_failures",
    "What differs between these two runs?": "compare_runs",
    "Does the text overdue occur anywhere in the payloads of the run?": "search_run",
    "What was the last response of the called API?": "get_artifact",
    "List every step that was skipped": "list_steps",
    "What came out of the parse step?": "get_step",
    "Show the results of the latest experiment run": "get_experiment_run",
}


# The words that Lucene's and most other indexes of English leave out.
STOP_WORDS = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "but",
        "by",
        "for",
        "if",
        "in",
        "into",
        "is",
        "it",
        "no",
        "not",
        "of",
        "on",
        "or",
        "such",
        "that",
        "the",
        "their",
        "then",
        "there",
        "these",
        "they",
        "this",
        "to",
        "was",
        "will",
        "with",
    ]
)


def words(text: str) -> list[str]:
    found = re.findall(r"[a-z0-9]+", text.lower())
    return [word for word in found if word not in STOP_WORDS]


class Ranking:
    """Ranks texts by BM25, without stemming."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._counts = {name: Counter(words(text)) for name, text in texts.items()}
        self._lengths = {name: sum(counts.values()) for name, counts in self._counts.items()}
        self._mean = sum(self._lengths.values()) / len(self._lengths)
        self._texts_with = Counter(word for counts in self._counts.values() for word in counts)

    def first(self, query: str) -> str:
        """Return the name of the best text."""
        return max(self._counts, key=lambda name: self._score(name, query))

    def _score(self, name: str, query: str) -> float:
        counts = self._counts[name]
        norm = K1 * (1 - B + B * self._lengths[name] / self._mean)
        return sum(
            self._weight(word) * counts[word] * (K1 + 1) / (counts[word] + norm)
            for word in words(query)
        )

    def _weight(self, word: str) -> float:
        found = self._texts_with[word]
        return math.log(1 + (len(self._counts) - found + 0.5) / (found + 0.5))


@pytest.fixture(scope="module")
def ranking() -> Ranking:
    own = {spec.name: f"{spec.name} {spec.description}" for spec in TOOLS}
    others = {name: f"{name} {text}" for name, text in OTHER_TOOLS.items()}
    return Ranking(own | others)


def misses(ranking: Ranking, sentences: Mapping[str, str]) -> dict[str, str]:
    found = {sentence: ranking.first(sentence) for sentence in sentences}
    return {each: name for each, name in found.items() if name != sentences[each]}


def test_there_are_enough_sentences_and_other_tools() -> None:
    assert len(SENTENCES) == 30
    assert len(HELD_OUT) == 10
    assert len(OTHER_TOOLS) == 60
    assert set(SENTENCES.values()) == {spec.name for spec in TOOLS}
    assert len(SPOKEN) == len(SPOKEN_HELD_OUT) == 20
    assert not SPOKEN.keys() & SPOKEN_HELD_OUT.keys()
    everything = (*SENTENCES, *HELD_OUT, *SPOKEN, *SPOKEN_HELD_OUT)
    assert not any("retab" in sentence.lower() for sentence in everything)


@pytest.mark.parametrize(
    ("sentences", "least"),
    [
        (SENTENCES, LEAST_FOUND),
        (HELD_OUT, LEAST_HELD_OUT),
        (SPOKEN, LEAST_SPOKEN),
        (SPOKEN_HELD_OUT, LEAST_SPOKEN_HELD_OUT),
    ],
)
def test_the_right_tool_is_first(
    ranking: Ranking, sentences: Mapping[str, str], least: int
) -> None:
    missed = misses(ranking, sentences)
    assert len(sentences) - len(missed) >= least, missed


def test_the_first_sentence_names_retab() -> None:
    for spec in TOOLS:
        assert "Retab" in spec.description.partition(". ")[0], spec.name


async def test_one_tool_is_always_loaded_and_the_others_have_search_hints() -> None:
    for tool in await listed():
        meta = tool.meta or {}
        if tool.name == "get_run":
            assert meta["anthropic/alwaysLoad"] is True
            assert "anthropic/searchHint" not in meta
        else:
            assert "anthropic/alwaysLoad" not in meta
            assert 0 < len(meta["anthropic/searchHint"]) <= 60, tool.name
