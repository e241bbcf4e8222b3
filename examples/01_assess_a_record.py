"""Read a record, assess it, and say why: the whole left trunk in a dozen lines."""

import fetuin
from fetuin.examples import example

case = example("uraemic-tumoral-calcinosis")
with case.path() as file:
    record = fetuin.read_record(file)

print(case.source)
for o in record.observations:
    print(f"  {o.analyte}: {o.printed or o.value} -> {o.value} {o.unit}")

assessment = fetuin.assess(record, setting=case.setting)
print(assessment.explain())
