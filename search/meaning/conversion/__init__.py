"""From the published weights to a folder that we read: runs once, in a process and an environment of its own; no Django."""
