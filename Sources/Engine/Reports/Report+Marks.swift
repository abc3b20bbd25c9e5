import Platform

/// What a report says about the drill's subject and about the checks themselves.
extension Report {
    /// Which policy it was.
    package struct PolicyMark: Sendable, Equatable {
        package var name: String
        /// The file's SHA-256, 64 hexadecimal digits.
        package var digest: String

        /// Makes a mark.
        package init(name: String, digest: String) {
            self.name = name
            self.digest = digest
        }
    }

    /// Which snapshot it was.
    package struct SnapshotMark: Sendable, Equatable {
        package var identifier: String
        /// The instant that the data represents.
        package var dataTime: Instant
        /// The instant at which it was committed, by its writer's clock.
        package var committed: Instant

        /// Makes a mark.
        package init(_ identifier: String, dataTime: Instant, committed: Instant) {
            self.identifier = identifier
            self.dataTime = dataTime
            self.committed = committed
        }
    }

    /// One source as it came back.
    package struct SourceMark: Sendable, Equatable {
        package var name: String
        package var adapter: String
        /// Bytes of content that were brought back.
        package var bytes: UInt64
        /// How many entries, or rows, that was.
        package var items: UInt64
        /// `L5 equal`: how far the proof went for this source.
        package var evidenceLevel: String

        /// Makes a mark.
        package init(_ name: String, adapter: String, bytes: UInt64, items: UInt64, evidenceLevel: String) {
            self.name = name
            self.adapter = adapter
            self.bytes = bytes
            self.items = items
            self.evidenceLevel = evidenceLevel
        }
    }

    /// What was promised; nil where nothing was. Whether it was kept is nil where nothing was promised or measured.
    package struct Objectives: Sendable, Equatable {
        package var recoveryTimeSeconds: Double?
        package var recoveryPointSeconds: Double?
        package var recoveryTimeMet: Bool?
        package var recoveryPointMet: Bool?

        /// Promises nothing.
        package init() {}
    }

    /// One damage that was done to the staging copy on purpose, and which checks saw it.
    package struct Proof: Sendable, Equatable {
        /// What was done, in words: `a row deleted`.
        package var damage: String
        package var source: String
        /// To what: `shop: public.orders`.
        package var object: String
        /// The checks that turned red.
        package var caughtBy: [String]
        /// The checks that should have and stayed green: blind ones. Empty when all is well.
        package var blind: [String]

        /// Makes a proof.
        package init(_ damage: String, source: String, object: String, caughtBy: [String], blind: [String]) {
            self.damage = damage
            self.source = source
            self.object = object
            self.caughtBy = caughtBy
            self.blind = blind
        }
    }

    /// Something that a person may do, and what it would bring.
    package struct Remedy: Sendable, Equatable {
        /// What to do.
        package var sentence: String
        /// What was measured that speaks for it.
        package var ground: String
        /// How many minutes of recovery it would save, by estimate; nil where it saves none but removes a risk.
        package var minutesSaved: Double?

        /// Makes a remedy.
        package init(_ sentence: String, ground: String, minutesSaved: Double? = nil) {
            self.sentence = sentence
            self.ground = ground
            self.minutesSaved = minutesSaved
        }
    }
}
