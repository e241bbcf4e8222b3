"""Where mineral forms outside bone: one file per site, each with its numbers. The folder is the catalogue."""
