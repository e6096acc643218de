"""Files handed over by a school's other systems, read into plain frozen values and one report. No database here.

`source` takes the bytes, `tablefile` makes them a table, `columns` says which heading is which field, `values` reads a
cell, `rows` walks the lines; `students`, `ctf`, `school`, `lessons` and `history` each know one sort of file. What is
read is applied elsewhere, in one short act.
"""
