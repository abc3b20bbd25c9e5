import CLinux
import Glibc

/// Threads that are joined before the scope ends: none outlives the call that started it.
package final class ThreadScope: @unchecked Sendable {
    private var threads: [pthread_t] = []
    private let lock = Lock()
    private var first: Failure?
    private var onFailure: [@Sendable () -> Void] = []

    private init() {}

    /// Runs `body`, joins every thread that it started, and throws the first failure of any of them.
    package static func run<Answer>(_ body: (ThreadScope) throws -> Answer) throws -> Answer {
        let scope = ThreadScope()
        let outcome: Result<Answer, any Error>
        do { outcome = .success(try body(scope)) } catch {
            scope.fail(Failure(error))
            outcome = .failure(error)
        }
        scope.join()
        if let failure = scope.lock.locked({ scope.first }) { throw failure }
        return try outcome.get()
    }

    /// What to do, once, as soon as any thread fails: cut queues, so that nobody waits for the dead.
    package func whenFailing(_ action: @escaping @Sendable () -> Void) {
        let already: Bool = lock.locked {
            onFailure.append(action)
            return first != nil
        }
        if already { action() }
    }

    /// Notes a failure from outside a thread, as if one of them had thrown it.
    package func fail(_ failure: Failure) {
        let actions: [@Sendable () -> Void] = lock.locked {
            guard first == nil else { return [] }
            first = failure
            return onFailure
        }
        for action in actions { action() }
    }

    /// Starts a thread with a stack of `stackBytes`.
    package func start(
        _ name: String, stackBytes: Int = 1 << 20, _ body: @escaping @Sendable () throws -> Void
    ) {
        let label = CString(Array(name.utf8.prefix(15)))
        let work = unsafe Unmanaged.passRetained(
            Work { [self] in
                unsafe linux_name_thread(label.pointer)
                do { try body() } catch { fail(Failure(error)) }
            })
        var attributes = pthread_attr_t()
        _ = unsafe pthread_attr_init(&attributes)
        _ = unsafe pthread_attr_setstacksize(&attributes, stackBytes)
        defer { _ = unsafe pthread_attr_destroy(&attributes) }
        var thread = pthread_t()
        let code = unsafe pthread_create(
            &thread, &attributes,
            { argument in
                guard let argument = unsafe argument else { return nil }
                unsafe Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body()
                return nil
            }, work.toOpaque())
        if code != 0 {
            unsafe work.release()
            fail(Failure.system("start", "the thread \(name)", errno: code))
            return
        }
        let started = thread
        lock.locked { threads.append(started) }
    }

    private func join() {
        while let thread = lock.locked({ threads.popLast() }) { _ = pthread_join(thread, nil) }
    }

    private final class Work {
        let body: () -> Void
        init(_ body: @escaping () -> Void) { self.body = body }
    }
}
