"""What a function's source says about the fields that it returns."""

import pytest

from retab_mcp.analysis.lineage.matching.function_source import (
    Fate,
    Recipe,
    read_recipes,
    source_of,
)

SOURCE = """
RATES = {"DE": 0.19}

def main(data):
    centre = data.get("cost_center")
    net = sum(line["amount"] for line in data["lines"])
    out = {
        "costCentre": centre,
        "gross": round(net * 1.19, 2),
        "currency": data.get("currency") or "EUR",
        "rate": RATES.get(data["country"]),
        "issued": as_day(data["date"]),
        **data["rest"],
    }
    out["label"] = data["first"] + data["last"]
    return out
"""


def test_each_field_names_the_keys_that_it_is_made_of() -> None:
    recipes = read_recipes(SOURCE)
    assert {key: (recipes[key][0].keys, recipes[key][0].fate) for key in recipes} == {
        "DE": ((), Fate.MAKES),
        "costCentre": (("cost_center",), Fate.KEEPS),
        "gross": (("amount", "lines"), Fate.MAKES),
        "currency": (("currency",), Fate.KEEPS),
        "rate": (("country",), Fate.MAKES),
        "issued": (("date",), Fate.MAY_KEEP),
        "label": (("first", "last"), Fate.MAKES),
    }
    assert recipes["costCentre"][0].line == 8


def test_what_is_no_python_says_nothing() -> None:
    assert read_recipes("return { total: data.total };") == {}
    assert read_recipes("(" * 5000) == {}
    assert read_recipes("x = 1\n" * 20_000) == {}


def test_variables_that_refer_to_each_other_end() -> None:
    source = "a = b\nb = a\nout = {'x': a}\n"
    assert read_recipes(source)["x"][0].keys == ()


def test_the_source_is_found_under_its_usual_names() -> None:
    assert source_of({"code": "x"}) == "x"
    assert source_of({"function": {"source": "y"}}) == "y"
    assert source_of({"code": "", "model": "z"}) is None


def fate_of(expression: str) -> tuple[tuple[str, ...], Fate]:
    (recipe,) = read_recipes(f"out = {{'x': {expression}}}")["x"]
    return recipe.keys, recipe.fate


@pytest.mark.parametrize(
    "call",
    [
        "float",
        "int",
        "str",
        "Decimal",
        "round",
        "parse",
        "date",
        "format",
        "strptime",
        "fromisoformat",
    ],
)
def test_calls_that_convert_keep_a_value(call: str) -> None:
    assert fate_of(f"{call}(data['a'])") == (("a",), Fate.KEEPS)


@pytest.mark.parametrize(
    "method",
    [
        "strip",
        "lstrip",
        "rstrip",
        "upper",
        "lower",
        "title",
        "capitalize",
        "replace",
        "strftime",
        "isoformat",
        "casefold",
    ],
)
def test_methods_that_rewrite_a_text_keep_its_value(method: str) -> None:
    assert fate_of(f"data['a'].{method}()") == (("a",), Fate.KEEPS)
    assert fate_of(f"data['a'].{method}('x', 'y')") == (("a",), Fate.KEEPS)


@pytest.mark.parametrize(
    "call", ["sum", "len", "min", "max", "any", "all", "count", "abs", "hash", "join"]
)
def test_calls_that_make_something_else_of_a_value(call: str) -> None:
    assert fate_of(f"{call}(data['a'])") == (("a",), Fate.MAKES)


@pytest.mark.parametrize(
    ("expression", "keys", "fate"),
    [
        ("data['a']['b']", ("b",), Fate.KEEPS),
        ("data[key]", (), Fate.MAKES),
        ("data['a'][data['i']]", ("a", "i"), Fate.MAKES),
        ("data['a'] if data['b'] else data['c']", ("a", "c"), Fate.KEEPS),
        ("data['a'] or 'none'", ("a",), Fate.KEEPS),
        ("f\"{data['a']}\"", ("a",), Fate.MAY_KEEP),
        ("data['a'] + 1", ("a",), Fate.MAKES),
        ("own(data['a'])", ("a",), Fate.MAY_KEEP),
        ("own(data['a'], data['b'])", ("a", "b"), Fate.MAKES),
        ("own()", (), Fate.MAKES),
        ("own(data['a'] * 2)", ("a",), Fate.MAKES),
        ("[line['n'] for line in data['lines']]", ("n", "lines"), Fate.MAKES),
        ("'constant'", (), Fate.MAKES),
        ("data.get(key)", (), Fate.MAKES),
    ],
)
def test_what_an_expression_makes_of_what_it_reads(
    expression: str, keys: tuple[str, ...], fate: Fate
) -> None:
    assert fate_of(expression) == (keys, fate)


def test_fields_are_written_in_several_ways() -> None:
    source = (
        "out = dict(a=data['x'], **rest)\nout['b'] = data['y']\nout[key] = 1\nz = {**rest, 1: 2}"
    )
    recipes = read_recipes(source)
    assert {key: one[0].keys for key, one in recipes.items()} == {"a": ("x",), "b": ("y",)}
    assert recipes["b"][0].line == 2


def test_a_field_that_is_written_twice_has_two_recipes() -> None:
    recipes = read_recipes("a = {'x': data['p']}\nb = {'x': data['q']}\n")
    assert [one.keys for one in recipes["x"]] == [("p",), ("q",)]


def test_a_variable_that_is_assigned_twice_may_keep_either() -> None:
    source = "v = data['p']\nv = data['q']\nout = {'x': v}\n"
    assert read_recipes(source)["x"][0] == Recipe(("p", "q"), Fate.MAY_KEEP, 3)
    chain = "".join(f"v{n} = v{n + 1}\n" for n in range(5)) + "v5 = data['p']\nout = {'x': v0}"
    assert read_recipes(chain)["x"][0].keys == ("p",)
    longer = "".join(f"v{n} = v{n + 1}\n" for n in range(6)) + "v6 = data['p']\nout = {'x': v0}"
    assert read_recipes(longer)["x"][0].keys == ()


@pytest.mark.parametrize(
    "name", ["code", "source", "source_code", "function_code", "script", "python_code"]
)
def test_every_usual_name_of_the_source_is_known(name: str) -> None:
    assert source_of({name: "x"}) == "x"
    assert source_of({"function": {name: "x"}}) == "x"
    assert source_of({name: ["x"]}) is None
