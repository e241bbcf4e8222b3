"""One CDS Hooks service a file; each offers `HOOK`."""
