"""Readers of e-books, and of the pages that they and other files contain."""
