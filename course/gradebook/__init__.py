"""A class's marks: nbgrader's database, marks by hand, late penalties, tables, exports."""
