"""One rule about an order a file; each offers `RULE`."""
