import Glibc

/// Users and groups by number and by name, as the system's databases have them.
package enum Accounts {
    /// A user's name, nil when there is none.
    package static func userName(_ number: UInt32) -> String? {
        var record = unsafe passwd()
        var found: UnsafeMutablePointer<passwd>?
        var space = [CChar](repeating: 0, count: 4096)
        let length = space.count
        guard unsafe getpwuid_r(number, &record, &space, length, &found) == 0, let entry = unsafe found else {
            return nil
        }
        return unsafe String(cString: entry.pointee.pw_name)
    }

    /// A group's name, nil when there is none.
    package static func groupName(_ number: UInt32) -> String? {
        var record = unsafe Glibc.group()
        var found: UnsafeMutablePointer<Glibc.group>?
        var space = [CChar](repeating: 0, count: 16384)
        let length = space.count
        guard unsafe getgrgid_r(number, &record, &space, length, &found) == 0, let entry = unsafe found else {
            return nil
        }
        return unsafe String(cString: entry.pointee.gr_name)
    }

    /// A user's number and its first group's, nil when there is no such user.
    package static func userNumbers(named name: String) -> (user: UInt32, group: UInt32)? {
        var record = unsafe passwd()
        var found: UnsafeMutablePointer<passwd>?
        var space = [CChar](repeating: 0, count: 4096)
        let length = space.count
        let text = CString(name)
        guard unsafe getpwnam_r(text.pointer, &record, &space, length, &found) == 0, let entry = unsafe found else {
            return nil
        }
        return unsafe (entry.pointee.pw_uid, entry.pointee.pw_gid)
    }

    /// A group's number, nil when there is no such group.
    package static func groupNumber(named name: String) -> UInt32? {
        var record = unsafe Glibc.group()
        var found: UnsafeMutablePointer<Glibc.group>?
        var space = [CChar](repeating: 0, count: 16384)
        let length = space.count
        let text = CString(name)
        guard unsafe getgrnam_r(text.pointer, &record, &space, length, &found) == 0, let entry = unsafe found else {
            return nil
        }
        return unsafe entry.pointee.gr_gid
    }
}
