//! Where an account, a member or a company stands.

use crate::words::words;

words! {
    /// A member's standing. Only `active` members are matched and mailed.
    MemberStanding {
        /// Joined, not yet approved by an admin.
        Pending = "pending",
        /// Approved.
        Active = "active",
        /// Approved, paused by the member.
        Paused = "paused",
        /// Suspended by an admin.
        Suspended = "suspended",
        /// Not approved.
        Rejected = "rejected",
    }
}

words! {
    /// A company's standing. Only `approved` companies' openings are live.
    CompanyStanding {
        /// Registered, not yet approved by an admin.
        Pending = "pending",
        /// In good standing.
        Approved = "approved",
        /// Suspended by an admin; may come back.
        Suspended = "suspended",
        /// Banned for good.
        Banned = "banned",
    }
}

words! {
    /// What an account signs in as.
    Role {
        /// A physician.
        Member = "member",
        /// A person acting for a company.
        Company = "company",
        /// A community admin.
        Admin = "admin",
    }
}

words! {
    /// What a seat may do for its company.
    SeatRole {
        /// Everything, the team included.
        Owner = "owner",
        /// Openings and introductions.
        Recruiter = "recruiter",
        /// Read only.
        Viewer = "viewer",
    }
}
