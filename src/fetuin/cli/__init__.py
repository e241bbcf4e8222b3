"""The command line: parse, call one verb, print. One file per command; each offers `command`."""
