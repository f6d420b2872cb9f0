"""The kinds of finding: what can be wrong or doubtful in a run that did not fail."""

from enum import StrEnum


class FindingKind(StrEnum):
    """What a finding reports. The order of the members is the order of findings: worst first."""

    FAILED_STEP = "failed_step"
    STUCK = "stuck"
    UNFINISHED_STEPS = "unfinished_steps"
    DIFFERS_FROM_GOOD_RUN = "differs_from_good_run"
    RECORD_FAILED = "record_failed"
    RESPONSE_SAYS_FAILED = "response_says_failed"
    HTML_RESPONSE = "html_response"
    MAY_BE_DONE_TWICE = "may_be_done_twice"
    REVIEW_REJECTED = "review_rejected"
    CONDITION_KEY_ABSENT = "condition_key_absent"
    LOOP_INCOMPLETE = "loop_incomplete"
    LOOP_LIMIT = "loop_limit"
    VALUE_OVERWRITTEN = "value_overwritten"
    NUMBER_CHANGED = "number_changed"
    VALUE_LOST = "value_lost"
    HIDDEN_CHARACTERS = "hidden_characters"
    NO_TEXT = "no_text"
    PAGES_EMPTY = "pages_empty"
    PAGES_INVALID = "pages_invalid"
    UNKNOWN_PART = "unknown_part"
    UNKNOWN_CATEGORY = "unknown_category"
    TABLE_EMPTY = "table_empty"
    TYPE_MISMATCH = "type_mismatch"
    REQUIRED_MISSING = "required_missing"
    PAGES_UNASSIGNED = "pages_unassigned"
    PART_REPEATED = "part_repeated"
    CONDITION_TYPES_DIFFER = "condition_types_differ"
    OUTPUT_CHANGED = "output_changed"
    LOW_LIKELIHOOD = "low_likelihood"
    VOTES_DISAGREE = "votes_disagree"
    PAGES_OVERLAPPING = "pages_overlapping"
    DEFAULT_BRANCH = "default_branch"
    FIELDS_LEFT_EMPTY = "fields_left_empty"
    SOURCES_DIFFER = "sources_differ"
    FAILED_ATTEMPTS = "failed_attempts"
    RETRIES = "retries"
    STEPS_SKIPPED = "steps_skipped"
    SLOW_STEP = "slow_step"

    @property
    def rank(self) -> int:
        """The severity compared with other kinds; 0 is the worst."""
        return list(FindingKind).index(self)
