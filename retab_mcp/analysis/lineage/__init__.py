"""Trace which steps produced a step's inputs."""
