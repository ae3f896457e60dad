DROP TABLE seat_invitations;
