DROP TABLE outreach_slots;
DROP TABLE outreach_recipients;
DROP TABLE outreaches;
DROP TABLE messages;
DROP TABLE conversations;
