/// What a chunk holds; part of its id, so that a file can never pass for a tree page.
package enum ChunkKind: UInt8, Sendable {
    case content = 0
    case treePage = 1
    case chunkList = 2
}
