import Entries
import Glibc
import Platform

/// Gives a written file, directory or node what its entry says beside its bytes, in the one order that keeps it all.
///
/// `user.` attributes come first, while the mode still lets their owner write; the owner before the mode, since a
/// change of owner clears set-id bits; ACLs after the mode, which would change their mask; a capability last of the
/// attributes, since writing and chown clear it; then the time. What cannot be set goes to the fidelity log, and the
/// rest is set.
struct AttributeWriter {
    let owners: OwnerNumbers
    let log: FidelityLog

    private static let userPrefix = Array("user.".utf8)
    private static let securityPrefix = Array("security.".utf8)
    private static let capability = Array("security.capability".utf8)

    /// Sets everything but inode flags on `descriptor`; `carrier` is the same, as attributes need it.
    func apply(
        _ entry: Entry, to descriptor: Int32, _ carrier: ExtendedAttributes.Carrier, _ object: () -> String
    ) {
        let present = prepare(entry, carrier, object)
        set(entry.attributes, unless: present, on: carrier, object) { $0.starts(with: Self.userPrefix) }
        let permissions = setOwner(entry, descriptor, object)
        if entry.kind != .symlink { setPermissions(permissions, entry, descriptor, object) }
        set(entry.attributes, unless: present, on: carrier, object) {
            !$0.starts(with: Self.userPrefix) && $0 != Self.capability
        }
        // A capability that was there is gone since the owner was set, so it is never "present".
        set(entry.attributes, unless: [], on: carrier, object) { $0 == Self.capability }
        setModified(entry, descriptor, object)
    }

    /// Whether a file has everything already that the entry says beside its bytes.
    func agree(_ entry: Entry, _ descriptor: Int32, _ status: FileStatus) -> Bool {
        let (user, group) = owners.numbers(for: entry)
        guard status.user == user, status.group == group, status.permissions == entry.permissions & 0o7777,
            status.modified == entry.modified,
            let flags = try? InodeFlags.read(descriptor), flags & InodeFlags.settable == entry.inodeFlags,
            let attributes = try? ExtendedAttributes.read(.descriptor(descriptor))
        else { return false }
        return attributes == entry.attributes
    }

    /// Sets the flags that let a restore go on; answers the wanted ones that must wait for the very end.
    func setFlags(_ entry: Entry, of descriptor: Int32, _ object: () -> String) -> UInt32 {
        let waiting = entry.inodeFlags & (InodeFlags.immutable | InodeFlags.append)
        let wanted = entry.inodeFlags & InodeFlags.settable & ~waiting
        do throws(Failure) { try InodeFlags.set(wanted, on: descriptor) } catch {
            if wanted != 0 { log.note("inode flags (chattr)", error, object()) }
        }
        return waiting
    }

    /// Removes attributes that the entry does not have, such as an ACL inherited from the directory above; answers
    /// those that may stay. Labels of the security modules are the system's own.
    private func prepare(
        _ entry: Entry, _ carrier: ExtendedAttributes.Carrier, _ object: () -> String
    ) -> [ExtendedAttribute] {
        guard let present = try? ExtendedAttributes.read(carrier), !present.isEmpty else { return [] }
        for attribute in present where !entry.attributes.contains(where: { $0.name == attribute.name }) {
            if attribute.name.starts(with: Self.securityPrefix), attribute.name != Self.capability { continue }
            do throws(Failure) { try ExtendedAttributes.remove(attribute.name, from: carrier) } catch {
                log.note("the absence of the attribute \(printable(attribute.name))", error, object())
            }
        }
        return present
    }

    private func set(
        _ attributes: [ExtendedAttribute], unless present: [ExtendedAttribute],
        on carrier: ExtendedAttributes.Carrier, _ object: () -> String, where chosen: ([UInt8]) -> Bool
    ) {
        // An ACL's mask follows the mode, so one that was equal before is set again.
        let acl = Array("system.".utf8)
        for attribute in attributes where chosen(attribute.name) {
            if !attribute.name.starts(with: acl), present.contains(attribute) { continue }
            do throws(Failure) { try ExtendedAttributes.set(attribute, on: carrier) } catch {
                log.note("the attribute \(printable(attribute.name))", error, object())
            }
        }
    }

    /// Sets owner and group; answers the permissions that may be given. A program that would run with the rights of
    /// another owner than the snapshot says gets no set-id bit.
    private func setOwner(_ entry: Entry, _ descriptor: Int32, _ object: () -> String) -> UInt16 {
        let (user, group) = owners.numbers(for: entry)
        var permissions = entry.permissions & 0o7777
        do throws(Failure) {
            try FileMetadata.setOwner(user, group, of: descriptor)
            return permissions
        } catch {
            let status = try? FileStatus(ofDescriptor: descriptor)
            let groupSet = status?.group == group || (try? FileMetadata.setOwner(nil, group, of: descriptor)) != nil
            let userSet = status?.user == user
            // EINVAL: the user namespace that we are in has nobody of that number.
            let refusals: [Int32?] = [EPERM, EACCES, EINVAL]
            if !userSet { log.note("the owner", error, refusals: refusals, object()) }
            if !groupSet { log.note("the group", error, refusals: refusals, object()) }
            if !userSet { permissions &= ~0o4000 }
            if !groupSet, entry.kind != .directory { permissions &= ~0o2000 }
            if permissions != entry.permissions & 0o7777 {
                let weight: Finding.Weight = Host.userID == 0 ? .missing : .notice
                log.note(weight, "set-id bits are left out, since the owner is another one", object())
            }
        }
        return permissions
    }

    private func setPermissions(_ permissions: UInt16, _ entry: Entry, _ descriptor: Int32, _ object: () -> String) {
        do throws(Failure) {
            try FileMetadata.setPermissions(permissions, of: descriptor)
            // The kernel drops a set-group-id bit silently when the group is not one of the caller's.
            guard permissions & 0o6000 != 0 else { return }
            if try FileStatus(ofDescriptor: descriptor).permissions != permissions {
                log.note(.notice, "the kernel left out a set-id or sticky bit", object())
            }
        } catch {
            log.note("the mode", error, object())
        }
    }

    private func setModified(_ entry: Entry, _ descriptor: Int32, _ object: () -> String) {
        do throws(Failure) {
            try FileMetadata.setModified(entry.modified, of: descriptor)
            // A file system clamps what it cannot hold, without a word: ext4 ends in 2446, others in 2038.
            let common = Int64(Int32.min)...Int64(Int32.max)
            guard !common.contains(entry.modified.seconds) else { return }
            if try FileStatus(ofDescriptor: descriptor).modified.seconds != entry.modified.seconds {
                log.note(.missing, "the modification time is beyond what the file system can hold", object())
            }
        } catch {
            log.note("the modification time", error, object())
        }
    }
}
