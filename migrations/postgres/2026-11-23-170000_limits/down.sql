DROP TABLE act_counts;
