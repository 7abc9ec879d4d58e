"""The door: is this row what the book format asks for? One file's table at a time, no table against another."""
