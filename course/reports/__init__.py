"""What students and teachers read about marks: feedback pages and the class report."""
