"""Evaluate an exported DMN file with engines that know nothing of scoper; run by dmn_roundtrip.py in its own venv.

Usage: python dmn_engines.py ENGINE FILE.dmn VECTORS.json   prints one JSON list of {"technique": ..., "family": ...}.
"""

from __future__ import annotations

import functools
import json
import sys
import types
from pathlib import Path
from xml.etree import ElementTree

NS = {"dmn": "https://www.omg.org/spec/DMN/20191111/MODEL/"}


def with_pydmnrules(path: str, vectors: list[dict[str, str]]) -> list[dict[str, str]]:
    """pyDMNrules reads the whole file and follows its information requirements by itself."""
    import pyDMNrules

    engine = pyDMNrules.DMN()
    status = engine.loadXML(path)
    if "errors" in status:
        raise SystemExit(str(status["errors"]))
    asked = {e.get("name") for e in ElementTree.parse(path).getroot().findall("dmn:inputData", NS)}
    found = []
    for vector in vectors:
        status, result = engine.decide({name: value for name, value in vector.items() if name in asked})
        if "errors" in status:
            raise SystemExit(str(status["errors"]))
        found.append((result[-1] if isinstance(result, list) else result)["Result"])
    return found


def ordered(root: ElementTree.Element) -> list[ElementTree.Element]:
    """The decisions, each after those it requires."""
    left = {decision.get("id"): decision for decision in root.findall("dmn:decision", NS)}
    done: list[ElementTree.Element] = []
    while left:
        for name, decision in list(left.items()):
            hrefs = (e.get("href", "")[1:] for e in decision.findall(".//dmn:requiredDecision", NS))
            if not any(href in left for href in hrefs):
                done.append(left.pop(name))
    return done


def with_spiff(path: str, vectors: list[dict[str, str]]) -> list[dict[str, str]]:
    """SpiffWorkflow takes one decision a file; they are called one after another with its Python script engine."""
    from lxml import etree
    from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
    from SpiffWorkflow.dmn.engine.DMNEngine import DMNEngine
    from SpiffWorkflow.dmn.parser.DMNParser import DMNParser

    class Scripts(PythonScriptEngine):
        def validate(self, script: str) -> object:
            return compiled(script)

    @functools.cache
    def compiled(script: str) -> object:
        return compile(script.strip(), "<cell>", "eval")

    tables = []
    for decision in ordered(ElementTree.parse(path).getroot()):
        for entry in decision.findall(".//dmn:inputEntry/dmn:text", NS):
            if entry.text != "-":  # FEEL's list of values in the Python that this engine speaks
                entry.text = f"? in ({entry.text},)"
        alone = ElementTree.Element(f"{{{NS['dmn']}}}definitions", {"id": "one", "name": "one"})
        alone.append(decision)
        node = etree.fromstring(ElementTree.tostring(alone))
        parser = DMNParser(None, node, NS)
        parser.parse()
        tables.append(DMNEngine(parser.decision.decisionTables[0]))
    found = []
    for vector in vectors:
        workflow = types.SimpleNamespace(script_engine=Scripts())
        task = types.SimpleNamespace(data=dict(vector), workflow=workflow)
        for table in tables:
            task.data.update(table.result(task))
        found.append(task.data)
    return found


def with_bkflow(path: str, vectors: list[dict[str, str]]) -> list[dict[str, str]]:
    """bkflow-dmn takes one table as values and evaluates its FEEL cells; strict UNIQUE is its own check."""
    import bkflow_dmn.data_model as engine
    from bkflow_feel import parser, transformer

    @functools.cache
    def parsed(expression: str) -> object:
        return transformer.transform(parser.parse(expression))

    engine.parse_expression = lambda expression, facts: parsed(expression).evaluate(facts)
    tables = []
    for decision in ordered(ElementTree.parse(path).getroot()):
        rules = decision.findall(".//dmn:rule", NS)
        inputs = [e.text for e in decision.findall(".//dmn:inputExpression/dmn:text", NS)]
        cells = [[e.text.replace("-", "") if e.text == "-" else e.text for e in entries(rule)] for rule in rules]
        said = [[rule.find("dmn:outputEntry/dmn:text", NS).text] for rule in rules]
        tables.append(
            engine.SingleDecisionTable(
                title=decision.get("name"),
                hit_policy="Unique",
                inputs={"cols": [{"id": name} for name in inputs], "rows": cells},
                outputs={"cols": [{"id": decision.get("name")}], "rows": said},
            )
        )
    found = []
    for vector in vectors:
        facts = dict(vector)
        for table in tables:
            facts.update(table.decide(facts)[0])
        found.append(facts)
    return found


def entries(rule: ElementTree.Element) -> list[ElementTree.Element]:
    """The texts of a rule's input entries."""
    return rule.findall("dmn:inputEntry/dmn:text", NS)


ENGINES = {"pydmnrules": with_pydmnrules, "SpiffWorkflow": with_spiff, "bkflow-dmn": with_bkflow}

if __name__ == "__main__":
    name, file, vectors_file = sys.argv[1:]
    answers = json.loads(Path(vectors_file).read_text(encoding="utf-8"))
    results = ENGINES[name](file, answers)
    print(json.dumps([{"technique": r["technique"], "family": r["family"]} for r in results]))
