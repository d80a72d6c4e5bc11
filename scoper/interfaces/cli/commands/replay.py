"""`scoper replay FILE [SPEC]`: the certificates of a probe, run again."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Sequence
from pathlib import Path

import click

from scoper.domain.certificates import CertificateCheck
from scoper.domain.probe import ReplayPlan
from scoper.interfaces import console
from scoper.interfaces.cli.options import Common, common_options
from scoper.interfaces.cli.targets import consent, spec_of
from scoper.services.replaying import Recorded

_WIDTH = 100
_EXACT = (
    "Only what shows a defective or infeasible verdict is run again; the certificates of an exact solution are error "
    "bounds of the solver, which `scoper probe SPEC` works out anew."
)

PLACE = ("report", 3)


@click.command(
    "replay",
    short_help="Run the certificates of a report again: do they hold?",
    epilog="Example: scoper replay report.md mdp.yaml",
)
@click.argument("file", type=click.Path())
@click.argument("spec", metavar="[SPEC|ENV_ID]", required=False)
@common_options
def command(common: Common, file: str, spec: str | None) -> int:
    """Check what a defective or infeasible verdict rests on: follow its episodes again, work its proof out again.

    FILE is a report (Markdown or HTML), a result.json or a dossier.json. SPEC is the spec that was probed; without it
    one beside FILE with the same digest. The error bounds of an exact solution are not run again: `scoper probe SPEC`
    works them out anew. Totals must come out as recorded and show what is claimed. Exit code 1 when a
    certificate does not hold. Code that a spec names runs only with your consent (--trust), in a process of its own.
    """
    from scoper.services import replaying
    from scoper.services.specs import spec_digest

    recorded = replaying.read_certificates(Path(file))
    if not recorded.certificates:
        return _told(recorded, (), common, changed=False)
    given = spec_of(spec, (), 0.99) if spec is not None else replaying.spec_for(recorded, Path(file))
    changed = spec_digest(given[0], given[2]) != recorded.digest
    if changed:
        console.say(f"{given[1]}: the spec is another one than was probed, or was changed since")
    plan = replaying.plan_of(given, ReplayPlan(certificates=recorded.certificates))
    plan = plan.model_copy(update={"trust": common.trust or consent(plan, common)})
    checks, _ = replaying.replayed(plan)
    return _told(recorded, checks, common, changed=changed)


def _told(recorded: Recorded, checks: Sequence[CertificateCheck], common: Common, *, changed: bool) -> int:
    from scoper.services.replaying import document

    holds = all(check.holds for check in checks)
    if common.json:
        console.data(json.dumps(document(recorded, checks, changed=changed), ensure_ascii=False))
    elif not checks:
        verdict = f"the verdict '{recorded.verdict.replace('_', ' ')}' has none" if recorded.verdict else "it has none"
        why = f" {recorded.why_none[:1].upper()}{recorded.why_none[1:]}." if recorded.why_none else f" {_EXACT}"
        console.data("\n".join(textwrap.wrap(f"No certificates to run again: {verdict}.{why}", _WIDTH)))
    else:
        console.data("\n".join(line for check in checks for line in _lines(check)))
    return 0 if holds else 1


def _lines(check: CertificateCheck) -> list[str]:
    head = f"{'yes' if check.holds else 'NO '}  {check.claim}"
    lines = textwrap.wrap(head, _WIDTH, subsequent_indent="     ")
    return [*lines, *textwrap.wrap(check.because, _WIDTH, initial_indent="     ", subsequent_indent="     ")]
