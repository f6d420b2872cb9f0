"""What a function's source says about the fields that it returns."""

from retab_mcp.analysis.lineage.matching.function_source import Fate, read_recipes, source_of

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
