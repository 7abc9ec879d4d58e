"""The machine: columns, not loans. Reads books in, keeps them, and runs the pure rooms over them."""
