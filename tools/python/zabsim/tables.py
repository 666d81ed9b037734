"""Tables: rows of named values, from CSV files or from anything else that has rows."""
import csv
import statistics
from collections import defaultdict
from pathlib import Path


def value_of(text):
    """An integer, a number, None where there is no value, or the text."""
    if text == "":
        return None
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


class Table:
    """Rows as dicts, all with the same columns."""

    def __init__(self, columns, rows):
        self.columns = list(columns)
        self.rows = list(rows)

    def __len__(self):
        return len(self.rows)

    def __iter__(self):
        return iter(self.rows)

    def __getitem__(self, column):
        """The values of a column."""
        if column not in self.columns:
            raise KeyError(column)
        return [row[column] for row in self.rows]

    def where(self, condition=None, **values):
        """The rows with these values, and of which the condition is true."""
        rows = (row for row in self.rows
                if all(row[column] == value for column, value in values.items()))
        return Table(self.columns, (row for row in rows if condition is None or condition(row)))

    def by(self, *columns):
        """Tables of the rows that agree in these columns, by their values."""
        groups = defaultdict(list)
        for row in self.rows:
            groups[tuple(row[column] for column in columns)].append(row)
        return {key if len(columns) > 1 else key[0]: Table(self.columns, rows)
                for key, rows in groups.items()}

    def mean(self, column):
        """Of the values that are there; None if there are none."""
        values = [value for value in self[column] if value is not None]
        return statistics.mean(values) if values else None

    def frame(self):
        """A pandas.DataFrame.  Raises ImportError without pandas."""
        import pandas
        return pandas.DataFrame(self.rows, columns=self.columns)

    def __repr__(self):
        return f"Table({len(self)} rows of {', '.join(self.columns[:8])}" + (
            ", ...)" if len(self.columns) > 8 else ")")


def read_csv(path, text_columns=()):
    """A Table of a CSV file with a header.  `text_columns` stay text, whatever they look like."""
    with Path(path).open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        rows = [{column: (text or None) if column in text_columns else value_of(text)
                 for column, text in row.items()} for row in reader]
        return Table(reader.fieldnames or [], rows)
