import Glibc

/// A C library that is opened at run time, and stays open for good.
@safe
package final class SharedLibrary: @unchecked Sendable {
    private let handle: UnsafeMutableRawPointer

    /// Opens a library by the name in its own header, such as `libzstd.so.1`; nil when this machine has none.
    package init?(_ name: String) {
        let text = CString(name)
        guard let opened = unsafe dlopen(text.pointer, RTLD_NOW | RTLD_LOCAL) else { return nil }
        unsafe handle = opened
    }

    /// The address of a function, nil when the library has none of that name.
    package func symbol(_ name: String) -> UnsafeMutableRawPointer? {
        let text = CString(name)
        return unsafe dlsym(handle, text.pointer)
    }
}
