from __future__ import annotations

import re
from collections.abc import Mapping

from scoper.domain.dossier import Dossier
from scoper.services.library import load_library
from scoper.services.mdp_templates import load_templates
from scoper.services.report_data import ReportData
from scoper.services.report_mdp import mdp_view
from scoper.services.reporting import render

SPEC = """scoper_mdp: 1
name: One shelf
timestep: 1 day
discount: 0.95
horizon: infinite
state: {stock: {from: 0, to: 20}, season: {values: [low, high]}}
actions: {order: {from: 0, to: 5}}
exogenous: {demand: {values: {0: 0.25, 1: 0.75}}}
next: {stock: "max(0, min(20, stock + order - demand))", season: season}
reward: {sales: "9.0 * min(stock, demand)", holding: "-0.4 * stock"}
objective: {expression: "sales", direction: maximise}
terminated: "stock == 20"
start: {stock: 3, season: low}
"""


def with_spec(dossier: Dossier, text: str) -> Dossier:
    update = {
        "spec_text": text,
        "spec_name": "mdp.yaml",
        "spec_digest": "new",
        "result": None,
        "result_spec_digest": None,
    }
    return dossier.model_copy(update=update)


def rows(dossier: Dossier) -> dict[str, str]:
    view = mdp_view(dossier)
    assert view is not None
    return {row["name"]: row["text"] for row in view["rows"]}


def test_a_spec_is_shown_with_all_its_parts(dossiers: Mapping[str, Dossier]) -> None:
    assert rows(with_spec(dossiers["reinforcement_learning"], SPEC)) == {
        "State: stock": "whole number from 0 to 20",
        "State: season": "one of low, high",
        "Action: order": "whole number from 0 to 5",
        "Chance: demand": "0 with probability 0.25, 1 with probability 0.75",
        "Transition: next stock": "max(0, min(20, stock + order - demand))",
        "Transition: next season": "season",
        "Reward: sales": "9.0 * min(stock, demand)",
        "Reward: holding": "-0.4 * stock",
        "Objective": "maximise sales",
        "Discount": "0.95",
        "Horizon": "infinite",
        "Timestep": "1 day",
        "Terminated when": "stock == 20",
        "Start": "stock = 3, season = low",
    }


def test_a_draft_is_shown_with_its_open_places_marked(dossiers: Mapping[str, Dossier], data: ReportData) -> None:
    draft = SPEC.replace("9.0 *", "TODO *").replace("{0: 0.25, 1: 0.75}", "TODO")
    dossier = with_spec(dossiers["reinforcement_learning"], draft)
    shown = rows(dossier)
    assert shown["Reward: sales"] == "(to be filled in) * min(stock, demand)"
    assert shown["Chance: demand"] == "values: (to be filled in)"
    assert shown["Discount"] == "0.95"
    assert "A draft: what is marked to be filled in" in render(dossier, "md", data=data)


def test_an_open_value_is_not_told_as_a_fact(dossiers: Mapping[str, Dossier], data: ReportData) -> None:
    draft = SPEC.replace("timestep: 1 day", "timestep: TODO").replace("name: One shelf", "name: TODO")
    text = render(with_spec(dossiers["reinforcement_learning"], draft), "md", data=data)
    assert re.search(r"\| Timestep \| \\?\(to be filled in\\?\) \|", text)
    assert "TODO" not in text


def test_an_empty_frame_shows_none_of_its_placeholder_names(dossiers: Mapping[str, Dossier], data: ReportData) -> None:
    frame = load_templates(load_library())["skeleton"].spec
    text = render(with_spec(dossiers["reinforcement_learning"], frame), "md", data=data)
    assert "The drafted spec is an empty frame as yet." in text
    assert "As specified" not in text
    assert "TODO" not in text
    named = frame.replace("effort", "heat").replace("level", "charge")
    assert "| State: charge |" in render(with_spec(dossiers["reinforcement_learning"], named), "md", data=data)


def test_what_is_no_spec_shows_no_mdp(dossiers: Mapping[str, Dossier]) -> None:
    for text in (
        "just words",
        "[1, 2]",
        "a: [",
        "scoper_mdp: 1\nname: n\nenvironment: {id: CartPole-v1}\ndiscount: 0.9\n",
    ):
        assert mdp_view(with_spec(dossiers["reinforcement_learning"], text)) is None


def test_an_environment_is_shown_as_the_probe_saw_it(dossiers: Mapping[str, Dossier]) -> None:
    view = mdp_view(dossiers["reinforcement_learning"])
    assert view is not None
    assert view["sizes"] == [{"n": 231, "name": "states"}]
    assert {row["name"]: row["text"] for row in view["rows"]}["Horizon"] == "infinite"


def test_what_a_stale_probe_saw_is_not_shown(dossiers: Mapping[str, Dossier]) -> None:
    assert mdp_view(dossiers["reinforcement_learning"].model_copy(update={"spec_digest": "new"})) is None


def test_constants_files_conditions_and_what_is_seen_are_shown_too(dossiers: Mapping[str, Dossier]) -> None:
    text = SPEC.replace("{values: {0: 0.25, 1: 0.75}}", "{empirical: {csv: demand.csv, column: units}}")
    text = text.replace('"9.0 * min(stock, demand)"', '"price[season] * min(stock, demand) + way[0, order] * rate"')
    text = text.replace("{stock: 3, season: low}", "[{stock: 3, season: low}, {stock: 4, season: high}]")
    text += "tables: {price: {low: 8, high: 9.5}, way: [[0, 1, 2, 3, 4, 5]], rate: 2}\n"
    text += 'observation: {stock: stock, cold: "season == low"}\ninvariants: ["stock >= 0", "next_stock <= 20"]\n'
    found = rows(with_spec(dossiers["reinforcement_learning"], text))

    assert found["Chance: demand"] == "empirical: column units of demand.csv"
    assert found["Constant: price"] == "low: 8, high: 9.5"
    assert found["Constant: way"] == "a table of 1 by 6 numbers"
    assert found["Constant: rate"] == "2"
    assert found["Observed"] == "stock, cold = season == low"
    assert found["Must hold"] == "stock >= 0; next_stock <= 20"
    assert found["Start"] == "one of 2 given states"
