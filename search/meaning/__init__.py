"""Search by meaning: texts as vectors, beside the search by words."""
