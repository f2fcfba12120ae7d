"""Which transformations there are, and products of them that depend on the seed, the id and the variant only."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from zhibiao.core.errors import ConfigError
from zhibiao.core.records import AnnotatedText
from zhibiao.data.augment.noise import add_blanks, add_invisible, lose_punctuation, vary_punctuation, vary_width
from zhibiao.data.augment.numbers import swap_numbers
from zhibiao.data.augment.order import shuffle_enumerations, swap_clauses
from zhibiao.data.augment.periods import swap_periods
from zhibiao.data.augment.regions import swap_regions
from zhibiao.data.augment.scripts import add_pinyin, to_traditional

MARK = "augmented"
"""The key of ``meta`` that names the transformations of a product, in their order, with ``+`` between them."""


@dataclass(frozen=True, slots=True)
class Transformation:
    """One way to change an annotated text exactly; ``apply`` gives None where there is nothing to change.

    ``rate`` is how often ``augment`` tries it by itself. Of those with the same ``excludes`` at most one is used.
    """

    name: str
    apply: Callable[[AnnotatedText, random.Random], AnnotatedText | None]
    rate: float
    excludes: str = ""


# In the order in which they are applied: those that need clean text first.
TRANSFORMATIONS: Mapping[str, Transformation] = {
    item.name: item
    for item in (
        Transformation("regions", swap_regions, 0.5),
        Transformation("periods", swap_periods, 0.5),
        Transformation("numbers", swap_numbers, 0.7),
        Transformation("enumerations", shuffle_enumerations, 0.5),
        Transformation("clauses", swap_clauses, 0.5),
        Transformation("lost_punctuation", lose_punctuation, 0.08),
        Transformation("punctuation", vary_punctuation, 0.15),
        Transformation("traditional", to_traditional, 0.06, excludes="script"),
        Transformation("pinyin", add_pinyin, 0.04, excludes="script"),
        Transformation("width", vary_width, 0.15),
        Transformation("blanks", add_blanks, 0.08),
        Transformation("invisible", add_invisible, 0.05),
    )
}


def augment(
    annotated: AnnotatedText, *, seed: int, variant: int = 1, transformations: Sequence[str] | None = None
) -> AnnotatedText | None:
    """One product of ``annotated``, the same for the same seed, id and variant; None if no transformation fits it.

    Its id is the paragraph's with ``~variant``, so that it stays in its document; ``meta["augmented"]`` names what was
    done. By default each transformation is drawn by its rate, and if nothing came of it the others are tried in random
    order; those named in ``transformations`` are all applied, as far as they fit, in the order of TRANSFORMATIONS.

    Raises ConfigError for an unknown name.
    """
    chosen = _chosen(transformations)
    rng = random.Random(f"{seed}/{annotated.id}/{variant}")
    given = transformations is not None
    drawn = [item for item in chosen if given or rng.random() < item.rate]
    product, done = _apply(annotated, drawn, rng, together=given)
    if not done and not given:
        for item in rng.sample(chosen, len(chosen)):
            product, done = _apply(annotated, [item], rng, together=False)
            if done:
                break
    if not done:
        return None
    return replace(product, id=f"{annotated.id}~{variant}", meta={**product.meta, MARK: "+".join(done)})


def augment_all(
    paragraphs: Iterable[AnnotatedText],
    *,
    seed: int,
    per_paragraph: int = 1,
    transformations: Sequence[str] | None = None,
) -> Iterator[AnnotatedText]:
    """``per_paragraph`` different products of each paragraph in turn, fewer where there are no more different ones.

    For training on the fly pass another ``seed`` for each epoch. Raises ConfigError for an unknown name or a negative
    number.
    """
    if per_paragraph < 0:
        raise ConfigError(f"per_paragraph must be 0 or more, got {per_paragraph}")
    for paragraph in paragraphs:
        seen = {paragraph.text}
        for variant in range(1, per_paragraph + 1):
            product = augment(paragraph, seed=seed, variant=variant, transformations=transformations)
            if product is not None and product.text not in seen:
                seen.add(product.text)
                yield product


def _chosen(names: Sequence[str] | None) -> list[Transformation]:
    if names is None:
        return list(TRANSFORMATIONS.values())
    for name in names:
        if name not in TRANSFORMATIONS:
            near = get_close_matches(name, TRANSFORMATIONS, n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise ConfigError(f"unknown transformation {name!r}{hint} Known: {', '.join(TRANSFORMATIONS)}")
    return [item for item in TRANSFORMATIONS.values() if item.name in names]


def _apply(
    annotated: AnnotatedText, items: Iterable[Transformation], rng: random.Random, *, together: bool
) -> tuple[AnnotatedText, list[str]]:
    """The text after those that fit, and their names; those that exclude each other both only if ``together``."""
    done: list[str] = []
    excluded: set[str] = set()
    for item in items:
        if item.excludes and item.excludes in excluded and not together:
            continue
        # A generator of its own, so that what one draws does not change what the others do.
        changed = item.apply(annotated, random.Random(f"{rng.random()}/{item.name}"))
        if changed is not None:
            annotated, done = changed, [*done, item.name]
            excluded.add(item.excludes)
    return annotated, done
