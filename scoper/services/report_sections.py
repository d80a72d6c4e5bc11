"""The whole view of a dossier: one name per section of the report."""

from __future__ import annotations

from typing import Any

from scoper.domain.dossier import Dossier
from scoper.services import (
    report_adr,
    report_audit,
    report_checks,
    report_compare,
    report_how,
    report_joined,
    report_mdp,
    report_plan,
    report_precedents,
    report_probe,
    report_project,
    report_reasons,
    report_reward,
    report_view,
)
from scoper.services.report_certificates import certificates_view
from scoper.services.report_data import ReportData


def whole_view(dossier: Dossier, data: ReportData) -> dict[str, Any]:
    """Everything the templates may print; every text in it is raw and needs a filter."""
    return {
        "title": dossier.case.title,
        "summary": dossier.case.summary.strip(),
        "project": report_project.project_view(dossier, data),
        "verdict": report_view.verdict_view(dossier, data),
        "wrong": report_compare.wrong_view(dossier, data),
        "compare": report_compare.comparison_view(dossier, data),
        "how": report_how.approach_view(dossier, data),
        "table": report_view.table_view(dossier, data),
        "why": report_reasons.reasons_view(dossier, data),
        "why_not": report_reasons.why_not_view(dossier, data),
        "around": report_reasons.around_view(dossier, data),
        "precedents": report_precedents.precedents_view(dossier, data),
        "open": report_reasons.unknowns_view(dossier, data),
        "families": report_view.family_view(dossier, data),
        "idle_families": report_view.idle_families(dossier, data),
        "exact": report_probe.exact_view(dossier, data),
        "rule": report_probe.rule_view(dossier),
        "near": report_probe.near_view(dossier),
        "mdp": report_mdp.mdp_view(dossier),
        "probe": report_probe.probe_view(dossier, data),
        "joined": report_joined.joined_view(dossier, data),
        "audit": report_audit.audit_view(dossier, data),
        "checks": report_checks.checks_view(dossier, data),
        "differing": report_joined.otherwise_view(dossier, data),
        "findings": report_probe.findings_view(dossier, data),
        "certificates": certificates_view(dossier),
        "record": report_reward.record_view(dossier, data),
        "risks": report_plan.risks_view(dossier, data),
        "plan": report_plan.plan_view(dossier, data),
        "adr": report_adr.adr_view(dossier, data),
        "answers": report_reasons.answers_view(dossier, data),
        "terms": report_plan.terms_view(dossier, data),
        "provenance": report_plan.provenance_view(dossier),
    }
