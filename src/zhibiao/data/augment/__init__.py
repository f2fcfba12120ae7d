"""Augmentation: exact, seeded transformations of annotated text."""

from zhibiao.data.augment.augmenter import TRANSFORMATIONS, Transformation, augment, augment_all

__all__ = ["TRANSFORMATIONS", "Transformation", "augment", "augment_all"]
