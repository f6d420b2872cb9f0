"""Bodies that several generations write alike."""
