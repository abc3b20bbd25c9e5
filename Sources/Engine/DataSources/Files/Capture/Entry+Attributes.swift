import Entries
import Platform

extension Entry {
    /// Reads the extended attributes and the settable inode flags of an open file or directory.
    /// What cannot be read is left out, and told as a sentence.
    mutating func readAttributes(_ descriptor: Int32, _ report: (String) -> Void) {
        do throws(Failure) { attributes = try ExtendedAttributes.read(.descriptor(descriptor)) } catch {
            isIncomplete = true
            report("its extended attributes cannot be read: \(error.cause ?? error.sentence)")
        }
        do throws(Failure) { inodeFlags = try InodeFlags.read(descriptor) & InodeFlags.settable } catch {
            isIncomplete = true
            report("its inode flags cannot be read: \(error.cause ?? error.sentence)")
        }
    }
}
