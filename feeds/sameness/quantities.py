"""Numbers, ordinals and dates that an article's title and lead give: accounts of one event don't disagree on them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from storage.folding import plain_words

_NUMBER = re.compile(r"(?<![\w.,])\d{1,3}(?:[ \u00a0,.]\d{3})+(?!\d)|(?<!\w)\d+")
_ORDINAL = re.compile(r"\b(\d{1,4})(?:st|nd|rd|th|-(?:й|я|е|го|му|м|ю|ю|х|ый|ий|ая|ое|го|та|те|ша|ше|га|ге|тя|тє|ої|у))\b")
_DAY = re.compile(r"\b(?:day|день|доба)(?: [^\W\d_]+){0,3} (\d{1,4})\b|\b(\d{1,4})(?:-й|-а|-та|th|st|nd|rd)? (?:день|доба|day)\b")
_MONTHS = (
    "jan янв січ", "feb фев лют", "mar мар бер", "apr апр кві", "may май мая мае мую тра", "jun июн чер", "jul июл лип", "aug авг сер",
    "sep сен вер", "oct окт жов", "nov ноя лис", "dec дек гру",
)  # fmt: skip
_MONTH_OF = {beginning: number for number, names in enumerate(_MONTHS, start=1) for beginning in names.split()}
_SMALL_NUMBER = re.compile(r"(?<!\w)(\d{1,2})(?:st|nd|rd|th)?(?!\w)")
_WORD_AFTER = re.compile(r" (?:of )?([^\W\d_]{3,10})\b")
_MONTH_WORD = re.compile(
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
    "|январ[яьюе]|феврал[яьюе]|март[ауе]?|апрел[яьюе]|ма[йяюе]|июн[яьюе]|июл[яьюе]|август[ауе]?|(?:сентябр|октябр|ноябр|декабр)[яьюе]"
    "|січ(?:ень|ня|ні)|лют(?:ий|ого|ому)|берез(?:ень|ня|ні)|квіт(?:ень|ня|ні)|трав(?:ень|ня|ні)|черв(?:ень|ня|ні)|лип(?:ень|ня|ні)"
    "|серп(?:ень|ня|ні)|верес(?:ень|ня|ні)|жовт(?:ень|ня|ні)|листопада?|листопаді|груд(?:ень|ня|ні)"
)
_DIGIT = re.compile(r"\d")
_ORDINAL_WORDS = (
    "first первый первая первое первого первой первую первом первым первому перший перша перше першого першої першу першому першим першій",
    "second второй вторая второе второго вторую втором вторым второму другий друге другої",
    "third третий третья третье третьего третьей третью третьем третьему третій третя третє третього третьої третю третьому",
    "fourth четвертый четвертая четвертое четвертого четвертую четвертом четвертий четверта четверте четвертого четвертої четверту",
    "fifth пятый пятая пятое пятого пятую пятом п'ятий п'ята п'яте п'ятого п'ятої п'яту",
    "sixth шестой шестая шестое шестого шестую шостий шоста шосте шостого шостої шосту",
    "seventh седьмой седьмая седьмое седьмого седьмую сьомий сьома сьоме сьомого сьомої сьому",
    "eighth восьмой восьмая восьмое восьмого восьмую восьмий восьма восьме восьмої",
    "ninth девятый девятая девятое девятого девятую дев'ятий дев'ята дев'яте дев'ятого",
    "tenth десятый десятая десятое десятого десятую десятий десята десяте десятої",
)
_ORDINAL_OF = {word: number for number, words in enumerate(_ORDINAL_WORDS, start=1) for word in words.split()}
_NOT_COUNTED = {"time", "раз", "очередь", "чергу"}  # "for the first time", «в первую очередь»
_NUMBER_WORDS = {
    "2": "two|два|две|двух|двоих|двое|двум|двумя|дві|двох|двоє",
    "3": "three|три|трех|троих|трое|трем|тремя|трьох|троє",
    "4": "four|четыре|четырех|четверых|четверо|чотири|чотирьох|четверо",
    "5": "five|пять|пяти|пятерых|пятеро|п'ять|п'яти|п'ятьох|п'ятеро",
    "6": "six|шесть|шести|шестерых|шестеро|шість|шести|шістьох",
    "7": "seven|семь|семи|семерых|семеро|сім|сімох",
    "8": "eight|восемь|восьми|вісім|восьмох",
    "9": "nine|девять|девяти|дев'ять",
    "10": "ten|десять|десяти|десятьох",
    "11": "eleven|одиннадцать|одиннадцати|одинадцять",
    "12": "twelve|двенадцать|двенадцати|дванадцять",
    "15": "fifteen|пятнадцать|пятнадцати|п'ятнадцять",
    "20": "twenty|двадцать|двадцати|двадцять",
    "30": "thirty|тридцать|тридцати|тридцять",
    "40": "forty|сорок|сорока",
}
_BY_WORD = {word: number for number, words in _NUMBER_WORDS.items() for word in words.split("|")}
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_SEPARATOR = re.compile(r"\D")
_MULTIPLES = (
    (re.compile(r"(?<![\w.,])(\d{1,4}) (?:thousand|тыс|тысяч[аиу]?|тисяч[аіу]?)\b"), "000"),
    (re.compile(r"(?<![\w.,])(\d{1,4}) (?:million|млн|миллион\w*|мільйон\w*)\b"), "000000"),
)


@dataclass(frozen=True, slots=True)
class Quantities:
    """``numbers`` of title and lead in digits; ``dates`` as "month-day"; the rest, and the title's own of them, can contradict."""

    numbers: frozenset[str]
    dates: frozenset[str]
    ordinals: frozenset[int]
    title_numbers: frozenset[str]
    title_dates: frozenset[str]


def quantities(title: str, lead: str) -> Quantities:
    """The numbers, dates and ordinals of a folded title and lead. An ordinal in words counts in the title alone, where it is chosen."""
    words = _words(title)
    title_numbers, title_dates, title_ordinals = _amounts(title, words)
    lead_numbers, lead_dates, _ = _amounts(lead, _words(lead))
    worded = {
        _ORDINAL_OF[word] for word, after in zip(words, [*words[1:], ""], strict=False) if word in _ORDINAL_OF and after not in _NOT_COUNTED
    }
    return Quantities(
        numbers=frozenset(title_numbers | lead_numbers),
        dates=frozenset(title_dates | lead_dates),
        ordinals=frozenset(title_ordinals | worded),
        title_numbers=frozenset(title_numbers),
        title_dates=frozenset(title_dates),
    )


def _words(folded: str) -> list[str]:
    """The words of a folded text; those with an apostrophe take a regular expression."""
    return _WORD.findall(folded) if "'" in folded else plain_words(folded)


def _amounts(folded: str, words: Iterable[str]) -> tuple[set[str], set[str], set[int]]:
    """The numbers, dates and ordinals of a folded text, which has these ``words``."""
    worded = {_BY_WORD[word] for word in _BY_WORD.keys() & set(words)}
    if not _DIGIT.search(folded):
        return worded, set(), set()
    dates, bare = _dates(folded)
    ordinals, bare = _ordinals(bare)
    return worded | _numbers(bare), dates, ordinals


def _dates(folded: str) -> tuple[set[str], str]:
    """The dates of a text, and the text without them."""
    dates: set[str] = set()
    for day in list(_SMALL_NUMBER.finditer(folded)):
        after, before = _WORD_AFTER.match(folded, day.end()), folded[max(0, day.start() - 11) : day.start()].rstrip().rpartition(" ")[2]
        month = (_month(after[1]) if after else None) or _month(before)
        if month:
            dates.add(f"{month}-{int(day[1])}")
            folded = f"{folded[: day.start(1)]}{' ' * len(day[1])}{folded[day.end(1) :]}"
    return dates, folded


def _month(word: str) -> int | None:
    """The number of a month. Only the words of months may begin so: «марш» and "marched" aren't March."""
    number = _MONTH_OF.get(word[:3])
    return number if number and _MONTH_WORD.fullmatch(word) else None


def _ordinals(folded: str) -> tuple[set[int], str]:
    ordinals = {int(found[1] or found[2]) for found in _DAY.finditer(folded)} | {int(found[1]) for found in _ORDINAL.finditer(folded)}
    return ordinals, _ORDINAL.sub(" ", folded) if ordinals else folded


def _numbers(folded: str) -> set[str]:
    for written, zeros in _MULTIPLES:
        folded = written.sub(rf"\g<1>{zeros}", folded)
    return {_SEPARATOR.sub("", number) for number in _NUMBER.findall(folded)}
