import Glibc

/// A mutex with a condition, for what `Synchronization.Mutex` cannot do: waiting.
@safe
package final class Lock: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>

    /// Makes an open lock.
    package init() {
        unsafe mutex = .allocate(capacity: 1)
        unsafe condition = .allocate(capacity: 1)
        unsafe mutex.initialize(to: pthread_mutex_t())
        unsafe condition.initialize(to: pthread_cond_t())
        let made = unsafe pthread_mutex_init(mutex, nil) == 0 && pthread_cond_init(condition, nil) == 0
        precondition(made, "the C library cannot make a mutex")
    }

    deinit {
        _ = unsafe pthread_mutex_destroy(mutex)
        _ = unsafe pthread_cond_destroy(condition)
        unsafe mutex.deallocate()
        unsafe condition.deallocate()
    }

    /// Runs `body` while no other thread holds the lock.
    package func locked<Answer: ~Copyable, Problem: Error>(_ body: () throws(Problem) -> Answer) throws(Problem)
        -> Answer
    {
        _ = unsafe pthread_mutex_lock(mutex)
        defer { _ = unsafe pthread_mutex_unlock(mutex) }
        return try body()
    }

    /// Inside `locked`: lets go until another thread wakes us. Wake-ups may be spurious: test again.
    package func wait() { _ = unsafe pthread_cond_wait(condition, mutex) }

    /// Inside `locked`: waits like `wait`, but at most so many seconds.
    package func wait(atMostSeconds seconds: Double) {
        var deadline = timespec()
        _ = unsafe clock_gettime(CLOCK_REALTIME, &deadline)
        let nanoseconds = deadline.tv_nsec + Int(seconds * 1e9)
        deadline.tv_sec += nanoseconds / 1_000_000_000
        deadline.tv_nsec = nanoseconds % 1_000_000_000
        _ = unsafe pthread_cond_timedwait(condition, mutex, &deadline)
    }

    /// Wakes every waiting thread.
    package func wakeAll() { _ = unsafe pthread_cond_broadcast(condition) }
}
