"""The same sweep on a real Ray cluster of two nodes on this machine; needs the extra 'ray'."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from scoper.errors import ProbeError
from scoper.services.probing import make_plan
from scoper.services.sweep_engines import over_processes
from scoper.services.sweep_ray import over_ray
from scoper.services.sweeping import Progress, Wishes, sweep
from tests.line_world import LINE

pytest.importorskip("ray")
pytestmark = [pytest.mark.slow, pytest.mark.ray, pytest.mark.filterwarnings("ignore")]

WISHES = Wishes(("q_learning", "sarsa", "reinforce"), (0, 1, 2))


@pytest.fixture
def cluster(monkeypatch):
    """Two nodes of one CPU each; the second one can be taken away."""
    from ray.cluster_utils import Cluster

    monkeypatch.setitem(os.environ, "RAY_USAGE_STATS_ENABLED", "0")
    found = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
    found.second = found.add_node(num_cpus=1)
    found.wait_for_nodes()
    yield found
    found.shutdown()


@pytest.fixture
def plans():
    lengths = (5, 9)
    return [make_plan(LINE.format(length=n), f"line{n}.yaml", ".", budget="quick", learning_steps=400) for n in lengths]


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_twenty_cells_on_two_nodes_are_the_bytes_of_one_process(cluster, plans, tmp_path):
    heard: list[Progress] = []

    table = sweep(plans, WISHES, tmp_path / "ray", over_ray(cluster.address, None), heard.append)
    sweep(plans, WISHES, tmp_path / "home", over_processes(1))

    assert (len(table.cells), table.failed) == (20, 0)
    assert len({progress.where for progress in heard}) == 2
    assert contents(tmp_path / "ray") == contents(tmp_path / "home")


def test_the_loss_of_a_node_costs_no_cell(cluster, plans, tmp_path):
    heard: list[Progress] = []

    def lose_a_node(progress: Progress) -> None:
        heard.append(progress)
        if len(heard) == 3:
            cluster.remove_node(cluster.second, allow_graceful=False)

    table = sweep(plans, WISHES, tmp_path / "ray", over_ray(cluster.address, None), lose_a_node)
    sweep(plans, WISHES, tmp_path / "home", over_processes(1))

    assert (len(heard), table.failed) == (20, 0)
    assert contents(tmp_path / "ray") == contents(tmp_path / "home")


def test_where_no_cluster_answers_it_says_so(plans, tmp_path):
    with pytest.raises(ProbeError, match="no Ray cluster answers"):
        sweep(plans, WISHES, tmp_path, over_ray("auto", None))
