DROP TABLE licence_marks;
