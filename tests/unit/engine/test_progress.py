from fetuin.engine import compiled
from fetuin.engine.progress import tell, telling


def test_a_first_compilation_is_announced(models, tmp_path, monkeypatch):
    monkeypatch.setenv("FETUIN_CACHE", str(tmp_path))
    monkeypatch.setattr(compiled, "_by_id", {})
    said: list[str] = []
    with telling(said.append):
        compiled.compiled_model(models["MINERAL"])
        monkeypatch.setattr(compiled, "_by_id", {})
        compiled.compiled_model(models["MINERAL"])
    tell("to nobody")
    assert len(said) == 1
    assert "mineral_test" in said[0]
