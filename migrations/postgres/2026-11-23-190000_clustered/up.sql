-- PostgreSQL has no tables that are their own index; a page of members is read by bitmap there.
SELECT 1;
