"""The tools that an assistant can call, one per file: name, description and arguments."""
