"""Whose war is an item about? Signs of countries, weighed around a mention.

«Жёны мобилизованных» are Russian in one item and Ukrainian in the next; the signs around them decide. A sign counts once for the item, and
again where it stands close to the mention. Not here: the signs themselves (``watchlist.toml``, countries).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from feeds.evaluate import Span
from feeds.reading import Reading
from feeds.watchlist import Country
from storage.records import Sentence, sentence

# Tuned on the two tuning parts of tests/samples/labelled; the third part and the real cases were kept out.
STRONG, PLAIN = 3.0, 1.0
_IN_TITLE = 1.5
_CLOSE_BY = 2.0
_CLOSE = 4  # words between a sign and a mention in one sentence


@dataclass(frozen=True, slots=True)
class Sign:
    """Words at tokens ``span`` that speak for ``country`` with ``weight``."""

    country: str
    alias: str
    weight: float
    span: Span


class Scales:
    """The signs of one item, ready to be weighed around its mentions."""

    def __init__(self, countries: Sequence[Country], signs: Sequence[Sign], reading: Reading, language: str) -> None:
        self._names = {country.id: country.name for country in countries}
        self._reading = reading
        self._signs = sorted(_outermost(signs), key=lambda sign: sign.span)
        self._starts = [sign.span[0] for sign in self._signs]
        self._prior = {country.id: country.prior[language] for country in countries}
        self._base = dict(self._prior)
        counted: dict[tuple[str, str], float] = {}
        for sign in self._signs:
            weight = sign.weight * (_IN_TITLE if sign.span[0] < reading.boundary else 1)
            key = sign.country, sign.alias
            counted[key] = max(weight, counted.get(key, 0))
        for (country, _), weight in counted.items():
            self._base[country] += weight

    def around(self, span: Span) -> dict[str, float]:
        """The weight of each country for a mention at ``span``."""
        weights = dict(self._base)
        for sign in self._close(span):
            weights[sign.country] += sign.weight * _CLOSE_BY
        return weights

    def objection(self, country: str, span: Span, *, named: bool = False, certain: bool = False, assumed: bool = False) -> Sentence | None:
        """Why a mention at ``span`` isn't about ``country``; None where it is.

        ``named``: a name, which only signs can speak against; ``certain``: one that is a strong sign of the country itself; ``assumed``:
        it is about ``country`` where the item has no sign of any.
        """
        weights = self.around(span)
        weights[country] += STRONG * certain
        if named or certain:
            weights = {other: weight - self._prior[other] * (other != country) for other, weight in weights.items()}
        heaviest = max(weights, key=lambda other: (weights[other], other == country))
        if heaviest != country:
            signs = ", ".join(self.signs(heaviest))
            if signs:
                return sentence("it is about {country}: {signs}", country=self._names[heaviest], signs=signs)
            return sentence("it is about {country}, by its language", country=self._names[heaviest])
        if named or certain or weights[country] > 0 or (assumed and not self._signs):
            return None
        return sentence("nothing says that it is about {country}", country=self._names[country])

    def reason(self, country: str) -> Sentence | None:
        """What says that the item is about ``country``; None where only its language does."""
        signs = ", ".join(self.signs(country))
        return sentence("signs of {country}: {signs}", country=self._names[country], signs=signs) if signs else None

    def signs(self, country: str) -> list[str]:
        """The different words that speak for ``country``."""
        return list(dict.fromkeys(sign.alias.removeprefix("=") for sign in self._signs if sign.country == country))

    def _close(self, span: Span) -> list[Sign]:
        reach = slice(bisect_left(self._starts, span[0] - _CLOSE - 3), bisect_left(self._starts, span[1] + _CLOSE + 1))
        sentence = self._reading.sentence(span[0])
        return [
            sign
            for sign in self._signs[reach]
            if max(span[0] - sign.span[1], sign.span[0] - span[1]) <= _CLOSE and self._reading.sentence(sign.span[0]) == sentence
        ]


def _outermost(signs: Sequence[Sign]) -> list[Sign]:
    """The signs that don't stand inside a longer one: “Russian captivity” isn't a sign of Russia."""
    kept: list[Sign] = []
    for sign in sorted(signs, key=lambda sign: (sign.span[0], -sign.span[1], -sign.weight)):
        same = [other for other in kept[-3:] if other.span == sign.span]
        if any(other.country == sign.country for other in same):
            continue  # «українці» are the plural of two words, and one sign
        if not kept or same or sign.span[1] > kept[-1].span[1]:
            kept.append(sign)
    return kept
