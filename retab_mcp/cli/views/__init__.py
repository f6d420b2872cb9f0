"""The pages of answers: one file for each tool that has a command."""
