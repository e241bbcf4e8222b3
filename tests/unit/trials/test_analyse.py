"""Data of a trial: read or refused by line and column, analysed as the study asks, the same as a plain fit says."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.unit.trials.test_study import table

from fetuin.errors import FetuinError
from fetuin.trials import adam
from fetuin.trials.analyse import analyse
from fetuin.trials.analysis.ancova import ancova
from fetuin.trials.study import read_study

CHANGES = {
    "arms__0__mean": 233,
    "arms__1__mean": [233, 233, 302, 302],
    "endpoint__analysis": "ancova",
    "dropout": {"rate": 0.2},
}


@pytest.fixture(scope="module")
def study():
    return read_study(table(**CHANGES))


@pytest.fixture(scope="module")
def frames(study):
    return adam.tables(study, None, 4)


@pytest.fixture
def file(frames, tmp_path):
    path = tmp_path / "adt50.csv"
    frames["ADT50"].to_csv(path, index=False)
    return path


def test_the_primary_analysis_is_the_ancova_of_the_averaged_visits(study, frames, file):
    wide = frames["ADT50"].pivot_table(index=["USUBJID", "TRTP"], columns="AVISITN", values="AVAL").reset_index()
    late = wide[[21.0, 28.0]].mean(axis=1)
    plain = pd.DataFrame({"y": late, "arm": wide["TRTP"], "base": wide[[-7.0, 0.0]].mean(axis=1)}).dropna()
    (expected,) = ancova(plain, "y ~ arm + base", reference={"arm": "control"}).differences("arm", "control")
    found = analyse(file, study)
    assert found.primary.estimate == pytest.approx(expected.test.estimate, rel=1e-9)
    assert found.primary.se == pytest.approx(expected.test.se, rel=1e-9)
    assert found.primary.df == len(plain) - 3
    assert sum(f["analysed"] for f in found.flow) == len(plain)


def test_the_mmrm_beside_it_is_the_plain_fit(study, frames, file):
    from fetuin.trials.analysis.contrasts import differences
    from fetuin.trials.analysis.inference import inference
    from fetuin.trials.analysis.mmrm import fit

    long = frames["ADT50"].query("AVISITN > 0").rename(columns={"TRTP": "arm", "BASE": "base", "AVAL": "y"})
    f = fit(long, "y ~ arm * AVISIT + base:AVISIT", subject="USUBJID", visit="AVISIT", reference={"arm": "control"})
    last = differences(f.design, inference("satterthwaite")(f), arm="arm", visit="AVISIT", reference="control")[-1].test
    ours = next(c for c in analyse(file, study).others if c.name.startswith("MMRM"))
    assert (ours.estimate, ours.se, ours.df) == pytest.approx((last.estimate, last.se, last.df), rel=1e-4)


SPOILT = [
    ("is no arm", "line 4, TRTP", lambda t: t.assign(TRTP=t.TRTP.where(t.index != 2, "gold"))),
    ("is no number", "line 4, AVAL", lambda t: t.assign(AVAL=t.AVAL.astype(object).where(t.index != 2, "3O2"))),
    ("no visit on day 22", "line 4, AVISITN", lambda t: t.assign(AVISITN=t.AVISITN.where(t.index != 2, 22))),
    ("is not possible", "line 4, AVAL", lambda t: t.assign(AVAL=t.AVAL.where(t.index != 2, 9e5))),
    ("stands twice", "line", lambda t: pd.concat([t, t.iloc[:1]])),
    ("is empty", "adt50.csv", lambda t: t[t.TRTP == "control"]),
    ("has no column of the arm", "line 1", lambda t: t.drop(columns="TRTP")),
    ("no row is of T50", "PARAMCD", lambda t: t.assign(PARAMCD="CACVOL")),
    ("is in two arms", "line", lambda t: t.assign(TRTP=t.TRTP.where(t.index != 1, {"control": "magnesium", "magnesium": "control"}[t.TRTP[1]]))),
    ("holds no rows", "adt50.csv", lambda t: t.iloc[:0]),
]  # fmt: skip


@pytest.mark.parametrize(("what", "where", "spoil"), SPOILT, ids=[s[0] for s in SPOILT])
def test_spoilt_data_are_refused_by_line_and_column(what, where, spoil, study, frames, file):
    spoil(frames["ADT50"]).to_csv(file, index=False)
    with pytest.raises(FetuinError) as caught:
        analyse(file, study)
    assert what in caught.value.what
    assert where in caught.value.where
    assert caught.value.why
    assert caught.value.fix


def test_plain_columns_and_a_censored_value(study, tmp_path):
    rng = np.random.default_rng(1)
    rows = [
        (f"p{i}", a, d, 240 + 20 * rng.standard_normal())
        for i, a in enumerate(["control", "magnesium"] * 15)
        for d in (-7, 0, 21, 28)
    ]
    path = tmp_path / "plain.csv"
    text = "subject,arm,day,value\n" + "\n".join(f"{s},{a},{d},{y:.2f}" for s, a, d, y in rows)
    path.write_text(text.replace(f"p0,control,28,{rows[3][3]:.2f}", "p0,control,28,> 600"))
    found = analyse(path, study)
    assert found.censored == 1
    assert found.primary.converged


def test_events_from_adtte(tmp_path):
    from fetuin.trials.estimators.contract import Analysed
    from fetuin.trials.estimators.cox import estimate

    s = read_study({
        "title": "events", "estimand": {"population": "p", "treatment": "t", "variable": "v", "summary": "hazard ratio"},
        "endpoint": {"kind": "events"}, "visits": {"days": [0, 365]}, "arms": [{"name": "a"}, {"name": "b", "hazard_ratio": 0.5}],
        "design": {"randomised": 400, "follow_up": 365}, "events": {"rate_per_100py": 30},
    })  # fmt: skip
    t = adam.tables(s, None, 2)["ADTTE"]
    t.to_csv(tmp_path / "adtte.csv", index=False)
    found = analyse(tmp_path / "adtte.csv", s)
    blank = np.zeros((1, len(t)))
    direct = estimate(
        Analysed(
            (t.TRTP == "b").to_numpy(int)[None],
            blank,
            blank,
            blank[..., None],
            t.AVAL.to_numpy()[None],
            (t.CNSR == 0).to_numpy()[None],
        )
    )
    assert found.primary.estimate == pytest.approx(float(direct.estimate[0]))
    assert found.primary.back[0] == pytest.approx(np.exp(found.primary.estimate))
    assert 0.2 < found.primary.back[0] < 0.9


def test_calcium_is_shown_on_every_published_scale(tmp_path):
    s = read_study("snf472_cac")
    adam.tables(s, None, 1)["ADCAC"].to_csv(tmp_path / "adcac.csv", index=False)
    found = {c.name: c for c in analyse(tmp_path / "adcac.csv", s).others}
    log, root, tobit = (next(c for n, c in found.items() if w in n) for w in ("logarithms", "roots", "zeros"))
    assert log.converged
    assert root.converged
    assert log.estimate == pytest.approx(analyse(tmp_path / "adcac.csv", s).primary.estimate, rel=1e-6)
    assert tobit.estimate == pytest.approx(log.estimate, abs=1e-6)  # without zeros the two are one


def test_censoring_is_used_where_it_occurs(study, tmp_path):
    rng = np.random.default_rng(2)
    base = 400 + 60 * rng.standard_normal(80)
    late = (base + 120 * (np.arange(80) % 2) + 35 * rng.standard_normal(80))[:, None] + 20 * rng.standard_normal(
        (80, 2)
    )
    arm = np.where(np.arange(80) % 2, "magnesium", "control")
    lines = [f"p{i},{arm[i]},{d},{base[i]:.1f}" for i in range(80) for d in (-7, 0)]
    lines += [
        f"p{i},{arm[i]},{d},{'> 480' if late[i, v] > 480 else f'{late[i, v]:.1f}'}"
        for i in range(80)
        for v, d in enumerate((21, 28))
    ]
    path = tmp_path / "cut.csv"
    path.write_text("subject,arm,day,value\n" + "\n".join(lines))
    found = analyse(path, study)
    by = {c.name: c.estimate for c in found.others}
    assert found.censored > 20
    # values at the limit hide a part of the effect of 120 min
    assert found.primary.estimate < 90 < by["ANCOVA, T50 beyond the run as censored (min)"] < 150
    assert by["MMRM, Satterthwaite"] < 90 < by["MMRM, T50 beyond the run as censored (min)"] < 150


def test_those_who_left_are_imputed_and_the_tipping_point_found(tmp_path):
    """Jump to reference takes a part of the effect back; the tipping point lies where p under a shift is 0.05."""
    s = read_study(table(**CHANGES, design__randomised=120, endpoint__follow_up=[28]) | {"dropout": {"rate": 0.3}})
    frames = adam.tables(s, None, 7)
    path = tmp_path / "adt50.csv"
    frames["ADT50"].to_csv(path, index=False)
    found = analyse(path, s)
    by = {c.name: c for c in found.others}
    assert by["imputed at random"].estimate == pytest.approx(
        by["MMRM, Satterthwaite"].estimate, abs=0.3 * by["MMRM, Satterthwaite"].se
    )
    assert 0 < by["imputed, jump to reference"].estimate < by["imputed at random"].estimate
    assert found.rejected
    assert found.tipping_point["delta"] < 0
    assert found.tipping_point["imputed"] >= 3
    assert analyse(path, s).to_dict() == found.to_dict()
    assert analyse(path, s, seed=2).tipping_point["delta"] == pytest.approx(found.tipping_point["delta"], rel=0.2)


def test_mutated_tables_are_analysed_or_refused_with_place_reason_and_remedy(study, frames, tmp_path):
    from random import Random

    draw, path = Random(3), tmp_path / "mutant.csv"
    text = frames["ADT50"].to_csv(index=False).encode()
    ends = {"read": 0, "refused": 0}
    for _ in range(150):
        out = bytearray(text)
        a, b = sorted(draw.randrange(len(out)) for _ in range(2))
        kind = draw.randrange(5)
        if kind == 0:
            del out[a : min(b, a + 200)]
        elif kind == 1:
            out[a:a] = out[a : min(b, a + 200)]
        elif kind == 2:
            for _ in range(draw.randint(1, 8)):
                out[draw.randrange(len(out))] = draw.choice(b'0123456789.,;"-> \nxNaN\x00\xff')
        elif kind == 3:
            del out[draw.choice((0, 40, 200, 2000)) :]
        else:
            lines = out.split(b"\n")
            draw.shuffle(lines)
            out = bytearray(b"\n".join(lines))
        path.write_bytes(bytes(out))
        try:
            analyse(path, study)
            ends["read"] += 1
        except FetuinError as error:
            assert error.where, error
            assert error.why, error
            assert error.fix, error
            ends["refused"] += 1
    assert min(ends.values()) > 3
