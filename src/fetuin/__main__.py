"""`python -m fetuin` is `fetuin`."""

from fetuin.cli.main import main

main()
