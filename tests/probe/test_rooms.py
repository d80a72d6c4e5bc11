"""Seeds are shared among so many processes as the memory allowed has room for, with the environment in each."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from scoper.domain.mdp import EnvironmentSpec
from scoper.probe import apart, processes


class Shared(Exception):
    pass


def begin(job):
    raise Shared


@pytest.mark.parametrize(("own_mb", "shared"), [(0, True), (200, True), (640, True), (660, False), (2500, False)])
def test_an_environment_that_takes_much_memory_is_not_loaded_more_often_than_it_may(monkeypatch, own_mb, shared):
    monkeypatch.setattr(processes, "memory_mb", lambda pid: float(own_mb))
    monkeypatch.setattr(apart, "_cores", lambda: 8)
    monkeypatch.setattr(apart, "batch_seeds", lambda context, purpose: [5, 6, 7])
    monkeypatch.setattr(apart, "SeedProcess", begin)
    monkeypatch.setattr(apart.SeedProcesses, "_job", lambda *told, **more: None)
    plan = SimpleNamespace(spec=EnvironmentSpec(name="large", id="CartPole-v1", memory_mb=2048))
    seeds = apart.SeedProcesses(SimpleNamespace(plan=plan), lambda: None, 100, None)

    def train():
        return seeds.train("ppo", None, None, SimpleNamespace(batch=range(3)))

    if shared:
        with pytest.raises(Shared):
            train()
    else:
        assert train() is None
