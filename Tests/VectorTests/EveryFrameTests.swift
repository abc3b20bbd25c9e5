import Platform
import Repositories
import Storage
import TestDoubles
import TestRepositories
import Testing

@Suite("Every byte of the stored packs, for readers")
struct EveryFrameTests {
    /// Where a frame lies in its pack, and what is in it.
    private struct Stretch {
        var bytes: Range<Int>
        var chunks: [ChunkID]
    }

    @Test("flipped in a frame it is an error that names the pack; flipped elsewhere it changes nothing")
    func packs() throws {
        let store = try VectorFolder.store()
        let repository = try TestRepository.open(store)
        let names = try TestRepository.names(store, in: "packs")
        #expect(names.count == 5)
        for name in names {
            let stretches = try stretches(repository, name)
            let length = Int(try store.length(name))
            var inside = 0
            for place in 0..<length {
                store.damage(name) { $0[place] ^= 1 << UInt8(place % 8) }
                let index = try repository.loadIndex()
                let reader = ChunkReader(repository, index: index)
                if let hit = stretches.first(where: { $0.bytes.contains(place) }) {
                    inside += 1
                    for id in hit.chunks { refuses(id, reader, name, place) }
                } else if place % 8 == 0 || place >= length - 8 {
                    // Opening all frames takes its time; the bytes around them are all alike to a reader.
                    for id in stretches.flatMap(\.chunks) { try reads(id, reader, name, place) }
                }
                store.damage(name) { $0[place] ^= 1 << UInt8(place % 8) }
            }
            #expect(inside > length / 2)
        }
    }

    private func stretches(_ repository: Repository, _ name: ObjectName) throws -> [Stretch] {
        var start = 48
        return try repository.directory(of: name).frames.map { frame in
            defer { start += frame.sealedLength }
            return Stretch(bytes: start..<start + frame.sealedLength, chunks: frame.chunks.map(\.id))
        }
    }

    private func refuses(_ id: ChunkID, _ reader: ChunkReader, _ name: ObjectName, _ place: Int) {
        for kind in [ChunkKind.content, .treePage, .chunkList] {
            do {
                _ = try reader.bytes(id, kind)
                Issue.record("\(name) at \(place): \(id) is read")
            } catch {
                let failure = Failure(error)
                #expect(failure.kind == .damaged && failure.description.contains(name.text), "\(place): \(failure)")
            }
        }
    }

    private func reads(_ id: ChunkID, _ reader: ChunkReader, _ name: ObjectName, _ place: Int) throws {
        // Which kind it is says its id alone: one of three gives it, verified.
        let given = [ChunkKind.content, .treePage, .chunkList].filter { kind in
            (try? reader.read(id, kind) { bytes, _ in bytes.count > 0 }) == true
        }
        #expect(given.count == 1, "\(name) at \(place): \(id)")
    }
}
