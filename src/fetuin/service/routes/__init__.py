"""One group of routes a file; each offers `ROUTER`."""
