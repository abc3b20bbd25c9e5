import CLinux

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
