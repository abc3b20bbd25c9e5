/// What a restore does with items that are in its way.
package enum OverwriteRule: String, Sendable, CaseIterable {
    /// Items that are already right are left; any other stops the restore before anything is written.
    case never
    /// Items that are already right are left; others are replaced.
    case ifChanged = "if-changed"
    /// Everything is written anew.
    case always
}
