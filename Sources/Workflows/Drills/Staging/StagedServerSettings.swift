/// How a throw-away PostgreSQL is set up: as close to a real recovery as a server may be that nobody shall reach.
///
/// `fsync` and `full_page_writes` stay on: a time that was measured without them would not be the time of a recovery.
package struct StagedServerSettings: Sendable, Equatable {
    /// The directory of `initdb` and `postgres`.
    package var binaries: String
    /// The name of the first superuser: the source's, so that its own definition in the globals is no conflict.
    package var superuser: String
    /// The encoding of the template databases.
    package var encoding: String
    /// The locale of the template databases; each restored database brings its own.
    package var locale: String

    /// Makes settings.
    package init(binaries: String, superuser: String, encoding: String = "UTF8", locale: String = "C.UTF-8") {
        self.binaries = binaries
        self.superuser = superuser
        self.encoding = encoding
        self.locale = locale
    }

    /// What keeps the server to itself.
    static let isolation: [(name: String, value: String)] = [
        ("listen_addresses", ""),
        ("unix_socket_permissions", "0700"),
        ("archive_mode", "off"),
        ("wal_level", "minimal"),
        ("max_wal_senders", "0"),
        ("max_logical_replication_workers", "0"),
        ("shared_preload_libraries", ""),
        ("session_preload_libraries", ""),
        ("ssl", "off"),
        ("logging_collector", "off"),
        ("log_destination", "stderr"),
        // Shared memory as files in the data directory: nothing outside stays when the server is killed.
        ("dynamic_shared_memory_type", "mmap"),
    ]

    /// What decides how fast it is; shown among the conditions of a measurement.
    static let performance: [(name: String, value: String)] = [
        ("fsync", "on"),
        ("full_page_writes", "on"),
        ("shared_buffers", "128MB"),
        ("maintenance_work_mem", "128MB"),
        ("max_wal_size", "2GB"),
        ("max_connections", "40"),
        ("max_locks_per_transaction", "512"),
        ("autovacuum", "off"),
        ("jit", "off"),
    ]
}
