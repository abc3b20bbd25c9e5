import Glibc

/// Users and groups by number and by name, as the system's databases have them.
package enum Accounts {
    /// A user's name, nil when there is none.
    package static func userName(_ number: UInt32) -> String? {
        unsafe lookUp { space, size in
            var record = unsafe passwd()
            var found: UnsafeMutablePointer<passwd>?
            let code = unsafe getpwuid_r(number, &record, space, size, &found)
            return unsafe (code, found.map { unsafe String(cString: $0.pointee.pw_name) })
        }
    }

    /// A group's name, nil when there is none.
    package static func groupName(_ number: UInt32) -> String? {
        unsafe lookUp { space, size in
            var record = unsafe group()
            var found: UnsafeMutablePointer<group>?
            let code = unsafe getgrgid_r(number, &record, space, size, &found)
            return unsafe (code, found.map { unsafe String(cString: $0.pointee.gr_name) })
        }
    }

    /// A user's number and its first group's, nil when there is no such user.
    package static func userNumbers(named name: String) -> (user: UInt32, group: UInt32)? {
        let text = CString(name)
        return unsafe lookUp { space, size in
            var record = unsafe passwd()
            var found: UnsafeMutablePointer<passwd>?
            let code = unsafe getpwnam_r(text.pointer, &record, space, size, &found)
            return unsafe (code, found.map { unsafe ($0.pointee.pw_uid, $0.pointee.pw_gid) })
        }
    }

    /// A group's number, nil when there is no such group.
    package static func groupNumber(named name: String) -> UInt32? {
        let text = CString(name)
        return unsafe lookUp { space, size in
            var record = unsafe group()
            var found: UnsafeMutablePointer<group>?
            let code = unsafe getgrnam_r(text.pointer, &record, space, size, &found)
            return unsafe (code, found.map { unsafe $0.pointee.gr_gid })
        }
    }

    /// Asks with growing room: a group may have thousands of members.
    private static func lookUp<Answer>(
        _ ask: (UnsafeMutablePointer<CChar>, Int) -> (code: Int32, answer: Answer?)
    ) -> Answer? {
        var size = 4096
        while size <= 16 << 20 {
            let space = UnsafeMutablePointer<CChar>.allocate(capacity: size)
            defer { unsafe space.deallocate() }
            let (code, answer) = unsafe ask(space, size)
            if code != ERANGE { return answer }
            size *= 4
        }
        return nil
    }
}
