"""Facts about runs of evals."""

from tests.facts.fact import Call, get_eval_run

FACTS: dict[str, list[Call]] = {
    "lease-evals": [
        get_eval_run(
            1,
            {
                "/counts": {"passed": 1, "blocked": 1, "failed": 2, "error": 1},
                "/rows/0/name": "term in months",
                "/rows/0/expected": 36,
                "/rows/0/actual": 3,
                "/rows/1/actual": None,
                "/rows/2/message": "Model did not answer within 120 s",
                "/rows/3/verdict": "blocked",
                "/rows/4/verdict": "passed",
            },
        ),
        get_eval_run(0, {"/counts": {"passed": 1}, "/duration_ms": 30000}),
    ],
}
