namespace StratusLab.Sdk;

/// <summary>The catalogue's tables, as the steps from one layout version to the next.</summary>
internal static class CatalogueSchema
{
    /// <summary>"SLAB": tells our files from other programs' (PRAGMA application_id).</summary>
    public const int ApplicationId = 0x534C4142;

    /// <summary>The newest layout version.</summary>
    public static int Version => Steps.Count;

    /// <summary>Step N leads from version N to N + 1. Published steps never change.</summary>
    public static IReadOnlyList<string> Steps { get; } =
    [
        """
        CREATE TABLE site (
            id         INTEGER PRIMARY KEY CHECK (id = 1),
            name       TEXT NOT NULL,
            created_at INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE host (
            name                TEXT PRIMARY KEY COLLATE NOCASE,
            uri                 TEXT NOT NULL,
            machine_id          TEXT UNIQUE,
            labels              TEXT NOT NULL,
            cpu_overcommit      REAL NOT NULL,
            memory_overcommit   REAL NOT NULL,
            accelerator         TEXT NOT NULL,
            decided_accelerator TEXT,
            pool                TEXT NOT NULL,
            network             TEXT NOT NULL,
            added_at            INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE size (
            name   TEXT PRIMARY KEY COLLATE NOCASE,
            cpu    INTEGER NOT NULL,
            memory INTEGER NOT NULL,
            disk   INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE journal (
            id         INTEGER PRIMARY KEY AUTOINCREMENT,
            session    TEXT,
            kind       TEXT NOT NULL,
            host       TEXT NOT NULL COLLATE NOCASE,
            target     TEXT NOT NULL COLLATE NOCASE,
            request_id TEXT,
            request    TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            state      TEXT NOT NULL,
            settled_at INTEGER,
            outcome    TEXT
        ) STRICT;

        CREATE INDEX journal_open ON journal (host, session) WHERE state = 'Open';
        """,
        """
        CREATE TABLE endorser (
            name            TEXT PRIMARY KEY COLLATE NOCASE,
            certificate     BLOB NOT NULL,
            subject_pattern TEXT,
            added_at        INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE image_policy (
            id     INTEGER PRIMARY KEY CHECK (id = 1),
            policy TEXT NOT NULL,
            set_at INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE image_seen (
            digest  TEXT PRIMARY KEY,
            seen_at INTEGER NOT NULL,
            origin  TEXT
        ) STRICT;

        CREATE TABLE marketplace (
            name       TEXT PRIMARY KEY COLLATE NOCASE,
            kind       TEXT NOT NULL,
            uri        TEXT NOT NULL,
            plain_http INTEGER NOT NULL,
            added_at   INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE marketplace_image (
            marketplace TEXT NOT NULL COLLATE NOCASE REFERENCES marketplace (name) ON DELETE CASCADE,
            name        TEXT NOT NULL,
            version     TEXT NOT NULL,
            PRIMARY KEY (marketplace, name, version)
        ) STRICT;

        ALTER TABLE host ADD COLUMN image_cache_limit INTEGER;
        """,
        """
        ALTER TABLE host ADD COLUMN max_vm INTEGER;
        ALTER TABLE host ADD COLUMN max_vcpu INTEGER;
        ALTER TABLE host ADD COLUMN max_hourly_cost TEXT;

        CREATE TABLE host_call (
            id         INTEGER PRIMARY KEY AUTOINCREMENT,
            host       TEXT NOT NULL COLLATE NOCASE,
            action     TEXT NOT NULL,
            token      TEXT NOT NULL,
            request    TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            state      TEXT NOT NULL,
            settled_at INTEGER,
            outcome    TEXT
        ) STRICT;

        CREATE TABLE host_call_request (
            call_id    INTEGER NOT NULL REFERENCES host_call (id) ON DELETE CASCADE,
            place      INTEGER NOT NULL,
            request_id TEXT NOT NULL,
            PRIMARY KEY (call_id, place)
        ) STRICT, WITHOUT ROWID;

        CREATE INDEX host_call_by_request ON host_call_request (request_id);
        """,
        """
        ALTER TABLE journal ADD COLUMN cpu INTEGER;

        CREATE INDEX journal_made ON journal (host, settled_at) WHERE kind = 'CreateVm' AND state = 'Done';
        CREATE INDEX journal_removed ON journal (host, target) WHERE kind = 'DeleteVm' AND state = 'Done';
        """,
    ];
}
