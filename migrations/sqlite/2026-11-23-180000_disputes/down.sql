DROP TABLE disputes;
DROP TABLE sealed_texts;
