"""What a case measured: rows of names and figures, as a table for people and as JSON."""

import dataclasses


@dataclasses.dataclass
class Row:
    name: str
    figures: dict  # unit or name -> number
    wanted: str = ""  # what docs promise, in words
    met: bool | None = None  # None: nothing was promised


@dataclasses.dataclass
class Case:
    name: str
    about: str
    rows: list = dataclasses.field(default_factory=list)

    def add(self, name, wanted="", met=None, **figures):
        self.rows.append(Row(name, figures, wanted, met))

    def as_json(self):
        return dataclasses.asdict(self)

    def as_text(self):
        columns = list(dict.fromkeys(key for row in self.rows for key in row.figures))
        heads = [""] + [column.replace("_", " ") for column in columns] + ["wanted"]
        cells = [heads]
        for row in self.rows:
            mark = {None: "", True: "  met", False: "  NOT MET"}[row.met]
            figures = [show(row.figures.get(column)) for column in columns]
            cells.append([row.name, *figures, row.wanted + mark])
        widths = [max(len(line[at]) for line in cells) for at in range(len(heads))]
        lines = []
        for line in cells:
            middle = [cell.rjust(width) for cell, width in zip(line[1:-1], widths[1:-1])]
            lines.append("  ".join([line[0].ljust(widths[0]), *middle, line[-1]]).rstrip())
        return f"\n{self.name}: {self.about}\n" + "\n".join(lines)


def show(value):
    if value is None:
        return "-"
    if isinstance(value, str):
        return value
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"
