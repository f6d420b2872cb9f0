"""The alert rules name metrics that exist."""

import re
from http import HTTPStatus
from pathlib import Path

from retab_mcp.http.metrics import Metrics
from retab_mcp.retab.observer import Attempt

RULES = Path(__file__).parents[2] / "docs" / "alerts.yml"


def test_every_metric_and_label_of_the_alert_rules_exists() -> None:
    metrics = Metrics()
    metrics.call_ended("get_run", "internal", 1.0, 100)
    metrics.attempt_ended(Attempt("/v1/x", 1), 1.0)
    metrics.refused(HTTPStatus.TOO_MANY_REQUESTS)
    exposition = metrics.exposition().decode()
    names = {re.split(r"[{ ]", line)[0] for line in exposition.splitlines() if line[:1] != "#"}
    rules = RULES.read_text()
    used = set(re.findall(r"retab_mcp_\w+", rules))
    assert len(used) >= 5
    assert used <= names
    for name, label in re.findall(r"(retab_mcp_\w+)\{(\w+)=", rules):
        assert re.search(rf"^{name}{{[^}}]*{label}=", exposition, re.MULTILINE), (name, label)


def test_every_rule_has_an_expression_and_a_summary() -> None:
    rules = RULES.read_text().split("- alert: ")[1:]
    assert len(rules) >= 8
    for rule in rules:
        assert "expr:" in rule
        assert "summary:" in rule
        assert rule.count("(") == rule.count(")")
