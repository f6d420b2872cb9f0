import json
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inline_snapshot import snapshot

from retab_mcp.digest.budget import estimate_tokens
from retab_mcp.digest.build import Piece
from retab_mcp.digest.compact import compact_json, count_leaves
from retab_mcp.digest.digest import MIN_BUDGET, digest, fit_to_budget
from retab_mcp.digest.pointer import resolve_pointer
from retab_mcp.safety.sanitize import sanitize
from tests.digest.strategies import VALUES

Json = Any


def json_tokens(value: Json) -> int:
    return estimate_tokens(compact_json(value))


def invoice_rows(count: int) -> list[Json]:
    rng = random.Random(3)
    return [
        {"sku": f"SKU-{n}", "qty": rng.randint(1, 90), "currency": "EUR", "note": ""}
        for n in range(count)
    ]


def outlier_paths(value: Json) -> list[str]:
    """Return the path of every outlier in a digest."""
    if isinstance(value, dict):
        here = [each["path"] for each in value.get("outliers", ())] if "$shape" in value else []
        return here + [path for item in value.values() for path in outlier_paths(item)]
    if isinstance(value, list):
        return [path for item in value for path in outlier_paths(item)]
    return []


def test_a_small_value_is_returned_unchanged() -> None:
    value: Json = {"total": None, "rows": [], "name": "", "nested": {"a": [1, {"b": False}]}}
    result = digest(value, 200)
    assert result.value is value
    assert (result.shown, result.total, result.truncated, result.omitted) == (5, 5, False, ())


def test_rows_are_shown_as_their_shape_with_outliers() -> None:
    rows = invoice_rows(20_000)
    rows[17]["qty"] = "12 pcs"
    rows[400]["currency"] = None
    result = digest({"rows": rows, "vendor": "ACME"}, 400, "/output")
    assert result.value == snapshot(
        {
            "rows": {
                "$shape": "array",
                "length": 20000,
                "items": {
                    "type": "object",
                    "keys": {
                        "sku": "string",
                        "qty": {"types": {"integer": 19999, "string": 1}, "min": 1, "max": 90},
                        "currency": {"type": "string", "null": 1, "values": {"EUR": 19999}},
                        "note": {"type": "string", "empty": 20000},
                    },
                },
                "outliers": [
                    {
                        "path": "/output/rows/17/qty",
                        "why": "string among integers",
                        "value": "12 pcs",
                    },
                    {"path": "/output/rows/400/currency", "why": "null", "value": None},
                ],
                "first": [
                    {"sku": "SKU-0", "qty": 31, "currency": "EUR", "note": ""},
                    {"sku": "SKU-1", "qty": 76, "currency": "EUR", "note": ""},
                    {"sku": "SKU-2", "qty": 70, "currency": "EUR", "note": ""},
                    {"sku": "SKU-3", "qty": 17, "currency": "EUR", "note": ""},
                    {"sku": "SKU-4", "qty": 48, "currency": "EUR", "note": ""},
                    {"sku": "SKU-5", "qty": 78, "currency": "EUR", "note": ""},
                    {"sku": "SKU-6", "qty": 61, "currency": "EUR", "note": ""},
                    {"sku": "SKU-7", "qty": 81, "currency": "EUR", "note": ""},
                ],
                "last": [{"sku": "SKU-19999", "qty": 70, "currency": "EUR", "note": ""}],
            },
            "vendor": "ACME",
        }
    )
    assert (result.shown, result.total) == snapshot((37, 80001))
    assert result.omitted == snapshot(("/output/rows/8-19999",))


def test_a_long_text_shows_start_end_and_length() -> None:
    text = "".join(f"line {n} of the log\n" for n in range(5000)) + "ValueError: no total"
    result = digest({"log": text, "status": "error"}, 120)
    assert result.value == snapshot(
        {
            "log": {
                "$shape": "string",
                "length": 103910,
                "start": """\
line 0 of the log
line 1 of the log
line 2 of the log
line 3 of the log
line 4 of the log
line 5 of the log
line 6 of the log
line 7 of the log
""",
                "end": """\
 log
line 4999 of the log
ValueError: no total\
""",
            },
            "status": "error",
        }
    )
    assert (result.shown, result.total, result.omitted) == (1, 2, ("/log",))


def test_base64_shows_only_enough_to_recognise_its_kind() -> None:
    assert digest({"file": "JVBERi0xLjcKJeLjz9MK" * 5000}, 300).value == snapshot(
        {
            "file": {
                "$shape": "string",
                "length": 100000,
                "looks_like": "base64",
                "start": "JVBERi0xLjcKJeLjz9MKJVBERi0xLjcKJeLjz9MKJVBERi0x",
            }
        }
    )


def test_a_map_of_many_keys_shows_the_shape_of_its_members() -> None:
    documents = {f"doc_{n}": {"status": "ok", "pages": n % 7} for n in range(3000)}
    documents["doc_5"]["status"] = "failed"
    assert digest(documents, 300).value == snapshot(
        {
            "$shape": "object",
            "length": 3000,
            "values": {
                "type": "object",
                "keys": {
                    "status": {"type": "string", "values": {"ok": 2999, "failed": 1}},
                    "pages": {
                        "type": "integer",
                        "min": 0,
                        "max": 6,
                        "values": {
                            "0": 429,
                            "1": 429,
                            "2": 429,
                            "3": 429,
                            "4": 428,
                            "5": 428,
                            "6": 428,
                        },
                    },
                },
            },
            "outliers": [{"path": "/doc_5/status", "why": "rare value", "value": "failed"}],
            "first": {
                "doc_0": {"status": "ok", "pages": 0},
                "doc_1": {"status": "ok", "pages": 1},
                "doc_2": {"status": "ok", "pages": 2},
                "doc_3": {"status": "ok", "pages": 3},
                "doc_4": {"status": "ok", "pages": 4},
                "doc_5": {"status": "failed", "pages": 5},
                "doc_6": {"status": "ok", "pages": 6},
                "doc_7": {"status": "ok", "pages": 0},
                "doc_8": {"status": "ok", "pages": 1},
                "doc_9": {"status": "ok", "pages": 2},
            },
        }
    )


def test_error_and_id_of_an_object_are_cut_last() -> None:
    value = {
        "notes": "n" * 9000,
        "error": {"message": "the total is missing " * 8, "stage": "execution"},
        "id": "run_1",
    }
    shown = digest(value, 200).value
    assert shown["error"] == value["error"]
    assert shown["id"] == "run_1"
    assert shown["notes"]["$shape"] == "string"


def test_nan_and_infinity_are_kept() -> None:
    value = [float("nan"), float("inf"), 1.5]
    assert digest(value, 100).value is value


@pytest.mark.parametrize("make", [lambda inner: [inner], lambda inner: {"a": inner}])
def test_a_hundred_thousand_levels_are_digested(make: Any) -> None:
    value: Json = 1
    for _ in range(100_000):
        value = make(value)
    result = digest(value, 500)
    assert (result.shown, result.total, result.truncated) == (0, 1, True)
    assert json_tokens(result.value) <= 500
    # Taken apart, since an interpreter that frees or prints a value this deep overflows its stack.
    while isinstance(value, list | dict):
        value = value[0] if isinstance(value, list) else value["a"]


@pytest.mark.parametrize("budget", [100, 200, 500, 2000, 6400])
@pytest.mark.parametrize(
    "value",
    [
        invoice_rows(5000),
        {"rows": invoice_rows(3000), "text": "The total is missing. " * 3000},
        "The supplier sent an invoice without a total. " * 2000,
        {f"key_{n}": {"a": n, "b": [n] * 5} for n in range(2000)},
        [list(range(n, n + 50)) for n in range(400)],
        {"a": {"b": {"c": {"d": invoice_rows(800)}}}},
    ],
    ids=["rows", "mixed", "text", "map", "matrix", "nested"],
)
def test_a_truncated_digest_uses_most_of_its_budget(value: Json, budget: int) -> None:
    result = digest(value, budget)
    assert result.truncated
    assert budget * 0.7 <= json_tokens(result.value) <= budget


@settings(max_examples=120, deadline=None)
@given(VALUES, st.integers(MIN_BUDGET, 600))
def test_never_over_budget_and_always_valid_json(value: Json, budget: int) -> None:
    value = sanitize(value).value
    result = digest(value, budget)
    assert json_tokens(result.value) <= budget
    json.loads(compact_json(result.value))


@settings(max_examples=120, deadline=None)
@given(VALUES, st.integers(MIN_BUDGET, 400))
def test_counts_are_exact_and_pointers_resolve(value: Json, budget: int) -> None:
    value = sanitize(value).value
    result = digest(value, budget, "/output")
    assert result.total == count_leaves(value)
    assert 0 <= result.shown <= result.total
    assert result.truncated == (result.value is not value)
    assert bool(result.omitted) == result.truncated
    for path in (*result.omitted, *outlier_paths(result.value if result.truncated else None)):
        resolve_pointer({"output": value}, path)


@settings(max_examples=100, deadline=None)
@given(VALUES)
def test_counts_of_shown_leaves_are_never_too_high(value: Json) -> None:
    """A digest contains at least as many leaves as it claims to show."""
    value = sanitize(value).value
    result = digest(value, 80)
    assert result.shown <= count_leaves(result.value)


def test_the_digest_of_a_derived_value_has_no_pointers() -> None:
    rows = invoice_rows(2000)
    rows[17]["qty"] = "12 pcs"
    assert outlier_paths(digest(rows, 300).value) == ["/17/qty"]
    assert outlier_paths(digest(rows, 300, derived=True).value) == []


def built_with(costs: list[int], budget: int) -> tuple[Piece, list[int]]:
    """Fit pieces that cost so many tokens, in this order; return the chosen and what was tried."""
    tried: list[int] = []

    def build(budget: int) -> Piece:
        tried.append(budget)
        return Piece(TEXTS_BY_TOKENS[costs[len(tried) - 1]], len(tried), [])

    return fit_to_budget(build, budget), tried


# A text of so many tokens in JSON, by estimate.
TEXTS_BY_TOKENS = {json_tokens("total " * n): "total " * n for n in range(400)}


def test_a_digest_that_uses_four_fifths_of_the_budget_is_kept() -> None:
    least = next(n for n in range(80, 120) if n in TEXTS_BY_TOKENS and n % 4 == 0)
    budget = least * 5 // 4
    assert built_with([least, budget], budget)[1] == [budget]
    assert built_with([budget], budget)[1] == [budget]


def test_a_digest_that_leaves_too_much_of_the_budget_is_built_for_more() -> None:
    low, high = sorted(n for n in TEXTS_BY_TOKENS if n < 50)[-1], 100
    piece, tried = built_with([low, *[n for n in TEXTS_BY_TOKENS if 90 < n <= high][:1]], high)
    assert tried == [100, int(100 * 100 / low * 0.95)]
    assert piece.shown == 2


def test_the_digest_that_uses_most_of_the_budget_wins() -> None:
    costs = sorted(TEXTS_BY_TOKENS)
    small = [n for n in costs if n < 79]
    large = next(n for n in costs if n > 100)
    piece, tried = built_with([small[3], large, small[-1], small[5], large], 100)
    assert piece.shown == 3
    assert len(tried) == 5


def test_nothing_is_shown_if_no_digest_fits() -> None:
    large = max(TEXTS_BY_TOKENS)
    piece, tried = built_with([large] * 5, 100)
    assert piece == Piece("…", 0, [(1, "")])
    assert len(tried) == 5
    assert min(tried) >= 8


@pytest.mark.parametrize("budget", [0, 1, 23, 24])
def test_a_budget_below_the_least_is_raised_to_it(budget: int) -> None:
    assert digest(invoice_rows(50), budget) == digest(invoice_rows(50), MIN_BUDGET)


def test_a_value_of_exactly_the_budget_is_whole() -> None:
    rows = invoice_rows(30)
    assert not digest(rows, json_tokens(rows)).truncated
    assert digest(rows, json_tokens(rows) - 1).truncated
