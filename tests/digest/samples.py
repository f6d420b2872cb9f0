"""Texts of many kinds, made from a seed: those in answers and those hard to estimate."""

import base64
import csv
import io
import json
import random
import uuid
from collections.abc import Callable

from tests.digest.languages import PARAGRAPHS

LETTERS = "abcdefghijklmnopqrstuvwxyz"
NANOID = "ModuleSymbhasOwnPr-0123456789ABCDEFGHNRVfgctiUvz_KqYTJkLxpZXIjQW"


def _rows(rng: random.Random, count: int) -> list[dict[str, object]]:
    return [
        {
            "id": f"row_{n}",
            "description": rng.choice(["Steel bolt M8", "Washer", "Delivery fee", "Tube 2 m"]),
            "qty": rng.randint(1, 500),
            "unit_price": round(rng.random() * 1000, 2),
            "currency": rng.choice(["EUR", "USD"]),
            "taxable": rng.random() < 0.5,
            "note": None,
        }
        for n in range(count)
    ]


def _event(rng: random.Random, n: int) -> dict[str, object]:
    return {
        "step_id": f"step_{_nanoid(rng)}",
        "run_id": f"run_{_nanoid(rng)}",
        "status": rng.choice(["completed", "error", "skipped"]),
        "started_at": _date(rng),
        "duration_ms": rng.randint(1, 90000),
        "error": {"message": f"Timeout after {n} s", "stage": "execution"},
        "handles": {"output-json-0": {"type": "json", "data": {"total": rng.random()}}},
    }


def _nanoid(rng: random.Random) -> str:
    return "".join(rng.choice(NANOID) for _ in range(21))


def _date(rng: random.Random) -> str:
    return (
        f"2026-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}T{rng.randint(0, 23):02d}:"
        f"{rng.randint(0, 59):02d}:{rng.randint(0, 59):02d}.{rng.randint(0, 999):03d}Z"
    )


def _url(rng: random.Random) -> str:
    return (
        f"https://files.example-{rng.choice(['cdn', 'store', 'api'])}.com/v1/"
        f"{rng.choice(['documents', 'uploads', 'exports'])}/{rng.randint(1000, 99999)}/"
        f"{_nanoid(rng)[:10]}.pdf?page={rng.randint(1, 9)}&size=large"
    )


def _csv(rng: random.Random) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerows(row.values() for row in _rows(rng, 40))
    return out.getvalue()


def _html(rng: random.Random) -> str:
    cells = "".join(
        f'<tr class="row"><td>{row["description"]}</td><td>{row["qty"]}</td></tr>\n'
        for row in _rows(rng, 20)
    )
    return f"<!DOCTYPE html><html><body><table border='1'>{cells}</table></body></html>"


def _traceback(rng: random.Random) -> str:
    frames = "".join(
        f'  File "/app/flows/{name}.py", line {rng.randint(1, 400)}, in {name}_rows\n'
        f'    return total(rows, key="{name}", start={rng.randint(0, 9)})\n'
        for name in ("load", "merge", "check", "round", "export")
    )
    return f"Traceback (most recent call last):\n{frames}ValueError: total is not a number: 'n/a'\n"


def _python(rng: random.Random) -> str:
    return "".join(
        f"def check_{name}(rows: list[dict], limit: int = {rng.randint(1, 99)}) -> bool:\n"
        f"    for index, row in enumerate(rows):\n"
        f"        if row['{name}'] is None or row['{name}'] > limit:\n"
        f'            raise ValueError(f"row {{index}}: {name} over {{limit}}")\n'
        f"    return True\n\n"
        for name in ("amount", "quantity", "discount")
    )


def _javascript(rng: random.Random) -> str:
    return "".join(
        f"const get{name} = async (id) => {{\n  const res = await fetch(`/api/{name}/${{id}}`);\n"
        f"  if (!res.ok) {{ throw new Error('HTTP ' + res.status); }}\n"
        f"  return (await res.json()).items.map(x => x.value ?? {rng.randint(0, 9)});\n}};\n"
        for name in ("Order", "Invoice", "Customer")
    )


def _table(rng: random.Random) -> str:
    lines = [
        f"| {row['id']} | {row['description']} | {row['qty']} | {row['unit_price']} |"
        for row in _rows(rng, 25)
    ]
    return "\n".join(["| id | text | qty | price |", "|---|---|---:|---:|", *lines])


def _log(rng: random.Random) -> str:
    return "\n".join(
        f"{_date(rng)} {rng.choice(['INFO', 'WARN', 'ERROR'])} [worker-{n}] "
        f"request_id={uuid.UUID(int=rng.getrandbits(128))} took {rng.randint(1, 9000)} ms"
        for n in range(15)
    )


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _joined(rng: random.Random, make: Callable[[random.Random], str], count: int, by: str) -> str:
    return by.join(make(rng) for _ in range(count))


KINDS: dict[str, Callable[[random.Random], str]] = {
    "compact_json": lambda rng: _compact(_rows(rng, 30)),
    "compact_events": lambda rng: _compact([_event(rng, n) for n in range(8)]),
    "pretty_json": lambda rng: json.dumps(_rows(rng, 12), indent=2),
    "pretty_json_4": lambda rng: json.dumps([_event(rng, n) for n in range(5)], indent=4),
    "json_of_prose": lambda rng: _compact({n: text for n, text in PARAGRAPHS.items() if n < "h"}),
    "json_in_json": lambda rng: _compact({"body": _compact(_rows(rng, 15))}),
    "base64": lambda rng: base64.b64encode(rng.randbytes(600)).decode(),
    "base64_zeros": lambda rng: base64.b64encode(bytes(60) + rng.randbytes(400)).decode(),
    "base64url": lambda rng: base64.urlsafe_b64encode(rng.randbytes(600)).decode(),
    "base64_text": lambda rng: base64.b64encode(PARAGRAPHS["english"].encode()).decode(),
    "hex": lambda rng: rng.randbytes(400).hex(),
    "hex_upper": lambda rng: rng.randbytes(400).hex().upper(),
    "hashes": lambda rng: _joined(rng, lambda r: r.randbytes(32).hex(), 12, "\n"),
    "uuids": lambda rng: _joined(rng, lambda r: str(uuid.UUID(int=r.getrandbits(128))), 20, ","),
    "nanoids": lambda rng: _joined(rng, _nanoid, 30, '","'),
    "letters": lambda rng: _joined(rng, lambda r: "".join(r.choices(LETTERS, k=12)), 40, " "),
    "letters_digits": lambda rng: _joined(
        rng, lambda r: "".join(r.choices(LETTERS + "0123456789", k=24)), 20, '","'
    ),
    "capitals_digits": lambda rng: _joined(
        rng, lambda r: "".join(r.choices("ABCDEFGHJKMNPQRSTVWXYZ0123456789", k=26)), 20, " "
    ),
    "integers": lambda rng: _joined(rng, lambda r: str(r.randint(0, 10**6)), 90, ","),
    "small_integers": lambda rng: _joined(rng, lambda r: str(r.randint(0, 99)), 120, ","),
    "floats": lambda rng: _joined(rng, lambda r: str(r.random()), 40, ","),
    "money": lambda rng: _joined(rng, lambda r: f"{r.random() * 9999:,.2f} EUR", 50, "\n"),
    "vectors": lambda rng: _compact([round(rng.uniform(-1, 1), 4) for _ in range(90)]),
    "booleans": lambda rng: _compact([rng.choice([True, False, None]) for _ in range(90)]),
    "empties": lambda rng: _compact([rng.choice([[], {}, "", 0]) for _ in range(120)]),
    "dates": lambda rng: _joined(rng, _date, 20, " "),
    "ibans": lambda rng: _joined(
        rng, lambda r: f"DE{r.randint(10, 99)} {r.randint(10**15, 10**16)}", 25, "\n"
    ),
    "urls": lambda rng: _joined(rng, _url, 15, "\n"),
    "spaces": lambda rng: _joined(rng, lambda r: "x" + " " * r.randint(1, 30), 60, ""),
    "newlines": lambda rng: _joined(rng, lambda r: "total" + "\n" * r.randint(1, 6), 60, " "),
    "escaped_newlines": lambda rng: _compact("\n".join(f"line {n} of text" for n in range(30))),
    "csv": _csv,
    "html": _html,
    "traceback": _traceback,
    "traceback_in_json": lambda rng: _compact({"stack": _traceback(rng)}),
    "python": _python,
    "javascript": _javascript,
    "markdown_table": _table,
    "log": _log,
    "capitals": lambda rng: PARAGRAPHS["english"].upper(),
    "german_capitals": lambda rng: PARAGRAPHS["german"].upper(),
    "camel_case": lambda rng: _joined(
        rng,
        lambda r: (
            r.choice(["get", "load", "parse", "count"])
            + r.choice(["Invoice", "Document", "Customer", "Total"])
            + r.choice(["List", "ById", "FromPage", "Value"])
        ),
        40,
        ", ",
    ),
    "pointers": lambda rng: _joined(
        rng, lambda r: f"/output/rows/{r.randint(0, 20000)}/unit_price", 30, '","'
    ),
}


def _always(text: str) -> Callable[[random.Random], str]:
    return lambda rng: text


KINDS |= {name: _always(text) for name, text in PARAGRAPHS.items()}
