"""The same verbs over HTTP: REST, CDS Hooks, FHIR, and the workbench. `fetuin serve` starts it."""
