import CLinux

/// Whether the run should stop: a signal that arrived, or somebody's word. Asked once per chunk, entry or poll.
package protocol Cancellation: Sendable {
    /// Throws the reason to stop, if there is one.
    func check() throws
}

/// Never stops.
package struct NeverCancelled: Cancellation {
    /// Makes the value; it has no state.
    package init() {}
    package func check() throws {}
}

/// Stops after SIGINT (exit 130), SIGTERM or SIGHUP (exit 143).
package struct SignalCancellation: Cancellation {
    /// Installs the handlers; SIGPIPE is ignored from now on.
    package init() throws(Failure) {
        _ = try call("watch", "signals") { linux_watch_signals() }
    }

    package func check() throws {
        switch linux_signal_received() {
        case 0: return
        case 2: throw Failure(.interrupted, "interrupted (Ctrl-C)")
        default: throw Failure(.terminated, "stopped by a signal (SIGTERM)")
        }
    }
}
