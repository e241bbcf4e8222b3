from fetuin.engine import cache


def test_the_variable_overrides_the_folder_and_files_are_whole(tmp_path, monkeypatch):
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path / "here"))
    assert cache.folder() == tmp_path / "here" / "engine"
    assert cache.read("nothing.o") is None
    cache.write("a.o", b"abc")
    assert cache.read("a.o") == b"abc"
    assert [f.name for f in cache.folder().iterdir()] == ["a.o"]


def test_a_folder_that_cannot_be_made_falls_back(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path / "file"))
    assert cache.folder().is_dir()
