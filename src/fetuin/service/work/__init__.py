"""One kind of long work a file; each offers `WORK`."""
