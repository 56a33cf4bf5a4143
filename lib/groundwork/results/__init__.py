"""Tables, sentences and documents from an outcome: what a page, a file or another program reads. Nothing is decided here."""

from groundwork.results.documents import band_of, number, payback_month, run_document, run_id, spread_of, strategy_document
from groundwork.results.verdicts import TIE_USD, sentence, verdict
from groundwork.results.words import money, signed_money

__all__ = [
    "TIE_USD",
    "band_of",
    "money",
    "number",
    "payback_month",
    "run_document",
    "run_id",
    "sentence",
    "signed_money",
    "spread_of",
    "strategy_document",
    "verdict",
]
