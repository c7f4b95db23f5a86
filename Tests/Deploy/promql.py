"""What a PromQL expression asks for: metrics, the labels that it selects by, and those that it groups by."""

import re

TOKEN = re.compile(r"""
    (?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
  | (?P<range>\[[^\]]*\])
  | (?P<number>\d[\w.]*)
  | (?P<word>[a-zA-Z_:][\w:]*)
  | (?P<symbol>[=!<>~]+|\S)
""", re.VERBOSE)
GROUPINGS = {"by", "without", "on", "ignoring", "group_left", "group_right"}
OPERATORS = {"and", "or", "unless", "bool", "offset", "inf", "nan"}
AGGREGATIONS = {"sum", "min", "max", "avg", "group", "stddev", "stdvar", "count", "count_values", "bottomk", "topk", "quantile"}


class Expression:
    def __init__(self, text):
        self.selected = []
        self.grouped = set()
        self._tokens = [(match.lastgroup, match.group()) for match in TOKEN.finditer(text)]
        self._place = 0
        while self._place < len(self._tokens):
            self._read()

    def _read(self):
        kind, text = self._take()
        if kind == "symbol" and text == "{":
            self._place -= 1
            self.selected.append(("", self._matchers()))
        if kind != "word":
            return
        if text in GROUPINGS:
            self.grouped |= self._names()
        elif text.lower() in OPERATORS or text in AGGREGATIONS or self._next() == "(":
            return
        else:
            self.selected.append((text, self._matchers()))

    def _take(self):
        self._place += 1
        return self._tokens[self._place - 1]

    def _next(self):
        return self._tokens[self._place][1] if self._place < len(self._tokens) else None

    def _names(self):
        """The names in the parentheses that come next."""
        names = set()
        if self._next() == "(":
            while (token := self._take())[1] != ")":
                if token[0] == "word":
                    names.add(token[1])
        return names

    def _matchers(self):
        """The labels in the braces that come next."""
        labels = set()
        if self._next() == "{":
            while (token := self._take())[1] != "}":
                if token[0] == "word":
                    labels.add(token[1])
        return labels
