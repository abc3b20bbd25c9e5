import CLinux

/// libcurl, opened at run time: its stable API only (curl.h, since 7.32).
@safe
struct CurlLibrary: Sendable {
    typealias Handle = UnsafeMutableRawPointer
    typealias GlobalInit = @convention(c) (Int) -> Int32
    typealias Make = @convention(c) () -> Handle?
    typealias Perform = @convention(c) (Handle?) -> Int32
    typealias Free = @convention(c) (Handle?) -> Void
    typealias Explain = @convention(c) (Int32) -> UnsafePointer<CChar>?
    typealias Version = @convention(c) () -> UnsafePointer<CChar>?

    let make: Make
    let perform: Perform
    let free: Free
    private let explain: Explain
    private let version: Version
    private let setOption: Int
    private let getInfo: Int

    /// The library, nil where this machine has none.
    static let shared: CurlLibrary? = SharedLibrary("libcurl.so.4").flatMap { CurlLibrary($0) }

    private static let everything = 3

    private init?(_ library: SharedLibrary) {
        guard let start = unsafe library.symbol("curl_global_init"), let make = unsafe library.symbol("curl_easy_init"),
            let set = unsafe library.symbol("curl_easy_setopt"),
            let perform = unsafe library.symbol("curl_easy_perform"),
            let get = unsafe library.symbol("curl_easy_getinfo"), let free = unsafe library.symbol("curl_easy_cleanup"),
            let explain = unsafe library.symbol("curl_easy_strerror"),
            let version = unsafe library.symbol("curl_version"),
            unsafe unsafeBitCast(start, to: GlobalInit.self)(Self.everything) == 0
        else { return nil }
        unsafe self.make = unsafeBitCast(make, to: Make.self)
        unsafe self.perform = unsafeBitCast(perform, to: Perform.self)
        unsafe self.free = unsafeBitCast(free, to: Free.self)
        unsafe self.explain = unsafeBitCast(explain, to: Explain.self)
        unsafe self.version = unsafeBitCast(version, to: Version.self)
        setOption = Int(bitPattern: set)
        getInfo = Int(bitPattern: get)
    }

    /// Sets an option of a transfer that is a number.
    func set(_ option: Int32, of handle: Handle, to value: Int) {
        _ = unsafe linux_set_number(UnsafeMutableRawPointer(bitPattern: setOption), handle, option, value)
    }

    /// Sets an option of a transfer that is a pointer.
    func set(_ option: Int32, of handle: Handle, to value: UnsafeRawPointer?) {
        _ = unsafe linux_set_pointer(UnsafeMutableRawPointer(bitPattern: setOption), handle, option, value)
    }

    /// The status that the server answered with; 0 when it did not.
    func status(of handle: Handle) -> Int {
        var status = 0
        unsafe withUnsafeMutablePointer(to: &status) {
            _ = unsafe linux_set_pointer(UnsafeMutableRawPointer(bitPattern: getInfo), handle, Self.responseCode, $0)
        }
        return status
    }

    private static let responseCode: Int32 = 0x20_0002

    /// What an error's number means. It is a fixed text: nothing of an address is in it.
    func words(_ code: Int32) -> String { unsafe explain(code).map { unsafe String(cString: $0) } ?? "error \(code)" }

    /// `libcurl/7.88.1`.
    var name: String {
        let text = unsafe version().map { unsafe String(cString: $0) } ?? ""
        return String(text.prefix { $0 != " " })
    }
}
