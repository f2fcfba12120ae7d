"""What each figure of the report means, in the words that are printed beside it."""

DEFINITIONS = {
    "spans": "a span is right if start, end and label are equal",
    "relations": (
        "a relation is right if the offsets of VALUE and tail and the type are equal; the tail's label does not count"
    ),
    "records": "a record is right if its VALUE, all its relations and its four attributes are equal",
    "attributes": "share of equal values over the VALUEs found with exact boundaries and with attributes on both sides",
    "attributes_of_gold": "share of equal values over all gold VALUEs with attributes; one that was not found is wrong",
    "characters": "shared characters of spans of the same label over the predicted (P) and gold (R) characters",
    "partial_spans": (
        "each gold span paired with at most one predicted span of the same label that shares a character with it, "
        "as many pairs as possible; a pair counts 1"
    ),
    "partial_relations": (
        "each gold relation paired with at most one predicted relation of the same type whose VALUE and tail both "
        "share a character with its own, as many pairs as possible; a pair counts 1"
    ),
    "facts": (
        "a fact is (value, unit, indicator, region, year, baseline) of surfaces, folded with NFKC and without white "
        "space; it is right if all six are equal; each is paired once per document (the part of the id before #)"
    ),
    "value": "facts cut to the value",
    "value+unit+indicator": "facts cut to value, unit and indicator",
    "value+unit+indicator+region": "facts cut to value, unit, indicator and region",
}

CONVENTIONS = (
    "P, R and F1 are micro-averaged: counts are summed over the file first. P = tp / predicted, R = tp / gold, "
    "F1 = 2PR / (P + R); each is 0 where its denominator is 0 (nothing predicted, nothing in the gold).",
    "A paragraph without a prediction counts as predicted empty; predicted ids that the gold lacks are left out.",
    "Intervals are 95% percentile bootstrap intervals of F1 (of the share, for attributes): paragraphs are drawn with "
    "replacement, documents for facts. Paragraphs of one document are taken as independent, which makes the intervals "
    "slightly narrow. No interval is given for fewer than two paragraphs (documents), or where gold and prediction are "
    "both empty.",
)
