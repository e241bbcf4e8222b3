"""ADaM-shaped tables of one simulated trial: ADSL, a BDS table of the endpoint (ADT50, ADCAC, ADLB) and ADTTE.

The shape is that of ADaM IG 1.3; the people are virtual and the dates those of a calendar that starts on 2000-01-01.
Names have at most 8 characters and labels at most 40, as SAS transport version 5 asks.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from fetuin.trials.conduct import MONTH, TrialData, conduct
from fetuin.trials.endpoints import Endpoint, kinds
from fetuin.trials.size import randomised
from fetuin.trials.streams import Streams

if TYPE_CHECKING:
    import pandas as pd

    from fetuin.trials.bank import Bank
    from fetuin.trials.study import Study

FIRST_DAY = date(2000, 1, 1)
BDS = {
    "t50": ("ADT50", "T50", "T50 (min)"),
    "cac": ("ADCAC", "CACVOL", "CAC volume (mm3)"),
    "phosphate": ("ADLB", "PHOS", "Phosphate (mmol/L)"),
}
LABELS = {
    "STUDYID": "Study Identifier", "USUBJID": "Unique Subject Identifier", "SUBJID": "Subject Identifier for the Study",
    "TRT01P": "Planned Treatment for Period 01", "TRT01PN": "Planned Treatment for Period 01 (N)", "TRTGRP": "Treatment Group as Analysed",
    "RANDDT": "Date of Randomization", "ITTFL": "Intent-To-Treat Population Flag", "EOSSTT": "End of Study Status",
    "DCSREAS": "Reason for Discontinuation from Study", "EOSDY": "End of Study Day", "DTHFL": "Subject Death Flag",
    "RESCFL": "Rescue Binder Flag", "RESCDY": "Day Rescue Binder Started", "TRTDISFL": "Treatment Discontinued Flag",
    "TRTDISDY": "Day Treatment Discontinued", "TRTP": "Planned Treatment", "TRTPN": "Planned Treatment (N)",
    "PARAMCD": "Parameter Code", "PARAM": "Parameter", "AVISIT": "Analysis Visit", "AVISITN": "Analysis Visit (N)",
    "ADT": "Analysis Date", "ADY": "Analysis Relative Day", "AVAL": "Analysis Value", "AVALC": "Analysis Value (C)",
    "BASE": "Baseline Value", "CHG": "Change from Baseline", "PCHG": "Percent Change from Baseline", "ABLFL": "Baseline Record Flag",
    "ANL01FL": "Analysis Flag 01", "STARTDT": "Time-to-Event Origin Date for Subject", "CNSR": "Censor", "EVNTDESC": "Event or Censoring Description",
}  # fmt: skip


def tables(study: Study, bank: Bank | None, seed: int, trial: int = 0) -> dict[str, pd.DataFrame]:
    """{name: table} of one simulated trial."""
    streams, n = Streams(seed, (trial,)), randomised(study)
    data = conduct(study, bank, streams, n)
    found = {"ADSL": adsl(study, data)}
    if not study.endpoint.is_time:
        for name in [study.endpoint.kind.name, *_secondary(study, bank)]:
            other = replace(study, endpoint=_as(study, name))
            seen = data if name == study.endpoint.kind.name else _at_same_visits(conduct(other, bank, streams, n), data)
            found[BDS[name][0]] = bds(other, seen)
    found["ADTTE"] = adtte(study, data)
    return found


def _secondary(study: Study, bank: Bank | None) -> list[str]:
    """What else virtual patients show: the other readings of the bank, with their errors of measurement."""
    return (
        [] if bank is None else [k for k in BDS if k != study.endpoint.kind.name and kinds()[k].reading in bank.curves]
    )


def _as(study: Study, name: str) -> Endpoint:
    """The endpoint with another kind, measured at the same visits with that kind's own error."""
    if name == study.endpoint.kind.name:
        return study.endpoint
    kind = kinds()[name]
    return replace(study.endpoint, kind=kind, error=kind.error, failure=None, offset=kind.offset)


def _at_same_visits(other: TrialData, primary: TrialData) -> TrialData:
    """The values of people as long as they are in the trial of the primary endpoint."""
    return replace(
        other,
        measured=np.where(np.isfinite(primary.measured), other.measured, np.nan),
        left=primary.left,
        in_study=primary.in_study,
    )


def _heads(study: Study, data: TrialData) -> list[dict[str, Any]]:
    return [
        {"STUDYID": "FETUIN", "USUBJID": f"FETUIN-{i + 1:05d}", "TRTP": study.arms[a].name, "TRTPN": int(a) + 1}
        for i, a in enumerate(data.arm[0])
    ]


def _day(entry: float, day: float) -> date:
    return FIRST_DAY + timedelta(days=int(np.floor(entry * MONTH + day)))


def adsl(study: Study, data: TrialData) -> pd.DataFrame:
    """One row a person."""
    import pandas as pd

    rows, last = [], study.plan.follow_up
    for i, head in enumerate(_heads(study, data)):
        day = {k: float(v[0, i]) for k, v in data.days.items()}
        end = float(data.in_study[0, i])
        died, gone = day["death"] <= end, end < last - 1e-9
        rows.append({
            "STUDYID": head["STUDYID"], "USUBJID": head["USUBJID"], "SUBJID": f"{i + 1:05d}", "TRT01P": head["TRTP"], "TRT01PN": head["TRTPN"],
            "TRTGRP": study.arms[head["TRTPN"] - 1].group, "RANDDT": _day(data.entry[0, i], 0.0), "ITTFL": "Y",
            "EOSSTT": "DISCONTINUED" if gone else "COMPLETED", "DCSREAS": "DEATH" if died else "LOST TO FOLLOW-UP" if gone else "",
            "EOSDY": int(end) + 1, "DTHFL": "Y" if died else "", "RESCFL": "Y" if day["rescue"] <= end else "",
            "RESCDY": day["rescue"] + 1 if day["rescue"] <= end else np.nan, "TRTDISFL": "Y" if day["discontinuation"] <= end else "",
            "TRTDISDY": np.floor(day["discontinuation"]) + 1 if day["discontinuation"] <= end else np.nan,
        })  # fmt: skip
    return pd.DataFrame(rows)


def bds(study: Study, data: TrialData) -> pd.DataFrame:
    """One row a person and visit that was held."""
    import pandas as pd

    _, code, words = BDS[study.endpoint.kind.name]
    base_columns = [study.column(d) for d in study.endpoint.baseline]
    late = set(study.endpoint.follow_up)
    rows = []
    for i, head in enumerate(_heads(study, data)):
        base = float(np.nanmean(data.measured[0, i, base_columns]))
        for v, day in enumerate(study.visits):
            value = float(data.measured[0, i, v])
            if not np.isfinite(value):
                continue
            after, cut = day > 0, bool(data.censored[0, i, v])
            rows.append({
                **head, "PARAMCD": code, "PARAM": words, "AVISIT": f"Day {day:g}", "AVISITN": day, "ADT": _day(data.entry[0, i], day),
                "ADY": int(day) + (day >= 0), "AVAL": value, "AVALC": f"> {value:g}" if cut else f"{value:.6g}", "BASE": base,
                "CHG": value - base if after else np.nan, "PCHG": 100 * (value / base - 1) if after and base > 0 else np.nan,
                "ABLFL": "Y" if day in study.endpoint.baseline else "", "ANL01FL": "Y" if day in late and np.isfinite(data.counted[0, i, v]) else "",
            })  # fmt: skip
    return pd.DataFrame(rows)


def adtte(study: Study, data: TrialData) -> pd.DataFrame:
    """Times to the endpoint event, or to the end of participation; CNSR 0 is the event."""
    import pandas as pd

    rows = []
    for i, head in enumerate(_heads(study, data)):
        start = _day(data.entry[0, i], 0.0)
        if study.endpoint.is_time:
            listed = [
                ("EVENT", "Time to first event (d)", float(data.time[0, i]), bool(data.status[0, i]), "endpoint event")
            ]
        else:
            end, last = float(data.in_study[0, i]), study.plan.follow_up
            died = float(data.days["death"][0, i]) <= end
            stop = float(data.days["discontinuation"][0, i])
            listed = [("DEATH", "Time to death (d)", end, died, "death"), ("DROPOUT", "Time to dropout (d)", end, end < last - 1e-9 and not died, "lost to follow-up"),
                      ("TRTDISC", "Time to end of treatment (d)", min(stop, end), stop <= end, "treatment discontinued")]  # fmt: skip
        for code, words, time, happened, event in listed:
            rows.append({**head, "PARAMCD": code, "PARAM": words, "STARTDT": start, "ADT": start + timedelta(days=int(time)), "AVAL": time,
                         "CNSR": 0 if happened else 1, "EVNTDESC": event if happened else "censored at end of participation"})  # fmt: skip
    return pd.DataFrame(rows)
