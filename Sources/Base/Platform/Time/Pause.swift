import Glibc

/// A wait for what cannot be waited for otherwise.
package enum Pause {
    /// Sleeps; a signal may end it early.
    package static func sleep(seconds: Double) {
        var time = timespec(tv_sec: Int(seconds), tv_nsec: Int((seconds - seconds.rounded(.down)) * 1e9))
        _ = unsafe nanosleep(&time, nil)
    }
}
