"""Two designs of one question on common random numbers: one look, or two with the chance to stop early."""

import copy

import fetuin
from fetuin.trials import read_study
from fetuin.trials.comparison import differences

one = copy.deepcopy(dict(read_study("dialysate_magnesium").table))
del one["grid"]
two = copy.deepcopy(one)
two["design"]["interim"] = {"looks": [0.5, 1.0], "boundary": "lan_demets_obrien_fleming"}

results = [fetuin.run_trial(t, n=500, seed=1) for t in (one, two)]
for d in differences(*results):
    if d.name in ("power", "type I error", "bias", "expected size", "expected duration"):
        print(f"{d.name:18}{d.a:9.3f}{d.b:9.3f} {d.unit}")
print(results[0].caution)
