"""What the answers of all tools share."""
