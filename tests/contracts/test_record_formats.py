"""Every file in records/formats: exactly one format recognises each sample, and reads from it what is expected."""

from pathlib import Path

import pytest

from fetuin.errors import FetuinError, FormatError, InputError, NotEnoughDataError
from fetuin.records import read_bytes, read_record, read_records, record_formats

SAMPLES = Path(__file__).resolve().parents[1] / "data/records"
EXPECTED = {  # sample: (format, people, observations of all, refusals of all)
    "bundle.json": ("fhir", 1, 2, 1),
    "bulk.ndjson": ("fhir", 2, 2, 0),
    "phenopacket.json": ("phenopacket", 1, 2, 0),
    "tidy.csv": ("tidy_csv", 1, 2, 1),
    "cases.jsonl": ("published_case", 1, 2, 0),
}


def test_every_format_has_a_sample():
    assert {f for f, *_ in EXPECTED.values()} == set(record_formats())


@pytest.mark.parametrize("sample", EXPECTED)
def test_exactly_one_format_recognises_the_sample(sample):
    head = (SAMPLES / sample).read_bytes()[:65536]
    fits = [name for name, f in record_formats().items() if f.recognises(sample, head)]
    assert fits == [EXPECTED[sample][0]]


@pytest.mark.parametrize("sample", EXPECTED)
def test_the_sample_is_read(sample):
    found = list(read_records(SAMPLES / sample))
    counts = (len(found), sum(len(r.observations) for r in found), sum(len(r.refusals) for r in found))
    assert counts == EXPECTED[sample][1:]
    assert all(r.source.format == EXPECTED[sample][0] for r in found)


@pytest.mark.parametrize("name", [n for n, f in record_formats().items() if f.write])
@pytest.mark.parametrize("sample", EXPECTED)
def test_what_is_written_is_recognised_as_its_format(name, sample):
    f = record_formats()[name]
    for record in read_records(SAMPLES / sample):
        again = next(read_bytes(f.write(record).encode(), f"x{f.suffix}"))
        assert again.source.format == name
        assert (again.id, again.sex, again.age) == (record.id, record.sex, pytest.approx(record.age, abs=1e-3))


def test_several_people_are_not_one():
    with pytest.raises(InputError, match="more than one person"):
        read_record(SAMPLES / "bulk.ndjson")


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", InputError),
        (b"   \n", InputError),
        (b"hello", FormatError),
        (b'{"a": 1}', FormatError),
        (b"\x00\x01\x02", FormatError),
    ],
)
def test_what_no_format_knows_is_an_error_that_lists_the_formats(data, error):
    with pytest.raises(error) as e:
        list(read_bytes(data, "x.bin"))
    assert "FHIR" in e.value.fix


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(FetuinError) as e:
        read_record(tmp_path / "none.json")
    assert e.value.exit_code == 3
    assert str(tmp_path) not in e.value.message()


def test_a_table_without_a_person(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("id,kind,name,value,unit\n")
    with pytest.raises(NotEnoughDataError):
        read_record(path)
