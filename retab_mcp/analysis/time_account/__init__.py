"""Account for the time of runs and steps: active, queued, waiting for a person, backing off."""
