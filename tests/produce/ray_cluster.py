"""Make a set on a Ray cluster of three nodes on this machine, each a process of its own, and kill one of them.

Run as ``python -m tests.produce.ray_cluster [--kill] [--wheel FILE]``; prints one line of JSON. Needs the extra
``ray``. With a wheel, each node installs it for the run, and the line says where Mien was imported from there;
then the cluster has one node.
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import ray
from ray.cluster_utils import Cluster

from mien.produce.executors.ray import RayExecutor
from mien.produce.run import run_set
from tests.produce.sets import begun, hashes, made, write_people

PLAN = {"count": 60, "shard": 6}
NODES = 3
STORE_BYTES = 80_000_000


def main() -> int:
    """Make the set, with or without a kill, and compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kill", action="store_true")
    parser.add_argument("--wheel", type=Path)
    asked = parser.parse_args()
    cluster = Cluster(
        initialize_head=True,
        head_node_args={
            "num_cpus": 1,
            "object_store_memory": STORE_BYTES,
            "include_dashboard": False,
        },
    )
    # Node processes of one machine would install a wheel into the same folder at the same time.
    count = 1 if asked.wheel else NODES
    nodes = [
        cluster.add_node(num_cpus=1, object_store_memory=STORE_BYTES) for _ in range(count - 1)
    ]
    try:
        with TemporaryDirectory() as name:
            place = Path(name)
            (place / "people").mkdir()
            people = write_people(place / "people")
            expected = hashes(made(people, place / "undisturbed", **PLAN))
            folder = begun(people, place / "set", **PLAN)
            if asked.kill:
                threading.Thread(target=_kill_when_begun, args=(cluster, nodes[0], folder)).start()
            start = time.monotonic()
            executor = RayExecutor(count, cluster.address, asked.wheel)
            result = run_set(folder, executor)
            seconds = time.monotonic() - start
            if result.broken or result.busy:
                result = run_set(folder, executor)
            imported = sorted(_imported_from(executor)) if asked.wheel else None
            same = hashes(folder) == expected
    finally:
        ray.shutdown()
        cluster.shutdown()
    line = {
        "nodes": count,
        "killed": int(asked.kill),
        "seconds": round(seconds, 1),
        "same": same,
        "imported": imported,
    }
    print(json.dumps(line | {"broken": len(result.broken)}))
    return int(not same)


def _imported_from(executor: RayExecutor) -> set[str]:
    """Return the files that tasks import Mien from."""

    def where() -> str:
        import mien

        return str(mien.__file__)

    executor._connect(ray)
    task = ray.remote(num_cpus=1)(where)
    return set(ray.get([task.remote() for _ in range(NODES)]))


def _kill_when_begun(cluster: Cluster, node: object, folder: Path) -> None:
    while len(list((folder / "shards").glob("*.json"))) < 2:
        time.sleep(0.1)
    cluster.remove_node(node, allow_graceful=False)


if __name__ == "__main__":
    sys.exit(main())
