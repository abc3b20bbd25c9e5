import DataSources
import Entries
import Formats
import Platform
import Synchronization

/// A source in memory whose adapter keeps the contract, but for one fault: what a suite must notice.
struct FaultyAdapter: SourceAdapter {
    static let name = "faulty"
    static let summary = "nowhere"

    /// A promise that is broken.
    enum Fault: String, CaseIterable {
        case rootTwice, beforeRoot, nameTwice, disorder, openDirectory, otherThread, asksNobody, goesOnWhenStopped
        case swallowsStop, fileWithoutContent, sentenceWithStop, unsortedAttributes, earlyDigest
        case otherBytes, goesOnAfterAbandoned, emptiesBuffer, trueWithoutBytes, falseWithBytes, bytesAfterEnd
        case holeOfData, holeUntold, holeTooLong, holeNotSkipped, holesOutOfOrder
        case otherName, otherKind, otherSize, calledChanged
        case newTimes, addsTakenOver, offersNothing, otherBytesNextNight, manifestOfTheNight
        case newLocation, secretLocation, secretRefused, probeFindsNothing, absentIsEmpty
        case lossUntold, lossOfOtherKind, changeUntold, motionUntold
        case manifestOfNothing, manifestNoObject, timeBefore, timeAfter, findsWhatIsNot

        /// What the suite says about it.
        var words: String {
            switch self {
            case .rootTwice: "root was called twice"
            case .beforeRoot: "was called before root"
            case .nameTwice, .addsTakenOver: "came twice"
            case .disorder: "came after"
            case .openDirectory: "never left"
            case .otherThread: "another thread"
            case .asksNobody: "nobody had asked whether to stop"
            case .goesOnWhenStopped: "although the run was told to stop"
            case .swallowsStop: "the capture came to its end"
            case .fileWithoutContent: "came with a wrong content"
            case .sentenceWithStop: "is no sentence"
            case .unsortedAttributes: "are not in order"
            case .earlyDigest: "has a digest before it was read"
            case .otherBytes, .goesOnAfterAbandoned: "two readings gave"
            case .emptiesBuffer: "what the buffer held is gone"
            case .trueWithoutBytes: "read answered true with 0 bytes"
            case .falseWithBytes: "read answered false with"
            case .bytesAfterEnd: "bytes came after the end"
            case .holeOfData: "is not all zeros"
            case .holeUntold, .holeTooLong: "it tells of a hole that ends at"
            case .holeNotSkipped: "with its holes passed over it has"
            case .holesOutOfOrder: "is out of order"
            case .otherName: "finish gave another name"
            case .otherKind: "finish gave another kind"
            case .otherSize: "finish gave"
            case .calledChanged: "it stood still, and is called changed"
            case .newTimes: "look changed"
            case .offersNothing: "were offered before they were opened"
            case .otherBytesNextNight: "has other bytes"
            case .manifestOfTheNight: "has another manifest"
            case .newLocation: "the same source is called"
            case .secretLocation: "the location holds a password"
            case .secretRefused: "the refusal of a password repeats it"
            case .probeFindsNothing: "a probe of what is not there succeeds"
            case .absentIsEmpty: "a capture of what is not there succeeds"
            case .lossUntold: "nobody says that"
            case .lossOfOtherKind: "a capture fails with damaged"
            case .changeUntold: "a change under a reading is not told"
            case .motionUntold: "a change right before a reading is not told"
            case .manifestOfNothing: "the manifest is not what is read back of it"
            case .manifestNoObject: "the manifest is no object"
            case .timeBefore: "the data shows a time before the capture"
            case .timeAfter: "the data shows a time after the capture"
            case .findsWhatIsNot: "a source that stands still has findings"
            }
        }
    }

    let state: FaultySource
    let fault: Fault?
    var isAbsent = false
    var secret = ""
    /// Which night it is.
    let night: Int

    init(_ state: FaultySource, _ fault: Fault?) {
        self.state = state
        self.fault = fault
        night = state.nextNight()
    }

    var location: String {
        "faulty:/source" + (fault == .newLocation ? "/\(night)" : "") + (fault == .secretLocation ? secret : "")
    }

    func probe() throws { if isAbsent, fault != .probeFindsNothing { throw absence } }

    private var absence: Failure { Failure(.failed, "there is nothing at faulty:/source") }

    func capture(into sink: any CaptureSink, context: CaptureContext) throws -> CaptureOutcome {
        let begin = context.clock.now()
        if isAbsent, fault != .absentIsEmpty { throw absence }
        let entries = isAbsent ? [] : state.entries(night: night, fault)
        if fault == .beforeRoot { try sink.settle() }
        for _ in 0..<(fault == .rootTwice ? 2 : 1) {
            try sink.root(entry("", .directory), content: nil, order: .ascending)
        }
        if fault == .findsWhatIsNot { sink.report(Finding(.notice, "a", "it is there")) }
        if fault == .sentenceWithStop { sink.report(Finding(.notice, "a", "It is there.")) }
        do { for item in entries { try give(item, to: sink) } } catch {
            guard fault == .swallowsStop, Failure(error).kind == .interrupted else { throw error }
        }
        let seconds: Int64 = fault == .timeBefore ? -60 : fault == .timeAfter ? 3600 : 0
        return CaptureOutcome(
            dataTime: Instant(seconds: begin.seconds + seconds, nanoseconds: begin.nanoseconds), manifest: manifest)
    }

    private var manifest: JSONValue {
        switch fault {
        case .manifestOfNothing: ["entries": .number(.nan)]
        case .manifestNoObject: "five"
        case .manifestOfTheNight: ["entries": JSONValue(night)]
        default: ["entries": 5]
        }
    }

    private func give(_ item: FaultySource.Item, to sink: any CaptureSink) throws {
        if state.isAway {
            if fault == .lossOfOtherKind { throw Failure(.damaged, "the source went away") }
            if fault != .lossUntold { sink.report(Finding(.missing, item.path, "went away")) }
            return
        }
        do { if fault != .asksNobody { try sink.checkCancellation() } } catch {
            guard fault == .goesOnWhenStopped else { throw error }
        }
        switch item.step {
        case .enter: try sink.enter(item.entry, order: .ascending)
        case .leave: if fault != .openDirectory { try sink.leave() }
        case .give:
            let taken = try fault != .offersNothing && sink.takesOver(item.entry)
            if taken, fault != .addsTakenOver { return }
            let content = item.entry.kind == .file ? FaultyContent(self, item) : nil
            for _ in 0..<(fault == .nameTwice ? 2 : 1) {
                let given = fault == .fileWithoutContent ? nil : content
                guard fault == .otherThread else {
                    try sink.add(item.entry, content: given)
                    continue
                }
                try ThreadScope.run { scope in
                    scope.start("other") { try sink.add(item.entry, content: given) }
                }
            }
        }
    }

    private func entry(_ name: String, _ kind: Entry.Kind) -> Entry {
        Entry(name: Array(name.utf8), kind: kind, permissions: 0o755, modified: Instant(seconds: 1))
    }
}
