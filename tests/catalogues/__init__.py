"""What the catalogues of `locale/` must hold, and the program that keeps them (`make messages`)."""
