"""Textbook problems: a few activities, their coefficients, limits, shares and ratios, told in sentences."""

from formulate.offline.textbook.recogniser import TextbookRecogniser

__all__ = ["TextbookRecogniser"]
