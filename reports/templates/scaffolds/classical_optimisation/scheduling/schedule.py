# Case: @TITLE@
"""Check a day's schedule and compare its lateness with a simple rule: python schedule.py tasks.csv

tasks.csv: task, machine, minutes, after (a task or empty), due, started (as it was done). The rule starts what is
due first as soon as machine and predecessor allow. A constraint solver has to beat both.
"""

import csv
import sys
from pathlib import Path


def read(path):
    with Path(path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def faults(tasks, starts):
    """What is broken, a sentence each: overlaps on a machine, a start before the predecessor's end."""
    ends = {name: start + tasks[name]["minutes"] for name, start in starts.items()}
    found = []
    for name, task in tasks.items():
        if task["after"] and starts[name] < ends[task["after"]]:
            found.append(f"{name} starts before {task['after']} ends")
        for other in tasks:
            same = other > name and tasks[other]["machine"] == task["machine"]
            if same and starts[name] < ends[other] and starts[other] < ends[name]:
                found.append(f"{name} and {other} overlap on {task['machine']}")
    return found


def lateness(tasks, starts):
    """Minutes past their due times, added up."""
    return sum(max(0, starts[name] + task["minutes"] - task["due"]) for name, task in tasks.items())


def due_first(tasks):
    """Starts by the rule. Raises ValueError where tasks wait for each other."""
    starts, free = {}, {}
    while len(starts) < len(tasks):
        ready = [n for n, task in tasks.items() if n not in starts and (not task["after"] or task["after"] in starts)]
        if not ready:
            raise ValueError("tasks wait for each other, or for one that is not there")
        name = min(ready, key=lambda each: (tasks[each]["due"], each))
        before = tasks[name]["after"]
        ended = starts[before] + tasks[before]["minutes"] if before else 0
        starts[name] = max(ended, free.get(tasks[name]["machine"], 0))
        free[tasks[name]["machine"]] = starts[name] + tasks[name]["minutes"]
    return starts


def load(path):
    """(tasks by name, starts of that day)."""
    rows = read(path)
    numbers = ("minutes", "due")
    tasks = {row["task"]: {**row, **{name: int(row[name]) for name in numbers}} for row in rows}
    return tasks, {row["task"]: int(row["started"]) for row in rows}


def main(path):
    tasks, done = load(path)
    for name, starts in (("done that day", done), ("due first", due_first(tasks))):
        broken = faults(tasks, starts)
        sys.stdout.write(f"{name}: {lateness(tasks, starts)} minutes late; {'; '.join(broken) or 'nothing broken'}\n")


if __name__ == "__main__":
    main(sys.argv[1])
