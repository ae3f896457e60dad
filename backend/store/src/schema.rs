//! The tables, one spelling for both databases; kept by hand, held against both by a test.

#![expect(missing_docs, reason = "the columns are documented in the migrations")]

diesel::table! {
    instance (key) {
        key -> Text,
        value -> Text,
    }
}

diesel::table! {
    accounts (id) {
        id -> Text,
        role -> Text,
        created_at -> Timestamp,
        signed_in_at -> Nullable<Timestamp>,
        disabled_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    sealed_contacts (account_id) {
        account_id -> Text,
        key_version -> Integer,
        wrapped_key -> Binary,
        sealed -> Binary,
        email_index -> Binary,
        npi_index -> Nullable<Binary>,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    sign_in_tokens (id) {
        id -> Text,
        token_hash -> Binary,
        account_id -> Text,
        next_path -> Nullable<Text>,
        created_at -> Timestamp,
        expires_at -> Timestamp,
        used_at -> Nullable<Timestamp>,
        mailed_to -> Nullable<Binary>,
    }
}

diesel::table! {
    sessions (id) {
        id -> Text,
        token_hash -> Binary,
        account_id -> Text,
        created_at -> Timestamp,
        signed_in_at -> Timestamp,
        seen_at -> Timestamp,
        expires_at -> Timestamp,
        revoked_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    second_factors (id) {
        id -> Text,
        account_id -> Text,
        key_version -> Integer,
        wrapped_key -> Binary,
        sealed -> Binary,
        created_at -> Timestamp,
        confirmed_at -> Nullable<Timestamp>,
        last_step -> BigInt,
    }
}

diesel::table! {
    recovery_codes (account_id, code_hash) {
        account_id -> Text,
        code_hash -> Binary,
        used_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    second_factor_misses (id) {
        id -> Text,
        account_id -> Text,
        at -> Timestamp,
    }
}

diesel::table! {
    admin_settings (account_id) {
        account_id -> Text,
        sees_contacts -> Bool,
        changed_at -> Timestamp,
    }
}

diesel::table! {
    members (number) {
        number -> BigInt,
        id -> Text,
        account_id -> Text,
        standing -> Text,
        standing_reason -> Nullable<Text>,
        joined_by -> Text,
        joined_at -> Timestamp,
        approved_at -> Nullable<Timestamp>,
        time_zone -> Text,
        permission_epoch -> BigInt,
        alerts_email -> Bool,
        admin_outreach -> Bool,
        anonymous_counts -> Bool,
        profile_saved_at -> Nullable<Timestamp>,
        email_changed_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    invitations (code_hash) {
        code_hash -> Binary,
        created_by -> Text,
        created_at -> Timestamp,
        expires_at -> Timestamp,
        used_at -> Nullable<Timestamp>,
        used_by -> Nullable<Text>,
    }
}

diesel::table! {
    profiles (member_id) {
        member_id -> Text,
        provider_class -> Text,
        remote -> Bool,
        languages -> Text,
        years -> Nullable<SmallInt>,
        provider_note -> Text,
    }
}

diesel::table! {
    profile_specialties (member_id, specialty) {
        member_id -> Text,
        specialty -> Text,
        position -> SmallInt,
        is_primary -> Bool,
        board_certified -> Bool,
    }
}

diesel::table! {
    profile_licences (member_id, position) {
        member_id -> Text,
        position -> SmallInt,
        state -> Text,
        kind -> Text,
        expires_on -> Nullable<Date>,
    }
}

diesel::table! {
    profile_certifications (member_id, certification) {
        member_id -> Text,
        certification -> Text,
        status -> Text,
        expires_on -> Nullable<Date>,
        steps -> Text,
    }
}

diesel::table! {
    profile_bases (member_id, market) {
        member_id -> Text,
        market -> Text,
        position -> SmallInt,
        radius_miles -> Integer,
    }
}

diesel::table! {
    profile_markets (member_id, market) {
        member_id -> Text,
        market -> Text,
        position -> SmallInt,
    }
}

diesel::table! {
    profile_interests (member_id, kind) {
        member_id -> Text,
        kind -> Text,
    }
}

diesel::table! {
    profile_min_pay (member_id, kind, basis) {
        member_id -> Text,
        kind -> Text,
        basis -> Text,
        cents -> BigInt,
    }
}

diesel::table! {
    permission_events (seq) {
        seq -> BigInt,
        member_id -> Text,
        permission -> Text,
        change -> Text,
        text_version -> Text,
        text_sha256 -> Text,
        method -> Text,
        at -> Timestamp,
    }
}

diesel::table! {
    companies (id) {
        id -> Text,
        slug -> Text,
        name -> Text,
        website -> Text,
        about -> Text,
        standing -> Text,
        standing_reason -> Nullable<Text>,
        review_policy -> Nullable<Text>,
        created_at -> Timestamp,
        approved_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    member_blocks (member_id, company_id) {
        member_id -> Text,
        company_id -> Text,
        at -> Timestamp,
    }
}

diesel::table! {
    licence_marks (mark) {
        mark -> Binary,
        account_id -> Text,
    }
}

diesel::table! {
    seat_invitations (id) {
        id -> Text,
        account_id -> Nullable<Text>,
        company_id -> Text,
        role -> Text,
        name_id -> Text,
        invited_at -> Timestamp,
        expires_at -> Timestamp,
    }
}

diesel::table! {
    seats (id) {
        id -> Text,
        account_id -> Text,
        company_id -> Text,
        role -> Text,
        created_at -> Timestamp,
        ended_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    openings (id) {
        id -> Text,
        company_id -> Text,
        revision -> Integer,
        status -> Text,
        kind -> Text,
        title -> Text,
        terms -> Text,
        approved_terms -> Nullable<Text>,
        closes_on -> Date,
        decision_reason -> Nullable<Text>,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        submitted_at -> Nullable<Timestamp>,
        published_at -> Nullable<Timestamp>,
        confirmed_at -> Nullable<Timestamp>,
        closed_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    opening_revisions (opening_id, revision) {
        opening_id -> Text,
        revision -> Integer,
        terms -> Text,
        by_account -> Nullable<Text>,
        at -> Timestamp,
    }
}

diesel::table! {
    matches (id) {
        id -> Text,
        member_id -> Text,
        opening_id -> Text,
        opening_revision -> Integer,
        state -> Text,
        score -> Integer,
        reasons -> Text,
        place -> Text,
        miles -> Integer,
        matched_at -> Timestamp,
        declined_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    alerts (id) {
        id -> Text,
        member_id -> Text,
        name -> Text,
        kinds -> Text,
        markets -> Text,
        cadence -> Text,
        paused -> Bool,
        created_at -> Timestamp,
        specialties -> Text,
        states -> Text,
        remote_too -> Bool,
        min_pay_cents -> Nullable<BigInt>,
        words -> Text,
        weekday -> SmallInt,
        local_minute -> SmallInt,
        pause_until -> Nullable<Timestamp>,
    }
}

diesel::table! {
    alert_matches (member_id, opening_id, opening_revision) {
        member_id -> Text,
        opening_id -> Text,
        opening_revision -> Integer,
        alert_ids -> Text,
        mail_id -> Nullable<Text>,
        state -> Text,
        drop_reason -> Nullable<Text>,
        at -> Timestamp,
        cadence -> Text,
        cause -> Text,
        due_at -> Timestamp,
        sent_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    member_mail (member_id) {
        member_id -> Text,
        quiet -> Nullable<Text>,
        daily_cap -> SmallInt,
        vacation_until -> Nullable<Date>,
        confirmed_mark -> Nullable<Binary>,
        confirmed_at -> Nullable<Timestamp>,
        acted_at -> Timestamp,
        asked_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    member_mutes (member_id, scope, what) {
        member_id -> Text,
        scope -> Text,
        what -> Text,
        at -> Timestamp,
    }
}

diesel::table! {
    digest_periods (member_id, cadence, period_key) {
        member_id -> Text,
        cadence -> Text,
        period_key -> Text,
        mail_id -> Text,
        at -> Timestamp,
    }
}

diesel::table! {
    leases (name) {
        name -> Text,
        owner -> Text,
        until -> Timestamp,
    }
}

diesel::table! {
    sealed_texts (id) {
        id -> Text,
        account_id -> Text,
        key_version -> Integer,
        wrapped_key -> Binary,
        sealed -> Binary,
        created_at -> Timestamp,
    }
}

diesel::table! {
    disputes (id) {
        id -> Text,
        side -> Text,
        kind -> Text,
        member_id -> Text,
        company_id -> Text,
        opening_id -> Nullable<Text>,
        introduction_id -> Nullable<Text>,
        report_id -> Text,
        answer_id -> Nullable<Text>,
        outcome -> Nullable<Text>,
        words -> Nullable<Text>,
        opened_at -> Timestamp,
        answered_at -> Nullable<Timestamp>,
        decided_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    conversations (introduction_id) {
        introduction_id -> Text,
        member_id -> Text,
        written -> Integer,
        removed_at -> Nullable<Timestamp>,
        member_notice_at -> Nullable<Timestamp>,
        company_notice_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    messages (id) {
        id -> Text,
        introduction_id -> Text,
        position -> Integer,
        side -> Text,
        seat_id -> Nullable<Text>,
        text_id -> Text,
        at -> Timestamp,
        read_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    outreaches (id) {
        id -> Text,
        opening_id -> Text,
        opening_revision -> Integer,
        admin_account -> Text,
        text -> Text,
        at -> Timestamp,
        done_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    outreach_recipients (outreach_id, member_id) {
        outreach_id -> Text,
        member_id -> Text,
        mail_id -> Nullable<Text>,
        reason -> Nullable<Text>,
    }
}

diesel::table! {
    outreach_slots (member_id) {
        member_id -> Text,
        mail_id -> Text,
        at -> Timestamp,
    }
}

diesel::table! {
    introductions (id) {
        id -> Text,
        member_id -> Text,
        opening_id -> Text,
        opening_revision -> Integer,
        company_id -> Text,
        fields -> Text,
        text_version -> Text,
        text_sha256 -> Text,
        state -> Text,
        void_cause -> Nullable<Text>,
        stage -> Text,
        created_at -> Timestamp,
        expires_at -> Timestamp,
        ended_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    ledger (seq) {
        seq -> BigInt,
        id -> Text,
        kind -> Text,
        member_id -> Text,
        introduction_id -> Nullable<Text>,
        opening_id -> Nullable<Text>,
        company_id -> Nullable<Text>,
        seat_id -> Nullable<Text>,
        fields -> Text,
        detail -> Nullable<Text>,
        at -> Timestamp,
        position -> BigInt,
        number -> BigInt,
        salt -> Binary,
    }
}

diesel::table! {
    ledger_nodes (level, position) {
        level -> SmallInt,
        position -> BigInt,
        hash -> Binary,
    }
}

diesel::table! {
    ledger_erasures (position) {
        position -> BigInt,
        salt -> Binary,
        leaves -> Text,
        at -> Timestamp,
    }
}

diesel::table! {
    erasures (account_id) {
        account_id -> Text,
        member_id -> Text,
        at -> Timestamp,
        wiped_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    outbox (id) {
        id -> Text,
        stream -> Text,
        kind -> Text,
        account_id -> Text,
        payload -> Text,
        dedupe_key -> Text,
        permission_epoch -> Nullable<BigInt>,
        state -> Text,
        priority -> SmallInt,
        due_at -> Timestamp,
        expires_at -> Timestamp,
        attempts -> Integer,
        lease_owner -> Nullable<Text>,
        lease_until -> Nullable<Timestamp>,
        lease_epoch -> BigInt,
        phase -> Text,
        last_code -> Nullable<Text>,
        created_at -> Timestamp,
        accepted_at -> Nullable<Timestamp>,
        last_class -> Nullable<Text>,
        bucket -> Nullable<Text>,
    }
}

diesel::table! {
    outbox_events (id) {
        id -> BigInt,
        mail_id -> Text,
        at -> Timestamp,
        node -> Text,
        from_state -> Text,
        to_state -> Text,
        attempt -> Integer,
        phase -> Text,
        code -> Nullable<Text>,
        class -> Nullable<Text>,
    }
}

diesel::table! {
    mail_streams (stream) {
        stream -> Text,
        stopped_at -> Nullable<Timestamp>,
        class -> Nullable<Text>,
        code -> Nullable<Text>,
        probe_at -> Nullable<Timestamp>,
        since -> Nullable<Timestamp>,
    }
}

diesel::table! {
    suppressions (address_hmac, scope) {
        address_hmac -> Binary,
        scope -> Text,
        reason -> Text,
        source -> Text,
        at -> Timestamp,
    }
}

diesel::table! {
    address_strikes (address_hmac, mail_id) {
        address_hmac -> Binary,
        mail_id -> Text,
        class -> Text,
        at -> Timestamp,
    }
}

diesel::table! {
    mail_tokens (token_hash) {
        token_hash -> Binary,
        purpose -> Text,
        member_id -> Text,
        created_at -> Timestamp,
        expires_at -> Timestamp,
        subject -> Nullable<Text>,
        note -> Nullable<Text>,
        used_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    jobs (id) {
        id -> BigInt,
        kind -> Text,
        payload -> Text,
        run_at -> Timestamp,
        attempts -> Integer,
        lease_owner -> Nullable<Text>,
        lease_until -> Nullable<Timestamp>,
        done_at -> Nullable<Timestamp>,
        dead_at -> Nullable<Timestamp>,
        last_error -> Nullable<Text>,
        created_at -> Timestamp,
    }
}

diesel::table! {
    email_changes (member_id) {
        member_id -> Text,
        token_hash -> Binary,
        asked_at -> Timestamp,
        expires_at -> Timestamp,
    }
}

diesel::table! {
    act_counts (act, who, window_start) {
        act -> Text,
        who -> Binary,
        window_start -> Timestamp,
        taken -> Integer,
    }
}

diesel::table! {
    request_keys (id) {
        id -> Binary,
        account_id -> Nullable<Text>,
        request -> Binary,
        holder -> Text,
        reserved_at -> Timestamp,
        acted_at -> Nullable<Timestamp>,
        status -> Nullable<Integer>,
        content_type -> Nullable<Text>,
        location -> Nullable<Text>,
        body -> Nullable<Binary>,
    }
}

diesel::table! {
    change_log (seq) {
        seq -> BigInt,
        entity -> Text,
        entity_id -> Text,
        at -> Timestamp,
    }
}

diesel::table! {
    audit (seq) {
        seq -> BigInt,
        at -> Timestamp,
        actor_account -> Nullable<Text>,
        actor_role -> Text,
        action -> Text,
        object_kind -> Text,
        object_id -> Text,
        detail -> Nullable<Text>,
    }
}

diesel::table! {
    facts (table_name, row_key, position) {
        table_name -> Text,
        row_key -> Text,
        position -> Integer,
        cells -> Text,
        confidence -> Text,
        updated_at -> Timestamp,
        updated_by -> Nullable<Text>,
    }
}

diesel::table! {
    reach_snapshots (number) {
        number -> BigInt,
        lattice -> Text,
        taken_at -> Timestamp,
    }
}

diesel::table! {
    reach_bands (snapshot, cell) {
        snapshot -> BigInt,
        cell -> Text,
        band -> Text,
    }
}

diesel::table! {
    reach_looks (company_id, snapshot, cell) {
        company_id -> Text,
        snapshot -> BigInt,
        cell -> Text,
        granted -> Bool,
        at -> Timestamp,
    }
}

diesel::table! {
    reach_locks (company_id) {
        company_id -> Text,
        at -> Timestamp,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    instance,
    accounts,
    sealed_contacts,
    sign_in_tokens,
    sessions,
    second_factors,
    recovery_codes,
    second_factor_misses,
    admin_settings,
    members,
    invitations,
    profiles,
    profile_specialties,
    profile_licences,
    profile_certifications,
    profile_bases,
    profile_markets,
    profile_interests,
    profile_min_pay,
    permission_events,
    companies,
    member_blocks,
    seats,
    seat_invitations,
    licence_marks,
    openings,
    opening_revisions,
    matches,
    alerts,
    alert_matches,
    member_mail,
    member_mutes,
    digest_periods,
    leases,
    introductions,
    sealed_texts,
    disputes,
    conversations,
    messages,
    outreaches,
    outreach_recipients,
    outreach_slots,
    ledger,
    ledger_nodes,
    ledger_erasures,
    erasures,
    outbox,
    outbox_events,
    mail_streams,
    suppressions,
    address_strikes,
    mail_tokens,
    jobs,
    change_log,
    audit,
    facts,
    reach_snapshots,
    reach_bands,
    reach_looks,
    reach_locks,
    act_counts,
    request_keys,
    email_changes,
);
