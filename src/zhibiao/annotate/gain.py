"""What there is to gain from annotating a document: records that are probably wrong, for the work of reading it.

    gain = 1000 * ((1 - w) * uncertain + w * disagreed) / (OPENING_CHARS + chars)

``uncertain`` is the sum of 1 - confidence over the records that were found, which for calibrated confidences is the
expected number of wrong ones: the least-confidence measure of uncertainty sampling (Settles 2009, section 3.1),
summed and not averaged, as in the total measures of Settles and Craven (2008). ``disagreed`` is the mean number of
records that one of two systems has and the other has not, (1 - F1) times the mean number of their records: a
committee of two (query by committee, Settles 2009, section 3.2). It also sees the records that the first system missed.
Both count records, so that their weighted mean does too. It is divided by the cost of the work (return on investment,
Haertel et al. 2008), taken as reading ``chars`` characters and opening the task, so that neither long pages nor
fragments always win.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from zhibiao.evaluation.match import multiset_counts, view
from zhibiao.pipeline.extractor import Extraction, System
from zhibiao.pipeline.parts import join_parts

OPENING_CHARS = 200
DISAGREEMENT_WEIGHT = 0.5


@dataclass(frozen=True, slots=True)
class Gain:
    """The parts of the gain of one document.

    ``uncertain`` is in records, ``chars`` counts normalised text without page furniture. ``others`` is the number of
    records of the second system (None: there is none), ``shared`` of those that are the same in both.
    """

    uncertain: float
    records: int
    chars: int
    others: int | None = None
    shared: int = 0

    @property
    def f1(self) -> float | None:
        """F1 between the records of both systems; None without a second one, or if neither found any."""
        total = self.records + (self.others or 0)
        return 2 * self.shared / total if self.others is not None and total else None

    @property
    def disagreed(self) -> float | None:
        """In records: (1 - F1) times the mean number of both systems' records; None without a second system."""
        return None if self.others is None else (self.records + self.others - 2 * self.shared) / 2

    def value(self, weight: float = DISAGREEMENT_WEIGHT) -> float:
        """Expected wrong records per 1,000 characters of work; ``weight`` (0 to 1) is that of the disagreement.

        Without a second system it is the uncertainty alone that counts.
        """
        disagreed = self.disagreed
        wrong = self.uncertain if disagreed is None else (1 - weight) * self.uncertain + weight * disagreed
        return 1000 * wrong / (OPENING_CHARS + self.chars)


def measure_gain(extraction: Extraction, second: System | None) -> Gain:
    """The gain of annotating the document of ``extraction``, with the opinion of ``second`` if there is one."""
    lines = [line.span for line in extraction.lines if line.kind == "text"]
    gain = Gain(
        uncertain=sum(1 - record.confidence for record in extraction.records),
        records=len(extraction.records),
        chars=sum(span.end - span.start for span in lines),
    )
    if second is None:
        return gain
    text = extraction.normalized.text
    found = second.annotate([text[span.start : span.end] for span in lines])
    other = join_parts(list(zip((span.start for span in lines), found, strict=True)))
    ours, theirs = (view(replace(extraction, annotation=a).to_annotated()) for a in (extraction.annotation, other))
    shared, others, _ = multiset_counts(theirs.records, ours.records)
    return replace(gain, others=others, shared=shared)
