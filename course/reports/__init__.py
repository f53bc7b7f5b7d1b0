"""Pages about marks: for each student, and for the teacher."""
