"""The part of a block's configuration that matters to a failure."""
