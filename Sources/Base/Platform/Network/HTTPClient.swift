/// Sends something to a server outside, over HTTP or verified HTTPS. Any thread may call.
package struct HTTPClient: Sendable {
    private let library: CurlLibrary
    private let agent: String

    private static let redirectsMax = 3
    /// What is kept of an answer.
    private static let contentMax = 1024
    private static let http = 1
    private static let https = 2

    /// Makes a client that calls itself `agent`. Throws where libcurl is missing.
    package init(agent: String) throws(Failure) {
        guard let library = CurlLibrary.shared else {
            throw Failure(
                .failed, "libcurl.so.4 is not installed, and nothing can be sent over HTTP without it",
                hint: "install the package libcurl4")
        }
        self.library = library
        self.agent = agent
    }

    /// The library and its version, nil where there is none: `libcurl/7.88.1`.
    package static var libraryName: String? { CurlLibrary.shared?.name }

    /// Posts `body` as text to `address`, which is never shown: messages say `place`. Throws `.unreachable` when no
    /// answer came within `seconds`; any answer of the server is an answer. At most three redirections are followed,
    /// and none from HTTPS to HTTP.
    package func post(
        _ body: [UInt8], to address: String, shownAs place: String, seconds: Double, cancellation: any Cancellation
    ) throws -> HTTPAnswer {
        guard let handle = unsafe library.make() else { throw Failure(.failed, "libcurl gives no handle") }
        defer { unsafe library.free(handle) }
        let exchange = Exchange(cancellation)
        let url = CString(address)
        let name = CString(agent)
        let isSecure = address.lowercased().hasPrefix("https:")
        let protocols = isSecure ? Self.https : Self.http | Self.https
        let milliseconds = Int(seconds * 1000)
        let numbers: [(option: Int32, value: Int)] = [
            (Option.noSignal, 1), (Option.timeout, milliseconds), (Option.connectTimeout, milliseconds),
            (Option.followLocation, 1), (Option.redirectsMax, Self.redirectsMax), (Option.protocols, protocols),
            (Option.redirectProtocols, protocols), (Option.keepPost, 7), (Option.verifyPeer, 1),
            (Option.verifyHost, 2), (Option.post, 1), (Option.bodyLength, body.count), (Option.noProgress, 0),
        ]
        for (option, value) in numbers { unsafe library.set(option, of: handle, to: value) }
        unsafe exchange.attach(to: handle, library)
        let code = withExtendedLifetime((url, name, exchange)) {
            unsafe library.set(Option.url, of: handle, to: url.pointer)
            unsafe library.set(Option.agent, of: handle, to: name.pointer)
            return unsafe body.withUnsafeBytes { bytes in
                unsafe library.set(Option.body, of: handle, to: bytes.baseAddress)
                return unsafe library.perform(handle)
            }
        }
        if let reason = exchange.reason { throw reason }
        guard code == 0 else {
            throw Failure(.unreachable, "\(place) gave no answer", cause: library.words(code))
        }
        return HTTPAnswer(status: unsafe library.status(of: handle), content: exchange.content)
    }

    /// The options of curl_easy_setopt, by curl.h's numbers.
    private enum Option {
        static let url: Int32 = 10002
        static let agent: Int32 = 10018
        static let body: Int32 = 10015
        static let bodyLength: Int32 = 60
        static let post: Int32 = 47
        static let timeout: Int32 = 155
        static let connectTimeout: Int32 = 156
        static let noSignal: Int32 = 99
        static let noProgress: Int32 = 43
        static let followLocation: Int32 = 52
        static let redirectsMax: Int32 = 68
        static let keepPost: Int32 = 161
        static let protocols: Int32 = 181
        static let redirectProtocols: Int32 = 182
        static let verifyPeer: Int32 = 64
        static let verifyHost: Int32 = 81
        static let write: Int32 = 20011
        static let writeTo: Int32 = 10001
        static let progress: Int32 = 20219
        static let progressTo: Int32 = 10057
    }

    /// One request on its way: what libcurl calls back for.
    private final class Exchange {
        let cancellation: any Cancellation
        var reason: (any Error)?
        var content: [UInt8] = []

        init(_ cancellation: any Cancellation) { self.cancellation = cancellation }

        typealias Write = @convention(c) (UnsafePointer<UInt8>?, Int, Int, UnsafeMutableRawPointer?) -> Int
        typealias Progress = @convention(c) (UnsafeMutableRawPointer?, Int, Int, Int, Int) -> Int32

        /// The exchange must outlive the transfer.
        func attach(to handle: CurlLibrary.Handle, _ library: CurlLibrary) {
            let write: Write = { bytes, size, count, target in
                guard let target = unsafe target else { return 0 }
                let exchange = unsafe Unmanaged<Exchange>.fromOpaque(target).takeUnretainedValue()
                let kept = min(size * count, HTTPClient.contentMax - exchange.content.count)
                let buffer = unsafe UnsafeBufferPointer(start: bytes, count: kept)
                unsafe exchange.content.append(contentsOf: buffer)
                return size * count
            }
            let progress: Progress = { target, _, _, _, _ in
                guard let target = unsafe target else { return 1 }
                let exchange = unsafe Unmanaged<Exchange>.fromOpaque(target).takeUnretainedValue()
                do { try exchange.cancellation.check() } catch {
                    exchange.reason = error
                    return 1
                }
                return 0
            }
            let me = unsafe UnsafeRawPointer(Unmanaged.passUnretained(self).toOpaque())
            unsafe library.set(Option.writeTo, of: handle, to: me)
            unsafe library.set(Option.progressTo, of: handle, to: me)
            unsafe library.set(Option.write, of: handle, to: unsafeBitCast(write, to: UnsafeRawPointer.self))
            unsafe library.set(Option.progress, of: handle, to: unsafeBitCast(progress, to: UnsafeRawPointer.self))
        }
    }
}
