"""Choose the failed step that ended a run among all that failed."""
