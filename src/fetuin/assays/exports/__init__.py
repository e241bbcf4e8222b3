"""A measured plate for other programs: tables (CSV, XLSX, JSON), Allotrope ASM, FHIR."""
