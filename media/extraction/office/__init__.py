"""Readers of office documents: DOCX and PPTX, which are packed in parts that refer to each other, and ODT."""
