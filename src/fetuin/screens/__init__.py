"""What the five screens of the workbench ask for: plain functions, one JSON-ready object in, one out. No web framework."""
