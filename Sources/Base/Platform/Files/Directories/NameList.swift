import CLinux
import Glibc

/// The names of one directory in ascending order of their bytes, in one run of memory.
///
/// A name takes its bytes and five more, so that a directory with a million entries can be walked in little memory.
@safe
package final class NameList: @unchecked Sendable {
    /// The names, each ending with NUL. Grown by `realloc`, which moves pages instead of copying them.
    private var text: UnsafeMutablePointer<CChar>?
    private var used = 0
    private var capacity = 0
    /// Where each name begins, in order.
    private var offsets: [UInt32] = []

    /// Lists a directory; `.` and `..` are left out.
    package init(of directory: Directory) throws(Failure) {
        let copy = try FileDescriptor(opening: Array(".".utf8), in: directory.number, O_RDONLY | O_DIRECTORY)
        guard let stream = unsafe linux_open_directory(copy.release()) else {
            throw Failure.system("list", "a directory")
        }
        defer { unsafe linux_close_directory(stream) }
        while true {
            var name: UnsafePointer<CChar>?
            var length = 0
            var type: UInt8 = 0
            let answer = unsafe linux_next_entry(stream, &name, &length, &type)
            if answer == 0 { break }
            guard answer > 0, let name = unsafe name else { throw Failure.system("list", "a directory") }
            try unsafe append(name, length)
        }
        guard let text = unsafe text else { return }
        offsets.sort { unsafe strcmp(text + Int($0), text + Int($1)) < 0 }
        // A kernel may tell a name twice when it is made anew while the directory is listed.
        var kept: [UInt32] = []
        kept.reserveCapacity(offsets.count)
        for offset in offsets {
            if let last = kept.last, unsafe strcmp(text + Int(last), text + Int(offset)) == 0 { continue }
            kept.append(offset)
        }
        offsets = kept
    }

    deinit { unsafe free(text) }

    /// How many names there are.
    package var count: Int { offsets.count }

    /// The bytes of one name.
    package subscript(index: Int) -> [UInt8] {
        let start = unsafe pointer(at: index)
        return unsafe Array(UnsafeRawBufferPointer(start: start, count: strlen(start)))
    }

    /// Where a name is, compared bytewise; nil when it is not in the list.
    package func index(of name: [UInt8]) -> Int? {
        if name.contains(0) { return nil }
        let wanted = CString(name)
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            let order = unsafe strcmp(pointer(at: middle), wanted.pointer)
            if order == 0 { return middle }
            if order < 0 { low = middle + 1 } else { high = middle }
        }
        return nil
    }

    /// The NUL-terminated name; valid as long as this object lives.
    func pointer(at index: Int) -> UnsafePointer<CChar> {
        guard let text = unsafe text else { preconditionFailure("an empty list has no names") }
        return unsafe UnsafePointer(text + Int(offsets[index]))
    }

    private func append(_ name: UnsafePointer<CChar>, _ length: Int) throws(Failure) {
        guard let offset = UInt32(exactly: used) else { throw Failure(.failed, "a directory holds 4 GiB of names") }
        if used + length + 1 > capacity {
            let wanted = max(4096, capacity * 2)
            guard let grown = unsafe realloc(text, wanted) else {
                throw Failure.system("remember", "a directory's names")
            }
            unsafe text = grown.assumingMemoryBound(to: CChar.self)
            capacity = wanted
        }
        if let text = unsafe text { unsafe memcpy(text + used, name, length + 1) }
        used += length + 1
        offsets.append(offset)
    }
}
