"""`retab-mcp steps`, `compare` and `trace`."""

import json

from tests.cli.conftest import Run
from tests.samples import sample_named

LOOP = sample_named("orders-for-each").runs[0].id
PAIR = [each.id for each in sample_named("payments-rate").runs]


def test_steps_are_bars_in_the_order_of_their_start(run: Run) -> None:
    ran = run("steps", LOOP)
    assert (ran.code, ran.err) == (0, "")
    bars = [line for line in ran.out.splitlines() if line[:2] in ("✓ ", "✗ ", "– ")]
    assert [line.split()[1] for line in bars[1:]] == ["start-batch", "each-order", "send-batch"]
    assert "500 iterations, 3 failed" in bars[2]
    assert "█" * 40 in bars[2]
    assert run("steps", LOOP, "--exit-status").code == 1


def test_markdown_has_the_bars_in_a_code_block(run: Run) -> None:
    text = run("steps", LOOP, "--markdown").out
    assert text.count("```") == 2
    assert "✗ each-order" in text


def test_compares_two_runs(run: Run) -> None:
    ran = run("compare", *PAIR)
    assert ran.code == 0
    for word in ("Same in both", "convert-euros", "a 115.0, b 11500.0", "422 Unprocessable Entity"):
        assert word in ran.out
    assert json.loads(run("compare", *PAIR, "--json").out)["a"]["run_id"] == PAIR[0]
    assert run("compare", PAIR[0], PAIR[0]).code == 2


def test_traces_a_value(run: Run) -> None:
    path = "/handle_inputs/input-json-0/data/unit_price"
    ran = run("trace", LOOP, "price-order", path)
    assert ran.code == 0
    assert "run input" in ran.out
    assert "/handle_outputs/output-json-0/data/orders/17/unit_price" in ran.out
    wrong = run("trace", LOOP, "price-order", "/handle_inputs/nothing")
    assert wrong.code == 2
    assert "children: /handle_inputs/input-json-0" in wrong.err
