import Platform

/// libzstd, opened at run time: its stable API only (zstd.h, since 1.4.0). Every Debian since 12 has it, for dpkg.
@safe
struct ZstandardLibrary: Sendable {
    typealias Context = UnsafeMutableRawPointer
    typealias Bytes = UnsafeRawPointer
    typealias Room = UnsafeMutableRawPointer
    typealias Make = @convention(c) () -> Context?
    typealias Free = @convention(c) (Context?) -> Int
    typealias Compress = @convention(c) (Context?, Room?, Int, Bytes?, Int, Int32) -> Int
    typealias Decompress = @convention(c) (Context?, Room?, Int, Bytes?, Int) -> Int
    typealias FrameLength = @convention(c) (Bytes?, Int) -> Int
    typealias IsError = @convention(c) (Int) -> UInt32
    typealias Version = @convention(c) () -> UnsafePointer<CChar>?

    let makeCompressor: Make
    let freeCompressor: Free
    let compress: Compress
    let makeDecompressor: Make
    let freeDecompressor: Free
    let decompress: Decompress
    /// How many bytes of a run its first frame takes.
    let frameLength: FrameLength
    let isError: IsError
    private let versionText: Version

    /// `1.5.4`.
    var version: String { unsafe versionText().map { unsafe String(cString: $0) } ?? "unknown" }

    /// The library, nil where this machine has none.
    static let shared: ZstandardLibrary? = SharedLibrary("libzstd.so.1").flatMap { ZstandardLibrary($0) }

    private init?(_ library: SharedLibrary) {
        guard let make = unsafe library.symbol("ZSTD_createCCtx"), let free = unsafe library.symbol("ZSTD_freeCCtx"),
            let compress = unsafe library.symbol("ZSTD_compressCCtx"),
            let makeD = unsafe library.symbol("ZSTD_createDCtx"), let freeD = unsafe library.symbol("ZSTD_freeDCtx"),
            let decompress = unsafe library.symbol("ZSTD_decompressDCtx"),
            let frameLength = unsafe library.symbol("ZSTD_findFrameCompressedSize"),
            let isError = unsafe library.symbol("ZSTD_isError"),
            let version = unsafe library.symbol("ZSTD_versionString")
        else { return nil }
        unsafe makeCompressor = unsafeBitCast(make, to: Make.self)
        unsafe freeCompressor = unsafeBitCast(free, to: Free.self)
        unsafe self.compress = unsafeBitCast(compress, to: Compress.self)
        unsafe makeDecompressor = unsafeBitCast(makeD, to: Make.self)
        unsafe freeDecompressor = unsafeBitCast(freeD, to: Free.self)
        unsafe self.decompress = unsafeBitCast(decompress, to: Decompress.self)
        unsafe self.frameLength = unsafeBitCast(frameLength, to: FrameLength.self)
        unsafe self.isError = unsafeBitCast(isError, to: IsError.self)
        unsafe versionText = unsafeBitCast(version, to: Version.self)
    }
}
