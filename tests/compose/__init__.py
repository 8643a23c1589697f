"""The compose file: valid, documented, and each of its services run as a plain process."""
