"""How firm is an answer? Hide the state of the tissue, look at what is missing, and at what would flip it."""

import fetuin
from fetuin.examples import examples

for case in examples():
    with case.path() as file:
        record = fetuin.read_record(file)
    seen = fetuin.assess(record, setting=case.setting)
    blind = fetuin.assess(record, setting=case.setting, hide_tissue=True)
    print(f"{case.title}\n  {seen.answer} {seen.mechanisms[0].value:.2f}; tissue hidden: {blind.answer}", end=" ")
    print(f"{blind.mechanisms[0].value:.2f}\n  flips: {seen.flip}")
    if seen.next_tests:
        print(f"  next: {seen.next_tests[0].label}. {seen.next_tests[0].reason}")
