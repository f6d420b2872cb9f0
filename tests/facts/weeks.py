"""Facts about workflows over a week of runs."""

from tests.facts.fact import FROM_G2A, Call, RunId, find_failures, list_runs

FACTS: dict[str, list[Call]] = {
    "bookings-week": [
        find_failures(
            {
                "/runs": 42,
                "/failed_runs": 13,
                "/groups/0/block_id": "book-carrier",
                "/groups/0/kind": "called_api_down",
                "/groups/0/runs": 11,
                "/groups/0/share": 0.2619,
                "/groups/0/trend": "rising",
                "/groups/0/first_seen": "2026-07-08T01:00:09.900Z",
                "/groups/0/example_run_id": RunId(2),
                "/groups/1/block_id": "check-booking",
                "/groups/1/runs": 2,
                "/groups/1/message": "KeyError: 'BK-2217'",
            },
            to_date="2026-07-12",
        ),
        find_failures(
            {"/groups/1/kind": "function_exception"}, generations=FROM_G2A, to_date="2026-07-12"
        ),
        list_runs(
            {
                "/rows/0/run_id": RunId(2),
                "/rows/0/block_id": "book-carrier",
                "/rows/2/run_id": RunId(4),
                "/truncated/shown": 3,
            },
            status="error",
            limit=3,
        ),
        list_runs(
            {"/rows/0/duration_ms": 9600, "/rows/0/created_at": "2026-07-08T01:00:00Z"},
            min_duration_ms=9000,
            to_date="2026-07-08",
        ),
        list_runs(
            {
                "/rows/0/created_at": "2026-07-06T11:00:00Z",
                "/rows/2/created_at": "2026-07-06T03:00:00Z",
            },
            generations=("g3",),
            metadata="carrier=north",
            to_date="2026-07-06",
        ),
    ],
    "receipts-week": [
        find_failures(
            {
                "/runs": 28,
                "/failed_runs": 7,
                "/failed_share": 0.25,
                "/groups/0/block_id": "extract-receipt",
                "/groups/0/kind": "document_unreadable",
                "/groups/0/runs": 7,
                "/groups/0/trend": "steady",
                "/groups/0/last_seen": "2026-07-19T04:00:01.550Z",
            },
            to_date="2026-07-19",
            days=7,
        ),
        list_runs(
            {"/rows/0/run_id": RunId(16), "/rows/3/run_id": RunId(19)},
            from_date="2026-07-15",
            to_date="2026-07-15",
        ),
        list_runs(
            {"/rows/0/run_id": RunId(18), "/rows/0/trigger": "schedule"},
            from_date="2026-07-15",
            to_date="2026-07-15",
            trigger="schedule,manual",
            status="error,cancelled",
        ),
    ],
    "permits-week": [
        find_failures(
            {
                "/runs": 35,
                "/failed_runs": 10,
                "/groups/0/block_id": "read-permit",
                "/groups/0/kind": "schema_violation",
                "/groups/0/runs": 10,
                "/groups/0/failures": 20,
                "/groups/0/stopped_on": "2026-07-23",
            },
            to_date="2026-07-26",
        ),
        find_failures(
            {"/runs": 10, "/failed_runs": 0, "/groups": []}, to_date="2026-07-26", days=2
        ),
        list_runs({"/rows/0/block_id": "read-permit"}, status="error"),
    ],
}
