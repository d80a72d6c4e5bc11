"""The JSON Schema of a spec file, both forms, from the lists that its reader goes by.

Names, words and expressions depend on the rest of a spec and are left to the reader; so are sums of probabilities and
empty ranges. A TODO where a number belongs is refused here as it is there: it is still to be filled in.
"""

from __future__ import annotations

from collections.abc import Mapping

from scoper.domain.mdp import SPEC_FORMAT
from scoper.services.schema_parts import (
    MAYBE_TEXT,
    NUMBER,
    TEXT,
    Schema,
    closed,
    document,
    listed,
    mapping,
    reference,
    told,
    words,
)
from scoper.services.spec_environment import ENTRY_POINT, ENVIRONMENT_KEYS
from scoper.services.spec_format import FARTHEST, NAME
from scoper.services.spec_laws import ENDLESS, LAWS
from scoper.services.spec_objective import MOST_ACTIONS, MOST_SEED, SUCCESS_AT
from scoper.services.spec_variables import MAX_POINTS
from scoper.services.specs import DECLARATIVE_KEYS, NEEDED

_NAME = f"^{NAME.pattern}$"
_AMOUNT: Schema = {"type": "number", "minimum": -FARTHEST, "maximum": FARTHEST}
_WHOLE: Schema = {"type": "integer", "minimum": -FARTHEST, "maximum": FARTHEST}
_SHARE: Schema = {"type": "number", "minimum": 0, "maximum": 1}
_FAR = 1e9
_EXPRESSION = reference("expression")
_DIRECTION: Schema = words(("maximise", "minimise"))


def spec_schema() -> Schema:
    """The schema of mdp.yaml: declarative, or pointing at an environment when it has the key `environment`."""
    return document(
        "scoper MDP spec",
        "What the decision process is, for scoper: `scoper solve FILE`, `scoper probe FILE`.",
        {
            "type": "object",
            "if": {"required": ["environment"]},
            "then": closed(_picked(_environment_keys(), ENVIRONMENT_KEYS), ["scoper_mdp", "name"]),
            "else": closed(_picked(_declarative_keys(), DECLARATIVE_KEYS), NEEDED),
            "definitions": _definitions(),
        },
    )


def _picked(known: Mapping[str, Schema], keys: tuple[str, ...]) -> dict[str, Schema]:
    return {key: known.get(key, {}) for key in keys}


def _heading() -> dict[str, Schema]:
    return {
        "scoper_mdp": {"const": SPEC_FORMAT, "description": "The format of this file."},
        "name": told(TEXT, "What people call the problem."),
        "summary": told(TEXT, "The problem in a sentence or two."),
        "timestep": told(TEXT, "What one timestep is, such as 1 day."),
        "discount": told(_SHARE, "Worth now of one unit of reward a timestep later, within 0 and 1."),
    }


def _declarative_keys() -> dict[str, Schema]:
    whole_or_endless = [{"type": "integer", "minimum": 1, "maximum": 1e9}, {"const": "infinite"}]
    rules = mapping(_EXPRESSION)
    terms = mapping(_EXPRESSION, least=1, names=_NAME)
    start = [mapping({"anyOf": [reference("scalar"), {"type": "object", "minProperties": 1}]})]
    start.append(listed(mapping(reference("scalar")), least=1))
    seen = [listed({"type": "string"}, least=1), mapping(_EXPRESSION, least=1, names=_NAME)]
    return {
        **_heading(),
        "horizon": {"anyOf": whole_or_endless, "description": "Timesteps until truncation, or infinite."},
        "state": mapping(reference("variable"), least=1, names=_NAME, description="State variables."),
        "actions": mapping(reference("variable"), least=1, names=_NAME, description="What is decided."),
        "exogenous": mapping(reference("law"), names=_NAME, description="Chance: what nobody decides, one law each."),
        "next": told(rules, "The state after the step, an expression for every state variable."),
        "reward": {"anyOf": [_EXPRESSION, terms], "description": "Named terms, summed."},
        "objective": reference("objective"),
        "terminated": told(_EXPRESSION, "When the state ends the episode."),
        "start": {"anyOf": start, "description": "A value or a law for every state variable, or a list of states."},
        "available": told(_EXPRESSION, "Which actions there are in a state."),
        "bounds": told(words(("hold", "strict")), "hold: what leaves a range stays at its end; strict: a problem."),
        "invariants": listed(_EXPRESSION, description="What always holds."),
        "observation": {"anyOf": seen, "description": "What the policy sees."},
        "tables": mapping(reference("table"), names=_NAME, description="Constants that expressions look up."),
        "units": mapping(TEXT, description="The unit of a variable, reward term or table."),
        "baselines": mapping(rules, names=_NAME, description="Policies: an expression for every action variable."),
    }


def _environment_keys() -> dict[str, Schema]:
    where = closed(
        {
            "id": told(TEXT, "The id of a registered environment, such as FrozenLake-v1."),
            "entry_point": {"type": "string", "pattern": f"^{ENTRY_POINT.pattern}$", "description": "module:Class"},
            "path": told(TEXT, "Folder that is put on the import path of the child process."),
            "kwargs": {"type": "object", "description": "Arguments of the environment."},
        },
        oneOf=[{"required": ["id"]}, {"required": ["entry_point"]}],
        dependencies={"path": ["entry_point"]},
    )
    limits = closed(
        {
            "seconds_per_step": {"type": "number", "minimum": 1e-6, "maximum": 1e6},
            "memory_mb": {"type": "integer", "minimum": 64, "maximum": 1e7},
        }
    )
    return {
        **_heading(),
        "environment": told(where, "The Gymnasium environment."),
        "objective": reference("measured"),
        "idle_action": {"anyOf": [NUMBER, listed(NUMBER, least=1)], "description": "The action that does nothing."},
        "limits": limits,
    }


def _definitions() -> dict[str, Schema]:
    return {
        "expression": {"type": ["string", "number", "boolean"]},
        "scalar": {"type": ["string", "number"]},
        "variable": _variable(),
        "law": _law(),
        "table": _table(),
        "objective": {"anyOf": [{"type": ["string", "number", "boolean"]}, _objective("expression")]},
        "measured": _objective("info"),
        "trajectory": _trajectory(),
    }


def _variable() -> Schema:
    forms = [
        closed({"from": _WHOLE, "to": _WHOLE}, ["from", "to"], description="Whole numbers."),
        closed({"values": listed(reference("scalar"), least=1)}, ["values"], description="Words or numbers."),
        closed(
            {"low": _AMOUNT, "high": _AMOUNT, "points": {"type": "integer", "minimum": 2, "maximum": MAX_POINTS}},
            ["low", "high"],
            description="Real numbers; points puts that many values in the place of the interval.",
        ),
    ]
    return {"anyOf": forms}


def _law() -> Schema:
    weighted = mapping(_SHARE, least=1)
    weighted["propertyNames"] = {"pattern": r"^[-+]?[0-9.]"}
    amounts = listed(_AMOUNT, least=1)
    column = closed({"csv": TEXT, "column": TEXT}, ["csv", "column"])
    ends: Schema = {"type": "number", "minimum": -_FAR, "maximum": _FAR}
    whole_ends: Schema = {**ends, "type": "integer"}
    middles: Schema = {"type": "integer", "minimum": 1}
    between = closed({"low": ends, "high": ends, "points": middles}, ["low", "high"])
    poisson: Schema = {"type": "number", "minimum": 0, "maximum": 1e6}
    geometric: Schema = {"type": "number", "minimum": 1e-6, "maximum": 1}
    laws: dict[str, Schema] = {
        "values": weighted,
        "poisson": {"anyOf": [poisson, closed({"mean": poisson}, ["mean"])]},
        "binomial": closed({"n": {"type": "integer", "minimum": 0, "maximum": 1e6}, "p": _SHARE}, ["n", "p"]),
        "geometric": {"anyOf": [geometric, closed({"p": geometric}, ["p"])]},
        "uniform": {"anyOf": [closed({"from": whole_ends, "to": whole_ends}, ["from", "to"]), between]},
        "normal": closed(
            {
                "mean": ends,
                "sd": {"type": "number", "minimum": 1e-6, "maximum": 1e6},
                "step": {"type": "number", "minimum": 1e-6, "maximum": _FAR},
            },
            ["mean", "sd"],
        ),
        "empirical": {"anyOf": [amounts, closed({"values": amounts}, ["values"]), column]},
    }
    shown = {name: told(laws[name], example) for name, example in LAWS.items()}
    shown["truncate"] = {"type": "number", "minimum": 1e-15, "maximum": 0.1, "description": "Probability to cut off."}
    exactly_one = [{"required": [name]} for name in LAWS]
    endless = {"anyOf": [{"required": [name]} for name in ENDLESS]}
    return closed(shown, oneOf=exactly_one, dependencies={"truncate": endless})


def _table() -> Schema:
    inner: Schema = NUMBER
    for _ in range(3):
        inner = {"anyOf": [NUMBER, listed(inner, least=1), mapping(inner, least=1)]}
    return inner


def _objective(source: str) -> Schema:
    """What the owner wants: a number from an expression, or from a key of step's info, and what else is said."""
    of = _EXPRESSION if source == "expression" else TEXT
    success = [{"type": ["string", "number", "boolean"]}, closed({source: of, "at": words(SUCCESS_AT)}, [source])]
    statement = closed({"more_of": TEXT, "less_of": TEXT}, minProperties=1, maxProperties=1)
    answer: Schema = {"enum": ["yes", "no", True, False, "true", "false"]}
    verified = [answer, closed({"answer": answer, "by": TEXT, "note": TEXT, "shown": TEXT}, ["answer"])]
    keys: dict[str, Schema] = {
        source: of,
        "direction": _DIRECTION,
        **({"at": words(("sum", "end"))} if source == "info" else {}),
        "success": {"anyOf": success},
        "preferred": listed(reference("trajectory"), least=1),
        "undesired": listed(reference("trajectory"), least=1),
        "monotone": listed(statement, least=1),
        "verified": {"anyOf": verified},
    }
    told_by = [source, "success", "preferred", "undesired", "monotone", "verified"]
    return closed(keys, anyOf=[{"required": [key]} for key in told_by], description="What the owner wants.")


def _trajectory() -> Schema:
    move: Schema = {"type": ["number", "string", "array", "object"]}
    return closed(
        {
            "seed": {"type": "integer", "minimum": 0, "maximum": MOST_SEED},
            "actions": {**listed(move, least=1), "maxItems": MOST_ACTIONS},
            "rule": TEXT,
            "note": MAYBE_TEXT,
        },
        oneOf=[{"required": ["actions"]}, {"required": ["rule"]}],
    )
