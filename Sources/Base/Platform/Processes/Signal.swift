import Glibc

/// The signals that salvor sends.
package enum Signal {
    /// Asks a program to end.
    package static let terminate = SIGTERM
    /// Asks a PostgreSQL server to end its sessions, write everything down and stop.
    package static let interrupt = SIGINT
    /// Asks a PostgreSQL server to stop at once, without writing anything down.
    package static let quit = SIGQUIT
    /// Ends a program without asking.
    package static let kill = SIGKILL
}
