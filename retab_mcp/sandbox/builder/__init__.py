"""The builder of sample runs, for the sandbox's own samples and for tests.

`graph` makes workflows, `records` what artifacts hold, `run` a run step by step. Everything is
deterministic: an id is drawn from its name, a time from the run's clock.
"""
