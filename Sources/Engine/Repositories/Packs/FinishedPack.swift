/// A pack that is complete, with everything an index must hold of it.
package struct FinishedPack: Sendable, Equatable {
    package var info: PackInfo
    package var frames: [PackDirectory.Frame]
}
