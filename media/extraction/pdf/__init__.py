"""PDF: its text by pages, its measured facts, its first page as a picture."""
