"""Ways out to people, tried against servers that speak the real protocols."""
