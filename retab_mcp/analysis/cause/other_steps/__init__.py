"""Say what the answer about a cause adds about other steps: more failures, waiting steps."""
