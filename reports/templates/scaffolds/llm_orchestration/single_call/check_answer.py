# Case: @TITLE@
"""Reject an answer that does not fit answer_schema.json: python check_answer.py '{"label": "ask", "reason": "no date"}'

Reads the parts of JSON Schema that the drafted schema uses; an answer that is rejected goes to a person, never on.
"""

import json
import sys
from pathlib import Path

SCHEMA = json.loads((Path(__file__).resolve().parent / "answer_schema.json").read_text(encoding="utf-8"))


def faults(text, schema=SCHEMA):
    """What is wrong with the model's answer, a sentence each."""
    try:
        answer = json.loads(text)
    except ValueError:
        return ["no JSON"]
    if not isinstance(answer, dict):
        return ["no object"]
    properties = schema["properties"]
    found = [f"{name} is missing" for name in schema["required"] if name not in answer]
    found += [f"{name} is unknown" for name in answer if name not in properties]
    for name, value in answer.items():
        wanted = properties.get(name, {})
        if "enum" in wanted and value not in wanted["enum"]:
            found.append(f"{name} is none of {wanted['enum']}")
        if wanted.get("type") == "string":
            short, long = wanted.get("minLength", 0), wanted.get("maxLength", 10**6)
            if not isinstance(value, str) or not short <= len(value) <= long:
                found.append(f"{name} is no text of {short} to {long} characters")
    return found


if __name__ == "__main__":
    wrong = faults(sys.argv[1])
    sys.stdout.write("\n".join(wrong or ["fits"]) + "\n")
    sys.exit(bool(wrong))
