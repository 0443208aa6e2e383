-- PostgreSQL thought that a surname is a thirtieth as frequent as it is, for it keeps but the hundred most common words of
-- a column: it gathered all the Wangs to find fifty gold ones, where the first few thousand customers have them.
-- @postgres
ALTER TABLE customer ALTER COLUMN words SET STATISTICS 300;
ALTER TABLE interaction ALTER COLUMN words SET STATISTICS 300;
