"""Importers: a file becomes rows (reader), a row a checked record (amb), a record a page (pages)."""
