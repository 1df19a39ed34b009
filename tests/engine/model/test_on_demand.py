"""What is made on demand is made once, and looks like what it stands for."""

import pytest

from sequela.engine.model.on_demand import OnDemand, OnDemandMapping


def test_parts_are_made_once_and_only_when_asked() -> None:
    made: list[int] = []

    def make(place: int) -> str:
        made.append(place)
        return f"part {place}"

    parts = OnDemand(4, make)
    assert len(parts) == 4
    assert made == []
    assert parts[2] == parts[-2] == "part 2"
    assert parts[1:3] == ("part 1", "part 2")
    assert made == [2, 1]
    assert list(parts) == [f"part {place}" for place in range(4)]
    assert made == [2, 1, 0, 3]
    with pytest.raises(IndexError):
        parts[4]


def test_a_mapping_knows_its_keys_without_making_anything() -> None:
    made: list[str] = []

    def make(key: str) -> str:
        made.append(key)
        return key.upper()

    values = OnDemandMapping(["a", "b"], make)
    assert list(values) == ["a", "b"]
    assert "a" in values
    assert "c" not in values
    assert values.get("c") is None
    assert made == []
    assert values["b"] == values["b"] == "B"
    assert made == ["b"]
    with pytest.raises(KeyError):
        values["c"]
