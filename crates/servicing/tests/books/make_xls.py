"""Makes `ledger-by-year.xls` of `ledger-by-year.xlsx`: the same cells in the format of Excel 97-2003.

Run here with openpyxl and xlwt 1.3 from PyPI: python3 make_xls.py
Values stand where the book has formulas; the one formula without a value (2025年!G23) is left empty,
because xlwt writes a result of 0 with every formula.
"""

import datetime
from pathlib import Path

import openpyxl
import xlwt

HERE = Path(__file__).parent
STYLES = {}


def style(cell):
    """Dates as dates, other formats as they are; one style a format, as the format allows only 4,094."""
    is_date = isinstance(cell.value, (datetime.datetime, datetime.date))
    name = "yyyy-mm-dd" if is_date else cell.number_format
    return STYLES.setdefault(name, xlwt.easyxf(num_format_str=name))


book = openpyxl.load_workbook(HERE / "ledger-by-year.xlsx", data_only=True)
out = xlwt.Workbook(encoding="utf-8")
for sheet in book.worksheets:
    page = out.add_sheet(sheet.title)
    page.visibility = 0 if sheet.sheet_state == "visible" else 1
    merged = {(m.min_row, m.min_col): m for m in sheet.merged_cells.ranges}
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value is None:
                continue
            at = merged.get((cell.row, cell.column))
            if at:
                page.write_merge(at.min_row - 1, at.max_row - 1, at.min_col - 1, at.max_col - 1, cell.value, style(cell))
            else:
                page.write(cell.row - 1, cell.column - 1, cell.value, style(cell))
    for number, row in sheet.row_dimensions.items():
        if row.hidden:
            page.row(number - 1).hidden = True
    for letters, column in sheet.column_dimensions.items():
        if column.hidden:
            page.col(openpyxl.utils.column_index_from_string(letters) - 1).hidden = True
out.save(str(HERE / "ledger-by-year.xls"))
