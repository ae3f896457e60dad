//! Render tests: every page and mail with a full and with an empty view model.

mod contrast;
mod files;
mod html;
mod mails;
mod pages;
mod samples;
mod samples_company;
mod samples_disputes;
mod samples_mail;
mod samples_member;
mod samples_messages;
mod samples_team;
