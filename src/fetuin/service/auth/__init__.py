"""One way to prove who calls a file; each offers `MODE`."""
