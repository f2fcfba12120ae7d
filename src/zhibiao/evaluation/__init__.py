"""Matching, metrics and reports; equals the reference scorer of the guideline."""

from zhibiao.evaluation.report import Report
from zhibiao.evaluation.scoring import evaluate

__all__ = ["Report", "evaluate"]
