"""How a budget is divided between the parts of a value."""

import pytest

from retab_mcp.digest.build import Builder, Piece, outliers_within, size, string_marker
from retab_mcp.digest.compact import MAX_DEPTH, compact_json, json_tokens
from retab_mcp.digest.digest import digest
from retab_mcp.digest.shape import Outlier
from retab_mcp.safety.nodes import Json

PROSE = "The supplier sent no total. " * 900
PDF = "JVBERi0xLjcKJeLjz9MK" * 500


def build(value: Json, budget: int) -> Json:
    return Builder().build(value, budget, "/output").value


def test_a_value_of_exactly_the_budget_is_whole() -> None:
    value: Json = {"rows": [{"sku": f"S{n}", "qty": n} for n in range(20)]}
    assert build(value, json_tokens(value)) is value
    assert build(value, json_tokens(value) - 1) is not value


def test_a_number_is_whole_in_any_budget() -> None:
    assert Builder().build(12345678901234567890, 2, "/output") == Piece(12345678901234567890, 1, [])


def test_the_only_item_is_the_first_and_not_the_last() -> None:
    shown = build([{"text": PROSE}], 100)
    assert shown["first"][0]["text"]["length"] == len(PROSE)
    assert "last" not in shown
    assert build(["no total", PROSE], 100)["first"] == ["no total"]
    assert build([PROSE, "no total"], 100)["last"] == ["no total"]


@pytest.mark.parametrize("budget", [60, 80, 100, 150, 300, 1000])
@pytest.mark.parametrize(
    "items",
    [
        [{"n": n, "text": "no total"} for n in range(900)],
        [n % 7 for n in range(9000)],
        ["no total " * (4 + n % 3) for n in range(400)],
    ],
    ids=["rows", "numbers", "texts"],
)
def test_an_array_shows_its_ends_within_its_budget(items: list[Json], budget: int) -> None:
    shown = build(items, budget)
    assert (shown["$shape"], shown["length"]) == ("array", len(items))
    assert shown["first"] == items[: len(shown["first"])]
    assert 0.68 * budget <= json_tokens(shown) <= 0.9 * budget


def test_no_items_are_shown_after_one_that_is_too_large() -> None:
    assert build(["paid", "open", PROSE, *["late"] * 50], 100)["first"] == ["paid", "open"]


def test_a_first_item_that_is_too_large_is_digested() -> None:
    items: list[Json] = [{"n": 1, "text": PROSE}, {"n": 2, "text": PROSE}]
    piece = Builder().build(items, 120, "/output")
    assert piece.value["first"][0]["n"] == 1
    assert piece.value["first"][0]["text"]["length"] == len(PROSE)
    assert piece.shown == 1
    assert [path for _, path in piece.omitted] == ["/output/0/text", "/output/1-2"]
    alone = Builder().build(items[:1], 120, "/output")
    assert [path for _, path in alone.omitted] == ["/output/0/text"]


def test_members_of_equal_importance_get_equal_shares() -> None:
    shown = build({"a": PROSE, "b": PROSE, "c": PROSE}, 400)
    assert all(105 <= json_tokens(text) <= 140 for text in shown.values())
    assert 350 <= json_tokens(shown) <= 400


def test_small_members_leave_their_share_to_the_others() -> None:
    shown = build({"a": "paid", "b": PROSE, "c": 4, "d": None}, 200)
    assert (shown["a"], shown["c"], shown["d"]) == ("paid", 4, None)
    assert 150 <= json_tokens(shown["b"]) <= 190


@pytest.mark.parametrize(
    "key",
    [
        *("id", "error", "errors", "message", "status"),
        *("type", "detail", "details", "reason", "name"),
    ],
)
def test_members_that_explain_a_failure_get_three_shares(key: str) -> None:
    shown = build({"notes": PROSE, key: PROSE, "text": PROSE}, 600)
    assert 2.5 <= json_tokens(shown[key]) / json_tokens(shown["notes"]) <= 3.5
    assert 520 <= json_tokens(shown) <= 600


@pytest.mark.parametrize("budget", [100, 150, 200, 300])
def test_the_shape_of_wide_rows_leaves_most_of_the_budget_to_examples(budget: int) -> None:
    rows: list[Json] = [{f"key_{k}": f"{k}-{n}" for k in range(12)} for n in range(300)]
    shown = build(rows, budget)
    assert json_tokens(shown["items"]) <= 0.45 * budget
    assert budget >= 150 or shown["items"] == "object" or "first" in shown


def test_outliers_take_at_most_a_quarter_of_the_budget() -> None:
    rows: list[Json] = [{f"key_{k}": "" if k == n else "x" for k in range(20)} for n in range(300)]
    shown = build(rows, 400)
    assert 70 <= sum(json_tokens(each) for each in shown["outliers"]) <= 100


def test_the_last_item_is_shown_if_it_is_small() -> None:
    rows: list[Json] = [{"n": n, "text": "no total in this row"} for n in range(200)]
    assert build(rows, 150)["last"] == [rows[-1]]
    assert "last" not in build([*rows[:-1], {"n": 1, "text": "no total " * 60}], 300)


def test_what_is_left_out_between_the_first_and_last_items_has_a_pointer() -> None:
    rows: list[Json] = [{"n": n, "text": "no total"} for n in range(200)]
    piece = Builder().build(rows, 150, "/output")
    firsts = piece.value["first"]
    assert firsts == rows[: len(firsts)]
    assert piece.omitted == [((199 - len(firsts)) * 2, f"/output/{len(firsts)}-199")]
    assert piece.shown == 2 * (len(firsts) + 1)


@pytest.mark.parametrize("budget", [60, 100, 300, 1000])
def test_a_map_of_large_members_lists_names_within_its_budget(budget: int) -> None:
    shown = build({f"doc_{n}": PROSE for n in range(400)}, budget)
    assert "first" not in shown
    assert shown["other_keys"] == [f"doc_{n}" for n in range(len(shown["other_keys"]))]
    assert budget * 0.5 <= json_tokens(shown) <= budget


@pytest.mark.parametrize("budget", [60, 100, 300, 1000])
def test_a_map_of_small_members_shows_the_first_within_its_budget(budget: int) -> None:
    members = {f"doc_{n}": "paid" for n in range(900)}
    piece = Builder().build(members, budget, "/output")
    firsts = piece.value["first"]
    assert list(firsts.items()) == list(members.items())[: len(firsts)]
    assert piece.omitted[0][1] == f"/output/{len(firsts)}-900"
    assert piece.shown == len(firsts)
    assert budget * 0.7 <= json_tokens(piece.value) <= budget


@pytest.mark.parametrize("budget", [80, 100, 200])
def test_other_keys_follow_the_members_that_are_shown(budget: int) -> None:
    members: dict[str, Json] = {f"doc_{n}": PROSE if n == 3 else "paid" for n in range(300)}
    shown = build(members, budget)
    assert shown["first"] == {"doc_0": "paid", "doc_1": "paid", "doc_2": "paid"}
    names = shown["other_keys"]
    assert names == list(members)[3 : 3 + len(names)]


@pytest.mark.parametrize("budget", [100, 300, 1000])
def test_many_short_names_fit_the_budget(budget: int) -> None:
    shown = build({f"{n}": PROSE for n in range(900)}, budget)
    assert len(shown["other_keys"]) >= budget / 10
    assert json_tokens(shown) <= budget


def test_an_object_with_one_member_has_no_shape_of_members() -> None:
    key = "what the document says about the supplier"
    assert build({key: PROSE}, 22) == {"$shape": "object", "length": 1}


@pytest.mark.parametrize(("levels", "least"), [(70, 1), (200, MAX_DEPTH - 10)])
def test_a_deep_value_is_digested_to_what_can_be_encoded(levels: int, least: int) -> None:
    value: Json = "no total " * 50
    for _ in range(levels):
        value = {"inner": value, "n": [1]}
    result = digest(value, 4000)
    depth = 0
    shown = result.value
    while "$shape" not in shown:
        assert shown["n"] == [1]
        shown = shown["inner"]
        depth += 1
    assert least <= depth < MAX_DEPTH
    assert result.omitted[0].startswith("/inner" * depth)
    compact_json(result.value)


def test_the_largest_part_left_out_comes_first() -> None:
    value: Json = {
        "numbers": list(range(1000, 2000)),
        "rows": [{"n": n} for n in range(700)],
        "more": [{"n": n} for n in range(400)],
        "text": "no total " * 2000,
        "note": "no total " * 1000,
    }
    names = [path.split("/")[1] for path in digest(value, 300).omitted]
    assert names == ["numbers", "text", "rows", "note", "more"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        *(("", 1), ("x" * 19, 1), ("x" * 20, 2), ("x" * 40, 3), (None, 1), (5, 1), ([], 1)),
        *(({}, 1), ([1] * 7, 7), ([{"a": 1, "b": 2}] * 7, 21), ({"a": [1, 2], "b": 1}, 6)),
    ],
)
def test_a_size_counts_two_levels(value: Json, expected: int) -> None:
    assert size(value) == expected


def test_outliers_are_shown_as_long_as_they_fit() -> None:
    outliers = [Outlier(f"/rows/{n}/qty", "string among integers", "x" * n) for n in range(5)]
    entries = [each._asdict() for each in outliers]
    for count in range(5):
        limit = sum(json_tokens(each) + 1 for each in entries[: count + 1])
        assert outliers_within(outliers, limit) == entries[: count + 1]
        assert outliers_within(outliers, limit - 1) == entries[:count]


@pytest.mark.parametrize("budget", range(24, 400, 13))
def test_a_long_text_shows_its_start_then_its_end(budget: int) -> None:
    text = "".join(f"Line {n} has no total. " for n in range(900))
    shown = string_marker(text, budget)
    assert shown["length"] == len(text)
    assert text.startswith(shown.get("start", ""))
    assert text.endswith(shown.get("end", ""))
    # An end of fewer tokens says nothing.
    assert ("end" in shown) == (budget > 40 + 8 + json_tokens({"$shape": "string", "length": 1000}))
    assert 0.92 * budget - 10 <= json_tokens(shown) <= budget
    if "end" in shown:
        assert 2 <= json_tokens(shown["start"]) / json_tokens(shown["end"]) <= 4


@pytest.mark.parametrize("prefix", ["", "data:application/pdf;base64,"])
def test_a_file_in_a_text_shows_48_characters_at_most(prefix: str) -> None:
    marker = string_marker(prefix + PDF, 500)
    assert marker["start"] == (prefix + PDF)[:48]
    assert "end" not in marker
    assert "start" not in string_marker(prefix + PDF, 24)
