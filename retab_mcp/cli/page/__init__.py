"""What a command shows a person: the parts of a page, and how they become text or Markdown."""
